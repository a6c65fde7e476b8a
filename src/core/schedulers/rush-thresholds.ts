/** The thresholds of RUSH: no trial goes on from a rung that is worse there than the best of the first trials. */
import { z } from 'zod'
import { valueText } from '../rungs/explain-rung.js'
import type { Goal } from '../objective.js'
import type { TrialId } from '../trial.js'
import type { AshaOptions } from './asha-options.js'
import type { RungPolicy } from '../rungs/rung-policy.js'

export const rushOptions = {
  /** How many of the first trials set the thresholds: as many as the searcher has `initial` configurations. 0 is ASHA. */
  candidates: z.int().min(0).default(1).describe('how many of the first trials set the thresholds'),
}

export const rushPaper = 'Zappella et al. 2021, A resource-efficient method for repeated HPO and NAS problems'

/**
 * The thresholds of Zappella et al. 2021: per rung the best loss of a candidate, one of the first trials, whose
 * configurations did well on earlier tasks. A candidate goes on as in ASHA; any other trial must also be no worse than the
 * threshold of its rung (where there is none yet, as in ASHA).
 *
 * A candidate counts when it is filed, whether or not it passes the rung. Syne Tune 0.13 (`compat`) counts it when it is
 * looked at and found to pass: when it stops trials, a candidate that fails the rung sets no threshold; when it promotes,
 * thresholds come from the walk over a rung that ends at the first trial that may go on, so that they depend on when
 * workers were free. O(1) each time.
 */
export class RushThresholds implements RungPolicy {
  readonly #candidates: number
  readonly #goal: Goal
  readonly #whenLookedAt: boolean
  /** By rung; none yet where undefined. */
  readonly #thresholds: number[] = []

  constructor(options: Pick<AshaOptions, 'compat'> & { readonly candidates: number }, goal: Goal) {
    this.#candidates = options.candidates
    this.#goal = goal
    this.#whenLookedAt = options.compat !== undefined
  }

  filed(trial: TrialId, rung: number, loss: number): void {
    if (!this.#whenLookedAt && trial < this.#candidates) this.#count(rung, loss)
  }

  admits(trial: TrialId, rung: number, loss: number): boolean {
    if (trial >= this.#candidates) return loss <= this.#at(rung)
    if (this.#whenLookedAt) this.#count(rung, loss)
    return true
  }

  explain(rung: number): string {
    const threshold = this.#at(rung)
    return threshold === Infinity
      ? 'no candidate has set a threshold here'
      : `the candidates set the threshold ${valueText(threshold, this.#goal)}`
  }

  #at(rung: number): number {
    return this.#thresholds[rung] ?? Infinity
  }

  #count(rung: number, loss: number): void {
    this.#thresholds[rung] = Math.min(this.#at(rung), loss)
  }
}
