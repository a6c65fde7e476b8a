/** Gives attempts their jobs: new ones, or those that a former runner made for them. */
import { BenchError, messageOf } from '../../core/errors.js'
import type { TrialId } from '../../core/trial.js'
import type { Attempts } from '../real-time/attempts.js'
import { restSeconds } from '../real-time/back-off.js'
import type { Attempt, Job } from './attempt.js'
import { Beginnings } from './beginnings.js'
import type { CheckpointPlaces } from './checkpoint-places.js'
import { findJob } from './find-job.js'
import type { FormerJobs } from './former-jobs.js'
import { jobStart } from './job-record.js'
import { sameTraining } from './job-request.js'
import type { Jobs } from './jobs.js'
import type { Naps } from './naps.js'
import { newJob } from './new-job.js'
import type { SageMakerBackendOptions } from './options.js'
import { ServiceFault } from './service-fault.js'
import type { JobDescription } from './services.js'

/** Seconds before a job is asked for again where no machines are to be had. */
const LIMIT_REST = 15

const QUOTA_CURE =
  'the quota is too small for one job: ask for a larger one in the console (Service Quotas, Amazon SageMaker), or use another instance type'

export interface CreationParts {
  readonly attempts: Attempts<Attempt>
  readonly jobs: Jobs
  readonly former: FormerJobs
  readonly naps: Naps
  /** Seconds of training up to the last report, by trial. */
  readonly trained: ReadonlyMap<TrialId, number>
  readonly places: CheckpointPlaces
}

export interface CreationHooks {
  /** A job of the trial that a former runner made and that is over: what does its log say? */
  readonly onFormer: (job: Job, description: JobDescription) => Promise<void>
  readonly onFailed: (attempt: Attempt, reason: string) => void
  /** There is no connection to be had: nothing is wrong with the attempt, and the run cannot go on. */
  readonly onFatal: (error: ServiceFault) => void
  /** It was halted before it had a job. */
  readonly onReleased: (attempt: Attempt) => void
  /** It has no job, and the service knows none of its name. */
  readonly onNever: (job: Job) => void
  readonly onWarning: (text: string) => void
}

export class JobCreation {
  readonly #options: SageMakerBackendOptions
  readonly #parts: CreationParts
  readonly #hooks: CreationHooks
  readonly #beginnings: Beginnings
  /** Trials whose former jobs' logs were read. */
  readonly #caughtUp = new Set<TrialId>()

  constructor(options: SageMakerBackendOptions, parts: CreationParts, hooks: CreationHooks) {
    this.#options = options
    this.#parts = parts
    this.#hooks = hooks
    this.#beginnings = new Beginnings(options, parts, (text) => hooks.onWarning(text))
  }

  /** Gives an attempt a job; never throws. @param rest seconds to wait before */
  async create(state: Attempt, rest = 0): Promise<void> {
    const { jobs, naps } = this.#parts
    jobs.creating++
    let fault: string | undefined
    try {
      if (rest > 0) await naps.take(rest)
      await this.#waitForFormer(state)
      if (state.halted === undefined) await this.#obtain(state)
    } catch (error) {
      if (error instanceof ServiceFault && error.kind === 'certificate') this.#hooks.onFatal(error)
      else fault = messageOf(error)
    }
    const { job } = state
    const created = fault === undefined && job?.created === true
    if (!created && job !== undefined) jobs.forget(job)
    if (state.halted === undefined) {
      if (fault !== undefined) this.#hooks.onFailed(state, fault)
    } else if (created) void jobs.stop(job)
    else this.#hooks.onReleased(state)
    if (!created && job !== undefined) await this.#writeOff(job)
    jobs.creating--
  }

