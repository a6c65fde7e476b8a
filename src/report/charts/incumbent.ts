/** The incumbent over time: the reported value of the best configuration found so far, chosen by validation. */
import type { Goal } from '../../core/objective.js'
import type { Chart } from './chart.js'
import { type CurveSeries, curveChart } from './curve-chart.js'

export interface IncumbentChartInput {
  readonly id: string
  /** Table and, where they tell it apart, budget and workers. */
  readonly label: string
  /** The reported metric with its unit. */
  readonly metric: string
  readonly goal: Goal
  /** Of the x values: `s`, `min`, `h` or `d`. */
  readonly timeUnit: string
  readonly simulated: boolean
  readonly seeds: number
  /** What the bands are; undefined where there are none. */
  readonly band: string | undefined
  readonly series: readonly CurveSeries[]
  readonly names?: readonly string[]
}

export function incumbentChart(input: IncumbentChartInput): Chart {
  const { label, metric, goal, timeUnit, simulated, seeds, band, series } = input
  const better = goal === 'min' ? 'lower is better' : 'higher is better'
  const over = seeds === 1 ? 'one seed' : `mean over ${seeds} seeds`
  const ends = series.flatMap(({ name, points }) => {
    const last = points.at(-1)
    return last === undefined ? [] : [`${name} ${Number(last.y.toPrecision(4))}`]
  })
  return curveChart({
    id: input.id,
    kind: 'incumbent',
    title: `Best configuration so far on ${label}`,
    subtitle: `Chosen by validation, shown at its ${metric}; ${over}${band === undefined ? '' : `, band: ${band}`}`,
    description:
      `Line chart of ${metric} (${better}) of the best configuration so far against ${simulated ? 'simulated ' : ''}time ` +
      `on ${label}. At the end: ${ends.join(', ')}.`,
    xTitle: `${simulated ? 'simulated time' : 'time'} (${timeUnit})`,
    yTitle: `${metric}, ${better}`,
    xUnit: ` ${timeUnit}`,
    series,
    ...(input.names && { names: input.names }),
  })
}
