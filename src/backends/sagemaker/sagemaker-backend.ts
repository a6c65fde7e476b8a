/** Trials as training jobs of SageMaker: one job per attempt, reports from its log, states by listing. */
import type { BackendEvent, RealTimeBackend } from '../../core/backend.js'
import { BenchError, messageOf } from '../../core/errors.js'
import type { Config } from '../../core/space.js'
import type { TrialId } from '../../core/trial.js'
import { Attempts } from '../real-time/attempts.js'
import { restSeconds } from '../real-time/back-off.js'
import { LateReports } from '../real-time/late-reports.js'
import { LostLevels } from '../real-time/lost-levels.js'
import type { Attempt, Job } from './attempt.js'
import { Bills } from './bills.js'
import { CheckpointPlaces } from './checkpoint-places.js'
import { FormerJobs } from './former-jobs.js'
import { tellAtEnd } from './interruptions.js'
import { JobCreation } from './job-creation.js'
import { NOT_THERE, endedRecord } from './job-record.js'
import { JobReports } from './job-reports.js'
import { machineOf } from './job-request.js'
import { JobStates } from './job-states.js'
import { Jobs } from './jobs.js'
import { Naps } from './naps.js'
import type { JobStart } from './job-lines.js'
import type { SageMakerBackendOptions } from './options.js'
import type { JobDescription } from './services.js'
import { goBack, sequelOf } from './sequel.js'
import { WarmPools, endWarmPools } from './warm-pools.js'

const CLOSE_SECONDS = 900

/**
 * Two loops run as long as there are jobs: one looks at their states (`JobStates`), one reads their logs (`JobReports`). Reports
 * are delivered at the time that stands in the log, made monotonic; `next` never makes a call.
 */
export class SageMakerBackend implements RealTimeBackend {
  readonly #options: SageMakerBackendOptions
  readonly #attempts: Attempts<Attempt>
  readonly #jobs: Jobs
  readonly #late = new LateReports()
  readonly #naps = new Naps()
  readonly #lost: LostLevels
  readonly #places = new CheckpointPlaces()
  /** From whose checkpoint a trial began. */
  readonly #donors = new Map<TrialId, TrialId>()
  readonly #states: JobStates
  readonly #reports: JobReports
  readonly #creation: JobCreation
  readonly #bills: Bills
  readonly #pools: WarmPools
  #loops: Promise<unknown> | undefined

