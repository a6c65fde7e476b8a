/** Machines that are kept, and billed, for a next job. */
import type { Calls } from './calls.js'
import { listJobs } from './job-lists.js'

/** Ends all that wait for another job of the run. @param prefix of its jobs' names */
export async function endWarmPools(calls: Pick<Calls, 'call'>, prefix: string): Promise<void> {
  for (const { name } of await listJobs(calls, prefix, { WarmPoolStatusEquals: 'Available' }))
    await calls.call('keepWarm', name, 0)
}
