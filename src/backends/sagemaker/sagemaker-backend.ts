/** Trials as training jobs of SageMaker: one job per attempt, reports from its log, states by listing. */
import { type BackendEvent, type RealTimeBackend, emptyEvent } from '../../core/backend.js'
import { BenchError, invalid, messageOf } from '../../core/errors.js'
import type { Config } from '../../core/space.js'
import type { TrialId } from '../../core/trial.js'
import { restSeconds } from '../real-time/back-off.js'
import { EventQueue } from '../real-time/event-queue.js'
import { type LateReport, LateReports } from '../real-time/late-reports.js'
import { type Reading, readReport, repetition } from '../real-time/reading.js'
import type { Attempt, Job } from './attempt.js'
import { jobBill } from './billing.js'
import { hasEnded, jobEnd } from './job-end.js'
import { JobLog, type LoggedReport } from './job-log.js'
import { jobPlace } from './job-name.js'
import { jobRequest, machineOf } from './job-request.js'
import type { JobStart, SageMakerBackendOptions } from './options.js'
import { ReportOrder } from './report-order.js'
import { ServiceFault } from './service-fault.js'
import type { JobDescription } from './services.js'

/** A job that was asked for so often in vain does not exist: what was made a moment ago may not be known everywhere yet. */
const MISSING = 3
/** New streams of a job that has some are looked for at every so many reads: an interrupted job gets another one. */
const STREAMS_EVERY = 6
const CLOSE_SECONDS = 900
/** Logs that are read at a time. */
const READERS = 8
/** Seconds before a job is asked for again where no machines are to be had. */
const LIMIT_REST = 15

/** What is made of a job that is not there any more. */
const DELETED = {
  TrainingJobStatus: 'Deleted' as never,
  FailureReason: 'InternalServerError: its job was deleted',
} as unknown as JobDescription

/**
 * Two loops run as long as there are jobs: one lists which of them are in progress and asks about those that are not any
 * more, one reads their logs. Reports are delivered at the time that stands in the log, made monotonic; `next` never makes a call.
 */
export class SageMakerBackend implements RealTimeBackend {
  readonly workers: number
  readonly #options: SageMakerBackendOptions
  readonly #begun = performance.now()
  /** The wall clock when it was made, in milliseconds since 1970: log lines have its time. */
  readonly #epoch = Date.now()
  /** All that hold a worker. */
  readonly #attempts = new Set<Attempt>()
  /** Jobs that have not ended or whose log is still read, by name. */
  readonly #jobs = new Map<string, Job>()
  /** Jobs of this run that a former runner left in progress and that nobody goes on with. */
  readonly #strays = new Map<string, TrialId>()
  readonly #queue = new EventQueue()
  readonly #late = new LateReports()
  readonly #elapsedOf = new Map<TrialId, number>()
  readonly #event: BackendEvent
  readonly #naps = new Set<() => void>()
  #lastTime: number
  #loops: Promise<unknown> | undefined
  /** Jobs that are being asked for. */
  #creating = 0
  /** The list of jobs was seen once. */
  #listed: boolean
  #fatal: unknown
  #closing: Promise<void> | undefined

  /** @throws BenchError for a bad option */
  constructor(options: SageMakerBackendOptions) {
    if (!Number.isInteger(options.workers) || options.workers < 1)
      throw invalid('workers', options.workers, 'must be a whole number from 1 on')
    this.#options = options
    this.workers = options.workers
    this.#event = emptyEvent(options.metrics.length)
    this.#lastTime = options.elapsed ?? 0
    this.#listed = options.known === undefined
  }

  get busy(): number {
    return this.#attempts.size
  }

  get idle(): number {
    return this.#closing === undefined ? this.workers - this.#attempts.size : 0
  }

