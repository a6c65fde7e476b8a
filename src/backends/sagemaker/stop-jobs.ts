/** Stops whatever is in progress of an experiment or of a run, whoever began it. */
import type { Calls } from './calls.js'
import { listJobs } from './job-lists.js'
import { ServiceFault } from './service-fault.js'
import { endWarmPools } from './warm-pools.js'

/**
 * @param prefix what the names of its jobs begin with
 * @returns the names of the jobs that were in progress and were asked to stop
 */
export async function stopJobs(calls: Calls, prefix: string): Promise<readonly string[]> {
  const names = (await listJobs(calls, prefix, { StatusEquals: 'InProgress' })).map(({ name }) => name)
  for (const name of names) await stop(calls, name)
  return names
}

/** The same, and machines that wait for another job of it are given back. */
export async function stopAll(calls: Calls, prefix: string): Promise<readonly string[]> {
  const names = await stopJobs(calls, prefix)
  await endWarmPools(calls, prefix)
  return names
}

async function stop(calls: Calls, name: string): Promise<void> {
  try {
    await calls.call('stopTrainingJob', name)
  } catch (error) {
    // It has ended in between.
    if (!(error instanceof ServiceFault) || (error.kind !== 'gone' && error.kind !== 'invalid')) throw error
  }
}
