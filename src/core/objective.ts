/** Objectives: which metric steers a scheduler, in which direction, and which metric is reported for it. */

/** Whether small or large values of a metric are good. */
export type Goal = 'min' | 'max'

/**
 * How a metric that grows with training (time, cost) is compared between trials of different lengths: as it is per level,
 * or projected to a full training. Both are the value divided by the level, the second times the maximum level.
 */
export type Accumulation = 'per-level' | 'projected'

/** One objective of an experiment. */
export interface Objective {
  /** The metric that schedulers see: measured on validation data. */
  readonly metric: string
  readonly goal: Goal
  /** The metric that is reported for the chosen trial, measured on test data; never seen by a scheduler. */
  readonly report: string
  /** Set where the metric grows with training; schedulers and searchers then see {@link comparable} values. */
  readonly accumulates?: Accumulation
}

/**
 * A value of an objective at a level as trials of different lengths can be compared by it: as reported, unless the
 * objective accumulates.
 */
export function comparable(
  value: number,
  level: number,
  accumulates: Accumulation | undefined,
  maxResource: number,
): number {
  if (accumulates === undefined) return value
  return accumulates === 'per-level' ? value / level : (value / level) * maxResource
}

/** What the two metrics of an objective are scaled by: their best and worst value in a table. */
export interface ObjectiveRange {
  readonly steering: { readonly ideal: number; readonly nadir: number }
  readonly reported: { readonly ideal: number; readonly nadir: number }
}

/**
 * A reported value as a loss: smaller is better, and whatever is not a finite number is worst (+Infinity).
 * Schedulers rank losses; this is the only place where a goal is flipped.
 */
export function toLoss(value: number, goal: Goal): number {
  if (!Number.isFinite(value)) return Infinity
  return goal === 'min' ? value : -value
}

/** Whether all reported values are finite numbers; a trial for which they are not has diverged. */
export function allFinite(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i]!)) return false
  return true
}
