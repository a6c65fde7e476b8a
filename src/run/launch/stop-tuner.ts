/** Ends a launched tuner; it then stops its jobs itself, as far as it is given the time. */
import type { Calls } from '../../backends/sagemaker/calls.js'
import { firstCall } from '../../backends/sagemaker/first-call.js'
import { hasEnded } from '../../backends/sagemaker/job-end.js'
import { ServiceFault } from '../../backends/sagemaker/service-fault.js'
import type { LaunchRecord } from './launch-record.js'

/**
 * Waits until it has ended: until then it might give its trials new jobs.
 *
 * @returns its name if it was running; a job that somebody deleted was not
 */
export async function stopTuner({ jobs, pollSeconds }: LaunchRecord, calls: Calls): Promise<readonly string[]> {
  const job = jobs.at(-1)!
  if (hasEnded(await tunerStatus(job, calls))) return []
  try {
    await calls.call('stopTrainingJob', job)
    while (!hasEnded((await calls.call('describeTrainingJob', job)).TrainingJobStatus))
      await new Promise((resolve) => {
        setTimeout(resolve, pollSeconds * 1000)
      })
  } catch (error) {
    // Deleted, or ended in between.
    if (!(error instanceof ServiceFault) || (error.kind !== 'gone' && error.kind !== 'invalid')) throw error
  }
  return [job]
}

/** As the service says; `Deleted` where it knows none of that name. @throws BenchError without credentials or an answer */
export async function tunerStatus(job: string, calls: Calls): Promise<string | undefined> {
  try {
    return (await firstCall(calls, 'describeTrainingJob', job)).TrainingJobStatus
  } catch (error) {
    if (error instanceof ServiceFault && error.kind === 'gone') return 'Deleted'
    throw error
  }
}
