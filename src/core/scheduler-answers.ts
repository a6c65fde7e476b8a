/** What a scheduler may answer; one that is a user's module may answer anything. */
import { BenchError, show } from './errors.js'
import type { Decision, Job } from './scheduler.js'
import type { TrialId } from './trial.js'

/** @throws BenchError unless it is a decision */
export function checkDecision(decision: Decision, trial: TrialId): void {
  if (decision === 'continue' || decision === 'pause' || decision === 'stop') return
  throw new BenchError(
    `the scheduler answered ${show(decision)} to a report of trial ${trial}; it must answer "continue", "pause" or "stop"`,
    { exitCode: 1 },
  )
}

/** @throws BenchError unless it is a job */
export function checkJob(job: Exclude<Job, string>): void {
  if (job?.kind === 'start' || job?.kind === 'resume') return
  throw new BenchError(
    `the scheduler answered ${show(job)} to a free worker; it must answer a job to start or resume, "wait" or "exhausted"`,
    { exitCode: 1 },
  )
}

/** @param busy workers that hold a trial. @throws BenchError if there is nothing to wait for */
export function checkWait(busy: number): void {
  if (busy > 0) return
  throw new BenchError(
    'the scheduler waits while nothing is running, so it would wait for ever; it should answer "exhausted"',
    { exitCode: 1 },
  )
}
