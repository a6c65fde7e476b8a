/** The best and the worst that a table holds of a metric: what hypervolume and regret are scaled by. */
import type { Goal } from '../core/objective.js'
import { ELAPSED_TIME } from './elapsed-metric.js'
import type { TableMetadata } from './metadata.js'
import type { TableData } from './table-data.js'

/** The ideal (best) and nadir (worst) value of a metric, as reported. */
export interface MetricRange {
  readonly ideal: number
  readonly nadir: number
}

/**
 * Best and worst finite value of a metric over all levels of all rows that hold every level; a static metric has one
 * value per row. A property of the table alone: no method, seed or budget moves it. O(rows x levels).
 *
 * @returns undefined where no such row holds a finite value
 */
export function metricRange(data: TableData, metric: string, goal: Goal): MetricRange | undefined {
  const { rows, levels, reached } = data
  const curve =
    metric === ELAPSED_TIME ? data.elapsed : Object.hasOwn(data.curves, metric) ? data.curves[metric] : undefined
  const values = curve ?? data.statics[metric]!
  const width = curve === undefined ? 1 : levels
  let low = Infinity
  let high = -Infinity
  for (let row = 0; row < rows; row++) {
    if (reached[row] !== levels) continue
    for (let cell = row * width; cell < (row + 1) * width; cell++) {
      const value = values[cell]!
      if (!Number.isFinite(value)) continue
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  if (low > high) return undefined
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
