/** How long methods take to reach what the baseline ends with. Pure. */
import { toLoss } from '../core/objective.js'
import type { RunDetails, RunSummary } from '../store/run-set.js'
import { type Arm, hasResult } from './arms.js'
import { mean } from './statistics/student.js'
import { timeToTarget } from './statistics/time-to-target.js'

/** Seconds since a run began, and the same in full trainings of the default configuration, as budgets count them. */
export interface Waiting {
  readonly seconds: number
  readonly fullEvaluations: number
}

/** When the runs of a method reached the target: censored where they did not. */
export interface TargetTimes {
  readonly runs: number
  readonly reached: number
  /** Kaplan-Meier median; null where fewer than half of the runs were seen to reach it. */
  readonly median: Waiting | null
  /** Mean time up to the horizon, a run that has not reached the target counting as the horizon. */
  readonly restrictedMean: Waiting
  /** The budget in seconds or, where it does not limit time, the longest time that a run was watched. */
  readonly horizon: Waiting
}

/** The target of a group: the mean of what the baseline's runs report at their end; undefined where none has a result. */
export function targetOf(baseline: Arm | undefined): number | undefined {
  const values = baseline?.runs.filter(hasResult).map(({ best }) => best.test) ?? []
  return values.length === 0 ? undefined : mean(values)
}

/**
 * When the reported value of the incumbent is for the first time as good as the target, per run, then over runs. As a
 * result holds until the end of the budget, a run that ended before is watched until then; without a budget in seconds it
 * is watched until its own end.
 *
 * @param positions where the steps of each run are
 * @returns null without a run or a target
 */
export function targetTimes(
  { cell, runs }: Arm,
  target: number | undefined,
  { incumbents: { offsets, time, value } }: RunDetails,
  positions: ReadonlyMap<RunSummary, number>,
): TargetTimes | null {
  if (target === undefined) return null
  const { goal } = cell.objectives[0]!
  // A mean of equal numbers may differ from them in its last bit.
  const bound = toLoss(target, goal) + 1e-12 * Math.abs(target)
  const attempts = runs.map((run) => {
    const at = positions.get(run)!
    const end = cell.seconds ?? run.simulatedSeconds
    for (let step = offsets[at]!; step < offsets[at + 1]!; step++)
      if (toLoss(value[step]!, goal) <= bound && time[step]! <= end) return { time: time[step]!, reached: true }
    return { time: end, reached: false }
  })
  const found = timeToTarget(attempts)
  if (found === null) return null
  const waiting = (seconds: number): Waiting => ({ seconds, fullEvaluations: seconds / cell.fullSeconds })
  return {
    runs: found.runs,
    reached: found.reached,
    median: found.median === null ? null : waiting(found.median),
    restrictedMean: waiting(found.restrictedMean),
    horizon: waiting(cell.seconds ?? found.horizon),
  }
}
