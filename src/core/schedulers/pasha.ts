/** PASHA: ASHA whose maximum resource grows only as long as more training changes the order of the best trials. */
import type { z } from 'zod'
import { type Goal, toLoss } from '../objective.js'
import type { Decision, Job, Scheduler, SchedulerContext } from '../scheduler.js'
import type { EndState, TrialId } from '../trial.js'
import { AshaPromotion, ashaPromotionOptions } from './asha-promotion.js'
import { ashaPromotionRungs } from './asha-options.js'
import { defineScheduler } from './definition.js'
import { PashaCeiling } from './pasha-ceiling.js'

const pashaOptions = ashaPromotionOptions.omit({ brackets: true })
export type PashaOptions = z.infer<typeof pashaOptions>

/**
 * Progressive ASHA (Bohdal et al. 2023, PASHA: Efficient HPO and NAS with Progressive Resource Allocation): promotion as in
 * {@link AshaPromotion}, but at first only up to the second rung. After a report above the second highest rung in use, the
 * order of the trials in the highest is compared with their order in the rung below; if a trial is further than epsilon
 * from the one that has its place there, one more rung comes into use, and at last the maximum resource. Epsilon is the
 * 90th percentile, interpolated linearly, of the distances of pairs of trials whose order swapped and swapped back, each
 * pair at the highest level that both reported above the second highest rung in use; while there is none it stays as it
 * was, 0 at first. A run may therefore end without any trial at the maximum.
 *
 * Departures from Syne Tune 0.13. There a pair may count twice, as (a, b) and as (b, a) with ties broken differently,
 * depending on the order in which Python walks a set of strings; here every pair counts once, and a tie neither swaps nor
 * swaps back. Equal values in the highest rung disagree with nothing. With two rungs it never promotes and with one it
 * fails; here both are ASHA. `compat` decides as it does where that does not depend on the set: equal values in their
 * order of filing, of a tie the trial with the smaller id not worse, never a promotion between two rungs.
 *
 * A report above the second highest rung costs O(m) for the m trials that came there, and this only while the orders
 * disagree at all; where they are further apart than before, O(m^2). Any other costs O(log n) as in ASHA, and so do all once
 * the maximum is reached. With learning curves the maximum soon rises, and PASHA costs what ASHA does. The worst is a metric
 * of noise alone, with an epsilon that never lets it rise: some 40 microseconds a report at m = 1400.
 */
export class Pasha implements Scheduler {
  readonly #asha: AshaPromotion
  readonly #ceiling: PashaCeiling
  readonly #goal: Goal
  readonly #maxResource: number

  constructor(options: PashaOptions, context: SchedulerContext) {
    this.#goal = context.objectives[0]!.goal
    this.#maxResource = context.maxResource
    const asha = { ...options, brackets: 1 }
    const levels = ashaPromotionRungs(asha, context.maxResource, this.#goal).map(({ level }) => level)
    this.#ceiling = new PashaCeiling(levels, options.compat !== undefined, this.#goal)
    this.#asha = new AshaPromotion(asha, context, this.#ceiling)
  }

  next(trial: TrialId): Job {
    return this.#asha.next(trial)
  }

  onReport(trial: TrialId, resource: number, values: Float64Array): Decision {
    const decision = this.#asha.onReport(trial, resource, values)
    if (resource < this.#maxResource) this.#ceiling.reported(trial, resource, toLoss(values[0]!, this.#goal))
    return decision
  }

  onEnd(trial: TrialId, state: EndState): void {
    this.#asha.onEnd(trial, state)
  }

  explain(): string {
    return `${this.#asha.explain()}\n${this.#ceiling.text(this.#maxResource)}`
  }
}

export const pasha = defineScheduler({
  summary: 'ASHA that trains longer only while that changes the order of the best trials.',
  reference: 'Bohdal et al. 2023, PASHA: Efficient HPO and NAS with Progressive Resource Allocation',
  options: pashaOptions,
  laws: {
    dominance: 'nobody passes the maximum for now while the two top rungs agree, the best neither',
    monotone: 'epsilon is a distance between values',
    mirror: true,
  },
  variants: [{ reductionFactor: 2 }, { reductionFactor: 2, rule: 'rank' }],
  create: (options, context) => new Pasha(options, context),
})
