/** Average ranks over tables with Nemenyi's critical difference. */
import type { TopLevelSpec } from 'vega-lite'
import { type Chart, rounded, seriesScales } from './chart.js'

export interface CriticalDifferenceInput {
  readonly id: string
  /** What ranks a method, e.g. `test_error`. */
  readonly by: string
  readonly tables: number
  /** Of the test that all methods are the same. */
  readonly p: string
  /** Whether that test rejects: otherwise no two methods are told apart. */
  readonly differ: boolean
  readonly criticalDifference: number
  readonly methods: readonly { readonly method: string; readonly rank: number }[]
  /** All names of the report in plan order. */
  readonly names: readonly string[]
}

/**
 * The diagram of Demšar (2006) on its side, a row a method: bars are one critical difference wide, so that two do not
 * overlap just where the average ranks are further apart than that.
 */
export function criticalDifferenceChart(input: CriticalDifferenceInput): Chart {
  const { id, by, tables, p, differ, criticalDifference, names } = input
  const methods = input.methods.toSorted((a, b) => a.rank - b.rank)
  const sort = methods.map(({ method }) => method)
  const scales = seriesScales(names)
  const values = methods.map(({ method, rank }) => ({
    method,
    rank: rounded(rank),
    low: rounded(rank - criticalDifference / 2),
    high: rounded(rank + criticalDifference / 2),
    tip: `${method}\naverage rank ${rank.toFixed(2)}`,
  }))
  const y = {
    field: 'method',
    type: 'nominal' as const,
    title: null,
    sort,
    axis: { ticks: false, domain: false, labelPadding: 8 },
  }
  const x = {
    type: 'quantitative' as const,
    title: 'average rank, 1 is best',
    scale: { zero: false, nice: false, padding: 8 },
    axis: { values: methods.map((_, i) => i + 1) },
  }
  const look = { field: 'method', type: 'nominal' as const, title: null, legend: null }
  const tooltip = { field: 'tip', type: 'nominal' as const }
  const spec: TopLevelSpec = {
    data: { values },
    width: 'container',
    height: { step: 30 },
    layer: [
      {
        mark: { type: 'rule', strokeWidth: 6, opacity: 0.35, aria: false },
        encoding: {
          y,
          x: { ...x, field: 'low' },
          x2: { field: 'high' },
          color: { ...look, scale: scales.color },
          tooltip,
        },
      },
      {
        mark: { type: 'point', filled: true, size: 75, opacity: 1, aria: false },
        encoding: {
          y,
          x: { ...x, field: 'rank' },
          color: { ...look, scale: scales.color },
          shape: { ...look, scale: scales.shape },
          tooltip,
        },
      },
    ],
  }
  const meaning = differ
    ? 'methods whose bars do not overlap differ (Nemenyi, level 0.05)'
    : 'as Friedman’s test does not reject, no two methods are told apart'
  return {
    id,
    title: 'Critical difference of average ranks',
    subtitle: `Ranked by ${by} on ${tables} tables; Friedman’s test: ${p}. Bars are one critical difference (${criticalDifference.toFixed(2)}) wide: ${meaning}`,
    description: `Average ranks by ${by} over ${tables} tables, 1 is best, critical difference ${criticalDifference.toFixed(2)}, ${meaning}: ${methods
      .map(({ method, rank }) => `${method} ${rank.toFixed(2)}`)
      .join('; ')}.`,
    kind: 'critical-difference',
    spec,
    table: {
      id,
      title: 'Critical difference of average ranks',
      columns: [{ name: 'method' }, { name: 'average rank', format: (rank) => rank.toFixed(2) }],
      rows: methods.map(({ method, rank }) => [method, rank]),
    },
  }
}
