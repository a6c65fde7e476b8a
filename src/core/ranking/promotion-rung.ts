/** A rung whose trials wait to be promoted, ranked by several objectives. */
import { grown } from '../collections/growable.js'
import type { PassingCount } from '../rungs/rung.js'
import type { TrialId } from '../trial.js'
import type { PromotionRanking } from './ranking.js'

/** Searched again only when something changed; see {@link PromotionRanking} for what a search costs. */
export class RankedPromotionRung {
  readonly level: number
  /** n */
  entries = 0
  readonly #passing: PassingCount
  readonly #ranking: PromotionRanking
  /** Of entry e, in order of filing, its trial. */
  #trials = new Int32Array(16)
  /** The entry to be promoted next, -1 if none, as far as nothing `#changed`. */
  #next = -1
  #changed = false

  constructor(level: number, passing: PassingCount, ranking: PromotionRanking) {
    this.level = level
    this.#passing = passing
    this.#ranking = ranking
  }

  /** How many pass now. */
  get passing(): number {
    return this.#passing(this.entries)
  }

  /** Files a trial's losses; the trial waits here until it is promoted. */
  file(trial: TrialId, losses: Float64Array): void {
    const entry = this.entries++
    this.#trials = grown(this.#trials, this.entries)
    this.#trials[entry] = trial
    this.#ranking.add(trial, losses)
    this.#changed = true
  }

  /** The best waiting trial if it passes among all entries of the rung (two at least), or -1. Never one without numbers. */
  promotable(): TrialId {
    if (this.entries < 2) return -1
    if (this.#changed) {
      this.#next = this.#ranking.firstWaiting(this.passing)
      this.#changed = false
    }
    return this.#next < 0 ? -1 : this.#trials[this.#next]!
  }

  /** Takes the trial out that {@link promotable} gave. Its entry still counts. */
  take(): void {
    this.#ranking.settle(this.#next)
    this.#changed = true
  }

  /** A waiting trial will never run again. Its entry still counts. */
  withdraw(trial: TrialId): void {
    const entry = this.#trials.lastIndexOf(trial, this.entries - 1)
    if (entry < 0) return
    this.#ranking.settle(entry)
    this.#changed = true
  }

  /** Where the entry filed last stands, in words. */
  describeLast(): string {
    return this.#ranking.describeLast()
  }
}
