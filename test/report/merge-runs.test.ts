/** Runs of several experiments as one. */
import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../src/report/comparison.js'
import { compareHypervolumes } from '../../src/report/hypervolumes.js'
import { mergeRuns } from '../../src/report/merge-runs.js'
import { reportOf } from '../../src/report/sections.js'
import { renderReport } from '../../src/report/tables.js'
import type { StoredRunSet } from '../../src/store/read-run-set.js'
import { makeFronts } from './fronts.js'
import { makeRuns } from './runs.js'

const frame = { repeat: undefined, elapsedSeconds: undefined }
const values = (mean: number): number[] => [mean, mean + 0.01, mean - 0.01]

/** @param methods the value of each; the first is the baseline */
function part(table: string, methods: Readonly<Record<string, number>>): StoredRunSet {
  const cells = Object.entries(methods).map(([method, value]) => ({ table, method, values: values(value) }))
  const runs = makeRuns(cells, { manifest: { baseline: Object.keys(methods)[0]! } })
  return { path: table, ...runs, notes: {} }
}

describe('runs of experiments with different baselines', () => {
  const merged = mergeRuns([part('one', { default: 0.5, asha: 0.4 }), part('two', { random: 0.5, asha: 0.4 })])

  it('are each compared with their own', () => {
    const groups = compareRuns(merged.manifest, merged.set)
    expect(groups.map(({ baseline, target }) => [baseline, target])).toEqual([
      ['default', 0.5],
      ['random', 0.5],
    ])
    expect(groups.flatMap(({ comparisons }) => comparisons.map(({ method, baseline }) => [method, baseline]))).toEqual([
      ['asha', 'default'],
      ['asha', 'random'],
    ])
  })

  it('say so in every sentence, table and picture', () => {
    const report = reportOf(merged.manifest, merged.set, frame)
    expect(report.answer.replaceAll('\u00a0', ' ')).toMatch(
      /^asha lowers test_error against default on one by 20\.0 % .* and lowers test_error against random on two by 20\.0 % /,
    )
    const ofAnswers = report.answers.map(([, text]) => /against (\w+)/.exec(text)![1])
    expect(ofAnswers).toEqual(['default', 'random'])
    const names = (id: string, column: number) =>
      report.tables.find((table) => table.id === id)!.rows.map((row) => row[column])
    expect(names('methods', 0)).toEqual(['default (baseline)', 'asha', 'random (baseline)'])
    expect(names('results', 6)).toEqual(['baseline', expect.stringContaining('+20.0'), 'baseline', expect.anything()])
    expect(report.charts.find(({ id }) => id === 'improvement')!.title).toBe('Improvement over default and random')
    const text = renderReport(merged.manifest, merged.set, {
      directory: '',
      elapsedSeconds: 1,
      repeat: '',
      colors: false,
    })
    expect(text.match(/^ +(default|random) .* baseline /gm)).toHaveLength(2)
  })

  it('have that of the first where both ran on the same table with the same workers and budget', () => {
    const { manifest, set } = mergeRuns([part('one', { default: 0.5, asha: 0.4 }), part('one', { random: 0.45 })])
    const [group, ...more] = compareRuns(manifest, set)
    expect(more).toEqual([])
    expect(group).toMatchObject({ baseline: 'default', comparisons: [{ method: 'asha' }, { method: 'random' }] })
  })

  it('and several objectives are, too', () => {
    const fronts = (table: string, baseline: string): StoredRunSet => {
      const cells = [baseline, 'mo-asha'].map((method, m) => ({ method, table, volumes: values(0.5 + 0.1 * m) }))
      const { manifest, set } = makeFronts(cells)
      return { path: table, manifest: { ...manifest, baseline }, set, notes: {} }
    }
    const { manifest, set } = mergeRuns([fronts('one', 'default'), fronts('two', 'random')])
    expect(compareHypervolumes(manifest, set).map(({ comparisons }) => comparisons[0]!.baseline)).toEqual([
      'default',
      'random',
    ])
    expect(reportOf(manifest, set, frame).answer).toMatch(
      /^mo-asha, at the end: more hypervolume than default on one .*, more hypervolume than random on two .*; over time: /,
    )
  })
})
