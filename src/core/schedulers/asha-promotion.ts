/** ASHA, promotion type: every trial pauses at its rung; a free worker first promotes a trial that is among the best. */
import { z } from 'zod'
import { type Goal, allFinite, toLoss } from '../objective.js'
import { rungText, valueText } from '../rungs/explain-rung.js'
import { PromotionLadder } from '../rungs/promotion-ladder.js'
import { type RungPolicy, policyText } from '../rungs/rung-policy.js'
import type { Decision, Job, Scheduler, SchedulerContext } from '../scheduler.js'
import type { EndState, TrialId } from '../trial.js'
import { type AnyPromotionRung, ashaOptions, ashaPaper, ashaPromotionRungs, ashaVariants } from './asha-options.js'
import { defineScheduler, rankBased } from './definition.js'

export const ashaPromotionOptions = ashaOptions.extend({
  /**
   * What becomes of a level that a trial jumped over. `judge`: it is filed and pauses there at the first report past it,
   * with that value. `ignore`: it goes on to the next level (Syne Tune 0.13 gives up the experiment instead).
   */
  skipped: z.enum(['judge', 'ignore']).default('judge').describe('what becomes of a level that was jumped over'),
})
export type AshaPromotionOptions = z.infer<typeof ashaPromotionOptions>

/**
 * Asynchronous successive halving as published (Li et al. 2020, A System for Massively Parallel Hyperparameter Tuning,
 * algorithm 2): rungs are searched from the top for the best trial not promoted yet that passes among all entries,
 * promoted ones included; only if there is none, a new trial starts. Trials with a last value that was not a finite number
 * count as entries and are never promoted. When the searcher is used up, promotions go on.
 */
export class AshaPromotion implements Scheduler {
  readonly #ladder: PromotionLadder<AnyPromotionRung>
  readonly #goal: Goal
  readonly #policy: RungPolicy | undefined
  #loss = 0

  /** @param rungs instead of those of the options */
  constructor(
    options: AshaPromotionOptions,
    context: SchedulerContext,
    policy?: RungPolicy,
    rungs?: readonly AnyPromotionRung[],
  ) {
    this.#goal = context.objectives[0]!.goal
    this.#policy = policy
    this.#ladder = new PromotionLadder(
      rungs ?? ashaPromotionRungs(options, context.maxResource, this.#goal),
      options,
      context,
      (trial, rung, values) => {
        // Not finite in any objective: such a trial is stopped, so it must not be promoted.
        const loss = allFinite(values) ? toLoss(values[0]!, this.#goal) : Infinity
        this.#loss = loss
        this.#ladder.rungs[rung]!.file(trial, loss)
        policy?.filed?.(trial, rung, loss)
      },
      policy,
    )
  }

  next(trial: TrialId): Job {
    return this.#ladder.next(trial)
  }

  onReport(trial: TrialId, resource: number, values: Float64Array): Decision {
    return this.#ladder.onReport(trial, resource, values)
  }

  onEnd(trial: TrialId, _state: EndState): void {
    this.#ladder.onEnd(trial)
  }

  explain(): string {
    const { rungs, last } = this.#ladder
    const { trial, asked } = last
    const rung = rungs[last.rung]
    const content = (of: AnyPromotionRung): string => rungText(of.sorted(), of.cutoff, this.#goal)
    const policy = (of: AnyPromotionRung): string => policyText(this.#policy, rungs.indexOf(of))
    if (asked && trial < 0)
      return rungs
        .map((of) => (of.entries === 0 ? 'empty' : `nobody to promote among ${content(of)}`) + policy(of))
        .map((text, j) => `rung ${rungs[j]!.level}: ${text}`)
        .toReversed()
        .join('\n')
    if (rung === undefined) return `trial ${trial} is at no rung (${rungs.map(({ level }) => level).join(', ')})`
    const what = asked
      ? 'is the best that waits and passes'
      : `is filed with ${valueText(this.#loss, this.#goal)} and waits`
    return `rung ${rung.level}: trial ${trial} ${what}\n${content(rung)}${policy(rung)}`
  }
}

export const ashaPromotion = defineScheduler({
  summary: 'ASHA that pauses trials at rungs and promotes the best, as published.',
  reference: ashaPaper,
  options: ashaPromotionOptions,
  laws: rankBased,
  variants: ashaVariants,
  create: (options, context) => new AshaPromotion(options, context),
})
