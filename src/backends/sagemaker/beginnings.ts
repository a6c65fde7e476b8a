/** Sees to what the next job of a trial finds as its checkpoint. */
import type { TrialId } from '../../core/trial.js'
import type { Attempts } from '../real-time/attempts.js'
import type { Attempt } from './attempt.js'
import type { CheckpointPlaces } from './checkpoint-places.js'
import { copyCheckpoint } from './copy-checkpoint.js'
import { findJob } from './find-job.js'
import type { FormerJobs } from './former-jobs.js'
import { jobRequest, sameTraining } from './job-request.js'
import type { Jobs } from './jobs.js'
import type { Naps } from './naps.js'
import { listObjects } from './object-lists.js'
import type { SageMakerBackendOptions } from './options.js'
import type { JobRequest } from './services.js'

export interface BeginningsParts {
  readonly attempts: Attempts<Attempt>
  readonly jobs: Jobs
  readonly former: FormerJobs
  readonly naps: Naps
  readonly places: CheckpointPlaces
}

/** What a request for a job needs to know of an attempt. */
type Requested = Pick<Attempt, 'trial' | 'number' | 'restarts' | 'level' | 'config'>

export class Beginnings {
  readonly #options: SageMakerBackendOptions
  readonly #parts: BeginningsParts
  readonly #onWarning: (text: string) => void

  constructor(options: SageMakerBackendOptions, parts: BeginningsParts, onWarning: (text: string) => void) {
    this.#options = options
    this.#parts = parts
    this.#onWarning = onWarning
  }

  /** The request for the attempt's next job. */
  request({ trial, number, restarts, level, config }: Requested): JobRequest {
    const seed = this.#options.seedOf?.(trial, config)
    const place = this.#parts.places.numberOf(trial)
    const purpose = { trial, attempt: number, restarts, config, seed, level, place }
    return jobRequest(this.#options.config, this.#options.run, purpose)
  }

  /** All of it is there before a job is asked for; if the runner dies in between, it is done again in another folder. */
  async prepare(state: Attempt): Promise<void> {
    if (state.begins === 'empty') await this.#emptyFolder(state)
    if (state.begins === 'copy') await this.#copy(state)
    state.begins = 'own'
  }

  async #copy(state: Attempt): Promise<void> {
    const { attempts, jobs, former, naps, places } = this.#parts
    const { calls, config, onCopied } = this.#options
    const { trial } = state
    const donor = state.donor!
    const request = this.request(state)
    const isWanted = (): boolean => state.halted === undefined && !attempts.closing
    // A former runner made the job, and the copy before.
    const there = former.has(request.TrainingJobName)
      ? await findJob(calls, request.TrainingJobName, isWanted)
      : undefined
    if (there !== undefined && sameTraining(there, request)) {
      places.has(trial, there.CheckpointConfig?.S3Uri)
      return
    }
    const from = places.uriOf(donor) ?? (await this.#formerPlace(donor, isWanted))
    const copied =
      from !== undefined &&
      (await copyCheckpoint(calls, {
        from,
        to: () => this.#emptyFolder(state),
        key: config.encryption.outputKey,
        isWritten: () => attempts.latest(donor) !== undefined || jobs.anyOf(donor),
        isWanted,
        rest: () => naps.take(config.pollSeconds),
      }))
    if (!isWanted()) return
    if (!copied) {
      this.#onWarning(`trial ${trial}: trial ${donor} has no checkpoint that it could start from, so it starts over`)
      await this.#emptyFolder(state)
      state.fresh = true
    }
    onCopied?.(trial, donor, copied ? undefined : 0)
  }

  /** The first of the trial's folders, from its present one on, in which there is nothing. */
  async #emptyFolder(state: Attempt): Promise<string> {
    for (;;) {
      const { S3Uri } = this.request(state).CheckpointConfig!
      if ((await listObjects(this.#options.calls, S3Uri!)).size === 0) return S3Uri!
      this.#parts.places.leave(state.trial)
    }
  }

  /** Where a trial that only former runners have trained keeps its checkpoints: its last job says so. */
  async #formerPlace(trial: TrialId, wanted: () => boolean): Promise<string | undefined> {
    const { former } = this.#parts
    const config = former.configOf(trial)
    if (config === undefined) return undefined
    const request = this.request({ trial, number: 0, restarts: 0, level: 0, config })
    for (const name of former.jobsOf(trial).toReversed()) {
      const job = await findJob(this.#options.calls, name, wanted)
      if (job !== undefined && sameTraining(job, request)) return job.CheckpointConfig?.S3Uri
    }
    return undefined
  }
}
