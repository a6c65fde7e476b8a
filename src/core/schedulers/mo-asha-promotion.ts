/** MO-ASHA, promotion type: every trial pauses at its rung; a free worker first promotes one that is among the best. */
import { z } from 'zod'
import { bracketProbabilities, drawBracket } from '../rungs/brackets.js'
import { grown } from '../collections/growable.js'
import { type Goal, allFinite, toLoss } from '../objective.js'
import type { Random } from '../random.js'
import { RankedPromotionRung } from '../ranking/promotion-rung.js'
import { type Decision, type Job, type Scheduler, type SchedulerContext, startJob } from '../scheduler.js'
import type { Searcher } from '../searcher.js'
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

const RUNNING = 1
const PAUSED = 2

/**
 * Multi-objective asynchronous successive halving by promotion: the search for the next job of ASHA (Li et al. 2020,
 * algorithm 2) with the entries of a rung ranked by all objectives (Schmucker et al. 2021, section 3), see `priority`.
 * Rungs are searched from the top for the first trial in that order that is not promoted yet and passes among all
 * entries, promoted ones included; only if there is none, a new trial starts. Trials of which a value was not a finite
 * number count as entries and are never promoted. When the searcher is used up, promotions go on.
 */
export class MoAshaPromotion implements Scheduler {
  readonly #searcher: Searcher
  readonly #goals: readonly Goal[]
  readonly #maxResource: number
  readonly #rungs: readonly RankedPromotionRung[]
  readonly #ignoresSkipped: boolean
  readonly #bracketProbabilities: readonly number[]
  readonly #bracketRandom: Random
  readonly #losses: Float64Array
  /** Per trial the index of the rung at which it pauses next; the number of rungs on its way to the maximum. */
  #nextRung = new Int32Array(64)
  #status = new Uint8Array(64)
  #running = 0
  readonly #last = { trial: -1, rung: -1, asked: false }

  constructor(options: MoAshaPromotionOptions, context: SchedulerContext) {
    this.#searcher = context.searcher
    this.#goals = context.objectives.map(({ goal }) => goal)
    this.#maxResource = context.maxResource
    this.#ignoresSkipped = options.skipped === 'ignore'
    this.#losses = new Float64Array(context.objectives.length)
    const ranking = moAshaRanking(options, context)
    this.#rungs = moAshaLevels(options, context.maxResource, 0).map(
      ({ level, passing }) => new RankedPromotionRung(level, passing, ranking()),
    )
    const levels = this.#rungs.map((rung) => rung.level)
    this.#bracketProbabilities = bracketProbabilities(levels, context.maxResource, options.brackets)
    this.#bracketRandom = context.random.stream('bracket')
  }

  next(trial: TrialId): Job {
    this.#last.asked = true
    this.#last.trial = -1
    for (let j = this.#rungs.length - 1; j >= 0; j--) {
      const promoted = this.#rungs[j]!.promotable()
      if (promoted < 0) continue
      this.#rungs[j]!.take()
      this.#nextRung[promoted] = j + 1
      this.#status[promoted] = RUNNING
      this.#running++
      this.#last.trial = promoted
      this.#last.rung = j
      return { kind: 'resume', trial: promoted, until: this.#until(j + 1) }
    }
    const suggestion = this.#searcher.suggest()
    if (suggestion === undefined) return this.#running > 0 ? 'wait' : 'exhausted'
    if (suggestion === 'wait') return 'wait'
    const bracket = drawBracket(this.#bracketProbabilities, this.#bracketRandom)
    if (trial >= this.#nextRung.length) {
      this.#nextRung = grown(this.#nextRung, trial + 1)
      this.#status = grown(this.#status, trial + 1)
    }
    this.#status[trial] = RUNNING
    this.#nextRung[trial] = bracket
    this.#running++
    return startJob(suggestion, this.#until(bracket))
  }

  onReport(trial: TrialId, resource: number, values: Float64Array): Decision {
    const last = this.#last
    last.asked = false
    last.trial = trial
    last.rung = -1
    if (resource >= this.#maxResource) return 'continue'
    let j = this.#nextRung[trial]!
    if (this.#ignoresSkipped) while (j < this.#rungs.length && this.#rungs[j]!.level < resource) j++
    this.#nextRung[trial] = j
    const rung = this.#rungs[j]
    if (rung === undefined || resource < rung.level) return 'continue'
    for (let i = 0; i < this.#goals.length; i++) this.#losses[i] = toLoss(values[i]!, this.#goals[i]!)
    rung.file(trial, this.#losses)
    last.rung = j
    this.#status[trial] = PAUSED
    this.#running--
    return allFinite(values) ? 'pause' : 'stop'
  }

  onEnd(trial: TrialId, _state: EndState): void {
    if (this.#status[trial] === RUNNING) this.#running--
    else this.#rungs[this.#nextRung[trial]!]?.withdraw(trial)
    this.#status[trial] = PAUSED
  }

  explain(): string {
    const { trial, rung: j, asked } = this.#last
    const rung = this.#rungs[j]
    const counts = (of: RankedPromotionRung): string => `${of.passing} of ${of.entries} pass`
    if (asked && trial >= 0)
      return `rung ${rung!.level}: trial ${trial} is the best that waits and passes (${counts(rung!)})`
    if (asked)
      return this.#rungs
        .map((of) => `rung ${of.level}: nobody to promote (${counts(of)})`)
        .toReversed()
        .join('\n')
    if (rung === undefined) return `trial ${trial} is at no rung (${this.#rungs.map(({ level }) => level).join(', ')})`
    return `rung ${rung.level}: trial ${trial} ${rung.describeLast()}\n${counts(rung)}; it waits`
  }

  #until(rung: number): number {
    return this.#rungs[rung]?.level ?? this.#maxResource
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
