/** The charts and facts of several objectives in a report for pages. */
import { describe, expect, it } from 'vitest'
import { reportOf } from '../../../src/report/sections.js'
import { CURVE_POINTS } from '../../../src/store/run-set.js'
import { makeFronts } from '../fronts.js'
import { makeRuns } from '../runs.js'

const frame = { repeat: undefined, elapsedSeconds: undefined }
const base = [0.5, 0.52, 0.48]
const cells = ['ngram-mrpc', 'ngram-cola'].flatMap((table) => [
  { method: 'default', table, volumes: base },
  { method: 'better', table, volumes: [0.61, 0.62, 0.585] },
])

describe('a report of several objectives', () => {
  const { manifest, set } = makeFronts(cells)
  const report = reportOf(manifest, set, frame)

  it('has charts of hypervolume, Pareto sets and ranks', () => {
    const kinds = report.charts.map(({ kind }) => kind)
    for (const [kind, count] of [
      ['hypervolume', 2],
      ['pareto', 2],
      ['ranks', 1],
    ] as const)
      expect(kinds.filter((one) => one === kind)).toHaveLength(count)
    const chart = report.charts.find(({ kind }) => kind === 'hypervolume')
    const { values } = (chart!.spec as { data: { values: { series: string; x: number; y: number }[] } }).data
    const last = values.findLast(({ series }) => series === 'default')!
    expect(last.x).toBeCloseTo(363, 2)
    expect(last.y).toBeCloseTo(0.5, 4)
    expect(values.filter(({ series }) => series === 'default')).toHaveLength(CURVE_POINTS)
  })

  it('answers by hypervolume', () => {
    expect(report.answer).toMatch(
      /^better, at the end: more hypervolume than default on ngram-mrpc \(\+0\.105, .*; over time: more hypervolume than /,
    )
    expect(report.answers.map(([label]) => label)).toEqual([
      'ngram-mrpc, at the end',
      'ngram-mrpc, over time',
      'ngram-cola, at the end',
      'ngram-cola, over time',
      'ngram-mrpc, test_error alone',
      'ngram-cola, test_error alone',
    ])
    const [table] = report.tables
    expect(table!.id).toBe('hypervolumes')
    expect(table!.rows).toHaveLength(4)
    expect(table!.rows.every((row) => row.length === table!.columns.length)).toBe(true)
  })

  it('claims nothing in the headline that an interval does not support', () => {
    const open = makeFronts([cells[0]!, { ...cells[1]!, volumes: [0.4, 0.6, 0.5] }])
    expect(reportOf(open.manifest, open.set, frame).answer).toMatch(
      /^better, at the end: no difference from default is shown on .*; over time: no difference /,
    )
    const one = makeFronts([cells[0]!])
    expect(reportOf(one.manifest, one.set, frame).answer).toBe(
      'On ngram-mrpc, only the baseline default was run, so nothing is compared.',
    )
  })
})

it('a report of one objective has none of these', () => {
  const { manifest, set } = makeRuns([
    { method: 'default', values: [0.3, 0.31] },
    { method: 'asha', values: [0.2, 0.22] },
  ])
  const report = reportOf(manifest, set, frame)
  expect(report.charts.map(({ kind }) => kind)).not.toContain('hypervolume')
  expect(report.tables.map(({ id }) => id)).not.toContain('hypervolumes')
  expect(report.answer).toContain('asha lowers test_error')
})
