/** Trials: one configuration in training. */

/** 0, 1, 2, ... in the order in which trials were first started. */
export type TrialId = number

/**
 * How an attempt ended other than by the scheduler's own decision:
 * `completed` by reaching the maximum resource or ending by itself without an error, `failed` by an error,
 * `diverged` because the tuner stopped it after a report that was not a finite number, `stopped` by a stopping rule
 * around the scheduler.
 */
export type EndState = 'completed' | 'failed' | 'diverged' | 'stopped'
