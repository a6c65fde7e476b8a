import type { TopLevelSpec } from 'vega-lite'
import { compile } from 'vega-lite'
import { describe, expect, it } from 'vitest'
import type { Chart } from '../../../src/report/charts/chart.js'
import { withSharedLegend } from '../../../src/report/charts/shared-legend.js'

function chart(id: string, names: readonly string[]): Chart {
  const spec: TopLevelSpec = {
    data: { values: names.map((series, x) => ({ series, x })) },
    layer: [
      {
        mark: 'point',
        encoding: {
          x: { field: 'x', type: 'quantitative' },
          color: { field: 'series', type: 'nominal', scale: { domain: [...names] }, legend: { values: [...names] } },
        },
      },
    ],
  }
  return {
    id,
    kind: 'toy',
    title: '',
    subtitle: '',
    description: '',
    spec,
    table: { id, title: '', columns: [], rows: [] },
  }
}

const legends = (spec: TopLevelSpec): number => compile(spec).spec.legends?.length ?? 0

describe('a legend for several charts', () => {
  it('is that of the chart that names most, which is taken out of all', () => {
    const { legend, specs } = withSharedLegend([chart('one', ['b']), chart('two', ['a', 'b'])])
    expect(specs.map(legends)).toEqual([0, 0])
    const drawn = compile(legend!).spec
    expect(drawn.legends).toHaveLength(1)
    expect(JSON.stringify(drawn.legends)).toContain('["a","b"]')
    expect(drawn.axes ?? []).toEqual([])
  })

  it('is not there for one chart, for charts that name different things, and where there is nothing to name', () => {
    for (const charts of [[chart('one', ['a'])], [chart('one', ['a']), chart('two', ['b'])]]) {
      const { legend, specs } = withSharedLegend(charts)
      expect(legend).toBeUndefined()
      expect(specs.map(legends)).toEqual(charts.map(() => 1))
    }
    expect(withSharedLegend([chart('one', []), chart('two', [])]).legend).toBeUndefined()
  })
})
