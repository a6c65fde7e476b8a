/** Ranks on every table. */
import { compile } from 'vega-lite'
import { describe, expect, it } from 'vitest'
import { reportOf } from '../../../src/report/sections.js'
import { makeRuns } from '../runs.js'

const frame = { repeat: undefined, elapsedSeconds: undefined }

function grid(methods: readonly string[], tables: readonly string[]) {
  const cells = tables.flatMap((table, t) =>
    methods.map((method, m) => ({
      table,
      method,
      // On the second table the order is the other way round; the first two of the first seed are equal.
      values: [0, 1].map((seed) => (t === 0 ? (seed === 0 && m === 1 ? 0 : m) : -m) + 0.25 * seed + 5),
    })),
  )
  const { manifest, set } = makeRuns(cells)
  return reportOf(manifest, set, frame).charts.find(({ kind }) => kind === 'rank-grid')
}

describe('the grid of ranks', () => {
  it('has the mean rank over seeds and the mean value of every method on every table', () => {
    const chart = grid(['default', 'a', 'b'], ['one', 'two'])!
    expect(chart.table.rows).toEqual([
      ['one', 'default', 1.25, 5.125, 2],
      ['one', 'a', 1.75, 5.625, 2],
      ['one', 'b', 3, 7.125, 2],
      ['two', 'default', 3, 5.125, 2],
      ['two', 'a', 2, 4.125, 2],
      ['two', 'b', 1, 3.125, 2],
    ])
    expect(() => compile(chart.spec)).not.toThrow()
  })

  it('needs two methods and two tables', () => {
    expect(grid(['default', 'a'], ['one', 'two'])!.table.rows.map((row) => row[2])).toEqual([1.25, 1.75, 2, 1])
    expect(grid(['default'], ['one', 'two'])).toBeUndefined()
    expect(grid(['default', 'a', 'b'], ['one'])).toBeUndefined()
  })
})
