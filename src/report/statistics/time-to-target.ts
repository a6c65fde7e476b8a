/** How long it takes to reach a target, where some runs never do. */

/** When a run reached the target, or how long it was watched without reaching it. */
export interface Attempt {
  readonly time: number
  readonly reached: boolean
}

/** What attempts came to. */
export interface TimeToTarget {
  readonly runs: number
  readonly reached: number
  /** Kaplan-Meier median: when half of the runs have reached the target; null if that was not seen. */
  readonly median: number | null
  /** Mean time up to `horizon`, runs that have not reached the target by then counting as the horizon. */
  readonly restrictedMean: number
  /** The longest time that a run was watched. */
  readonly horizon: number
}

/**
 * Time to target with right-censored runs (Kaplan and Meier 1958, Nonparametric Estimation from Incomplete Observations).
 * A run that ended without reaching the target says only that it takes longer; it is never left out.
 */
export function timeToTarget(attempts: readonly Attempt[]): TimeToTarget | null {
  if (attempts.length === 0) return null
  // At equal times those that reached the target come first: the others were still at risk then.
  const sorted = attempts.toSorted((a, b) => a.time - b.time || Number(b.reached) - Number(a.reached))
  let surviving = 1
  let median: number | null = null
  let mean = 0
  let previous = 0
  for (const [i, { time, reached }] of sorted.entries()) {
    mean += surviving * (time - previous)
    previous = time
    if (reached) surviving *= 1 - 1 / (sorted.length - i)
    if (median === null && surviving <= 0.5 + 1e-12) median = time
  }
  return {
    runs: sorted.length,
    reached: sorted.filter(({ reached }) => reached).length,
    median,
    restrictedMean: mean,
    horizon: previous,
  }
}
