/** ASHA, promotion type: every trial pauses at its rung; a free worker first promotes a trial that is among the best. */
import { bracketProbabilities, drawBracket } from '../brackets.js'
import { grown } from '../growable.js'
import { type Goal, allFinite, toLoss } from '../objective.js'
import type { Random } from '../random.js'
import { PromotionRung } from '../rung.js'
import { type Decision, type Job, type Scheduler, type SchedulerContext, startJob } from '../scheduler.js'
import type { Searcher } from '../searcher.js'
import type { EndState, TrialId } from '../trial.js'
import { type AshaOptions, ashaOptions, ashaPaper, ashaRungs, ashaVariants } from './asha-options.js'
import { defineScheduler, rankBased } from './definition.js'

/**
 * Asynchronous successive halving as published (Li et al. 2020, A System for Massively Parallel Hyperparameter Tuning,
 * algorithm 2): rungs are searched from the top for the best trial not promoted yet that passes among all entries,
 * promoted ones included; only if there is none, a new trial starts. Trials with a last value that was not a finite number
 * count as entries and are never promoted. When the searcher is used up, promotions go on.
 */
export class AshaPromotion implements Scheduler {
  readonly #searcher: Searcher
  readonly #goal: Goal
  readonly #maxResource: number
  readonly #rungs: readonly PromotionRung[]
  readonly #bracketProbabilities: readonly number[]
  readonly #bracketRandom: Random
  /** Per trial the index of the rung at which it pauses next; the number of rungs on its way to the maximum. */
  #nextRung = new Int32Array(64)
  #running = 0

  constructor(options: AshaOptions, context: SchedulerContext) {
    this.#searcher = context.searcher
    this.#goal = context.objectives[0]!.goal
    this.#maxResource = context.maxResource
    this.#rungs = ashaRungs(options, context.maxResource, 0).map(
      ({ level, passing }) => new PromotionRung(level, passing),
    )
    const levels = this.#rungs.map((rung) => rung.level)
    this.#bracketProbabilities = bracketProbabilities(levels, context.maxResource, options.brackets)
    this.#bracketRandom = context.random.stream('bracket')
  }

  next(trial: TrialId): Job {
    for (let j = this.#rungs.length - 1; j >= 0; j--) {
      const promoted = this.#rungs[j]!.promotable()
      if (promoted < 0) continue
      this.#rungs[j]!.take()
      this.#nextRung[promoted] = j + 1
      this.#running++
      return { kind: 'resume', trial: promoted, until: this.#until(j + 1) }
    }
    const suggestion = this.#searcher.suggest()
    if (suggestion === undefined) return this.#running > 0 ? 'wait' : 'exhausted'
    if (suggestion === 'wait') return 'wait'
    const bracket = drawBracket(this.#bracketProbabilities, this.#bracketRandom)
    if (trial >= this.#nextRung.length) this.#nextRung = grown(this.#nextRung, trial + 1)
    this.#nextRung[trial] = bracket
    this.#running++
    return startJob(suggestion, this.#until(bracket))
  }

  onReport(trial: TrialId, resource: number, values: Float64Array): Decision {
    if (resource >= this.#maxResource) return 'continue'
    const rung = this.#rungs[this.#nextRung[trial]!]
    if (rung === undefined || resource < rung.level) return 'continue'
    // Of any objective: the tuner stops such a trial, so it must not be promoted.
    const loss = allFinite(values) ? toLoss(values[0]!, this.#goal) : Infinity
    rung.file(trial, loss)
    this.#running--
    return loss === Infinity ? 'stop' : 'pause'
  }

  onEnd(_trial: TrialId, _state: EndState): void {
    this.#running--
  }

  #until(rung: number): number {
    return this.#rungs[rung]?.level ?? this.#maxResource
  }
}

export const ashaPromotion = defineScheduler({
  summary: 'ASHA that pauses trials at rungs and promotes the best, as published.',
  reference: ashaPaper,
  options: ashaOptions,
  laws: rankBased,
  variants: ashaVariants,
  create: (options, context) => new AshaPromotion(options, context),
})
