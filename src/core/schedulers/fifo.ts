/** First in, first out: every trial runs to the end, none is stopped. With random draws this is random search. */
import { z } from 'zod'
import type { Decision, Job, Scheduler, SchedulerContext } from '../scheduler.js'
import type { Searcher } from '../searcher.js'
import type { TrialId } from '../trial.js'

export const fifoOptions = z.strictObject({})

export class Fifo implements Scheduler {
  readonly #searcher: Searcher

  constructor(_options: z.infer<typeof fifoOptions>, context: SchedulerContext) {
    this.#searcher = context.searcher
  }

  next(_trial: TrialId): Job {
    const config = this.#searcher.suggest()
    return config === undefined ? 'exhausted' : { kind: 'start', config }
  }

  onReport(): Decision {
    return 'continue'
  }

  onEnd(): void {}
}
