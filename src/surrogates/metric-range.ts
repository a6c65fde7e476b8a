/** The best and the worst that a table holds of a metric: what hypervolume and regret are scaled by. */
import type { Goal } from '../core/objective.js'
import { ELAPSED_TIME } from './elapsed-metric.js'
import type { Metric, TableMetadata } from './metadata.js'
import type { TableData } from './table-data.js'

/** The ideal (best) and nadir (worst) value of a metric, as reported. */
export interface MetricRange {
  readonly ideal: number
  readonly nadir: number
}

/** Where the values of a metric stand: in column `values`, per row or per row and level. */
export interface MetricColumn {
  readonly values: Float32Array | Float64Array
  readonly kind: Metric['kind']
  /** (K) what they are multiplied with, by instance type; undefined where they are what was recorded. */
  readonly factors: Float64Array | undefined
}

/**
 * Best and worst finite value of a metric over all levels of all rows that hold every level; a static metric has one
 * value per row. A property of the table alone: no method, seed or budget moves it. O(rows x levels).
 *
 * @returns undefined where no such row holds a finite value
 */
export function metricRange(data: TableData, metric: string, goal: Goal): MetricRange | undefined {
  const curve =
    metric === ELAPSED_TIME ? data.elapsed : Object.hasOwn(data.curves, metric) ? data.curves[metric] : undefined
  if (curve === undefined)
    return columnRange(data, { values: data.statics[metric]!, kind: 'static', factors: undefined }, goal)
  return columnRange(data, { values: curve, kind: 'curve', factors: undefined }, goal)
}

/**
 * {@link metricRange} of any column, over all instance types whose factor is known.
 *
 * @param shown what is compared instead of a value at a level; it must grow with the value
 */
export function columnRange(
  { rows, levels, reached }: Pick<TableData, 'rows' | 'levels' | 'reached'>,
  { values, kind, factors }: MetricColumn,
  goal: Goal,
  shown: (value: number, level: number) => number = (value) => value,
): MetricRange | undefined {
  const width = kind === 'curve' ? levels : 1
  let low = Infinity
  let high = -Infinity
  for (let row = 0; row < rows; row++) {
    if (reached[row] !== levels) continue
    for (let l = 0; l < width; l++) {
      const value = shown(values[row * width + l]!, l + 1)
      if (!Number.isFinite(value)) continue
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  if (low > high) return undefined
  if (factors !== undefined) {
    const known = factors.filter((factor) => !Number.isNaN(factor))
    if (known.length === 0) return undefined
    const ends = [...known].flatMap((factor) => [factor * low, factor * high])
    low = Math.min(...ends)
    high = Math.max(...ends)
  }
  // Added to 0, -0 becomes 0, which is what JSON makes of it.
  const [best, worst] = goal === 'min' ? [low, high] : [high, low]
  return { ideal: best + 0, nadir: worst + 0 }
}

/** The metadata of a table with the range of every metric that has a goal; ranges that it has already are kept. */
export function withRanges(data: TableData): TableMetadata {
  const metrics = Object.entries(data.metadata.metrics).map(([name, metric]) => {
    const range = metric.range ?? (metric.goal === 'none' ? undefined : metricRange(data, name, metric.goal))
    return [name, range === undefined ? metric : { ...metric, range }] as const
  })
  return { ...data.metadata, metrics: Object.fromEntries(metrics) }
}
