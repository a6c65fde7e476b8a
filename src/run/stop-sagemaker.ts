/** Stops every training job of an experiment, also where nobody runs it any more. */
import { join } from 'node:path'
import { Calls } from '../backends/sagemaker/calls.js'
import { connect } from '../backends/sagemaker/clients.js'
import { listJobs } from '../backends/sagemaker/job-lists.js'
import { ServiceFault } from '../backends/sagemaker/service-fault.js'
import { BenchError } from '../core/errors.js'
import { journalWriter } from '../store/journal-lock.js'
import { readSageMakerRuns } from './sagemaker-runs.js'

/**
 * @param calls default: those of the region that the run directory names
 * @returns the names of the jobs that were in progress and were asked to stop
 * @throws BenchError if a process still runs the experiment: it would give its trials new jobs
 */
export async function stopSageMakerRuns(directory: string, calls?: Calls): Promise<readonly string[]> {
  const { prefix, region, endpoints } = readSageMakerRuns(directory)
  const holder = journalWriter(join(directory, 'runs'))
  if (holder !== undefined)
    throw new BenchError(
      `process ${holder.pid} on ${holder.host} runs the experiment in ${directory}; end it (Ctrl-C), it stops its jobs itself`,
    )
  const gate = calls ?? new Calls(await connect(region, endpoints))
  const names = (await listJobs(gate, prefix, { StatusEquals: 'InProgress' })).map(({ name }) => name)
  for (const name of names) await stop(gate, name)
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
