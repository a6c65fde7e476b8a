/** Stops every training job of an experiment, also where nobody runs it any more. */
import { join } from 'node:path'
import { Calls } from '../../backends/sagemaker/calls.js'
import { connect } from '../../backends/sagemaker/clients.js'
import { firstCall } from '../../backends/sagemaker/first-call.js'
import { stopAll } from '../../backends/sagemaker/stop-jobs.js'
import { BenchError } from '../../core/errors.js'
import { journalWriter } from '../../store/journal-lock.js'
import { type SageMakerRuns, readSageMakerRuns } from '../../store/sagemaker-runs-file.js'
import { isLaunched, readLaunch } from '../launch/launch-record.js'
import { stopTuner } from '../launch/stop-tuner.js'
import { recordingJournals, stopRecording } from '../recording/stop-recording.js'

/**
 * @param directory of a run, or where recordings are: see `recordingJournals`
 * @param calls default: those of the region that stands there
 * @returns the names of the jobs that were in progress and were asked to stop
 * @throws BenchError if a process still runs the experiment: it would give its trials new jobs
 */
export async function stopSageMakerRuns(directory: string, calls?: Calls): Promise<readonly string[]> {
  let runs: SageMakerRuns
  try {
    runs = readSageMakerRuns(directory)
  } catch (error) {
    const journals = recordingJournals(directory)
    if (journals.length === 0) throw error
    const stopped: string[] = []
    for (const journal of journals) stopped.push(...(await stopRecording(journal, calls)))
    return stopped
  }
  const { prefix, region, endpoints } = runs
  if (isLaunched(directory)) {
    const gate = calls ?? new Calls(await connect(region, endpoints))
    return [...(await stopTuner(readLaunch(directory), gate)), ...(await stopAll(gate, prefix))]
  }
  const holder = journalWriter(join(directory, 'runs'))
  if (holder !== undefined)
    throw new BenchError(
      `process ${holder.pid} on ${holder.host} runs the experiment in ${directory}; end it (Ctrl-C), it stops its jobs itself`,
    )
  const gate = calls ?? new Calls(await connect(region, endpoints))
  await firstCall(gate, 'listTrainingJobs', { NameContains: prefix, MaxResults: 1 })
  return stopAll(gate, prefix)
}
