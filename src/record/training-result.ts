/** What one training gave, collected from its reports as they arrive. */
import { readReport } from '../backends/real-time/reading.js'
import type { Report } from '../backends/real-time/report-line.js'
import type { Ended } from '../surrogates/table-data.js'
import type { Recording } from './recording.js'

/**
 * Where the times of a training come from; `arrival`: counted from the start of its process; `log`: the time of its log
 * lines, counted from when the service had its machine.
 */
export type ElapsedSource = 'elapsed_time' | 'st_worker_time' | 'arrival' | 'log'

/**
 * `service`: from the call until the service had a machine; `service-and-log`: the same, and from there to the beginning of
 * training, by the times of the log and of the program.
 */
export type StartupSource = 'startup_time' | 'arrival' | 'none' | 'service' | 'service-and-log'

/** One training as the journal and the table keep it. */
export interface TrainingResult {
  readonly ended: Exclude<Ended, 'stopped'>
  /** Why it failed, diverged early or, with all levels reported, did not end well; empty otherwise. */
  readonly reason: string
  /** How many levels `curves` and `elapsed` hold. */
  readonly reached: number
  /** Per curve metric, one value per level. */
  readonly curves: Readonly<Record<string, readonly number[]>>
  readonly statics: Readonly<Record<string, number>>
  /** Seconds of training up to each level. */
  readonly elapsed: readonly number[]
  readonly elapsedSource: ElapsedSource
  /** Seconds before training began. */
  readonly startup: number
  readonly startupSource: StartupSource
  /** Processor seconds; NaN if the program does not report them. */
  readonly cpu: number
}

/** Two reports that arrive in one piece of output have times this far apart (seconds). */
const RESOLUTION = 1e-6

/** Collects the reports of one training. */
export class TrainingCollector {
  /** What the program said about its data. */
  data: Report | undefined
  /** Why the reports cannot be used; the training has failed then. */
  fault = ''
  readonly #recording: Recording
  readonly #curves: Record<string, number[]> = {}
  readonly #statics: Record<string, number> = {}
  readonly #elapsed: number[] = []
  #source: ElapsedSource = 'arrival'
  #startup: number | undefined
  #startupReported = false
  #cpu = Number.NaN

  constructor(recording: Recording) {
    this.#recording = recording
    for (const [name, metric] of Object.entries(recording.metrics))
      if (metric.kind === 'curve') this.#curves[name] = []
      else this.#statics[name] = Number.NaN
  }

  /** @param arrival seconds since the program was started */
  add(report: Report, arrival: number): void {
    const { name, levels } = this.#recording.resource
    const metrics = Object.keys(this.#curves)
    const reading = readReport(report, { resource: name, maxResource: levels, metrics }, this.#elapsed.length)
    // What does not count or lacks a metric is handled by the backend.
    if (reading.kind !== 'report' || this.fault !== '') return
    const level = this.#elapsed.length + 1
    if (reading.resource !== level) {
      this.fault = `${name} ${reading.resource} was reported after ${level - 1}; a recording needs every ${name}`
      return
    }
    if (!this.#time(report, arrival)) return
    metrics.forEach((metric, i) => this.#curves[metric]!.push(reading.values[i]!))
    for (const metric of Object.keys(this.#statics))
      this.#statics[metric] = numberIn(report, metric) ?? this.#statics[metric]!
    this.#cpu = numberIn(report, 'cpu_time') ?? this.#cpu
  }

  /** Notes the time of a level; false if it cannot be used. */
  #time(report: Report, arrival: number): boolean {
    const last = this.#elapsed.at(-1) ?? 0
    if (this.#elapsed.length === 0)
      this.#source =
        (['elapsed_time', 'st_worker_time'] as const).find((key) => Object.hasOwn(report, key)) ?? 'arrival'
    const source = this.#source
    const time = source === 'arrival' ? Math.max(arrival, last + RESOLUTION) : numberIn(report, source)
    if (time === undefined || !(time > last) || time === Infinity) {
      this.fault = `${source} must grow with every report, got ${String(report[source])} after ${last}`
      return false
    }
    if (this.#elapsed.length === 0) {
      const startup = numberIn(report, 'startup_time')
      this.#startupReported = startup !== undefined && startup >= 0 && startup < Infinity
      this.#startup = this.#startupReported ? startup! : Math.max(0, arrival - time)
    }
    this.#elapsed.push(time)
    return true
  }

  /** The training has ended. @param failure why, if it did not end by itself without an error */
  result(failure: string): TrainingResult {
    const { levels, name } = this.#recording.resource
    let reached = this.#elapsed.length
    // In single precision, as the table stores it.
    const diverged = Object.values(this.#curves).some((curve) =>
      curve.some((value) => !Number.isFinite(Math.fround(value))),
    )
    let reason = this.fault === '' ? failure : this.fault
    const missing = Object.keys(this.#statics).find((metric) => !Number.isFinite(this.#statics[metric]))
    if (reason === '' && reached < levels) reason = `ended after ${reached} of ${levels} ${name}s`
    if (reached === levels && missing !== undefined && !diverged) {
      // Without it the training cannot be kept, and a failed one has no complete curve.
      reason = `never reported the metric "${missing}" as a finite number`
      reached = 0
    }
    const ended = diverged ? 'diverged' : reached === levels ? 'completed' : 'failed'
    return {
      ended,
      reason,
      reached,
      curves: Object.fromEntries(
        Object.entries(this.#curves).map(([metric, curve]) => [metric, keptLevels(curve, reached, ended)]),
      ),
      statics: this.#statics,
      elapsed: this.#elapsed.slice(0, reached),
      elapsedSource: this.#source,
      startup: this.#startup ?? 0,
      startupSource: this.#startup === undefined ? 'none' : this.#startupReported ? 'startup_time' : 'arrival',
      cpu: this.#cpu >= 0 && this.#cpu < Infinity ? this.#cpu : Number.NaN,
    }
  }
}

/** The levels of a curve that are kept; what comes after a NaN counts as NaN: a diverged training does not come back. */
export function keptLevels(curve: readonly number[], reached: number, ended: Ended): number[] {
  if (ended !== 'diverged') return curve.slice(0, reached)
  let lost = false
  return curve.slice(0, reached).map((value) => {
    lost ||= Number.isNaN(value)
    return lost ? Number.NaN : value
  })
}

function numberIn(report: Report, key: string): number | undefined {
  const value = Object.hasOwn(report, key) ? report[key] : undefined
  return typeof value === 'number' ? value : undefined
}
