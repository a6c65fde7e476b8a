/** What the end of a training job means for its trial. */
import type { JobDescription } from './services.js'

/**
 * - `completed`; `stopped` because it was asked for
 * - `crashed`: by the program; it may do better next time
 * - `lost`: by the service or by others; it is to be run again
 * - `failed`: running it again would not help
 */
export interface JobEnd {
  readonly kind: 'completed' | 'stopped' | 'crashed' | 'lost' | 'failed'
  readonly reason: string
}

const ENDED: ReadonlySet<string> = new Set(['Completed', 'Failed', 'Stopped', 'Deleted'])

/** Whether a job holds no machine any more. */
export function hasEnded(status: string | undefined): boolean {
  return status !== undefined && ENDED.has(status)
}

/**
 * Reasons of failure begin with what failed: `AlgorithmError` (the container), `ClientError` (the request or its data),
 * `InternalServerError` (the service), `CapacityError` (no machines). Sources: SageMaker API reference, DescribeTrainingJob
 * (SecondaryStatus), and AWS Batch user guide, sm_job_stuck_in_runnable_capacity, for capacity.
 *
 * @param asked whether this program asked for the job to be stopped
 */
export function jobEnd({ TrainingJobStatus, SecondaryStatus, FailureReason }: JobDescription, asked: boolean): JobEnd {
  const reason = (FailureReason ?? '').replaceAll(/\s+/g, ' ').slice(0, 500)
  if (TrainingJobStatus === 'Completed') return { kind: 'completed', reason: '' }
  if (TrainingJobStatus === 'Stopped') {
    if (SecondaryStatus === 'MaxRuntimeExceeded') return { kind: 'failed', reason: 'ran longer than maxRunSeconds' }
    if (asked) return { kind: 'stopped', reason: '' }
    if (SecondaryStatus === 'MaxWaitTimeExceeded')
      return { kind: 'lost', reason: 'no spot machine was to be had within spot.maxWaitSeconds' }
    return { kind: 'lost', reason: 'somebody else stopped its job' }
  }
  if (String(TrainingJobStatus) === 'Deleted') return { kind: 'lost', reason: 'somebody else deleted its job' }
  if (/^(CapacityError|InsufficientCapacity)/.test(reason) || /capacity/i.test(reason.split(':')[0]!))
    return { kind: 'lost', reason }
  if (reason.startsWith('InternalServerError')) return { kind: 'lost', reason }
  if (reason.startsWith('AlgorithmError')) return { kind: 'crashed', reason }
  return { kind: 'failed', reason: reason === '' ? `its job ended as ${TrainingJobStatus ?? 'nothing known'}` : reason }
}
