/** `bench merge` end to end: tables on disk, one out, shown and run. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readTable } from '../../src/surrogates/read.js'
import { writeTable } from '../../src/surrogates/write.js'
import { recordedWith, rowTexts, tableOfRows, training } from '../record/merge-parts.js'
import { bench } from './fake-terminal.js'

const folder = mkdtempSync(join(tmpdir(), 'rungbench-merge-'))
afterAll(() => rmSync(folder, { recursive: true }))
const path = (name: string): string => join(folder, name)

const rows = Array.from({ length: 12 }, (_, i) => training((i % 6) + 1, i < 6 ? 'small' : 'large'))
beforeAll(() => {
  const other = recordedWith({ versions: { node: '22.0.0', v8: '12' } })
  writeTable(path('a.arrow'), tableOfRows(rows.slice(0, 7)))
  writeTable(path('b.arrow'), tableOfRows(rows.slice(5), other))
  writeTable(path('bad.arrow'), tableOfRows([training(1, 'small', 0, { curves: { error: [7, 7, 7] } })]))
})

test('makes a table that can be shown and run', async () => {
  const merged = await bench(['merge', path('a.arrow'), path('b.arrow'), '--out', path('whole.arrow')])
  expect(merged.code).toBe(0)
  expect(merged.out).toContain(`12 trainings of 2 tables written to ${path('whole.arrow')} (2 were in two of them)`)
  expect(merged.err).toBe(
    'bench: warning: the parts were recorded with different versions: node 20.1.0 and 22.0.0, v8 11 and 12\n',
  )
  expect(rowTexts(readTable(path('whole.arrow')))).toEqual(rowTexts(tableOfRows(rows)))
  const shown = await bench(['show', path('whole.arrow')])
  expect(shown.out).toMatch(/part 2 +part: 7 trainings/)
  expect(shown.out).toMatch(/warning +the parts were recorded with different versions/)
  writeFileSync(
    path('experiment.mjs'),
    `export default ${JSON.stringify({
      name: 'merged',
      question: 'Does it run?',
      tables: ['./whole.arrow'],
      objectives: [{ metric: 'error' }],
      methods: { random: { scheduler: { type: 'fifo' } } },
      budget: { fullEvaluations: 3 },
    })}`,
  )
  const ran = await bench(['run', path('experiment.mjs'), '--seeds', '2', '--out', path('run')])
  expect([ran.code, ran.err]).toEqual([0, expect.not.stringContaining('error')])
})

test('takes its name from its parts, its file, or --name', async () => {
  const nameOf = async (...more: string[]): Promise<string> => {
    await bench(['merge', path('a.arrow'), path('b.arrow'), '--out', path('named.arrow'), '--force', ...more])
    return readTable(path('named.arrow')).metadata.name
  }
  expect(await nameOf()).toBe('part')
  expect(await nameOf('--name', 'mine')).toBe('mine')
  writeTable(path('c.arrow'), tableOfRows(rows.slice(0, 2), { name: 'other' }))
  expect(await nameOf(path('c.arrow'))).toBe('named')
})

describe('in one line, with exit code 2 and nothing written, refuses', () => {
  test.each<[string, string[], RegExp]>([
    ['one table', ['a.arrow'], /needs two tables or more/],
    ['a table that is not there', ['a.arrow', 'none.arrow'], /none\.arrow/],
    [
      'tables that disagree',
      ['a.arrow', 'bad.arrow'],
      /disagree on repetition 0 of \{"lr":1,"model":"small"\}: "error" at epoch 1/,
    ],
    ['an unknown preference', ['a.arrow', 'bad.arrow', '--prefer', 'last'], /--prefer must be "first", got "last"/],
    [
      'both cures',
      ['a.arrow', 'bad.arrow', '--prefer', 'first', '--renumber'],
      /--prefer first or --renumber, not both/,
    ],
    ['an empty name', ['a.arrow', 'b.arrow', '--name', ''], /name/],
    ['a name that moves the cursor', ['a.arrow', 'b.arrow', '--name', '\u001B[2J'], /control character/],
  ])('%s', async (_, args, message) => {
    const given = args.map((argument) => (argument.endsWith('.arrow') ? path(argument) : argument))
    const { code, err } = await bench(['merge', ...given, '--out', path('refused.arrow')])
    expect(code).toBe(2)
    expect(err).toMatch(message)
    expect(
      err
        .trimEnd()
        .split('\n')
        .filter((line) => !line.startsWith('bench: warning')),
    ).toHaveLength(1)
    expect(existsSync(path('refused.arrow'))).toBe(false)
  })

  test('to write over one of its tables', async () => {
    const before = readFileSync(path('a.arrow'))
    const { code, err } = await bench(['merge', path('a.arrow'), path('b.arrow'), '--out', path('./a.arrow')])
    expect([code, err]).toEqual([2, expect.stringMatching(/--out must not be one of the tables that are merged/)])
    expect(readFileSync(path('a.arrow')).equals(before)).toBe(true)
  })

  test('to write over a table that is there, unless told to', async () => {
    const args = ['merge', path('a.arrow'), path('b.arrow'), '--out', path('there.arrow')]
    writeTable(path('there.arrow'), tableOfRows(rows.slice(0, 1)))
    const before = readFileSync(path('there.arrow'))
    const { code, err } = await bench(args)
    expect([code, err]).toEqual([2, expect.stringMatching(/--out must not be there yet, got .*add --force/)])
    expect(readFileSync(path('there.arrow')).equals(before)).toBe(true)
    expect((await bench([...args, '--force'])).code).toBe(0)
    expect(readTable(path('there.arrow')).rows).toBe(12)
  })

  test('another kind of file', async () => {
    const { code, err } = await bench(['merge', path('a.arrow'), path('b.arrow'), '--out', path('whole.csv')])
    expect([code, err]).toEqual([2, expect.stringMatching(/--out must end in \.arrow/)])
  })
})

test('a table of several machines is no base of modelled ones', async () => {
  const hardware = { cpu: 'Other CPU', cores: 4, memoryGiB: 1, platform: 'linux' }
  writeTable(path('elsewhere.arrow'), tableOfRows(rows.slice(7), recordedWith({ hardware })))
  await bench(['merge', path('a.arrow'), path('elsewhere.arrow'), '--out', path('several.arrow')])
  const { code, err } = await bench(['derive', path('several.arrow'), '--families', 'm5', '--out', path('types.arrow')])
  expect([code, err]).toEqual([
    2,
    expect.stringContaining('ran on different hardware (Some CPU, 2 cores; Other CPU, 4 cores)'),
  ])
})
