/** The incumbents of many seeds on one grid of times: mean and spread, median and quartiles. Pure. */
import type { Goal } from '../core/objective.js'
import type { IncumbentSteps } from '../store/incumbent-steps.js'
import type { Manifest } from '../store/manifest.js'
import type { RunSet } from '../store/run-set.js'
import { hadBudget } from './arms.js'
import { quantileOfSorted } from './statistics/quantiles.js'

/** Times of a curve. */
export const GRID_POINTS = 200

/** One method on one table over time; all arrays are as long as the group's times, NaN where there is no value. */
export interface Curve {
  readonly method: string
  /** Runs that are in it: those with a finite value at the end. */
  readonly seeds: number
  /** How many of the others report nothing finite. */
  readonly withoutResult: number
  readonly mean: Float64Array
  /** Sample standard deviation; NaN with one seed. */
  readonly std: Float64Array
  readonly median: Float64Array
  readonly lowerQuartile: Float64Array
  readonly upperQuartile: Float64Array
}

/** The methods on one table with the same workers and budget. */
export interface CurveGroup {
  readonly table: string
  /** Position in the manifest of the first cell of the group. */
  readonly cell: number
  readonly metric: string
  readonly goal: Goal
  /** Seconds, ascending from 0 to the budget or, where it does not limit time, to the end of the longest run. */
  readonly times: Float64Array
  readonly curves: readonly Curve[]
}

/**
 * Aggregates the incumbents over seeds. A run's curve is a step function: its value at t is the last one with time <= t,
 * and holds after the run has ended. A method's curve begins where each of its runs has a value, so that no mean changes
 * because another seed joins it. O(grid x runs log runs).
 *
 * @returns groups and curves in plan order; none where only summaries are at hand
 */
export function incumbentCurves(manifest: Manifest, set: RunSet): CurveGroup[] {
  const { details } = set
  if (details === undefined) return []
  const runsOf: number[][] = manifest.cells.map(() => [])
  for (const [i, run] of set.runs.entries()) if (hadBudget(run)) runsOf[run.cell]!.push(i)
  const groups = new Map<string, number[]>()
  for (const [index, { table, workers, budget }] of manifest.cells.entries()) {
    const key = JSON.stringify([table, workers, budget])
    groups.set(key, [...(groups.get(key) ?? []), index])
  }
  return Array.from(groups.values(), (cells) => {
    const first = manifest.cells[cells[0]!]!
    const longest = (): number =>
      cells.flatMap((cell) => runsOf[cell]!).reduce((most, i) => Math.max(most, set.runs[i]!.simulatedSeconds), 0)
    const end = first.seconds ?? longest()
    const times = Float64Array.from({ length: GRID_POINTS }, (_, k) => (end * k) / (GRID_POINTS - 1))
    const { report: metric, goal } = first.objectives[0]!
    const curves = cells.map((cell) => curveOf(manifest.cells[cell]!.method, runsOf[cell]!, details.incumbents, times))
    return { table: first.table, cell: cells[0]!, metric, goal, times, curves }
  })
}

function curveOf(method: string, runs: readonly number[], steps: IncumbentSteps, times: Float64Array): Curve {
  const sampled = runs.map((run) => sample(steps, run, times)).filter((values) => Number.isFinite(values.at(-1)))
  const column = (): Float64Array => new Float64Array(times.length).fill(Number.NaN)
  const curve = {
    method,
    seeds: sampled.length,
    withoutResult: runs.length - sampled.length,
    mean: column(),
    std: column(),
    median: column(),
    lowerQuartile: column(),
    upperQuartile: column(),
  }
  if (sampled.length === 0) return curve
  const values = new Float64Array(sampled.length)
  for (let k = 0; k < times.length; k++) {
    let sum = 0
    for (const [i, one] of sampled.entries()) sum += values[i] = one[k]!
    if (Number.isNaN(sum)) continue
    const mean = sum / values.length
    let squares = 0
    for (const value of values) squares += (value - mean) ** 2
    values.sort()
    curve.mean[k] = mean
    curve.std[k] = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : Number.NaN
    curve.median[k] = quantileOfSorted(values, 0.5)
    curve.lowerQuartile[k] = quantileOfSorted(values, 0.25)
    curve.upperQuartile[k] = quantileOfSorted(values, 0.75)
  }
  return curve
}

/** A step function on a grid: at each time the last value with time <= it, NaN before the first. O(grid + steps). */
export function sample({ offsets, time, value }: IncumbentSteps, run: number, times: Float64Array): Float64Array {
  const sampled = new Float64Array(times.length)
  const end = offsets[run + 1]!
  let next = offsets[run]!
  let current = Number.NaN
  for (let k = 0; k < times.length; k++) {
    while (next < end && time[next]! <= times[k]!) current = value[next++]!
    sampled[k] = current
  }
  return sampled
}
