/** What is written down of a job when it is asked for, and when it has ended. */
import type { Job } from './attempt.js'
import { jobBill } from './billing.js'
import { jobEnd } from './job-end.js'
import type { JobRecord, JobStart } from './options.js'
import type { JobDescription } from './services.js'

export function jobStart({ name, attempt, begun, trained }: Job): JobStart {
  const { trial, number, restarts, machine } = attempt
  const about = { trial, attempt: number, restarts, job: name }
  return { ...about, instanceType: machine.type, instanceCount: machine.count, time: begun, trained }
}

/**
 * @param now seconds since the run began
 * @param usdPerHour of one machine; null: not known
 */
export function jobRecord(job: Job, description: JobDescription, now: number, usdPerHour: number | null): JobRecord {
  const { startUp, billable, usd } = jobBill(description, usdPerHour)
  const { TrainingJobStatus, SecondaryStatus, TrainingStartTime } = description
  return {
    ...jobStart(job),
    time: now,
    begun: job.begun,
    trainingSince: TrainingStartTime?.getTime() ?? null,
    startUp: startUp ?? null,
    billable,
    usd: Number.isNaN(usd) ? null : usd,
    status:
      SecondaryStatus === undefined || SecondaryStatus === TrainingJobStatus
        ? TrainingJobStatus!
        : `${TrainingJobStatus} (${SecondaryStatus})`,
    reason: jobEnd(description, job.stopWanted).reason,
  }
}
