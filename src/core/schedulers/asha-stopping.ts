/** ASHA, stopping type: a trial that is not among the best of its rung so far is stopped, the others run on. */
import { z } from 'zod'
import { invalid } from '../errors.js'
import { type Goal, toLoss } from '../objective.js'
import { ordinalText, rungText, valueText } from '../rungs/explain-rung.js'
import { type RungPolicy, policyText } from '../rungs/rung-policy.js'
import { StoppingLadder } from '../rungs/stopping-ladder.js'
import type { Decision, Job, Scheduler, SchedulerContext } from '../scheduler.js'
import type { EndState, TrialId } from '../trial.js'
import { type AnyRung, ashaOptions, ashaPaper, ashaRungs, ashaVariants } from './asha-options.js'
import { defineScheduler, rankBased } from './definition.js'

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
  readonly #ladder: StoppingLadder
  readonly #rungs: readonly AnyRung[]
  readonly #goal: Goal
  readonly #policy: RungPolicy | undefined
  #loss = 0

  constructor(options: AshaStoppingOptions, context: SchedulerContext, policy?: RungPolicy) {
    this.#goal = context.objectives[0]!.goal
    this.#policy = policy
    this.#rungs = ashaRungs(options, context.maxResource, this.#goal, options.skipped !== 'late')
    const levels = this.#rungs.map(({ level }) => level)
    this.#ladder = new StoppingLadder(levels, options, context, (trial, rung, values) => {
      const loss = toLoss(values[0]!, this.#goal)
      this.#loss = loss
      const passes = this.#rungs[rung]!.file(loss)
      if (policy === undefined) return passes
      policy.filed?.(trial, rung, loss)
      return passes && (policy.admits?.(trial, rung, loss) ?? true)
    })
    if (options.compat !== undefined && options.skipped === 'late')
      throw invalid('compat', options.compat, 'goes with skipped "ignore" or "judge"', 'leave skipped or compat out')
  }

  next(trial: TrialId): Job {
    return this.#ladder.next(trial)
  }

  onReport(trial: TrialId, resource: number, values: Float64Array): Decision {
    return this.#ladder.onReport(trial, resource, values)
  }

  onEnd(trial: TrialId, state: EndState): void {
    this.#ladder.onEnd(trial, state)
  }

  explain(): string {
    const { trial, rung: j, passes } = this.#ladder.last
    const rung = this.#rungs[j]
    if (trial < 0) return 'no trial has reported yet'
    if (rung === undefined) return `trial ${trial} is at no rung (${this.#rungs.map(({ level }) => level).join(', ')})`
    const losses = rung.sorted()
    const better = losses.findIndex((other) => !(other < this.#loss))
    const place = ordinalText((better < 0 ? losses.length : better) + 1)
    return (
      `rung ${rung.level}: trial ${trial} with ${valueText(this.#loss, this.#goal)} is ${place} of ${losses.length} and ` +
      `${passes ? 'passes' : 'does not pass'}\n${rungText(losses, rung.cutoff, this.#goal)}${policyText(this.#policy, j)}`
    )
  }
}

export const ashaStopping = defineScheduler({
  summary: 'ASHA that stops trials at rungs; no checkpoints needed.',
  reference: ashaPaper,
  options: ashaStoppingOptions,
  pauses: false,
  laws: rankBased,
  variants: [...ashaVariants, { skipped: 'late', rule: 'rank', refileLast: true }],
  create: (options, context) => new AshaStopping(options, context),
})
