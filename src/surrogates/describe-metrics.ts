/** The part of a table's description that is about values of metrics. */
import type { Goal } from '../core/objective.js'
import { mean, orNull, squaredDeviations, standardDeviation } from './spread.js'
import type { SurrogateTable } from './table.js'

/** A metric of a table. Figures are about the last level, and null where there is nothing to compute them from. */
export interface DescribedMetric {
  readonly name: string
  readonly goal: Goal | 'none'
  readonly unit: string
  readonly split: string
  readonly kind: 'curve' | 'static'
  /** The configuration with the best mean over repetitions; null without a goal. */
  readonly best: { readonly index: number; readonly value: number } | null
  /** The default configuration: mean and standard deviation over repetitions. */
  readonly default: { readonly mean: number; readonly sd: number | null } | null
  /** Standard deviation within configurations, pooled over those with two or more repetitions. */
  readonly pooledSd: number | null
  /** Share of trainings in which the metric stopped being finite; 0 for static metrics. */
  readonly diverged: number
}

/** A configuration and its best value over the levels, mean over repetitions. */
export interface ConfigurationValue {
  readonly index: number
  readonly value: number
}

/** The complete configurations that have a finite value, best first; equal values by index. */
export function ranked(table: SurrogateTable, metric: string, goal: Goal): ConfigurationValue[] {
  const curve = table.curve(metric)
  const sign = goal === 'min' ? 1 : -1
  const values: ConfigurationValue[] = []
  for (let index = 0; index < table.configurations; index++) {
    if (!table.completeConfiguration(index)) continue
    const rows = table.rowOrder.subarray(table.rowStart[index]!, table.rowStart[index + 1]!)
    const levels = bestLevels(table, metric, goal, rows)
    const value = mean(Float64Array.from(rows, (row, i) => curve[row * table.levels + levels[i]! - 1]!))
    if (Number.isFinite(value)) values.push({ index, value })
  }
  return values.sort((a, b) => sign * (a.value - b.value) || a.index - b.index)
}

/** Of each row the level (1..R) of its best value; the first where several are equal. Values that are not finite lose. */
export function bestLevels(table: SurrogateTable, metric: string, goal: Goal, rows: Int32Array): Int32Array {
  const curve = table.curve(metric)
  const sign = goal === 'min' ? 1 : -1
  return rows.map((row) => {
    let best = 1
    let least = Infinity
    for (let level = 1; level <= table.data.reached[row]!; level++) {
      const loss = sign * curve[row * table.levels + level - 1]!
      if (Number.isFinite(loss) && loss < least) {
        best = level
        least = loss
      }
    }
    return best
  })
}

/** All metrics of a table, in the order of its metadata. */
export function describeMetrics(table: SurrogateTable): DescribedMetric[] {
  return Object.entries(table.data.metadata.metrics).map(([name, { goal, unit, split, kind }]) => {
    const values = kind === 'curve' ? lastLevel(table, name) : table.static(name)
    const groups = Array.from({ length: table.configurations }, (_, i) => finite(table, values, i))
    return {
      name,
      goal,
      unit,
      split,
      kind,
      best: goal === 'none' ? null : best(table, groups, goal),
      default: summary(groups[table.defaultIndex] ?? []),
      pooledSd: pooled(groups),
      diverged: kind === 'curve' ? divergedShare(table, name) : 0,
    }
  })
}

/** (N) values at the last level; NaN in rows that end before it. */
function lastLevel(table: SurrogateTable, metric: string): Float64Array {
  const curve = table.curve(metric)
  const { levels } = table
  return Float64Array.from({ length: table.rows }, (_, row) => curve[row * levels + levels - 1]!)
}

/** The finite values of a configuration's rows. */
function finite(table: SurrogateTable, values: Float64Array, i: number): number[] {
  const out: number[] = []
  for (let at = table.rowStart[i]!; at < table.rowStart[i + 1]!; at++) {
    const value = values[table.rowOrder[at]!]!
    if (Number.isFinite(value)) out.push(value)
  }
  return out
}

/** Of the configurations all of whose trainings have a value. */
function best(table: SurrogateTable, groups: readonly number[][], goal: Goal): DescribedMetric['best'] {
  const sign = goal === 'min' ? 1 : -1
  let found: DescribedMetric['best'] = null
  for (const [index, group] of groups.entries()) {
    if (group.length < table.repetitions(index)) continue
    const value = mean(group)
    if (found === null || sign * value < sign * found.value) found = { index, value }
  }
  return found
}

function summary(group: readonly number[]): DescribedMetric['default'] {
  return group.length === 0 ? null : { mean: mean(group), sd: orNull(standardDeviation(group)) }
}

function pooled(groups: readonly number[][]): number | null {
  let squares = 0
  let freedom = 0
  for (const group of groups)
    if (group.length > 1) {
      squares += squaredDeviations(group)
      freedom += group.length - 1
    }
  return freedom === 0 ? null : Math.sqrt(squares / freedom)
}

function divergedShare(table: SurrogateTable, metric: string): number {
  const curve = table.curve(metric)
  let diverged = 0
  for (let row = 0; row < table.rows; row++) {
    const start = row * table.levels
    if (curve.subarray(start, start + table.data.reached[row]!).some((value) => !Number.isFinite(value))) diverged++
  }
  return diverged / table.rows
}
