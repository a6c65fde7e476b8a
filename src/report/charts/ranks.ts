/** Average ranks of methods over tables as the budget is used up. */
import type { Chart } from './chart.js'
import { type CurveSeries, curveChart } from './curve-chart.js'

export interface RanksChartInput {
  readonly id: string
  /** What ranks a method, e.g. `test_error`. */
  readonly by: string
  readonly tables: number
  /** x: percent of the budget; y: average rank, 1 is best. */
  readonly series: readonly CurveSeries[]
  readonly names?: readonly string[]
}

export function ranksChart({ id, by, tables, series, names }: RanksChartInput): Chart {
  return curveChart({
    id,
    kind: 'ranks',
    title: 'Average rank as the budget is used up',
    subtitle: `Ranked by ${by} within every seed of every table, averaged over seeds and then over ${tables} tables`,
    description: `Line chart of the average rank (1 is best) against the share of the budget, for ${series.map(({ name }) => name).join(', ')}.`,
    xTitle: 'share of the budget (%)',
    yTitle: 'average rank, 1 is best',
    xUnit: ' % of the budget',
    series,
    ...(names && { names }),
  })
}
