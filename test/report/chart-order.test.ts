/** The pictures that answer an experiment's question come first. */
import { describe, expect, it } from 'vitest'
import { inOrder } from '../../src/report/chart-order.js'
import type { Chart } from '../../src/report/charts/chart.js'
import { compareRuns } from '../../src/report/comparison.js'
import { makeRuns } from './runs.js'

const chart = (kind: string, id = kind): Chart => ({
  id,
  kind,
  title: '',
  subtitle: '',
  description: '',
  spec: { data: { values: [] }, mark: 'point' },
  table: { id, title: '', columns: [], rows: [] },
})

function order(kinds: readonly string[], methods: number, tables: number): string[] {
  const cells = Array.from({ length: tables }, (_, t) =>
    Array.from({ length: methods }, (__, m) => ({
      table: `t${t}`,
      method: m === 0 ? 'default' : `m${m}`,
      values: [1, 2],
    })),
  ).flat()
  const { manifest, set } = makeRuns(cells)
  const charts = kinds.map((kind) => chart(kind))
  return inOrder(charts, compareRuns(manifest, set)).map(({ id }) => id)
}

const USUAL = ['improvement', 'rank-grid', 'incumbent', 'final', 'ranks']

describe('charts', () => {
  it('begin with the improvement where few methods are compared on several tables', () => {
    expect(order(USUAL, 4, 3)).toEqual(USUAL)
  })

  it('begin with ranks where there are many methods, and with the critical difference where there is one', () => {
    expect(order(USUAL, 5, 3)).toEqual(['rank-grid', 'ranks', 'improvement', 'incumbent', 'final'])
    expect(order([...USUAL, 'critical-difference'], 5, 9)[0]).toBe('critical-difference')
  })

  it('begin with curves where there is one table', () => {
    expect(order(['improvement', 'incumbent', 'final'], 5, 1)).toEqual(['incumbent', 'improvement', 'final'])
  })

  it('begin with regret where there are several budgets', () => {
    expect(order(['incumbent', 'final', 'regret', 'ranks'], 5, 3)).toEqual(['regret', 'ranks', 'incumbent', 'final'])
  })

  it('begin with machines, then hypervolume, and end with one objective alone where there are several', () => {
    expect(order(['improvement', 'hypervolume', 'pareto', 'pareto-by', 'incumbent', 'final'], 2, 1)).toEqual([
      'pareto-by',
      'hypervolume',
      'pareto',
      'incumbent',
      'final',
      'improvement',
    ])
  })

  it('of one kind keep their order, and unknown kinds stay at the end', () => {
    const { manifest, set } = makeRuns([{ values: [1, 2] }])
    const charts = [chart('new'), chart('final', 'b'), chart('final', 'a'), chart('incumbent')]
    expect(inOrder(charts, compareRuns(manifest, set)).map(({ id }) => id)).toEqual(['incumbent', 'b', 'a', 'new'])
  })
})