  /** A job that was refused, or not asked for any more, never was: without its end its cost would be said to be missing. */
  async #writeOff(job: Job): Promise<void> {
    try {
      await this.#options.calls.once('describeTrainingJob', job.name)
    } catch (error) {
      if (!(error instanceof ServiceFault) || error.kind !== 'gone') return
      this.#hooks.onNever(job)
    }
  }

  /** The job before must have written its checkpoint, and its log be known. */
  async #waitForFormer(state: Attempt): Promise<void> {
    const { attempts, jobs, former, naps } = this.#parts
    const { pollSeconds, logSettleSeconds } = this.#options.config
    while (state.halted === undefined && (!former.listed || jobs.anyOf(state.trial))) await naps.take(pollSeconds)
    const gone = jobs.strayGone.get(state.trial)
    if (gone === undefined || state.halted !== undefined) return
    const rest = gone + logSettleSeconds - attempts.now()
    if (rest > 0) await naps.take(rest)
  }

  /** Asks again as long as there are no machines, unless it is halted. @throws ServiceFault where there cannot be a job */
  async #obtain(state: Attempt): Promise<void> {
    const { former, jobs, naps } = this.#parts
    const { trial } = state
    state.restarts = Math.max(state.restarts, former.restarts(trial, state.number))
    await this.#catchUp(state)
    let job = await this.#begin(state)
    for (let tries = 0; state.halted === undefined;)
      try {
        if (job === undefined || (await this.#make(job, tries > 0))) return
        this.#hooks.onWarning(
          `job ${job.name} trains another configuration, of a run that went on otherwise; trial ${trial} gets a new job`,
        )
        jobs.forget(job)
        state.restarts++
        job = await this.#begin(state)
      } catch (error) {
        if (!(error instanceof ServiceFault) || (error.kind !== 'limit' && error.kind !== 'capacity')) throw error
        if (neverEnough(error.message)) throw new BenchError(`${error.message}; ${QUOTA_CURE}`, { cause: error })
        if (tries === 0) this.#hooks.onWarning(`trial ${trial} waits for machines: ${error.message}`)
        await naps.take(restSeconds(Math.min(tries++, 2), LIMIT_REST) * (0.5 + Math.random() / 2))
      }
  }

  /** From here on the job is known, whatever becomes of it. @returns undefined where it is not wanted any more */
  async #begin(state: Attempt): Promise<Job | undefined> {
    const { attempts, former, jobs, trained } = this.#parts
    const { trial, number, copied } = state
    await this.#beginnings.prepare(state)
    if (state.halted !== undefined) return undefined
    state.continues = (number > 0 || state.restarts > 0) && (!copied || trained.has(trial))
    state.jumped = false
    const { TrainingJobName: name } = this.#beginnings.request(state)
    const before = former.trainedBefore(name) ?? trained.get(trial) ?? 0
    const job = newJob(this.#options, { name, attempt: state, begun: attempts.now(), trained: before })
    state.job = job
    jobs.add(job)
    this.#options.onJob?.(jobStart(job))
    return job
  }

  /** @param look first looks whether there is such a job. @returns whether there is one now; not where another one has its name */
  async #make(job: Job, look: boolean): Promise<boolean> {
    const { former, places } = this.#parts
    const { calls } = this.#options
    const { attempt } = job
    const wanted = (): boolean => attempt.halted === undefined
    const request = this.#beginnings.request(attempt)
    let there = look || former.has(job.name) ? await findJob(calls, job.name, wanted) : undefined
    if (there === undefined)
      try {
        await calls.callWhile(wanted, 'createTrainingJob', request)
      } catch (error) {
        // Its answer was lost, or a runner made it that died.
        if (!(error instanceof ServiceFault) || error.kind !== 'exists') throw error
        there = await findJob(calls, job.name, wanted)
      }
    if (there !== undefined && !sameTraining(there, request)) return false
    places.has(job.attempt.trial, (there ?? request).CheckpointConfig?.S3Uri)
    job.former = former.has(job.name)
    const since = (there?.TrainingStartTime ?? there?.CreationTime)?.getTime()
    if (since !== undefined) job.ranBefore = Math.max(0, (Date.now() - since) / 1000)
    job.created = true
    const time = this.#parts.attempts.now()
    const usdPerHour = Number.isNaN(job.attempt.usdPerHour) ? null : job.attempt.usdPerHour
    this.#options.onJobMade?.({ job: job.name, time, since: job.begun - job.ranBefore, usdPerHour })
    return true
  }

  /**
   * What a trial reported to a former runner, or after its death, counts. Its last job is gone on with; the logs of those before
   * it are read once, as they may hold levels that were never delivered.
   */
  async #catchUp(state: Attempt): Promise<void> {
    const { attempts, former, places, trained } = this.#parts
    const { trial } = state
    if (this.#caughtUp.has(trial)) return
    this.#caughtUp.add(trial)
    const request = this.#beginnings.request(state)
    // What is found is kept as if it had been read then.
    const attempt: Attempt = { ...state, halted: 'pause' }
    const wanted = (): boolean => state.halted === undefined
    for (const name of former.jobsOf(trial)) {
      const description =
        name === request.TrainingJobName ? undefined : await findJob(this.#options.calls, name, wanted)
      if (description === undefined || !sameTraining(description, request)) continue
      places.has(trial, description.CheckpointConfig?.S3Uri)
      state.begins = 'own'
      const before = former.trainedBefore(name) ?? trained.get(trial) ?? 0
      const job = newJob(this.#options, { name, attempt, begun: attempts.now(), trained: before })
      await this.#hooks.onFormer(job, description)
    }
  }
}

/** Whether a quota, as `ResourceLimitExceeded` says it, is less than the one job asks for. */
function neverEnough(message: string): boolean {
  const [, limit] = /\bis (\d+) instances?\b/i.exec(message) ?? []
  const [, asked = '1'] = /\brequest delta of (\d+) instances?\b/i.exec(message) ?? []
  return limit !== undefined && Number(limit) < Number(asked)
}
