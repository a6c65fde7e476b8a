/** Hypervolume of the Pareto set over time. */
import type { Chart } from './chart.js'
import { type CurveSeries, curveChart } from './curve-chart.js'

export interface HypervolumeChartInput {
  readonly id: string
  readonly label: string
  /** Of the x values. */
  readonly timeUnit: string
  readonly simulated: boolean
  /** What lines and bands are, e.g. `mean over 5 seeds, band: ± 1 standard deviation`. */
  readonly reading: string
  readonly series: readonly CurveSeries[]
  readonly names?: readonly string[]
}

export function hypervolumeChart(input: HypervolumeChartInput): Chart {
  const { id, label, timeUnit, reading, series, names } = input
  const time = input.simulated ? 'simulated time' : 'time'
  return curveChart({
    id,
    kind: 'hypervolume',
    title: `Hypervolume of the Pareto set on ${label}`,
    subtitle: `Share of the box between the table's ideal and nadir that is dominated; ${reading}`,
    description: `Line chart of hypervolume (0 to 1, higher is better) against ${time} on ${label}, for ${series.map(({ name }) => name).join(', ')}.`,
    xTitle: `${time} (${timeUnit})`,
    yTitle: 'hypervolume, higher is better',
    xUnit: ` ${timeUnit}`,
    series,
    ...(names && { names }),
  })
}
