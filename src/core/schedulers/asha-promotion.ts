/** ASHA, promotion type: every trial pauses at its rung; a free worker first promotes a trial that is among the best. */
import { z } from 'zod'
import { bracketProbabilities, drawBracket } from '../rungs/brackets.js'
import { rungText, valueText } from '../rungs/explain-rung.js'
import { grown } from '../collections/growable.js'
import { type Goal, allFinite, toLoss } from '../objective.js'
import type { Random } from '../random.js'
import { type Decision, type Job, type Scheduler, type SchedulerContext, startJob } from '../scheduler.js'
import type { Searcher } from '../searcher.js'
import type { EndState, TrialId } from '../trial.js'
import { type AnyPromotionRung, ashaOptions, ashaPaper, ashaPromotionRungs, ashaVariants } from './asha-options.js'
import { defineScheduler, rankBased } from './definition.js'
import { type RungPolicy, policyText } from './rung-policy.js'

export const ashaPromotionOptions = ashaOptions.extend({
  /**
   * What becomes of a level that a trial jumped over. `judge`: it is filed and pauses there at the first report past it,
   * with that value. `ignore`: it goes on to the next level (Syne Tune 0.13 gives up the experiment instead).
   */
  skipped: z.enum(['judge', 'ignore']).default('judge').describe('what becomes of a level that was jumped over'),
})
export type AshaPromotionOptions = z.infer<typeof ashaPromotionOptions>

const [PAUSED, RUNNING] = [0, 1]

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
  readonly #rungs: readonly AnyPromotionRung[]
  readonly #ignoresSkipped: boolean
  readonly #policy: RungPolicy | undefined
  /** Per rung whether the policy lets a trial go on. */
  readonly #admits: readonly (((trial: TrialId, loss: number) => boolean) | undefined)[]
  readonly #bracketProbabilities: readonly number[]
  readonly #bracketRandom: Random
  /** Per trial the index of the rung at which it pauses next; the number of rungs on its way to the maximum. */
  #nextRung = new Int32Array(64)
  #status = new Uint8Array(64)
  #running = 0
  #last = { trial: -1, rung: -1, loss: 0, asked: false }

  /** @param rungs instead of those of the options */
  constructor(
    options: AshaPromotionOptions,
    context: SchedulerContext,
    policy?: RungPolicy,
    rungs?: readonly AnyPromotionRung[],
  ) {
    this.#searcher = context.searcher
    this.#goal = context.objectives[0]!.goal
    this.#maxResource = context.maxResource
    this.#ignoresSkipped = options.skipped === 'ignore'
    this.#rungs = rungs ?? ashaPromotionRungs(options, context.maxResource, this.#goal)
    this.#policy = policy
    this.#admits = this.#rungs.map((_, j) => policy?.admits && ((trial, loss) => policy.admits!(trial, j, loss)))
    const levels = this.#rungs.map((rung) => rung.level)
    this.#bracketProbabilities = bracketProbabilities(levels, context.maxResource, options.brackets)
    this.#bracketRandom = context.random.stream('bracket')
  }

  next(trial: TrialId): Job {
    this.#last.asked = true
    this.#last.trial = -1
    for (let j = Math.min(this.#rungs.length, this.#policy?.openRungs ?? Infinity) - 1; j >= 0; j--) {
      const promoted = this.#rungs[j]!.promotable(this.#admits[j])
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
    if (this.#ignoresSkipped && j < this.#rungs.length && this.#rungs[j]!.level < resource) {
      while (j < this.#rungs.length && this.#rungs[j]!.level < resource) j++
      this.#nextRung[trial] = j
    }
    const rung = this.#rungs[j]
    if (rung === undefined || resource < rung.level) return 'continue'
    // Of any objective: the tuner stops such a trial, so it must not be promoted.
    const loss = allFinite(values) ? toLoss(values[0]!, this.#goal) : Infinity
    rung.file(trial, loss)
    this.#policy?.filed?.(trial, j, loss)
    last.rung = j
    last.loss = loss
    this.#status[trial] = PAUSED
    this.#running--
    return loss === Infinity ? 'stop' : 'pause'
  }

  onEnd(trial: TrialId, _state: EndState): void {
    if (this.#status[trial] === RUNNING) this.#running--
    else this.#rungs[this.#nextRung[trial]!]?.withdraw(trial)
    this.#status[trial] = PAUSED
  }

  explain(): string {
    const { trial, rung: j, loss, asked } = this.#last
    const rung = this.#rungs[j]
    const content = (of: AnyPromotionRung): string =>
      rungText(of.sorted(), of.cutoff, this.#goal) + policyText(this.#policy, this.#rungs.indexOf(of))
    if (!asked)
      return rung === undefined
        ? `trial ${trial} is at no rung (${this.#rungs.map(({ level }) => level).join(', ')})`
        : `rung ${rung.level}: trial ${trial} is filed with ${valueText(loss, this.#goal)} and waits\n${content(rung)}`
    if (trial >= 0 && rung !== undefined)
      return `rung ${rung.level}: trial ${trial} is the best that waits and passes\n${content(rung)}`
    const lines = this.#rungs.map((of) => `rung ${of.level}: nobody to promote among ${content(of)}`)
    return lines.toReversed().join('\n')
  }

  #until(rung: number): number {
    return this.#rungs[rung]?.level ?? this.#maxResource
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