  /** Of all that hold a worker, and of jobs that go on after theirs was given to another trial. */
  get usdPerHour(): number {
    let sum = 0
    for (const { usdPerHour } of this.#attempts) sum += usdPerHour
    for (const { attempt, ended } of this.#jobs.values())
      if (ended === undefined && !this.#attempts.has(attempt)) sum += attempt.usdPerHour
    return sum
  }

  now(): number {
    return (this.#options.elapsed ?? 0) + (performance.now() - this.#begun) / 1000
  }

  start(trial: TrialId, attempt: number, config: Config, from: number, _until: number, source?: TrialId): void {
    if (source !== undefined)
      throw new BenchError(
        "the scheduler starts a trial from a copy of another's checkpoint, which SageMaker trials cannot",
      )
    if (this.idle < 1) throw new Error(`trial ${trial} was started while no worker is free`)
    const machine = machineOf(config, this.#options.config)
    const price = this.#options.usdPerHourOf(machine.type)
    const known = this.#options.known?.get(`${trial}/${attempt}`)
    const state: Attempt = {
      trial,
      number: attempt,
      config,
      machine,
      usdPerHour: (price ?? Number.NaN) * machine.count,
      level: from,
      repeated: 0,
      source: '',
      fresh: false,
      halted: undefined,
      released: false,
      fault: '',
      job: undefined,
      restarts: known ?? 0,
      crashes: 0,
      losses: 0,
    }
    this.#attempts.add(state)
    void this.#create(state, known !== undefined)
    this.#loops ??= Promise.all([this.#loop(() => this.#lookAtStates()), this.#loop(() => this.#readLogs())])
  }

  halt(trial: TrialId, how: 'pause' | 'stop'): void {
    const state = [...this.#attempts].find((one) => one.trial === trial && one.halted === undefined)
    if (state === undefined) return
    state.halted = how
    const withdrawn = this.#queue.withdraw(trial, state.number)
    const ended = withdrawn.some(({ kind }) => kind === 'end')
    if (how === 'pause') for (const event of withdrawn) if (event.kind === 'report') this.#late.keep(trial, event)
    const { job } = state
    if (job !== undefined) void this.#stop(job)
    // Nobody reads the log of a stopped trial to its end.
    if (how === 'stop' && job?.ended !== undefined) this.#jobs.delete(job.name)
    if (ended || this.#options.config.refill === 'at-once') this.#release(state)
    // Attempts that are being given a job are released by whoever does that.
    else if (job?.ended !== undefined) this.#release(state)
  }

  async next(deadline: number): Promise<BackendEvent | undefined> {
    while (this.#closing === undefined) {
      if (this.#fatal !== undefined) throw this.#fatal
      const queued = this.#queue.peek()
      if (queued !== undefined) return queued.time > deadline ? undefined : this.#deliver(queued)
      if (this.busy === 0 || this.now() >= deadline) return undefined
      await this.#queue.wait(deadline - this.now())
    }
    return undefined
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#queue.wake()
    for (const attempt of this.#attempts) attempt.halted ??= 'stop'
    for (const job of this.#jobs.values()) void this.#stop(job)
    this.#wake()
    if (this.#loops === undefined) return
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), (this.#options.closeSeconds ?? CLOSE_SECONDS) * 1000)
    })
    const over = await Promise.race([this.#loops, late])
    clearTimeout(timer)
    if (over === 'late' || this.#left > 0) {
      this.#options.calls.giveUp()
      this.#warn(`${this.#left} training jobs may still be running; end them with "bench stop"`)
    }
    if (this.#options.config.warmPool !== undefined) await this.#coolDown()
    this.#attempts.clear()
  }

  /** Jobs that may hold a machine. */
  get #left(): number {
    return (
      this.#creating + this.#strays.size + [...this.#jobs.values()].filter(({ ended }) => ended === undefined).length
    )
  }

  /** Does something again and again, as long as there are jobs or there may be. */
  async #loop(pass: () => Promise<void>): Promise<void> {
    try {
      while (this.#fatal === undefined && (this.#closing === undefined || this.#left > 0)) {
        await pass()
        if (this.#closing === undefined || this.#left > 0) await this.#nap(this.#options.config.pollSeconds)
      }
    } catch (error) {
      this.#fatal ??= new BenchError(messageOf(error), { exitCode: 1, cause: error })
      this.#queue.wake()
      this.#wake()
    }
  }

  /** Gives an attempt a job. @param again the service may know it already */
  async #create(state: Attempt, again: boolean): Promise<void> {
    this.#creating++
    try {
      // The job before must have written its checkpoint, and its log be known.
      while (state.halted === undefined && this.#mustWait(state)) await this.#nap(this.#options.config.pollSeconds)
      for (let tries = 0; state.halted === undefined; tries++) {
        const fault = await this.#ask(state, again || tries > 0)
        if (fault === undefined) break
        if (fault.kind !== 'limit' && fault.kind !== 'capacity') {
          this.#jobs.delete(state.job!.name)
          if (state.halted === undefined) this.#emit(state, { kind: 'end', state: 'failed', reason: fault.message })
          return
        }
        if (tries === 0) this.#warn(`trial ${state.trial} waits for machines: ${fault.message}`)
        await this.#nap(restSeconds(Math.min(tries, 2), LIMIT_REST) * (0.5 + Math.random() / 2))
      }
      const { job } = state
      if (state.halted !== undefined && job?.created === true) void this.#stop(job)
      else if (state.halted !== undefined) {
        if (job !== undefined) this.#jobs.delete(job.name)
        this.#release(state)
      }
    } catch (error) {
      if (state.job !== undefined) this.#jobs.delete(state.job.name)
      if (state.halted !== undefined) this.#release(state)
      else this.#emit(state, { kind: 'end', state: 'failed', reason: messageOf(error) })
    } finally {
      this.#creating--
    }
  }

  #mustWait({ trial }: Attempt): boolean {
    return (
      !this.#listed ||
      [...this.#strays.values()].includes(trial) ||
      [...this.#jobs.values()].some((job) => job.attempt.trial === trial)
    )
  }

  /** @param again first looks whether there is such a job. @returns why there is none */
  async #ask(state: Attempt, again: boolean): Promise<ServiceFault | undefined> {
    const { config, run, calls, seedOf, resource, logSettle } = {
      ...this.#options,
      logSettle: this.#options.config.logSettleSeconds,
    }
    const { trial, number, restarts, level } = state
    const seed = seedOf?.(trial, state.config)
    const request = jobRequest(config, run, { trial, attempt: number, restarts, config: state.config, seed, level })
    const name = request.TrainingJobName
    const job: Job = {
      name,
      attempt: state,
      log: new JobLog(calls, name),
      order: new ReportOrder(resource, logSettle),
      begun: this.now(),
      created: false,
      stopWanted: false,
      missing: 0,
      ended: undefined,
      reads: 0,
      trainingSince: Number.NaN,
    }
    state.job = job
    this.#jobs.set(name, job)
    this.#options.onJob?.(this.#jobStart(job))
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

  async #stop(job: Job): Promise<void> {
    if (job.stopWanted || !job.created || job.ended !== undefined) return
    job.stopWanted = true
    await this.#askToStop(job.name)
  }

  async #askToStop(name: string): Promise<void> {
    try {
      await this.#options.calls.call('stopTrainingJob', name)
    } catch (error) {
      // One that has ended cannot be stopped: ValidationException.
      const harmless = error instanceof ServiceFault && (error.kind === 'gone' || error.kind === 'invalid')
      if (!harmless) this.#warn(`job ${name} could not be stopped: ${messageOf(error)}`)
    }
  }

  async #lookAtStates(): Promise<void> {
    const asked = [...this.#jobs.values()].filter(({ created, ended }) => created && ended === undefined)
    if (asked.length === 0 && this.#strays.size === 0 && this.#listed) return
    const active = new Set(await this.#list('InProgress'))
    if (!this.#listed || this.#strays.size > 0 || asked.some(({ stopWanted }) => stopWanted))
      for (const name of await this.#list('Stopping')) active.add(name)
    for (const name of this.#strays.keys()) if (!active.has(name)) this.#strays.delete(name)
    for (const name of active) this.#notice(name)
    this.#listed = true
    for (const job of asked) {
      if (active.has(job.name)) job.missing = 0
      else await this.#lookAt(job)
    }
  }

  async #list(status: 'InProgress' | 'Stopping'): Promise<string[]> {
    const { calls, run } = this.#options
    const names: string[] = []
    let token: string | undefined
    do {
      const page = await calls.call('listTrainingJobs', {
        NameContains: run.prefix,
        StatusEquals: status,
        MaxResults: 100,
        ...(token !== undefined && { NextToken: token }),
      })
      for (const { TrainingJobName } of page.TrainingJobSummaries ?? [])
        if (TrainingJobName !== undefined) names.push(TrainingJobName)
      token = page.NextToken
    } while (token !== undefined)
    return names
  }

  /** A job in progress that nobody here knows is of a runner that was killed. */
  #notice(name: string): void {
    const place = jobPlace(this.#options.run.prefix, name)
    if (place === undefined || this.#jobs.has(name) || this.#strays.has(name)) return
    // One that is about to be gone on with.
    for (const { trial, number, restarts } of this.#attempts)
      if (
        trial === place.trial &&
        number === place.attempt &&
        restarts === place.restarts &&
        this.#closing === undefined
      )
        return
    this.#strays.set(name, place.trial)
    void this.#askToStop(name)
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
    if (!hasEnded(description.TrainingJobStatus)) return
    job.ended = { description, at: this.now() }
    this.#record(job, description)
    if (job.attempt.halted !== undefined) this.#release(job.attempt)
    if (job.attempt.halted === 'stop' || this.#closing !== undefined) this.#jobs.delete(job.name)
  }

  async #readLogs(): Promise<void> {
    if (this.#closing !== undefined) return
    const left = [...this.#jobs.values()].filter(({ created }) => created).values()
    const reader = async (): Promise<void> => {
      for (const job of left) if (this.#closing === undefined && job.attempt.halted !== 'stop') await this.#readLog(job)
    }
    await Promise.all(Array.from({ length: READERS }, reader))
  }

  async #readLog(job: Job): Promise<void> {
    const { config, maxResource } = this.#options
    const { attempt, log, order } = job
    // What is seen of a job's end before its log is read cannot leave out what was written before.
    const { ended } = job
    if (log.streams === 0 || job.reads++ % STREAMS_EVERY === 0) await log.findStreams()
    const reports = await log.read()
    if (reports.length > 0 && Number.isNaN(job.trainingSince)) await this.#findTrainingStart(job, reports)
    for (const report of reports) order.push(report, this.now())
    this.#handOver(job, -Infinity)
    const settled =
      ended !== undefined && (this.now() - ended.at >= config.logSettleSeconds || attempt.level >= maxResource)
    // A line that is late may lie before the cursor.
    if (settled || order.waiting)
      for (const report of await log.readAll(settled ? undefined : order.since)) order.push(report, this.now())
    this.#handOver(job, settled ? Infinity : this.now())
    if (settled) this.#finish(job, ended.description)
  }

  /** Whatever is in order at a time; at Infinity everything. */
  #handOver(job: Job, now: number): void {
    const { attempt, order } = job
    const known = attempt.fresh ? 0 : this.#late.highest(attempt.trial)
    for (const report of order.take(Math.max(attempt.level, known), now)) this.#onReport(job, report)
  }

  async #findTrainingStart(job: Job, reports: readonly LoggedReport[]): Promise<void> {
    const { elapsedMetric, calls } = this.#options
    if (reports.some(({ report }) => typeof report[elapsedMetric] === 'number'))
      job.trainingSince = reports[0]!.timestamp
    else {
      const { TrainingStartTime } = await calls.call('describeTrainingJob', job.name)
      job.trainingSince = TrainingStartTime?.getTime() ?? reports[0]!.timestamp
    }
  }

  #onReport(job: Job, logged: LoggedReport): void {
    const { attempt } = job
    if (attempt.fault !== '' || attempt.halted === 'stop') return
    const source = `${job.name}/${logged.stream}`
    if (attempt.source !== source) {
      attempt.source = source
      attempt.repeated = 0
    }
    const repeated = repetition(logged.report, this.#options, attempt.repeated, attempt.level)
    if (repeated !== undefined) {
      attempt.repeated = repeated
      return
    }
    const reading = this.#read(job, logged)
    if (reading.kind === 'report') {
      attempt.level = reading.resource
      attempt.repeated = Infinity
    }
    if (attempt.halted === 'pause') {
      if (reading.kind === 'report') this.#late.keep(attempt.trial, reading)
      return
    }
    if (reading.kind === 'fault') {
      attempt.fault = reading.reason
      void this.#stop(job)
      return
    }
    const time = this.#timeOf(logged.timestamp)
    if (reading.kind === 'report' && !attempt.fresh) this.#deliverLate(attempt, reading.resource, time)
    this.#emit(attempt, { ...reading, time })
  }

  /** What the last attempt trained after its pause and this one does not say again. */
  #deliverLate(attempt: Attempt, before: number, time: number): void {
    attempt.fresh = true
    for (const { resource, values } of this.#late.take(attempt.trial, 0, before) as readonly LateReport[])
      this.#emit(attempt, { kind: 'report', resource, values, time })
  }

  /** A report with what is measured here filled in. */
  #read(job: Job, { report, timestamp }: LoggedReport): Reading {
    const { metrics, elapsedMetric, costMetric } = this.#options
    const { attempt } = job
    const reading = readReport(
      report,
      { ...this.#options, optional: [...(this.#options.optional ?? []), elapsedMetric, costMetric] },
      attempt.level,
    )
    if (reading.kind !== 'report') return reading
    const own = report[elapsedMetric]
    const before = this.#elapsedOf.get(attempt.trial) ?? 0
    const elapsed = typeof own === 'number' ? own : Math.max(before, before + (timestamp - job.trainingSince) / 1000)
    if (typeof own === 'number') this.#elapsedOf.set(attempt.trial, own)
    for (const [i, metric] of metrics.entries()) {
      if (!Number.isNaN(reading.values[i]!)) continue
      if (metric === elapsedMetric && own === undefined) reading.values[i] = elapsed
      if (metric === costMetric && report[costMetric] === undefined)
        reading.values[i] = (elapsed * attempt.usdPerHour) / 3600
    }
    return reading
  }

  /** The log of a job that has ended is read: what becomes of its attempt? */
  #finish(job: Job, description: JobDescription): void {
    const { config } = this.#options
    const { attempt, log } = job
    this.#jobs.delete(job.name)
    if (log.unreadable > 0) this.#warn(`trial ${attempt.trial}: ${log.unreadable} report lines could not be read`)
    if (attempt.halted !== undefined) return
    const { kind, reason } = jobEnd(description, job.stopWanted)
    if (attempt.fault !== '') this.#emit(attempt, { kind: 'end', state: 'failed', reason: attempt.fault })
    else if (kind === 'completed') {
      // Where its checkpoint held all levels it had nothing left to say.
      if (!attempt.fresh) this.#deliverLate(attempt, Infinity, this.now())
      this.#emit(attempt, { kind: 'end', state: 'completed', reason })
    } else if (kind === 'crashed' && attempt.crashes < config.retries) this.#again(attempt, reason, attempt.crashes++)
    else if (kind === 'lost' && attempt.losses < config.requeues) this.#again(attempt, reason, attempt.losses++)
    else this.#emit(attempt, { kind: 'end', state: 'failed', reason })
  }

  /** Gives an attempt another job, after a rest. */
  #again(attempt: Attempt, reason: string, before: number): void {
    attempt.restarts++
    attempt.job = undefined
    this.#warn(`trial ${attempt.trial} gets another job: ${reason}`)
    this.#emit(attempt, { kind: 'restart', reason })
    void this.#rested(attempt, before)
  }

  async #rested(attempt: Attempt, before: number): Promise<void> {
    this.#creating++
    await this.#nap(restSeconds(before, this.#options.firstRest) * (0.5 + Math.random() / 2))
    await this.#create(attempt, false)
    this.#creating--
  }

  #jobStart({ name, attempt, begun }: Job): JobStart {
    const { trial, number, restarts, machine } = attempt
    const about = { trial, attempt: number, restarts, job: name }
    return { ...about, instanceType: machine.type, instanceCount: machine.count, time: begun }
  }

  #record(job: Job, description: JobDescription): void {
    const { startUp, billable, usd } = jobBill(description, this.#options.usdPerHourOf(job.attempt.machine.type))
    const { TrainingJobStatus, SecondaryStatus } = description
    this.#options.onJobEnd?.({
      ...this.#jobStart(job),
      time: this.now(),
      begun: job.begun,
      startUp: startUp ?? null,
      billable,
      usd: Number.isNaN(usd) ? null : usd,
      status:
        SecondaryStatus === undefined || SecondaryStatus === TrainingJobStatus
          ? TrainingJobStatus!
          : `${TrainingJobStatus} (${SecondaryStatus})`,
      reason: jobEnd(description, job.stopWanted).reason,
    })
  }

  /** Ends machines that are kept for a next job. */
  async #coolDown(): Promise<void> {
    const { calls, run } = this.#options
    try {
      const page = await calls.call('listTrainingJobs', {
        NameContains: run.prefix,
        WarmPoolStatusEquals: 'Available',
        MaxResults: 100,
      })
      for (const { TrainingJobName } of page.TrainingJobSummaries ?? [])
        await calls.call('keepWarm', TrainingJobName!, 0)
    } catch (error) {
      this.#warn(`warm pools could not be ended, they end by themselves: ${messageOf(error)}`)
    }
  }

  #release(state: Attempt): void {
    if (state.released) return
    state.released = true
    this.#emit(state, { kind: 'released' })
  }

  #deliver(queued: BackendEvent): BackendEvent {
    const { values, ...rest } = queued
    this.#queue.shift()
    Object.assign(this.#event, rest)
    this.#event.values.set(values)
    if (queued.kind === 'end' || queued.kind === 'released')
      for (const state of this.#attempts)
        if (state.trial === queued.trial && state.number === queued.attempt) this.#attempts.delete(state)
    return this.#event
  }

  /** When a line was written, in seconds since the run began: not before what was said last, and not in the future. */
  #timeOf(timestamp: number): number {
    return Math.min(this.now(), (this.#options.elapsed ?? 0) + (timestamp - this.#epoch) / 1000)
  }

  #emit(state: Attempt, event: Partial<BackendEvent>): void {
    this.#lastTime = Math.max(this.#lastTime, event.time ?? this.now())
    this.#queue.push({
      ...emptyEvent(this.#options.metrics.length),
      resource: state.level,
      ...event,
      time: this.#lastTime,
      trial: state.trial,
      attempt: state.number,
    })
  }

  /** Waits, but not when the run is over. */
  #nap(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#naps.delete(done)
        resolve()
      }
      const timer = setTimeout(done, seconds * 1000)
      this.#naps.add(done)
    })
  }

  #wake(): void {
    for (const done of this.#naps) done()
  }

  #warn(text: string): void {
    if (this.#options.onWarning === undefined) process.emitWarning(text)
    else this.#options.onWarning(text)
  }
}
