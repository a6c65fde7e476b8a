import { createHash } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseExamples, readGlue } from '../../../trainer/ngram/glue-data.js'
import { TASKS } from '../../../trainer/ngram/tasks.js'
import { noRealData, REAL_DATA, writeFixture } from './fixture.js'

const mrpc = TASKS['mrpc']!
const cola = TASKS['cola']!
const stsb = TASKS['stsb']!
const STSB_HEADER = 'index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2\tscore'

describe('parseExamples', () => {
  it('reads MRPC with a byte-order mark, Windows line ends and bare quotation marks', () => {
    const text = '\uFEFFQuality\t#1 ID\t#2 ID\t#1 String\t#2 String\r\n1\t2\t3\tHe said "no\t"No\r\n0\t4\t5\ta\tb\r\n'
    const { texts, gold } = parseExamples(text, mrpc, 'x')
    expect(texts).toEqual(['He said "no', '"No', 'a', 'b'])
    expect([...gold]).toEqual([1, 0])
  })

  it('reads CoLA, which has no header', () => {
    const { texts, gold } = parseExamples('gj04\t1\t\tIt rains.\ngj04\t0\t*\tRains it it.\n', cola, 'x')
    expect(texts).toEqual(['It rains.', 'Rains it it.'])
    expect([...gold]).toEqual([1, 0])
  })

  it('reads STS-B scores as shares of 5', () => {
    const { texts, gold } = parseExamples(`${STSB_HEADER}\n0\tg\tf\ty\t0\tnone\tnone\ta b\tc\t2.500`, stsb, 'x')
    expect(texts).toEqual(['a b', 'c'])
    expect([...gold]).toEqual([0.5])
  })

  it('says which line is wrong, and how', () => {
    expect(() => parseExamples('gj04\t1\t\tfine\ngj04\t1', cola, 'c.tsv')).toThrow(
      '"c.tsv" line 2 must have at least 4 columns, got 2',
    )
    expect(() => parseExamples('gj04\t2\t\tfine', cola, 'c.tsv')).toThrow(
      'line 1 must have a label of this task, got "2"',
    )
    expect(() => parseExamples('index\tsentence1\tsentence2\n0\ta\tb', stsb, 's.tsv')).toThrow(
      'must name the column "score"',
    )
    expect(() => parseExamples(`${STSB_HEADER}\n0\tg\tf\ty\t0\tn\tn\ta\tb\t5.1`, stsb, 's.tsv')).toThrow('got "5.1"')
  })
})

describe('readGlue', () => {
  it('splits train 70 to 30, always alike, and tells where the test set came from', () => {
    const directory = writeFixture(60)
    const data = readGlue(directory, mrpc)
    expect([data.train.gold.length, data.validation.gold.length, data.test.gold.length]).toEqual([42, 18, 20])
    expect(data.testFile).toBe('test.tsv')
    expect(readGlue(directory, stsb).testFile).toBe('dev.tsv')
    expect(readGlue(directory, mrpc)).toEqual(data)
    const bytes = readFileSync(join(directory, 'MRPC', 'train.tsv'))
    expect(data.sha256['train.tsv']).toBe(createHash('sha256').update(bytes).digest('hex'))
    const all = parseExamples(bytes.toString(), mrpc, 'x')
    expect([...data.train.texts, ...data.validation.texts].sort()).toEqual([...all.texts].sort())
    rmSync(directory, { recursive: true })
  })

  it('keeps pairs and labels together', () => {
    const directory = writeFixture(60)
    const all = parseExamples(readFileSync(join(directory, 'STS-B', 'train.tsv'), 'utf8'), stsb, 'x')
    const known = new Set(Array.from(all.gold, (gold, i) => `${all.texts[2 * i]}|${all.texts[2 * i + 1]}|${gold}`))
    const { train } = readGlue(directory, stsb)
    train.gold.forEach((gold, i) =>
      expect(known.has(`${train.texts[2 * i]}|${train.texts[2 * i + 1]}|${gold}`)).toBe(true),
    )
    rmSync(directory, { recursive: true })
  })

  it('says which file is missing', () => {
    expect(() => readGlue('/nowhere', mrpc)).toThrow('--data: must hold MRPC/train.tsv')
  })

  it('reads the real files', ({ skip }) => {
    if (noRealData !== undefined) {
      console.log(`skipped: ${noRealData}`)
      skip(noRealData)
    }
    const counts = [mrpc, cola, stsb].map((task) => {
      const { train, validation, test } = readGlue(REAL_DATA, task)
      return [train.gold.length + validation.gold.length, test.gold.length]
    })
    expect(counts).toEqual([
      [4076, 1725],
      [8551, 1043],
      [5749, 1500],
    ])
  })
})
