/** Reads the logs of jobs, and makes of their lines the events of attempts. */
import type { Attempts } from '../real-time/attempts.js'
import type { LostLevels } from '../real-time/lost-levels.js'
import type { LateReports } from '../real-time/late-reports.js'
import { type Reading, readReport, repetition } from '../real-time/reading.js'
import type { TrialId } from '../../core/trial.js'
import { type Attempt, type Job, reporterOf } from './attempt.js'
import { tellByStream } from './interruptions.js'
import type { LoggedReport } from './job-log.js'
import type { Jobs } from './jobs.js'
import type { SageMakerBackendOptions } from './options.js'
import type { JobDescription } from './services.js'

/** New streams of a job that has some are looked for at every so many reads: an interrupted job gets another one. */
const STREAMS_EVERY = 6
/** Logs that are read at a time. */
const READERS = 8

export class JobReports {
  readonly #options: SageMakerBackendOptions
  readonly #attempts: Attempts<Attempt>
  readonly #jobs: Jobs
  readonly #late: LateReports
  readonly #lost: LostLevels
  readonly #onRead: (job: Job, description: JobDescription) => void
  readonly #trained: Map<TrialId, number>

  /**
   * @param trained seconds of training up to the last report, by trial; kept up to date
   * @param onRead the log of a job that has ended is read to its end
   */
  constructor(
    options: SageMakerBackendOptions,
    attempts: Attempts<Attempt>,
    jobs: Jobs,
    late: LateReports,
    lost: LostLevels,
    trained: Map<TrialId, number>,
    onRead: (job: Job, description: JobDescription) => void,
  ) {
    this.#options = options
    this.#attempts = attempts
    this.#jobs = jobs
    this.#late = late
    this.#lost = lost
    this.#trained = trained
    this.#onRead = onRead
  }

  /** Reads once what is new in all logs. */
  async read(): Promise<void> {
    if (this.#attempts.closing) return
    const left = [...this.#jobs].filter(({ created }) => created).values()
    const reader = async (): Promise<void> => {
      for (const job of left) if (!this.#attempts.closing && job.attempt.halted !== 'stop') await this.#readLog(job)
    }
    await Promise.all(Array.from({ length: READERS }, reader))
  }

  /** Reads the log of a job that is over, of an attempt that is paused: what is new is kept. */
  async readFormer(job: Job, { TrainingStartTime }: JobDescription): Promise<void> {
    for (const report of await job.log.readAll()) {
      job.trainingSince = TrainingStartTime?.getTime() ?? report.timestamp
      job.order.push(report, this.#attempts.now())
    }
    this.#handOver(job, Infinity)
  }

  /** An attempt goes on before a level, or has nothing left to do: what the last one trained after its pause, and this one does not say again. */
  deliverLate(attempt: Attempt, before: number, time: number): void {
    for (const { resource, values } of this.#late.take(attempt.trial, attempt.level, before)) {
      attempt.level = resource
      this.#attempts.emit(attempt, { kind: 'report', values, time })
    }
  }

  async #readLog(job: Job): Promise<void> {
    const { config, maxResource } = this.#options
    const { attempt, log, order } = job
    const now = (): number => this.#attempts.now()
    // What is seen of a job's end before its log is read cannot leave out what was written before.
    const { ended } = job
    if (log.streams === 0 || job.reads++ % STREAMS_EVERY === 0) await log.findStreams()
    const reports = await log.read()
    if (reports.length > 0 && Number.isNaN(job.trainingSince)) await this.#findTrainingStart(job, reports)
    for (const report of reports) order.push(report, now())
    this.#handOver(job, -Infinity)
    const settled = ended !== undefined && (now() - ended.at >= config.logSettleSeconds || attempt.level >= maxResource)
    // A line that is late may lie before the cursor.
    if (settled || order.waiting)
      for (const report of await log.readAll(settled ? undefined : order.since)) order.push(report, now())
    this.#handOver(job, settled ? Infinity : now())
    if (settled) this.#onRead(job, ended.description)
  }

  /** Whatever is in order at a time; at Infinity everything. */
  #handOver(job: Job, now: number): void {
    const { attempt, order } = job
    const known = Math.max(attempt.level, this.#late.highest(attempt.trial))
    for (const report of order.take(known, now)) this.#onReport(job, report)
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
    job.saidAt = logged.timestamp
    if (attempt.fault !== '' || attempt.jumped || attempt.halted === 'stop') return
    const source = `${job.name}/${logged.stream}`
    tellByStream(job, logged.stream, this.#options)
    if (attempt.source !== source) {
      // On another spot machine, from what the last one had saved.
      if (this.#options.config.spot !== undefined && attempt.source.startsWith(`${job.name}/`)) attempt.continues = true
      attempt.source = source
      attempt.repeated = 0
    }
    const repeated = repetition(logged.report, this.#options, attempt.repeated, attempt.level)
    if (repeated !== undefined) {
      attempt.repeated = repeated
      return
    }
    const reading = this.#reading(job, logged)
    if (attempt.halted === 'pause') {
      if (reading.kind === 'report') {
        attempt.level = reading.resource
        this.#late.keep(attempt.trial, reading)
      }
      return
    }
    if (reading.kind === 'fault') {
      attempt.fault = reading.reason
      void this.#jobs.stop(job)
      return
    }
    this.#options.onReport?.(attempt.trial, logged.report, logged.timestamp, job.name)
    const time = this.#attempts.timeOf(logged.timestamp)
    if (reading.kind === 'report') {
      this.deliverLate(attempt, reading.resource, time)
      if (this.#options.run.checkpoints && this.#lost.before(reading.resource, reporterOf(attempt))) {
        attempt.jumped = true
        void this.#jobs.stop(job)
        return
      }
      attempt.level = reading.resource
      attempt.repeated = Infinity
    }
    this.#attempts.emit(attempt, { ...reading, time })
  }

  /** What a report says, with what is measured here filled in. */
  #reading(job: Job, { report, timestamp }: LoggedReport): Reading {
    const { metrics, elapsedMetric, costMetric } = this.#options
    const { attempt } = job
    const reading = readReport(
      report,
      { ...this.#options, optional: [...(this.#options.optional ?? []), elapsedMetric, costMetric] },
      attempt.level,
    )
    if (reading.kind !== 'report') return reading
    const own = report[elapsedMetric]
    const measured = job.trained + Math.max(0, timestamp - job.trainingSince) / 1000
    const elapsed = typeof own === 'number' ? own : Math.max(measured, this.#trained.get(attempt.trial) ?? 0)
    this.#trained.set(attempt.trial, elapsed)
    for (const [i, metric] of metrics.entries()) {
      if (!Number.isNaN(reading.values[i]!)) continue
      if (metric === elapsedMetric && own === undefined) reading.values[i] = elapsed
      if (metric === costMetric && report[costMetric] === undefined)
        reading.values[i] = (elapsed * attempt.usdPerHour) / 3600
    }
    return reading
  }
}