  /** @throws BenchError for a bad option */
  constructor(given: SageMakerBackendOptions) {
    const onJob = (job: JobStart): void => {
      this.#pools.taken({ type: job.instanceType, count: job.instanceCount }, job.time)
      given.onJob?.(job)
    }
    const onWarning = given.onWarning ?? ((text: string): void => process.emitWarning(text))
    const options = (this.#options = { ...given, onJob, onWarning, calls: given.calls.forRun() })
    this.#pools = new WarmPools(given.config.warmPool?.keepAliveSeconds ?? 0)
    this.#bills = options.bills ?? new Bills()
    const attempts = (this.#attempts = new Attempts<Attempt>(options))
    const jobs = (this.#jobs = new Jobs(options.calls, onWarning))
    const former = new FormerJobs(options.run.prefix, options.former)
    const trained = new Map<TrialId, number>(options.former?.trained)
    this.#states = new JobStates(options, attempts, jobs, former, (job, end) => this.#onEnded(job, end))
    const lost = (this.#lost = new LostLevels(options.former?.interrupted))
    const reports = new JobReports(options, attempts, jobs, this.#late, lost, trained, (job, end) =>
      this.#onRead(job, end),
    )
    this.#reports = reports
    const parts = { attempts, jobs, former, naps: this.#naps, trained, places: this.#places }
    this.#creation = new JobCreation(options, parts, {
      onFormer: (job, description) => reports.readFormer(job, description),
      onFailed: (attempt, reason) => attempts.emit(attempt, { kind: 'end', state: 'failed', reason }),
      onFatal: (error) => attempts.fail(new BenchError(error.message, { exitCode: 1, cause: error })),
      onReleased: (attempt) => this.#release(attempt),
      onNever: (job) => this.#record(job, NOT_THERE),
      onWarning,
    })
  }

  get workers(): number {
    return this.#attempts.workers
  }

  get busy(): number {
    return this.#attempts.busy
  }

  get idle(): number {
    return this.#attempts.idle
  }

  /** Of all that hold a worker, of jobs that go on after theirs was given to another trial, and of machines that wait. */
  get usdPerHour(): number {
    let sum = this.#pools.usdPerHour(this.now())
    for (const { usdPerHour } of this.#attempts) sum += usdPerHour
    for (const { attempt, ended } of this.#jobs)
      if (ended === undefined && !this.#attempts.has(attempt)) sum += attempt.usdPerHour
    return sum
  }

  /**
   * What jobs that have ended were billed, what the others cost if they were billed since they were asked for, and machines
   * that waited.
   */
  get usdSpent(): number {
    let spent = this.#bills.usd + this.#pools.usd(this.now())
    for (const { name, attempt, begun, ranBefore, created } of this.#jobs)
      if (created && !this.#bills.has(name)) spent += (attempt.usdPerHour * (this.now() - begun + ranBefore)) / 3600
    return spent
  }

  now(): number {
    return this.#attempts.now()
  }

  start(trial: TrialId, attempt: number, config: Config, from: number, _until: number, source?: TrialId): void {
    if (source !== undefined) {
      if (!this.#options.run.checkpoints)
        throw new BenchError("the scheduler starts a trial from a copy of another's checkpoint, but trials keep none")
      this.#donors.set(trial, source)
    }
    const machine = machineOf(config, this.#options.config)
    const price = this.#options.usdPerHourOf(machine.type)
    const state: Attempt = {
      trial,
      number: attempt,
      config,
      machine,
      usdPerHour: (price ?? Number.NaN) * machine.count,
      level: from,
      repeated: 0,
      source: '',
      halted: undefined,
      released: false,
      fault: '',
      job: undefined,
      restarts: 0,
      crashes: 0,
      losses: 0,
      begins: source === undefined ? 'own' : 'copy',
      donor: this.#donors.get(trial),
      copied: source !== undefined,
      copiedAgain: false,
      fresh: false,
      continues: false,
      jumped: false,
    }
    this.#attempts.add(state)
    void this.#creation.create(state)
    this.#loops ??= Promise.all([this.#loop(() => this.#states.look()), this.#loop(() => this.#reports.read())])
  }

  halt(trial: TrialId, how: 'pause' | 'stop'): void {
    const state = this.#attempts.latest(trial)
    if (state === undefined || state.halted !== undefined) return
    state.halted = how
    const withdrawn = this.#attempts.withdraw(state)
    const ended = withdrawn.some(({ kind }) => kind === 'end')
    if (how === 'pause') for (const event of withdrawn) if (event.kind === 'report') this.#late.keep(trial, event)
    const { job } = state
    if (job !== undefined) void this.#jobs.stop(job)
    // Nobody reads the log of a stopped trial to its end.
    if (how === 'stop' && job?.ended !== undefined) this.#forget(job)
    if (ended || this.#options.config.refill === 'at-once') this.#release(state)
    // Attempts that are being given a job are released by whoever does that.
    else if (job?.ended !== undefined) this.#release(state)
  }

  next(deadline: number): Promise<BackendEvent | undefined> {
    return this.#attempts.next(deadline)
  }

  close(): Promise<void> {
    return this.#attempts.close(() => this.#endAll())
  }

  async #endAll(): Promise<void> {
    const { calls, closeSeconds = CLOSE_SECONDS, config, run } = this.#options
    for (const attempt of this.#attempts) attempt.halted ??= 'stop'
    for (const job of this.#jobs) void this.#jobs.stop(job)
    this.#naps.wake()
    calls.hurry()
    if (this.#loops === undefined) return
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), closeSeconds * 1000)
    })
    const over = await Promise.race([this.#loops, late])
    clearTimeout(timer)
    if (over === 'late' || this.#jobs.left > 0) {
      calls.giveUp()
      this.#warn(`${this.#jobs.left} training jobs may still be running; end them with "bench stop"`)
    }
    if (config.warmPool === undefined) return
    try {
      await endWarmPools(calls, run.prefix)
    } catch (error) {
      this.#warn(`warm pools could not be ended, they end by themselves: ${messageOf(error)}`)
    }
  }

  /** Does something again and again, as long as there are jobs or there may be. */
  async #loop(pass: () => Promise<void>): Promise<void> {
    const goesOn = (): boolean => !this.#attempts.closing || this.#jobs.left > 0
    try {
      while (!this.#attempts.failed && goesOn()) {
        await pass()
        if (goesOn()) await this.#naps.take(this.#options.config.pollSeconds)
      }
    } catch (error) {
      this.#attempts.fail(new BenchError(messageOf(error), { exitCode: 1, cause: error }))
      this.#naps.wake()
    }
  }

  /** A job holds no machine any more. */
  #onEnded(job: Job, description: JobDescription): void {
    const { halted } = job.attempt
    job.ended = { description, at: this.now() }
    this.#record(job, description)
    if (halted !== undefined) this.#release(job.attempt)
    if (halted === 'stop' || this.#attempts.closing) this.#forget(job)
  }

  /** All of its log that is wanted was read: interruptions after its last report were not told yet. */
  #forget(job: Job): void {
    if (job.ended !== undefined) tellAtEnd(job, job.ended.description, this.#options)
    this.#jobs.forget(job)
  }

  #record(job: Job, description: JobDescription): void {
    const { machine, usdPerHour } = job.attempt
    const record = endedRecord(job, description, this.now(), this.#options)
    this.#bills.add(record)
    if (description.TrainingJobStatus === 'Completed') this.#pools.left(machine, usdPerHour, this.now())
    this.#options.onJobEnd?.(record)
  }

  /** The log of a job that has ended is read: what becomes of its attempt? */
  #onRead(job: Job, description: JobDescription): void {
    const { attempt, log } = job
    this.#forget(job)
    if (log.unreadable > 0) this.#warn(`trial ${attempt.trial}: ${log.unreadable} report lines could not be read`)
    if (attempt.halted !== undefined) return
    // Where its checkpoint held all levels it had nothing left to say.
    if (description.TrainingJobStatus === 'Completed' && attempt.fault === '' && !attempt.jumped)
      this.#reports.deliverLate(attempt, Infinity, this.now())
    const { kind, reason, ...more } = sequelOf(job, description, this.#options, this.#lost)
    const from = kind === 'back' ? goBack(attempt) : undefined
    if (from !== undefined) {
      this.#places.leave(attempt.trial)
      this.#again(attempt, `${reason}; again from ${from}`, 0)
    } else if (kind === 'again') this.#again(attempt, reason, 'counts' in more ? attempt[more.counts!]++ : 0)
    else this.#attempts.emit(attempt, { kind: 'end', state: kind === 'completed' ? kind : 'failed', reason })
  }

  /** Gives an attempt another job, after a rest. @param before how often that was done for the same reason */
  #again(attempt: Attempt, reason: string, before: number): void {
    attempt.restarts++
    attempt.job = undefined
    this.#warn(`trial ${attempt.trial} gets another job: ${reason}`)
    this.#attempts.emit(attempt, { kind: 'restart', reason })
    const rest = restSeconds(before, this.#options.firstRest) * (0.5 + Math.random() / 2)
    void this.#creation.create(attempt, rest)
  }

  #release(state: Attempt): void {
    if (state.released) return
    state.released = true
    this.#attempts.emit(state, { kind: 'released' })
  }

  #warn(text: string): void {
    this.#options.onWarning?.(text)
  }
}
