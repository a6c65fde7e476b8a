/** Which jobs are in progress, by listing them; what is not in progress any more is asked about. */
import type { Attempts } from '../real-time/attempts.js'
import type { Attempt, Job } from './attempt.js'
import { hasEnded } from './job-end.js'
import { jobNames } from './job-lists.js'
import { jobPlace } from './job-name.js'
import type { Jobs } from './jobs.js'
import type { SageMakerBackendOptions } from './options.js'
import { ServiceFault } from './service-fault.js'
import type { JobDescription } from './services.js'

/** A job that was asked for so often in vain does not exist: what was made a moment ago may not be known everywhere yet. */
const MISSING = 3

/** What is made of a job that is not there any more. */
const DELETED = {
  TrainingJobStatus: 'Deleted' as never,
  FailureReason: 'InternalServerError: its job was deleted',
} as unknown as JobDescription

export class JobStates {
  readonly #options: Pick<SageMakerBackendOptions, 'calls' | 'run'>
  readonly #attempts: Attempts<Attempt>
  readonly #jobs: Jobs
  readonly #onEnded: (job: Job, description: JobDescription) => void
  /** The jobs in progress are known: those that a former runner left behind, too. */
  listed: boolean

  /** @param onEnded a job holds no machine any more */
  constructor(
    options: Pick<SageMakerBackendOptions, 'calls' | 'run' | 'known'>,
    attempts: Attempts<Attempt>,
    jobs: Jobs,
    onEnded: (job: Job, description: JobDescription) => void,
  ) {
    this.#options = options
    this.#attempts = attempts
    this.#jobs = jobs
    this.#onEnded = onEnded
    this.listed = options.known === undefined
  }

  /** Looks once. */
  async look(): Promise<void> {
    const { calls, run } = this.#options
    const { strays } = this.#jobs
    const asked = [...this.#jobs].filter(({ created, ended }) => created && ended === undefined)
    if (asked.length === 0 && strays.size === 0 && this.listed) return
    const active = new Set(await jobNames(calls, run.prefix, { StatusEquals: 'InProgress' }))
    if (!this.listed || strays.size > 0 || asked.some(({ stopWanted }) => stopWanted))
      for (const name of await jobNames(calls, run.prefix, { StatusEquals: 'Stopping' })) active.add(name)
    for (const name of strays.keys()) if (!active.has(name)) strays.delete(name)
    for (const name of active) this.#notice(name)
    this.listed = true
    for (const job of asked) {
      if (active.has(job.name)) job.missing = 0
      else await this.#lookAt(job)
    }
  }

  /** A job in progress that nobody here knows is of a runner that was killed. */
  #notice(name: string): void {
    const place = jobPlace(this.#options.run.prefix, name)
    if (place === undefined || this.#jobs.has(name)) return
    // One that is about to be gone on with.
    for (const { trial, number, restarts } of this.#attempts)
      if (trial === place.trial && number === place.attempt && restarts === place.restarts && !this.#attempts.closing)
        return
    this.#jobs.stopStray(name, place.trial)
  }

  async #lookAt(job: Job): Promise<void> {
    let description: JobDescription
    try {
      description = await this.#options.calls.call('describeTrainingJob', job.name)
    } catch (error) {
      if (!(error instanceof ServiceFault) || error.kind !== 'gone') throw error
      if (++job.missing < MISSING) return
      description = DELETED
    }
    if (hasEnded(description.TrainingJobStatus)) this.#onEnded(job, description)
  }
}
