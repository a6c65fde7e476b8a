/** The first sentence of a report, and what it warns of. */
import { describe, expect, it } from 'vitest'
import { reportOf } from '../../src/report/sections.js'
import { renderReport } from '../../src/report/tables.js'
import { makeRuns } from './runs.js'

const frame = { repeat: undefined, elapsedSeconds: undefined }
const spread = (mean: number): number[] => [mean, mean + 0.001, mean - 0.001, mean + 0.002, mean - 0.002]

function answer(methods: Readonly<Record<string, number>>, tables: readonly string[]): string {
  const cells = tables.flatMap((table, t) =>
    Object.entries(methods).map(([method, value], m) => ({
      table,
      method,
      values: spread(value + (m === t ? -0.2 : 0)),
    })),
  )
  const { manifest, set } = makeRuns(cells)
  return reportOf(manifest, set, frame).answer
}

describe('the headline', () => {
  it('speaks of the first method where there are few', () => {
    expect(answer({ default: 0.5, a: 0.4 }, ['one', 'two'])).toMatch(
      /^a raises test_error against default on one by .*and lowers|^a lowers/,
    )
  })

  it('says on how few distinct trainings a claim rests, as the answer of each table does', () => {
    const cells = ['one', 'two'].flatMap((table) => [
      { table, method: 'default', values: spread(0.5) },
      { table, method: 'a', values: [0.4, 0.4, 0.41, 0.41, 0.4], rows: [7, 7, 8, 8, 7] },
    ])
    const { manifest, set } = makeRuns(cells)
    const report = reportOf(manifest, set, frame)
    for (const text of [report.answer, ...report.answers.map(([, one]) => one)])
      expect(text).toMatch(/interval [^()]*, on only 2 distinct trainings\)/)
  })

  it('says of many methods who is best where, by how much, and how many comparisons show something', () => {
    // Student's t with 4 degrees of freedom: 2.776; a gain of 40.00 % with a standard deviation of 0.126 %.
    expect(answer({ default: 0.5, a: 0.5, b: 0.5, c: 0.5, d: 0.5 }, ['one', 'two'])).toBe(
      'Best mean test_error: default on one (0.3, ahead of a by 40.0\u00a0%, 95\u00a0% interval 39.8\u00a0%\u00a0to\u00a040.2\u00a0%) and ' +
        'a on two (0.3, ahead of default by 40.0\u00a0%, 95\u00a0% interval 39.8\u00a0%\u00a0to\u00a040.2\u00a0%). ' +
        'Of 8 comparisons with default, one at a time, 1 shows a gain, 4 a loss and 3 no difference.',
    )
  })

  it('says of the best mean where the next is not shown to be behind', () => {
    const methods = ['default', 'a', 'b', 'c', 'd']
    const cellsOf = (table: string) =>
      methods.map((method, m) => ({
        table,
        method,
        values: m === 3 ? [0.1, 0.9, 0.4, 0.3, 0.2] : spread(0.5 + m / 100),
      }))
    const cells = cellsOf('toy')
    const { manifest, set } = makeRuns(cells)
    const two = makeRuns([...cells, ...cellsOf('other')])
    expect(reportOf(manifest, set, frame).answer).toMatch(/^On toy, /)
    expect(reportOf(two.manifest, two.set, frame).answer).toMatch(
      /c on toy \(0\.38, not shown to be ahead of default: -53\.1.%.to.\+101.%\)/,
    )
  })

  it('counts of many settings where which method differs, without those by chance', () => {
    const tables = Array.from({ length: 8 }, (_, i) => `t${i}`)
    expect(answer({ default: 0.5, a: 0.4 }, tables)).toBe(
      'Against default in 8 settings, one comparison at a time: a is better in 7 and worse in 1 (8 comparisons). ' +
        'Best mean test_error: a in 7 and default in 1 of 8.',
    )
  })

  it('counts as several alike whose means are equal', () => {
    const cells = Array.from({ length: 40 }, (_, i) => [
      { table: `t${i}`, method: 'default', values: spread(0.5) },
      { table: `t${i}`, method: 'a', values: spread(0.5) },
    ]).flat()
    const { manifest, set } = makeRuns(cells)
    expect(reportOf(manifest, set, frame).answer).toBe(
      'Against default in 40 settings, one comparison at a time: no difference is shown (40 comparisons; chance alone would ' +
        'show about 1 gain and 1 loss). Best mean test_error: several alike in 40 of 40.',
    )
  })

  it('says what ends like the baseline in every seed', () => {
    const cells = ['one', 'two'].flatMap((table) => [
      { table, method: 'default', values: spread(0.5) },
      { table, method: 'a', values: table === 'one' ? spread(0.5) : spread(0.4) },
    ])
    const { manifest, set } = makeRuns(cells)
    const report = reportOf(manifest, set, frame)
    expect(report.answer).toMatch(/and ends like default in every seed on one\.$/)
    expect(report.answers[0]).toEqual(['one', 'a ends like default in every seed.'])
  })
})

