import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { WIDTH } from '../../src/report/layout.js'
import { type ReportFrame, renderReport } from '../../src/report/tables.js'
import { type CellOptions, makeRuns } from './runs.js'

const frame: ReportFrame = {
  directory: 'results/asha-vs-default-20260102T030405',
  elapsedSeconds: 1.13,
  repeat: 'bench run asha-vs-default --seeds 5',
  colors: false,
}
const once = { trials: 1, fullEvaluations: 1, reports: 27, simulatedSeconds: 28 }

/** Three tables; asha is better, without a clear difference, and worse. */
function study(): CellOptions[] {
  return [
    ['ngram-mrpc', 13, 0.93],
    ['ngram-cola', 7, 0.995],
    ['ngram-stsb', 9, 1.06],
  ].flatMap(([table, evaluations, factor]): CellOptions[] => {
    const budget = { fullEvaluations: Number(evaluations) }
    const common = { table: String(table), budget, seconds: 28 * Number(evaluations) }
    const base = [0.3, 0.31, 0.29, 0.305, 0.295]
    const wobble = [0.004, -0.003, 0.002, -0.004, 0.001]
    return [
      { ...common, method: 'default', values: base, searcher: { type: 'fixed', options: {} }, runs: once },
      {
        ...common,
        method: 'asha',
        values: base.map((value, i) => value * Number(factor) + wobble[i]!),
        runs: { trials: 41 },
      },
    ]
  })
}

describe('the report for the terminal', () => {
  it('of a study', () => {
    const { manifest, set } = makeRuns(study())
    const text = renderReport(manifest, set, frame)
    expect(text).toMatchSnapshot()
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(WIDTH)
  })

  it('of a table that cannot tell methods apart', () => {
    const report = (last: number): string => {
      const { manifest, set } = makeRuns([
        { method: 'default', values: [1, 1, 1], rows: [0, 1, 2] },
        { method: 'asha', values: [1, 1, last], rows: [3, 4, 5] },
      ])
      return renderReport(manifest, set, frame).replaceAll(/\s+/g, ' ')
    }
    expect(report(1)).toContain('toy: every run of every method ends with test_error 1, whatever it trained;')
    expect(report(0.9)).not.toContain('whatever it trained')
  })

  it('of runs that failed, of small tables, of a baseline that is perfect', () => {
    const { manifest, set } = makeRuns(
      [
        { method: 'default', values: [0.3, 0, 0.3], rows: [1, 2, 1] },
        { method: 'asha', values: [0.2, 0.1, 0.21], drawable: 82, runs: { failures: 2 } },
        { method: 'a-method-with[reductionFactor=3,gracePeriod=1]', values: [0.2, undefined, null] },
        { method: 'broken', values: [undefined, undefined, undefined] },
      ],
      { set: { failures: [{ table: 'toy', method: 'broken', seeds: [0, 1, 2], message: 'the worker\nthread died' }] } },
    )
    const text = renderReport(manifest, set, frame)
    expect(text).toMatchSnapshot()
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(WIDTH)
  })

  it('of several budgets and numbers of workers says which', () => {
    const cells = [1, 4].flatMap((workers) =>
      [{ trials: 10 }, { trials: 20 }].flatMap((budget) =>
        ['default', 'asha'].map((method, i) => ({ method, workers, budget, values: [0.3 - i / 100, 0.3 - i / 90] })),
      ),
    )
    const { manifest, set } = makeRuns(cells)
    const text = renderReport(manifest, set, frame)
    expect(text).toContain('toy, 10 trials, 1 worker: ')
    expect(text).toContain('toy, 20 trials, 4 workers: ')
  })

  it('of real trainings does not speak of tables', () => {
    const { manifest, set } = makeRuns(study(), { manifest: { backend: 'local' } })
    const text = renderReport(manifest, set, frame)
    expect(text).toContain('Trained here, with the programs of ngram-mrpc, ngram-cola and ngram-stsb.')
    expect(text).not.toMatch(/Simulated|Tables:|conditional on the\n {2}tables/)
  })

  it('says why nothing is compared or claimed', () => {
    const report = (cells: CellOptions[]): string => {
      const { manifest, set } = makeRuns(cells)
      return renderReport(manifest, set, frame)
    }
    expect(report([{ method: 'default', values: [0.3] }])).toContain(
      'only the baseline default was run, so nothing is compared.',
    )
    expect(report([{ method: 'asha', values: [0.3] }])).toContain(
      'the baseline default was not run, so nothing is compared.',
    )
    const both = (a: CellOptions['values'], b: CellOptions['values'], rows = [1, 2, 3]): string =>
      report([
        { method: 'default', values: a, rows },
        { method: 'asha', values: b, rows },
      ]).replaceAll(/\n */g, ' ')
    expect(both([0.3], [0.2])).toContain('nothing is claimed for asha: one seed has no spread, use more seeds.')
    expect(both([0.3, 0.3], [0.2, 0.2], [4, 4])).toContain('all seeds came to the same two trainings')
    expect(both([0, 0], [0.2, 0.2])).toContain("the baseline's value is 0")
    expect(both([0.3, undefined], [undefined, 0.2])).toContain('no seed has a result of both')
  })

  it('differs on a terminal in nothing but colours', () => {
    const { manifest, set } = makeRuns(study())
    const coloured = renderReport(manifest, set, { ...frame, colors: true })
    const plain = renderReport(manifest, set, frame)
    expect(stripVTControlCharacters(coloured)).toBe(plain)
    expect(coloured).not.toBe(plain)
  })
})
