/** What every seed ended with: a dot a seed, or with many seeds the quantiles. */
import type { TopLevelSpec } from 'vega-lite'
import type { Goal } from '../../core/objective.js'
import { formatNumber, plural } from '../format.js'
import { quantileOfSorted } from '../statistics/quantiles.js'
import { mean } from '../statistics/student.js'
import { type Chart, rounded, seriesScales } from './chart.js'

export interface FinalValues {
  readonly name: string
  /** One per seed. */
  readonly values: readonly { readonly seed: number; readonly value: number }[]
}

export interface FinalValuesInput {
  readonly id: string
  readonly label: string
  readonly metric: string
  readonly goal: Goal
  readonly series: readonly FinalValues[]
  readonly names?: readonly string[]
}

/** With more seeds than this, dots would only hide one another. */
export const MOST_DOTS = 60

export function finalValuesChart(input: FinalValuesInput): Chart {
  const { id, label, metric, goal } = input
  const series = input.series.filter(({ values }) => values.length > 0)
  const dots = series.every(({ values }) => values.length <= MOST_DOTS)
  const better = goal === 'min' ? 'lower is better' : 'higher is better'
  const names = input.names ?? series.map(({ name }) => name)
  const shown = series.map(({ name }) => name)
  const scales = seriesScales(names)
  const summaries = series.map(({ name, values }) => summaryOf(name, values))
  const drawn = summaries.map(roundedAll)
  const x = {
    type: 'quantitative' as const,
    title: `${metric}, ${better}`,
    scale: { zero: false },
    axis: { tickCount: 6 },
  }
  const y = {
    field: 'series',
    type: 'nominal' as const,
    title: null,
    sort: shown,
    axis: { ticks: false, domain: false, labelPadding: 8 },
  }
  const color = { field: 'series', type: 'nominal' as const, title: null, scale: scales.color, legend: null }
  const tooltip = { field: 'tip', type: 'nominal' as const }
  const meanTick = {
    data: { values: drawn },
    mark: { type: 'tick' as const, thickness: 3, size: 24, opacity: 1, aria: false },
    encoding: { y, x: { ...x, field: 'mean' }, color, tooltip },
  }
  const spec: TopLevelSpec = {
    data: { values: dots ? dotsOf(series) : drawn },
    width: 'container',
    height: { step: 38 },
    layer: dots
      ? [
          {
            mark: { type: 'point', filled: true, size: 70, opacity: 0.65, aria: false },
            encoding: {
              y,
              x: { ...x, field: 'value' },
              color,
              shape: { ...color, scale: scales.shape },
              tooltip,
            },
          },
          meanTick,
        ]
      : [
          {
            mark: { type: 'rule', strokeWidth: 2, aria: false },
            encoding: { y, x: { ...x, field: 'p5' }, x2: { field: 'p95' }, color, tooltip },
          },
          {
            mark: { type: 'bar', opacity: 0.4, height: 16, aria: false },
            encoding: { y, x: { ...x, field: 'p25' }, x2: { field: 'p75' }, color, tooltip },
          },
          meanTick,
        ],
  }
  return {
    id,
    title: `What every seed ended with on ${label}`,
    subtitle: dots
      ? 'A mark a seed; the bar is their mean'
      : 'Line: 5 % to 95 % of the seeds, box: the middle half, bar: mean',
    description: `Strip chart of ${metric} (${better}) at the end, by method, on ${label}: ${summaries
      .map(({ tip }) => tip.replaceAll('\n', ', '))
      .join('; ')}.`,
    kind: 'final',
    spec,
    table: {
      id,
      title: `What every seed ended with on ${label}`,
      columns: [
        { name: 'method' },
        { name: 'seeds' },
        ...['mean', 'least', '25 %', 'median', '75 %', 'greatest'].map((name) => ({ name, format: formatNumber })),
      ],
      rows: summaries.map((one) => [one.series, one.n, one.mean, one.p0, one.p25, one.p50, one.p75, one.p100]),
    },
  }
}

function dotsOf(series: readonly FinalValues[]) {
  return series.flatMap(({ name, values }) =>
    values.map(({ seed, value }) => ({
      series: name,
      value: rounded(value),
      tip: `${name}, seed ${seed}\n${formatNumber(value)}`,
    })),
  )
}

/** The same with its numbers as pictures need them; tables have them whole. */
function roundedAll(summary: ReturnType<typeof summaryOf>): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    Object.entries(summary).map(([name, value]) => [name, typeof value === 'number' ? rounded(value) : value]),
  )
}

function summaryOf(name: string, entries: FinalValues['values']) {
  const values = Float64Array.from(entries, ({ value }) => value).sort()
  const at = (p: number): number => quantileOfSorted(values, p)
  const centre = mean([...values])
  return {
    series: name,
    n: values.length,
    mean: centre,
    p0: at(0),
    p5: at(0.05),
    p25: at(0.25),
    p50: at(0.5),
    p75: at(0.75),
    p95: at(0.95),
    p100: at(1),
    tip: `${name}\nmean of ${plural(values.length, 'seed')} ${formatNumber(centre)}\nfrom ${formatNumber(at(0))} to ${formatNumber(at(1))}`,
  }
}
