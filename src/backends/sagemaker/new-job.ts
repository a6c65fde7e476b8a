/** A job as the backend keeps account of it, before anything is known of it. */
import type { Attempt, Job } from './attempt.js'
import { JobLog } from './job-log.js'
import type { SageMakerBackendOptions } from './options.js'
import { ReportOrder } from './report-order.js'

/**
 * @param begun seconds since the run began
 * @param trained seconds that the trial was trained before
 */
export function newJob(
  { calls, resource, config }: Pick<SageMakerBackendOptions, 'calls' | 'resource' | 'config'>,
  about: { readonly name: string; readonly attempt: Attempt; readonly begun: number; readonly trained: number },
): Job {
  return {
    ...about,
    log: new JobLog(calls, about.name),
    order: new ReportOrder(resource, config.logSettleSeconds),
    ranBefore: 0,
    created: false,
    former: false,
    stopWanted: false,
    saidAt: Number.NaN,
    missing: 0,
    interruptions: 0,
    ended: undefined,
    reads: 0,
    trainingSince: Number.NaN,
  }
}
