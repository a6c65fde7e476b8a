/** How the entries of a rung are ranked by several objectives at once. */
import type { TrialId } from '../trial.js'

/**
 * The entries of one rung and their order. A vector of which a loss is not finite is an entry, behind all that are: it
 * stands in no front, range or scalar.
 */
export interface Ranking {
  /** Files the losses of a trial, as the next entry; entries count from 0. */
  add(trial: TrialId, losses: Float64Array): void
  /** Whether fewer than `passing` entries are better than the one added last. */
  lastPasses(passing: number): boolean
  /** Where the entry added last stands, in words; may take its time. */
  describeLast(): string
}

/** A ranking from which the best entries are taken one by one. Every entry waits until it is settled. */
export interface PromotionRanking extends Ranking {
  /**
   * The first waiting entry in the order, equal ones as they came, if fewer than `passing` entries are better; else -1.
   * Never one that is not finite.
   */
  firstWaiting(passing: number): number
  /** An entry waits no longer. It still counts. */
  settle(entry: number): void
}

/** Whether differences are measured in the range of the finite vectors seen in the rung, or as they are. */
export type Scale = 'range' | 'none'
