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
/** Dots that are closer together than this share of all values are stacked. */
const DOT = 1 / 50
/** Pixels from dot to dot of a stack, and those that a stack has room in. */
const [STACK_STEP, STACK_ROOM] = [6, 36]

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
    mark: { type: 'tick' as const, thickness: 3, size: dots ? 44 : 24, opacity: 1, aria: false },
    encoding: { y, x: { ...x, field: 'mean' }, color, tooltip },
  }
  const spec: TopLevelSpec = {
    data: { values: dots ? dotsOf(series) : drawn },
    width: 'container',
    height: { step: dots ? 54 : 38 },
    layer: dots
      ? [
          {
            mark: {
              type: 'point',
              filled: true,
              size: 34,
              opacity: 0.75,
              yOffset: { expr: 'datum.offset' },
              aria: false,
            },
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
      ? 'A mark a seed, equal ones on top of one another; the bar is their mean'
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

/** A dot a seed; those of (nearly) equal values are a stack, as high as they are many, in the order of values and seeds. */
function dotsOf(series: readonly FinalValues[]) {
  const all = series.flatMap(({ values }) => values.map(({ value }) => value))
  const width = (Math.max(...all) - Math.min(...all)) * DOT
  const stacked = series.map(({ name, values }) => ({ name, values, stacks: stacksOf(values, width) }))
  const highest = Math.max(...stacked.flatMap(({ stacks }) => stacks.map((stack) => stack.length)))
  const step = Math.min(STACK_STEP, STACK_ROOM / highest)
  return stacked.flatMap(({ name, values, stacks }) =>
    stacks.flatMap((stack) =>
      stack.map(({ seed, value }, i) => ({
        series: name,
        value: rounded(value),
        offset: rounded((i - (stack.length - 1) / 2) * step),
        tip: `${name}, ${seedText(values, value, seed)}\n${formatNumber(value)}`,
      })),
    ),
  )
}

/** @param width how far the values of a stack are apart at most */
function stacksOf(values: FinalValues['values'], width: number): FinalValues['values'][] {
  const stacks: { seed: number; value: number }[][] = []
  for (const one of values.toSorted((a, b) => a.value - b.value || a.seed - b.seed)) {
    const stack = stacks.at(-1)
    if (stack !== undefined && one.value - stack[0]!.value <= width) stack.push(one)
    else stacks.push([one])
  }
  return stacks
}

function seedText(values: FinalValues['values'], value: number, seed: number): string {
  const equal = values.filter((one) => one.value === value).length
  return equal === 1
    ? `seed ${seed}`
    : `seed ${seed}, one of ${equal} of ${plural(values.length, 'seed')} with this value`
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
