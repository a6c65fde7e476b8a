/** ASHA, stopping type: a trial that is not among the best of its rung so far is stopped, the others run on. */
import { z } from 'zod'
import { bracketProbabilities, drawBracket } from '../rungs/brackets.js'
import { invalid } from '../errors.js'
import { ordinalText, rungText, valueText } from '../rungs/explain-rung.js'
import { grown } from '../collections/growable.js'
import { type Goal, toLoss } from '../objective.js'
import type { Random } from '../random.js'
import { type Decision, type Job, type Scheduler, type SchedulerContext, startJob } from '../scheduler.js'
import type { Searcher } from '../searcher.js'
import type { EndState, TrialId } from '../trial.js'
import { type AnyRung, ashaOptions, ashaPaper, ashaRungs, ashaVariants, checkSkipped } from './asha-options.js'
import { defineScheduler, rankBased } from './definition.js'
import { type RungPolicy, policyText } from './rung-policy.js'

export const ashaStoppingOptions = ashaOptions.extend({
  /**
   * What becomes of a level that a trial jumped over. `judge`: it is judged there at the first report past it, with that
   * value. `ignore`: it is not filed there and goes on (Syne Tune 0.13). `late`: a report is filed at one level only, the
   * highest reached where the trial is not filed yet, so that lower ones fill up with later values; levels are not
   * rounded (Syne Tune 0.15).
   */
  skipped: z
    .enum(['judge', 'ignore', 'late'])
    .default('judge')
    .describe('what becomes of a level that was jumped over'),
  /** A trial that ends by itself files its last value once more, at a level that is still open to it (with `late`). */
  refileLast: z.boolean().default(false).describe('file the last value of a trial that ends by itself once more'),
})
export type AshaStoppingOptions = z.infer<typeof ashaStoppingOptions>

/**
 * Asynchronous successive halving that stops trials (Li et al. 2020, A System for Massively Parallel Hyperparameter
 * Tuning; the stopping type as in Syne Tune and Ray Tune). All brackets share one system of rungs.
 */
export class AshaStopping implements Scheduler {
  readonly #searcher: Searcher
  readonly #goal: Goal
  readonly #maxResource: number
  readonly #rungs: readonly AnyRung[]
  readonly #bracketProbabilities: readonly number[]
  readonly #bracketRandom: Random
  readonly #skipped: AshaStoppingOptions['skipped']
  readonly #policy: RungPolicy | undefined
  /** Per trial the index of the rung at which it is judged next; with `late` its bracket. */
  #nextRung = new Int32Array(64)
  /** With `late`: per trial the rungs where it is filed, one bit each. */
  #filed = new Int32Array(64)
  /** With `refileLast`: the last report of each trial. */
  readonly #last: Map<TrialId, { readonly resource: number; readonly loss: number }> | undefined
  #judged = { trial: -1, rung: -1, loss: 0, passes: true }

  constructor(options: AshaStoppingOptions, context: SchedulerContext, policy?: RungPolicy) {
    this.#policy = policy
    this.#searcher = context.searcher
    this.#goal = context.objectives[0]!.goal
    this.#maxResource = context.maxResource
    this.#skipped = options.skipped
    this.#rungs = ashaRungs(options, context.maxResource, this.#goal, options.skipped !== 'late')
    checkSkipped(options, this.#rungs.length)
    if (options.compat !== undefined && options.skipped === 'late')
      throw invalid('compat', options.compat, 'goes with skipped "ignore" or "judge"', 'leave skipped or compat out')
    this.#last = options.refileLast ? new Map() : undefined
    const levels = this.#rungs.map((rung) => rung.level)
    this.#bracketProbabilities = bracketProbabilities(levels, context.maxResource, options.brackets)
    this.#bracketRandom = context.random.stream('bracket')
  }

  next(trial: TrialId): Job {
    const job = startJob(this.#searcher.suggest())
    if (typeof job === 'string') return job
    if (trial >= this.#nextRung.length) {
      this.#nextRung = grown(this.#nextRung, trial + 1)
      this.#filed = grown(this.#filed, trial + 1)
    }
    this.#nextRung[trial] = drawBracket(this.#bracketProbabilities, this.#bracketRandom)
    return job
  }

  onReport(trial: TrialId, resource: number, values: Float64Array): Decision {
    const judged = this.#judged
    judged.rung = -1
    judged.trial = trial
    this.#last?.delete(trial)
    if (resource >= this.#maxResource) return 'continue'
    if (this.#last !== undefined) this.#last.set(trial, { resource, loss: toLoss(values[0]!, this.#goal) })
    const rungs = this.#rungs
    if (this.#skipped === 'late') return this.#fileLate(trial, resource, toLoss(values[0]!, this.#goal))
    let j = this.#nextRung[trial]!
    if (this.#skipped === 'ignore') while (j < rungs.length && rungs[j]!.level < resource) j++
    if (j >= rungs.length || resource < rungs[j]!.level) return 'continue'
    const loss = toLoss(values[0]!, this.#goal)
    let passes = true
    while (passes && j < rungs.length && resource >= rungs[j]!.level) {
      judged.rung = j
      passes = this.#file(trial, j++, loss)
    }
    this.#nextRung[trial] = j
    judged.loss = loss
    judged.passes = passes
    return passes ? 'continue' : 'stop'
  }

  onEnd(trial: TrialId, state: EndState): void {
    const last = this.#last?.get(trial)
    if (last !== undefined && state === 'completed' && this.#skipped === 'late')
      this.#fileLate(trial, last.resource, last.loss)
  }

  explain(): string {
    const { trial, rung: j, loss, passes } = this.#judged
    const rung = this.#rungs[j]
    if (trial < 0) return 'no trial has reported yet'
    if (rung === undefined) return `trial ${trial} is at no rung (${this.#rungs.map(({ level }) => level).join(', ')})`
    const losses = rung.sorted()
    const better = losses.findIndex((other) => !(other < loss))
    const place = ordinalText((better < 0 ? losses.length : better) + 1)
    return (
      `rung ${rung.level}: trial ${trial} with ${valueText(loss, this.#goal)} is ${place} of ${losses.length} and ` +
      `${passes ? 'passes' : 'does not pass'}\n${rungText(losses, rung.cutoff, this.#goal)}${policyText(this.#policy, j)}`
    )
  }

  /** Files and says whether the trial goes on. */
  #file(trial: TrialId, rung: number, loss: number): boolean {
    const passes = this.#rungs[rung]!.file(loss)
    if (this.#policy === undefined) return passes
    this.#policy.filed?.(trial, rung, loss)
    return passes && (this.#policy.admits?.(trial, rung, loss) ?? true)
  }

  /** Files at the highest level reached where the trial is not filed yet. */
  #fileLate(trial: TrialId, resource: number, loss: number): Decision {
    const rungs = this.#rungs
    for (let j = rungs.length - 1; j >= this.#nextRung[trial]!; j--) {
      if (rungs[j]!.level > resource || (this.#filed[trial]! & (1 << j)) !== 0) continue
      this.#filed[trial]! |= 1 << j
      const passes = this.#file(trial, j, loss)
      this.#judged = { trial, rung: j, loss, passes }
      return passes ? 'continue' : 'stop'
    }
    return 'continue'
  }
}

export const ashaStopping = defineScheduler({
  summary: 'ASHA that stops trials at rungs; no checkpoints needed.',
  reference: ashaPaper,
  options: ashaStoppingOptions,
  laws: rankBased,
  variants: [...ashaVariants, { skipped: 'late', rule: 'rank', refileLast: true }],
  create: (options, context) => new AshaStopping(options, context),
})
