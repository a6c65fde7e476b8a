/** What is written down of a job when it is asked for, and when it has ended. */
import type { Job } from './attempt.js'
import { jobBill } from './billing.js'
import type { Calls } from './calls.js'
import { hasEnded, jobEnd } from './job-end.js'
import type { JobRecord, JobStart } from './options.js'
import { ServiceFault } from './service-fault.js'
import type { JobDescription } from './services.js'

export function jobStart({ name, attempt, begun, trained }: Job): JobStart {
  const { trial, number, restarts, machine } = attempt
  const about = { trial, attempt: number, restarts, job: name }
  return { ...about, instanceType: machine.type, instanceCount: machine.count, time: begun, trained }
}

/** What a record holds that neither the job's start nor its description say. */
export interface RecordContext {
  /** Seconds since the run began. */
  readonly now: number
  /** Of one machine; null: not known. */
  readonly usdPerHour: number | null
  /** Whether this program asked for the job to be stopped. */
  readonly asked: boolean
}

export function jobRecord(
  start: JobStart,
  description: JobDescription,
  { now, usdPerHour, asked }: RecordContext,
): JobRecord {
  const { startUp, billable, usd } = jobBill(description, usdPerHour)
  const { TrainingJobStatus, SecondaryStatus, TrainingStartTime } = description
  return {
    ...start,
    time: now,
    begun: start.time,
    trainingSince: TrainingStartTime?.getTime() ?? null,
    startUp: startUp ?? null,
    billable,
    usd: Number.isNaN(usd) ? null : usd,
    status:
      SecondaryStatus === undefined || SecondaryStatus === TrainingJobStatus
        ? TrainingJobStatus!
        : `${TrainingJobStatus} (${SecondaryStatus})`,
    reason: jobEnd(description, asked).reason,
  }
}

/**
 * Records of jobs of which nobody saw the end: those that have ended, and those that the service does not know (they were
 * refused, or were deleted since).
 *
 * @param usdPerHourOf of one machine of a type; null: not known
 */
export async function missedRecords(
  calls: Pick<Calls, 'call'>,
  jobs: readonly JobStart[],
  now: number,
  usdPerHourOf: (type: string) => number | null,
): Promise<JobRecord[]> {
  const records: JobRecord[] = []
  for (const start of jobs) {
    const description = await describe(calls, start.job)
    if (hasEnded(description.TrainingJobStatus))
      records.push(jobRecord(start, description, { now, usdPerHour: usdPerHourOf(start.instanceType), asked: true }))
  }
  return records
}

async function describe(calls: Pick<Calls, 'call'>, name: string): Promise<JobDescription> {
  try {
    return await calls.call('describeTrainingJob', name)
  } catch (error) {
    if (error instanceof ServiceFault && error.kind === 'gone') return NOT_THERE
    throw error
  }
}

/** What is made of a job that is not there any more. */
export const NOT_THERE = {
  TrainingJobStatus: 'Deleted' as never,
  FailureReason: 'InternalServerError: its job was deleted',
} as unknown as JobDescription
