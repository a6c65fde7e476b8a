/** What is written down of a job when it is asked for, and when it has ended. */
import type { Job } from './attempt.js'
import { deletedBill, jobBill } from './billing.js'
import type { Calls } from './calls.js'
import { interruptionsOf } from './interruptions.js'
import { hasEnded, jobEnd } from './job-end.js'
import type { JobRecord, JobStart } from './job-lines.js'
import type { SageMakerBackendOptions } from './options.js'
import { hidden } from './secrets.js'
import { ServiceFault } from './service-fault.js'
import type { JobDescription } from './services.js'

export function jobStart({ name, attempt, begun, trained }: Job): JobStart {
  const { trial, number, restarts, machine } = attempt
  const about = { trial, attempt: number, restarts, job: name }
  return { ...about, instanceType: machine.type, instanceCount: machine.count, time: begun, trained }
}

/** What a record holds that neither the job's start nor its description say. */
interface RecordContext {
  /** Seconds since the run began. */
  readonly now: number
  /** Of one machine; null: not known. */
  readonly usdPerHour: number | null
  /** Whether this program asked for the job to be stopped. */
  readonly asked: boolean
  /** The longest that the service lets it run, in seconds. */
  readonly maxRunSeconds: number
  /** Seconds from when it was asked for until it was last heard of; undefined: as far as is known it never was there. */
  readonly heard?: number | undefined
}

function jobRecord(
  start: JobStart,
  description: JobDescription,
  { now, usdPerHour, asked, maxRunSeconds, heard }: RecordContext,
): JobRecord {
  const deleted = description === NOT_THERE && heard !== undefined
  const { startUp, billable, usd } = deleted
    ? deletedBill(heard, { maxRunSeconds, instanceCount: start.instanceCount }, usdPerHour)
    : jobBill(description, usdPerHour)
  const { TrainingJobStatus, SecondaryStatus, TrainingStartTime } = description
  const interruptions = interruptionsOf(description)
  return {
    ...start,
    time: now,
    begun: start.time,
    trainingSince: TrainingStartTime?.getTime() ?? null,
    startUp: startUp ?? null,
    billable,
    usd: Number.isNaN(usd) ? null : usd,
    ...(deleted && { estimated: true }),
    ...(interruptions > 0 && { interruptions }),
    status: deleted
      ? 'Deleted (by others)'
      : SecondaryStatus === undefined || SecondaryStatus === TrainingJobStatus
        ? TrainingJobStatus!
        : `${TrainingJobStatus} (${SecondaryStatus})`,
    reason: description === NOT_THERE && !deleted ? 'it never was there' : jobEnd(description, asked).reason,
  }
}

/** The record of a job of which the end was seen. @param now seconds since the run began */
export function endedRecord(
  job: Job,
  description: JobDescription,
  now: number,
  { usdPerHourOf, config }: Pick<SageMakerBackendOptions, 'usdPerHourOf' | 'config'>,
): JobRecord {
  const record = jobRecord(jobStart(job), description, {
    now,
    usdPerHour: usdPerHourOf(job.attempt.machine.type),
    asked: job.stopWanted,
    maxRunSeconds: config.maxRunSeconds,
    heard: job.created ? now - job.begun + job.ranBefore : undefined,
  })
  return { ...record, reason: hidden(record.reason, Object.values(config.environment)) }
}

/** What is known of jobs of which nobody saw the end. */
export interface MissedContext extends Pick<RecordContext, 'now' | 'maxRunSeconds'> {
  /** US dollars per hour of one machine of a type; null: not known. */
  readonly usdPerHourOf: (type: string) => number | null
  /** Seconds from when a job was asked for until it was last heard of; undefined: never. */
  readonly heardOf: (job: string) => number | undefined
  /** What the service's words must not repeat. */
  readonly secrets: readonly string[]
}

/**
 * Records of jobs of which nobody saw the end: those that have ended, and those that the service does not know (they were
 * refused, or were deleted since).
 */
export async function missedRecords(
  calls: Pick<Calls, 'call'>,
  jobs: readonly JobStart[],
  { now, maxRunSeconds, usdPerHourOf, heardOf, secrets }: MissedContext,
): Promise<JobRecord[]> {
  const records: JobRecord[] = []
  for (const start of jobs) {
    const description = await describe(calls, start.job)
    if (!hasEnded(description.TrainingJobStatus)) continue
    const usdPerHour = usdPerHourOf(start.instanceType)
    const about = { now, usdPerHour, asked: true, maxRunSeconds, heard: heardOf(start.job) }
    const record = jobRecord(start, description, about)
    records.push({ ...record, reason: hidden(record.reason, secrets) })
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
export const NOT_THERE = { TrainingJobStatus: 'Deleted' as never } as unknown as JobDescription
