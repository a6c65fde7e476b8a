/** At which reports a stopping rule judges, as Optuna's pruners choose them. */
import { z } from 'zod'
import { grown } from '../collections/growable.js'
import type { TrialId } from '../trial.js'

/** The options of rules that judge at intervals. */
export const intervalOptions = {
  /** No trial is judged below this level, in units of the resource. */
  warmupSteps: z.int().min(0).default(0).describe('no trial is judged below this resource level'),
  /** Judge every so many levels, counted from `warmupSteps`; where a trial did not report there, at its next report. */
  intervalSteps: z.int().min(1).default(1).describe('judge every so many resource levels, from warmupSteps on'),
}

/**
 * A report is judged if it is the trial's first at or past a checkpoint, where the checkpoints are
 * `warmupSteps + k * intervalSteps`, k = 0, 1, ...
 */
export class CheckInterval {
  readonly #warmup: number
  readonly #interval: number
  /** Per trial one more than the level of the last report; 0 before the first. */
  #after = new Int32Array(64)

  constructor({ warmupSteps, intervalSteps }: { readonly warmupSteps: number; readonly intervalSteps: number }) {
    this.#warmup = warmupSteps
    this.#interval = intervalSteps
  }

  /** Whether the trial is judged at this report; to be asked exactly once a report. */
  due(trial: TrialId, resource: number): boolean {
    if (trial >= this.#after.length) this.#after = grown(this.#after, trial + 1)
    const before = this.#after[trial]! - 1
    this.#after[trial] = resource + 1
    if (resource < this.#warmup) return false
    const checkpoint = this.#warmup + Math.floor((resource - this.#warmup) / this.#interval) * this.#interval
    return before < checkpoint
  }
}
