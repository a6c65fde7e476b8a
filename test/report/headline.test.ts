/** The first sentence of a report, and what it warns of. */
import { describe, expect, it } from 'vitest'
import { reportOf } from '../../src/report/sections.js'
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

  it('says who is best where, and how many comparisons show something, where there are many', () => {
    expect(answer({ default: 0.5, a: 0.5, b: 0.5, c: 0.5, d: 0.5 }, ['one', 'two'])).toBe(
      'Best mean test_error: default on one (0.3) and a on two (0.3). Of 8 comparisons with default, one at a time, ' +
        '1 show a gain, 4 a loss and 3 no difference.',
    )
  })

  it('counts settings where those are many too', () => {
    const tables = Array.from({ length: 8 }, (_, i) => `t${i}`)
    expect(answer({ default: 0.5, a: 0.4 }, tables)).toBe(
      'Best mean test_error: a in 7 and default in 1 of 8 settings. Of 8 comparisons with default, one at a time, ' +
        '7 show a gain, 1 a loss and 0 no difference.',
    )
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
