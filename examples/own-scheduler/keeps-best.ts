/** A scheduler of one's own in one file: a trial goes on only while it is not worse than the k-th best at its level. */
import {
  type Decision,
  type Job,
  type Scheduler,
  type SchedulerContext,
  defineScheduler,
  startJob,
  toLoss,
} from 'rungbench'
import { z } from 'zod'

const options = z.strictObject({
  /** How many trials a level keeps. */
  keep: z.int().min(1).default(3).describe('k: a trial goes on while it is not worse than the k-th best at its level'),
  /** Below this level nobody is stopped. */
  gracePeriod: z.int().min(1).default(1).describe('first level at which trials are compared'),
})

/** Successive halving keeps a share of the trials of a rung; this keeps a fixed number, at every level. */
class KeepsBest implements Scheduler {
  readonly #options: z.infer<typeof options>
  readonly #context: SchedulerContext
  /** Per level the losses of the trials that came there, best first. */
  readonly #losses = new Map<number, number[]>()
  #why = 'no trial has reported yet'

  constructor(given: z.infer<typeof options>, context: SchedulerContext) {
    this.#options = given
    this.#context = context
  }

  /** A free worker always starts a new trial: nobody is paused. */
  next(): Job {
    return startJob(this.#context.searcher.suggest())
  }

  onReport(trial: number, level: number, values: Float64Array): Decision {
    const { keep, gracePeriod } = this.#options
    if (level < gracePeriod) {
      this.#why = `level ${level} is below the grace period ${gracePeriod}`
      return 'continue'
    }
    // A loss: smaller is better whatever the goal, and NaN is worst.
    const loss = toLoss(values[0]!, this.#context.objectives[0]!.goal)
    const others = this.#losses.get(level) ?? []
    const losses = [...others, loss].sort((a, b) => a - b)
    this.#losses.set(level, losses)
    const bound = losses[keep - 1] ?? Infinity
    const passes = loss <= bound
    this.#why =
      `level ${level}: trial ${trial} with loss ${loss} is ${passes ? 'among' : 'not among'} the best ${keep} of ${losses.length}\n` +
      `losses: ${losses.slice(0, keep).join(' ')} | ${losses.slice(keep, keep + 3).join(' ')}`
    return passes ? 'continue' : 'stop'
  }

  /** Nothing is kept of single trials. */
  onEnd(): void {}

  explain(): string {
    return this.#why
  }
}

export default defineScheduler({
  summary: 'Stops a trial that is not among the best k at its level.',
  reference: 'an example; after Li et al. 2020, A System for Massively Parallel Hyperparameter Tuning',
  options,
  laws: { dominance: true, monotone: true, mirror: true },
  variants: [{ keep: 1 }, { keep: 5, gracePeriod: 3 }],
  create: (given, context) => new KeepsBest(given, context),
})
