/** Gives attempts their jobs. */
import { messageOf } from '../../core/errors.js'
import type { Attempts } from '../real-time/attempts.js'
import { restSeconds } from '../real-time/back-off.js'
import type { Attempt, Job } from './attempt.js'
import { JobLog } from './job-log.js'
import { jobStart } from './job-record.js'
import { jobRequest } from './job-request.js'
import type { Jobs } from './jobs.js'
import type { Naps } from './naps.js'
import type { SageMakerBackendOptions } from './options.js'
import { ReportOrder } from './report-order.js'
import { ServiceFault } from './service-fault.js'

/** Seconds before a job is asked for again where no machines are to be had. */
const LIMIT_REST = 15

/** What the backend does where there is no job. */
export interface CreationHooks {
  /** Whether an attempt's job has to wait for an earlier one of its trial. */
  readonly mustWait: (attempt: Attempt) => boolean
  readonly onFailed: (attempt: Attempt, reason: string) => void
  /** It was halted before it had a job. */
  readonly onReleased: (attempt: Attempt) => void
  readonly onWarning: (text: string) => void
}

export class JobCreation {
  readonly #options: SageMakerBackendOptions
  readonly #attempts: Attempts<Attempt>
  readonly #jobs: Jobs
  readonly #naps: Naps
  readonly #hooks: CreationHooks

  constructor(
    options: SageMakerBackendOptions,
    attempts: Attempts<Attempt>,
    jobs: Jobs,
    naps: Naps,
    hooks: CreationHooks,
  ) {
    this.#options = options
    this.#attempts = attempts
    this.#jobs = jobs
    this.#naps = naps
    this.#hooks = hooks
  }

  /**
   * Gives an attempt a job; never throws.
   *
   * @param again the service may know it already
   * @param rest seconds to wait before
   */
  async create(state: Attempt, again: boolean, rest = 0): Promise<void> {
    this.#jobs.creating++
    let fault: string | undefined
    try {
      if (rest > 0) await this.#naps.take(rest)
      // The job before must have written its checkpoint, and its log be known.
      while (state.halted === undefined && this.#hooks.mustWait(state))
        await this.#naps.take(this.#options.config.pollSeconds)
      fault = await this.#askUntilThere(state, again)
    } catch (error) {
      fault = messageOf(error)
    }
    const { job } = state
    const created = fault === undefined && job?.created === true
    if (!created && job !== undefined) this.#jobs.forget(job)
    if (state.halted === undefined) {
      if (fault !== undefined) this.#hooks.onFailed(state, fault)
    } else if (created) void this.#jobs.stop(job)
    else this.#hooks.onReleased(state)
    this.#jobs.creating--
  }

  /** Asks again as long as there are no machines, unless it is halted. @returns why there is no job */
  async #askUntilThere(state: Attempt, again: boolean): Promise<string | undefined> {
    for (let tries = 0; state.halted === undefined; tries++) {
      const fault = await this.#ask(state, again || tries > 0)
      if (fault === undefined) return undefined
      if (fault.kind !== 'limit' && fault.kind !== 'capacity') return fault.message
      if (tries === 0) this.#hooks.onWarning(`trial ${state.trial} waits for machines: ${fault.message}`)
      await this.#naps.take(restSeconds(Math.min(tries, 2), LIMIT_REST) * (0.5 + Math.random() / 2))
    }
    return undefined
  }

  /** @param again first looks whether there is such a job. @returns why there is none */
  async #ask(state: Attempt, again: boolean): Promise<ServiceFault | undefined> {
    const { config, run, calls, seedOf, resource, onJob } = this.#options
    const { trial, number, restarts, level } = state
    const seed = seedOf?.(trial, state.config)
    const request = jobRequest(config, run, { trial, attempt: number, restarts, config: state.config, seed, level })
    const name = request.TrainingJobName
    const job: Job = {
      name,
      attempt: state,
      log: new JobLog(calls, name),
      order: new ReportOrder(resource, config.logSettleSeconds),
      begun: this.#attempts.now(),
      created: false,
      stopWanted: false,
      missing: 0,
      ended: undefined,
      reads: 0,
      trainingSince: Number.NaN,
    }
    state.job = job
    this.#jobs.add(job)
    onJob?.(jobStart(job))
    try {
      if (!again || !(await this.#exists(name))) await calls.call('createTrainingJob', request)
    } catch (error) {
      if (!(error instanceof ServiceFault)) throw error
      // Its answer was lost: names are used once, so this is ours.
      if (error.kind !== 'exists') return error
    }
    job.created = true
    return undefined
  }

  async #exists(name: string): Promise<boolean> {
    try {
      await this.#options.calls.call('describeTrainingJob', name)
      return true
    } catch (error) {
      if (error instanceof ServiceFault && error.kind === 'gone') return false
      throw error
    }
  }
}
