/** Which jobs are in progress, by listing them; what is not in progress any more is asked about. */
import type { Attempts } from '../real-time/attempts.js'
import type { Attempt, Job } from './attempt.js'
import type { FormerJobs } from './former-jobs.js'
import { hasEnded } from './job-end.js'
import { type ListedJob, listJobs } from './job-lists.js'
import { NOT_THERE } from './job-record.js'
import { jobPlace } from './job-name.js'
import type { Jobs } from './jobs.js'
import type { SageMakerBackendOptions } from './options.js'
import { ServiceFault } from './service-fault.js'
import type { JobDescription } from './services.js'

/** A job that was asked for so often in vain does not exist: what was made a moment ago may not be known everywhere yet. */
const MISSING = 3

export class JobStates {
  readonly #options: Pick<SageMakerBackendOptions, 'calls' | 'run'>
  readonly #attempts: Attempts<Attempt>
  readonly #jobs: Jobs
  readonly #former: FormerJobs
  readonly #onEnded: (job: Job, description: JobDescription) => void

  /** @param onEnded a job holds no machine any more */
  constructor(
    options: Pick<SageMakerBackendOptions, 'calls' | 'run'>,
    attempts: Attempts<Attempt>,
    jobs: Jobs,
    former: FormerJobs,
    onEnded: (job: Job, description: JobDescription) => void,
  ) {
    this.#options = options
    this.#attempts = attempts
    this.#jobs = jobs
    this.#former = former
    this.#onEnded = onEnded
  }

  /** Looks once. */
  async look(): Promise<void> {
    const { strays, strayGone } = this.#jobs
    const asked = [...this.#jobs].filter(({ created, ended }) => created && ended === undefined)
    if (asked.length === 0 && strays.size === 0 && this.#former.listed) return
    const active = await this.#active(asked)
    for (const [name, trial] of strays)
      if (!active.has(name)) {
        strays.delete(name)
        strayGone.set(trial, this.#attempts.now())
      }
    for (const name of active) this.#notice(name)
    for (const job of asked) {
      if (active.has(job.name)) job.missing = 0
      else await this.#lookAt(job)
    }
  }

  /** Names of the jobs that may hold machines. */
  async #active(asked: readonly Job[]): Promise<ReadonlySet<string>> {
    const { calls, run } = this.#options
    if (!this.#former.listed) {
      const all = await listJobs(calls, run.prefix)
      this.#former.list(all.map(({ name }) => name))
      for (const attempt of this.#attempts)
        attempt.restarts = Math.max(attempt.restarts, this.#former.restarts(attempt.trial, attempt.number))
      return namesOf(all.filter(({ status }) => !hasEnded(status)))
    }
    const active = await listJobs(calls, run.prefix, { StatusEquals: 'InProgress' })
    if (this.#jobs.strays.size > 0 || asked.some(({ stopWanted }) => stopWanted))
      active.push(...(await listJobs(calls, run.prefix, { StatusEquals: 'Stopping' })))
    return namesOf(active)
  }

  /** A job in progress that nobody here knows is of a runner that was killed. */
  #notice(name: string): void {
    const place = jobPlace(this.#options.run.prefix, name)
    if (place === undefined || this.#jobs.has(name)) return
    // One that is about to be gone on with.
    const awaited = (attempt: Attempt): boolean =>
      attempt.trial === place.trial && attempt.number === place.attempt && attempt.restarts === place.restarts
    if (this.#attempts.closing || ![...this.#attempts].some(awaited)) this.#jobs.stopStray(name, place.trial)
  }

  async #lookAt(job: Job): Promise<void> {
    let description: JobDescription
    try {
      description = await this.#options.calls.call('describeTrainingJob', job.name)
    } catch (error) {
      if (!(error instanceof ServiceFault) || error.kind !== 'gone') throw error
      if (++job.missing < MISSING) return
      description = NOT_THERE
    }
    if (hasEnded(description.TrainingJobStatus)) this.#onEnded(job, description)
  }
}

function namesOf(jobs: readonly ListedJob[]): ReadonlySet<string> {
  return new Set(jobs.map(({ name }) => name))
}
