/** MO-ASHA, promotion type: every trial pauses at its rung; a free worker first promotes one that is among the best. */
import { z } from 'zod'
import { type Goal, toLoss } from '../objective.js'
import { RankedPromotionRung } from '../ranking/promotion-rung.js'
import { PromotionLadder } from '../rungs/promotion-ladder.js'
import type { Decision, Job, Scheduler, SchedulerContext } from '../scheduler.js'
import type { EndState, TrialId } from '../trial.js'
import { defineScheduler } from './definition.js'
import {
  moAshaLaws,
  moAshaLevels,
  moAshaOptions,
  moAshaPaper,
  moAshaRanking,
  moAshaVariants,
} from './mo-asha-options.js'

const moAshaPromotionOptions = moAshaOptions.extend({
  /**
   * What becomes of a level that a trial jumped over. `judge`: it pauses there at the first report past it, with those
   * values. `ignore`: it goes on to the next level.
   */
  skipped: z.enum(['judge', 'ignore']).default('judge').describe('what becomes of a level that was jumped over'),
})
export type MoAshaPromotionOptions = z.infer<typeof moAshaPromotionOptions>

/**
 * Multi-objective asynchronous successive halving by promotion: the search for the next job of ASHA (Li et al. 2020,
 * algorithm 2) with the entries of a rung ranked by all objectives (Schmucker et al. 2021, section 3), see `priority`.
 * Rungs are searched from the top for the first trial in that order that is not promoted yet and passes among all
 * entries, promoted ones included; only if there is none, a new trial starts. Trials of which a value was not a finite
 * number count as entries and are never promoted. When the searcher is used up, promotions go on.
 */
export class MoAshaPromotion implements Scheduler {
  readonly #ladder: PromotionLadder<RankedPromotionRung>
  readonly #goals: readonly Goal[]
  readonly #losses: Float64Array

  constructor(options: MoAshaPromotionOptions, context: SchedulerContext) {
    this.#goals = context.objectives.map(({ goal }) => goal)
    this.#losses = new Float64Array(context.objectives.length)
    const ranking = moAshaRanking(options, context)
    const rungs = moAshaLevels(options, context.maxResource, 0).map(
      ({ level, passing }) => new RankedPromotionRung(level, passing, ranking()),
    )
    this.#ladder = new PromotionLadder(rungs, options, context, (trial, rung, values) => {
      for (let i = 0; i < this.#goals.length; i++) this.#losses[i] = toLoss(values[i]!, this.#goals[i]!)
      rungs[rung]!.file(trial, this.#losses)
    })
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
    const counts = (of: RankedPromotionRung): string => `${of.passing} of ${of.entries} pass`
    if (asked && trial >= 0)
      return `rung ${rung!.level}: trial ${trial} is the best that waits and passes (${counts(rung!)})`
    if (asked)
      return rungs
        .map((of) => `rung ${of.level}: ${of.entries === 0 ? 'empty' : `nobody to promote (${counts(of)})`}`)
        .toReversed()
        .join('\n')
    if (rung === undefined) return `trial ${trial} is at no rung (${rungs.map(({ level }) => level).join(', ')})`
    return `rung ${rung.level}: trial ${trial} ${rung.describeLast()}\n${counts(rung)}; it waits`
  }
}

export const moAshaPromotion = defineScheduler({
  summary: 'ASHA on several objectives at once, pausing trials at rungs and promoting the best.',
  reference: moAshaPaper,
  options: moAshaPromotionOptions,
  laws: moAshaLaws,
  objectives: 'all',
  variants: moAshaVariants,
  create: (options, context) => new MoAshaPromotion(options, context),
})
