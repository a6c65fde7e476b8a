/** ASHA, stopping type: a trial that is not among the best of its rung so far is stopped, the others run on. */
import { bracketProbabilities, drawBracket } from '../brackets.js'
import { grown } from '../growable.js'
import { type Goal, toLoss } from '../objective.js'
import type { Random } from '../random.js'
import { Rung } from '../rung.js'
import { type Decision, type Job, type Scheduler, type SchedulerContext, startJob } from '../scheduler.js'
import type { Searcher } from '../searcher.js'
import type { TrialId } from '../trial.js'
import { type AshaOptions, ashaOptions, ashaPaper, ashaRungs, ashaVariants } from './asha-options.js'
import { defineScheduler, rankBased } from './definition.js'

/**
 * Asynchronous successive halving that stops trials (Li et al. 2020, A System for Massively Parallel Hyperparameter
 * Tuning; the stopping type as in Syne Tune and Ray Tune). All brackets share one system of rungs. A level that was
 * jumped over is judged at the first report past it, with that value.
 */
export class AshaStopping implements Scheduler {
  readonly #searcher: Searcher
  readonly #goal: Goal
  readonly #maxResource: number
  readonly #rungs: readonly Rung[]
  readonly #bracketProbabilities: readonly number[]
  readonly #bracketRandom: Random
  /** Per trial the index of the rung at which it is judged next. */
  #nextRung = new Int32Array(64)

  constructor(options: AshaOptions, context: SchedulerContext) {
    this.#searcher = context.searcher
    this.#goal = context.objectives[0]!.goal
    this.#maxResource = context.maxResource
    this.#rungs = ashaRungs(options, context.maxResource, 1).map(({ level, passing }) => new Rung(level, passing))
    const levels = this.#rungs.map((rung) => rung.level)
    this.#bracketProbabilities = bracketProbabilities(levels, context.maxResource, options.brackets)
    this.#bracketRandom = context.random.stream('bracket')
  }

  next(trial: TrialId): Job {
    const job = startJob(this.#searcher.suggest())
    if (typeof job === 'string') return job
    if (trial >= this.#nextRung.length) this.#nextRung = grown(this.#nextRung, trial + 1)
    this.#nextRung[trial] = drawBracket(this.#bracketProbabilities, this.#bracketRandom)
    return job
  }

  onReport(trial: TrialId, resource: number, values: Float64Array): Decision {
    if (resource >= this.#maxResource) return 'continue'
    const rungs = this.#rungs
    let j = this.#nextRung[trial]!
    if (j >= rungs.length || resource < rungs[j]!.level) return 'continue'
    const loss = toLoss(values[0]!, this.#goal)
    let passes = true
    while (passes && j < rungs.length && resource >= rungs[j]!.level) passes = rungs[j++]!.file(loss)
    this.#nextRung[trial] = j
    return passes ? 'continue' : 'stop'
  }

  onEnd(): void {}
}

export const ashaStopping = defineScheduler({
  summary: 'ASHA that stops trials at rungs; no checkpoints needed.',
  reference: ashaPaper,
  options: ashaOptions,
  laws: rankBased,
  variants: ashaVariants,
  create: (options, context) => new AshaStopping(options, context),
})
