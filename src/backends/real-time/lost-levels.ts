/**
 * Levels that were trained but read by nobody: a program saves before it reports, so that one that is ended in between leaves a
 * checkpoint that is ahead of its reports. A program that goes on from it and repeats nothing jumps over those levels.
 */
import type { TrialId } from '../../core/trial.js'

/** What is known of a run that was interrupted. */
export interface Interrupted {
  /** Trials that were begun. */
  readonly trials: ReadonlySet<TrialId>
  /** Whether a program of this run was seen to pass over levels by itself, as those do that report every other epoch. */
  readonly skips: boolean
  /** Whether one was seen to end well before the last level by itself. */
  readonly endsEarly: boolean
  /** How often the program of a trial's last attempt was started again as it had crashed. */
  readonly retried: ReadonlyMap<TrialId, { readonly attempt: number; readonly times: number }>
}

/** The process that reports. */
export interface Reporter {
  /** The last level that was read of its trial. */
  readonly level: number
  /** Whether it goes on from what an earlier process of its trial has saved. */
  readonly continues: boolean
  /** Whether it has reported a new level. */
  readonly progressed: boolean
  /** Whether it has trained everything itself. */
  readonly whole: boolean
}

/** Tells what was lost from what programs leave out by themselves: what one did that trained everything itself, others may do. */
export class LostLevels {
  #skips: boolean
  #endsEarly: boolean

  constructor({ skips, endsEarly }: Pick<Interrupted, 'skips' | 'endsEarly'> = { skips: false, endsEarly: false }) {
    this.#skips = skips
    this.#endsEarly = endsEarly
  }

  /** Whether levels before this new one were lost. */
  before(next: number, { level, continues, progressed, whole }: Reporter): boolean {
    if (next <= level + 1) return false
    if (progressed || whole) this.#skips = true
    return continues && !this.#skips
  }

  /** Whether levels up to the maximum were lost: the program has ended well. */
  atEnd(maxResource: number, { level, continues, progressed, whole }: Reporter): boolean {
    if (level >= maxResource) return false
    // One that never reported says nothing of where others end.
    if (level === 0) return continues && !whole
    if (progressed || whole) this.#endsEarly = true
    return continues && !this.#endsEarly
  }
}