describe('runs without a result and baselines of 0', () => {
  const some = [0.3, 0.301, 0.299, null, null]
  const zeros = [0, 0, 0, 0, 0]

  it('are neither gains nor losses nor best means', () => {
    // A gain of the seeds left over, a loss of those of a failing baseline, a baseline of 0.
    const cellsOf = (table: string) => [
      { table, method: 'default', values: spread(0.5) },
      { table, method: 'survivor', values: some },
      { table, method: 'a', values: spread(0.4) },
      { table, method: 'b', values: spread(0.6) },
      { table, method: 'c', values: spread(0.6) },
    ]
    const { manifest, set } = makeRuns([
      ...cellsOf('one'),
      { table: 'two', method: 'default', values: zeros },
      ...['survivor', 'a', 'b'].map((method) => ({ table: 'two', method, values: spread(0.5) })),
      { table: 'two', method: 'c', values: zeros },
      { table: 'three', method: 'default', values: some },
      { table: 'three', method: 'a', values: spread(0.4) },
    ])
    expect(reportOf(manifest, set, frame).answer.replaceAll('\u00a0', ' ')).toBe(
      'Best mean test_error: a on one (0.4, ahead of default by 20.0 %, 95 % interval 19.9 % to 20.1 %; survivor, with a better ' +
        'mean, lacks a result in some seeds), default and c on two (0, ahead of survivor by 100 %, 95 % interval 100 % to 100 %) and a on three (0.4; default, with a ' +
        'better mean, lacks a result in some seeds). Of 9 comparisons with default, one at a time, 1 shows a gain, 2 a loss and ' +
        '1 no difference; nothing is claimed for 5, as runs have no result, the baseline is 0 or values accumulate.',
    )
  })

  it('have no sign in the table of many settings, and = only where all seeds have a result', () => {
    const half = [0.5, 0.5, 0.5, null, null]
    const { manifest, set } = makeRuns(
      Array.from({ length: 7 }, (_, t) => `t${t}`).flatMap((table, t) => [
        { table, method: 'default', values: t === 1 ? zeros : t === 2 ? half : spread(0.5) },
        { table, method: 'a', values: [some, zeros, half, [...spread(0.5).slice(0, 3), null, null]][t] ?? spread(0.4) },
      ]),
    )
    const { answer: text, verdicts } = reportOf(manifest, set, frame)
    const cells = verdicts!.rows.map(([, cell]) => String(cell).replaceAll('\u00a0', ' '))
    // In t2 both lack the same seeds, in t3 one does.
    expect(cells.slice(1, 5)).toEqual(['=', '0.0 %', '0.0 %', '▲ +20.0 %'])
    expect(cells[0]).toMatch(/^\+40\.0 %$/)
    expect(text).toContain('a is better in 3 (7 comparisons; nothing is claimed for 1,')
  })
})

describe('one seed', () => {
  it('claims nothing, and does not say that there is no difference', () => {
    const cells = ['one', 'two'].flatMap((table) => [
      { table, method: 'default', values: [0.5] },
      { table, method: 'a', values: [0.4] },
    ])
    const { manifest, set } = makeRuns(cells)
    expect(reportOf(manifest, set, frame).answer).toBe(
      'a is not claimed to differ from default on one (one seed has no spread, use more seeds) and two (one seed has no ' +
        'spread, use more seeds).',
    )
  })
})

describe('many settings', () => {
  const tables = Array.from({ length: 7 }, (_, i) => `t${i}`)
  const cells = tables.flatMap((table, t) => [
    { table, method: 'default', values: spread(0.5) },
    { table, method: 'a', values: t === 0 ? spread(0.5) : spread(0.4) },
    { table, method: 'b', values: t === 0 ? [0.1, 0.9, 0.4, 0.3, 0.2] : spread(0.6) },
    { table, method: 'c', values: t === 0 ? [] : spread(0.5).map((value) => value + 0.01) },
  ])
  const { manifest, set } = makeRuns(cells)

  it('have a table of signs in place of a sentence each', () => {
    const { answers, verdicts } = reportOf(manifest, set, frame)
    expect(answers).toEqual([])
    expect(verdicts!.columns.map(({ name }) => name)).toEqual(['setting', 'a', 'b', 'c'])
    const rows = verdicts!.rows.map((row) => row.map((cell) => String(cell).replaceAll('\u00a0', ' ')))
    expect(rows[0]).toEqual(['t0', '=', '+24.1 %', 'null'])
    expect(rows[1]).toEqual(['t1', '▲ +20.0 %', '▼ -20.0 %', '▼ -2.0 %'])
  })

  it('have the same table on a terminal', () => {
    const text = renderReport(manifest, set, { directory: 'd', elapsedSeconds: 1, repeat: 'r', colors: false })
    expect(text).toMatch(/^t1 +▲.\+20\.0.% +▼.-20\.0.% +▼.-2\.0.%$/m)
    expect(text).toContain('Against default in 7 settings')
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
  })
})

describe('runs that are not there', () => {
  it('are counted', () => {
    const { manifest, set } = makeRuns([
      { method: 'default', values: spread(0.5) },
      { method: 'a', values: [0.4, 0.41, undefined, 0.39, undefined] },
    ])
    const { warnings } = reportOf(manifest, set, frame)
    expect(warnings[0]).toMatch(/^2 runs of 10 are missing; the same command with --resume finishes them/)
    const failed = { table: 'toy', method: 'a', seeds: [2, 4], message: 'broke' }
    expect(reportOf(manifest, { ...set, failures: [failed] }, frame).warnings[0]).not.toMatch(/missing/)
  })
})
