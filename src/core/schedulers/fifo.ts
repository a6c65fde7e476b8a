/** First in, first out: every trial runs to the end, none is stopped. With random draws this is random search. */
import { z } from 'zod'
import { type Decision, type Job, type Scheduler, type SchedulerContext, startJob } from '../scheduler.js'
import type { Searcher } from '../searcher.js'
import type { TrialId } from '../trial.js'
import { defineScheduler, rankBased } from './definition.js'

const fifoOptions = z.strictObject({})

export class Fifo implements Scheduler {
  readonly #searcher: Searcher

  constructor(_options: z.infer<typeof fifoOptions>, context: SchedulerContext) {
    this.#searcher = context.searcher
  }

  next(_trial: TrialId): Job {
    return startJob(this.#searcher.suggest())
  }

  onReport(): Decision {
    return 'continue'
  }

  onEnd(): void {}
}

export const fifo = defineScheduler({
  summary: 'Every trial runs to the end; with the random searcher this is random search.',
  reference: 'Bergstra and Bengio 2012, Random Search for Hyper-Parameter Optimization',
  options: fifoOptions,
  pauses: false,
  laws: rankBased,
  create: (options, context) => new Fifo(options, context),
})
