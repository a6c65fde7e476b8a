/**
 * Where the checkpoints of trials lie on S3. A trial has one folder for all its jobs, `checkpoints`, until its program cannot go
 * on from what is there, or a copy for it was given up: then `checkpoints-1`, and so on. Nothing is ever deleted.
 */
import type { TrialId } from '../../core/trial.js'

export class CheckpointPlaces {
  readonly #numbers = new Map<TrialId, number>()
  readonly #uris = new Map<TrialId, string>()

  /** Which of its folders a trial has. */
  numberOf(trial: TrialId): number {
    return this.#numbers.get(trial) ?? 0
  }

  /** Where the last job of a trial keeps its checkpoints; undefined: none is known. */
  uriOf(trial: TrialId): string | undefined {
    return this.#uris.get(trial)
  }

  /** A job of the trial has them there. */
  has(trial: TrialId, uri: string | undefined): void {
    if (uri === undefined) return
    this.#uris.set(trial, uri)
    this.#numbers.set(trial, Number(/\/checkpoints-(\d+)$/.exec(uri)?.[1] ?? 0))
  }

  /** What is there is not for the trial any more. */
  leave(trial: TrialId): void {
    this.#numbers.set(trial, this.numberOf(trial) + 1)
  }
}
