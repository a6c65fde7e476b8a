/** Spot machines that the service takes away from a job; it starts the job again on others, as the same job. */
import type { Job } from './attempt.js'
import type { SageMakerBackendOptions } from './options.js'
import type { JobDescription } from './services.js'

type Context = Pick<SageMakerBackendOptions, 'config' | 'resource' | 'run' | 'onWarning'>

/** How often that happened. Source: SageMaker API reference, DescribeTrainingJob (SecondaryStatus). */
export function interruptionsOf({ SecondaryStatusTransitions = [] }: JobDescription): number {
  return SecondaryStatusTransitions.filter(({ Status }) => Status === 'Interrupted').length
}

/** Whether its program has reported anything since it was started last. */
export function hasSaid(
  { saidAt }: Pick<Job, 'saidAt'>,
  { SecondaryStatusTransitions = [] }: Pick<JobDescription, 'SecondaryStatusTransitions'>,
): boolean {
  const taken = SecondaryStatusTransitions.findLast(({ Status }) => Status === 'Interrupted')?.StartTime?.getTime()
  return saidAt > (taken ?? -Infinity)
}

/** A report is about to count: every start of a job's one machine has a stream of its own, from 0 on. */
export function tellByStream(job: Job, stream: number, context: Context): void {
  if (context.config.spot === undefined || job.attempt.machine.count > 1) return
  tell(job, stream, `${after(job, context)}; ${startedAgain(context)}`, context)
}

/** By what the service says at the end of a job: those that its log did not show. */
export function tellAtEnd(job: Job, description: JobDescription, context: Context): void {
  const when = hasSaid(job, description) ? `; ${startedAgain(context)}` : after(job, context)
  tell(job, interruptionsOf(description), when, context)
}

/** Those that were not told yet. */
function tell(job: Job, count: number, how: string, { onWarning }: Context): void {
  for (; job.interruptions < count; job.interruptions++)
    onWarning?.(`trial ${job.attempt.trial}: its spot machine was taken away${how}`)
}

function after({ attempt: { level } }: Job, { resource }: Context): string {
  return level === 0 ? ' before its first report' : ` after ${resource} ${level}`
}

function startedAgain({ run }: Context): string {
  return `the service started it again${run.checkpoints ? ' from its checkpoint' : ''}`
}
