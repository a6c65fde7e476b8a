/** What the machines that a job left waiting were billed for, as the service says. */
import type { Calls } from './calls.js'
import type { JobRecord } from './job-lines.js'
import { ServiceFault } from './service-fault.js'

/** One job's warm pool. */
export interface PoolRecord {
  /** That left it. */
  readonly job: string
  readonly trial: number
  /** Of each machine. */
  readonly seconds: number
  /** null where the price is not known. */
  readonly usd: number | null
}

/**
 * "Multiply ResourceRetainedBillableTimeInSeconds by the number of instances (InstanceCount) in your training cluster to get the
 * total compute time SageMaker bills you if you run warm pool training." Source: SageMaker API reference, WarmPoolStatus.
 *
 * @param jobs that ended well
 * @param usdPerHourOf of one machine of a type; null: not known
 * @param over whether all pools were ended: one that seems to wait does so no more
 * @returns of those whose pools have ended
 */
export async function poolRecords(
  calls: Pick<Calls, 'call'>,
  jobs: readonly Pick<JobRecord, 'job' | 'trial' | 'instanceType' | 'instanceCount'>[],
  usdPerHourOf: (type: string) => number | null,
  over: boolean,
): Promise<PoolRecord[]> {
  const records: PoolRecord[] = []
  for (const { job, trial, instanceType, instanceCount } of jobs) {
    const pool = await poolOf(calls, job)
    if (pool === undefined || pool.Status === 'InUse' || (pool.Status === 'Available' && !over)) continue
    const seconds = pool.ResourceRetainedBillableTimeInSeconds ?? 0
    const price = usdPerHourOf(instanceType)
    records.push({ job, trial, seconds, usd: price === null ? null : (seconds * instanceCount * price) / 3600 })
  }
  return records
}

async function poolOf(calls: Pick<Calls, 'call'>, job: string) {
  try {
    return (await calls.call('describeTrainingJob', job)).WarmPoolStatus
  } catch (error) {
    // Somebody deleted it.
    if (error instanceof ServiceFault && error.kind === 'gone') return undefined
    throw error
  }
}
