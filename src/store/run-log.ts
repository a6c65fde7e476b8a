/** The events of simulated runs as growing typed columns: many runs after one another, nothing allocated per event. */
import { createHash } from 'node:crypto'
import { grown } from '../core/collections/growable.js'
import type { Recorder } from '../core/recorder.js'
import type { Checkpoint, Decision } from '../core/scheduler.js'
import type { Config } from '../core/space.js'
import type { EndState } from '../core/trial.js'

/**
 * What an event is, in the order of its codes. `continue`, `pause` and `stop` are reports with the decision on them.
 * `copy`: the trial started next begins with a copy of this trial's checkpoint at this level.
 */
export const EVENT_KINDS = [
  'start',
  'resume',
  'continue',
  'pause',
  'stop',
  'completed',
  'failed',
  'ignored',
  'copy',
] as const
export type EventKind = (typeof EVENT_KINDS)[number]

const START = 0
const RESUME = 1
const CONTINUE = 2
const PAUSE = 3
const STOP = 4
const COMPLETED = 5
const FAILED = 6
const IGNORED = 7
const COPY = 8

/** Whether an event code is a report that was delivered. */
export function isReport(kind: number): boolean {
  return kind >= CONTINUE && kind <= STOP
}

/** The events of one or more runs; E events in all. Run i holds events offsets[i] .. offsets[i+1]-1. */
export interface EventColumns {
  readonly offsets: readonly number[]
  /** (E) code into {@link EVENT_KINDS} */
  readonly kind: Uint8Array
  /** (E) */
  readonly trial: Int32Array
  /** (E) the level reported; for a copy, and a start or resumption from a checkpoint, its level; else 0 */
  readonly resource: Int32Array
  /** (E) seconds since the run began */
  readonly time: Float64Array
  /** (E) each: the recorded metrics of a report, NaN for other events */
  readonly values: readonly Float64Array[]
}

/** Records runs. Reading {@link RunLog.columns} gives views that are valid until the next event. */
export class RunLog implements Recorder {
  /** The trials' configurations of the current run, by trial. */
  configs: Config[] = []
  readonly #offsets: number[] = []
  #length = 0
  #capacity = 0
  #kind = new Uint8Array(0)
  #trial = new Int32Array(0)
  #resource = new Int32Array(0)
  #time = new Float64Array(0)
  readonly #values: Float64Array[]
  readonly #room: number

  /**
   * @param metrics how many numbers a report holds
   * @param expectedReports room is made for so many reports, and half as many other events, at once
   */
  constructor(metrics: number, expectedReports = 0) {
    this.#room = Math.min(4_000_000, Math.ceil(1.5 * expectedReports))
    this.#values = Array.from({ length: metrics }, () => new Float64Array(0))
  }

  /** Begins the next run. */
  beginRun(): void {
    this.#offsets.push(this.#length)
    this.configs = []
  }

  start(time: number, trial: number, config: Config, copy?: Checkpoint): void {
    this.configs.push(config)
    if (copy !== undefined) this.#event(COPY, time, copy.trial, copy.resource)
    this.#event(START, time, trial, copy?.resource ?? 0)
  }

  resume(time: number, trial: number, _attempt: number, from: number): void {
    this.#event(RESUME, time, trial, from)
  }

  report(
    time: number,
    trial: number,
    _attempt: number,
    resource: number,
    values: Float64Array,
    decision: Decision,
  ): void {
    const at = this.#append(
      decision === 'continue' ? CONTINUE : decision === 'stop' ? STOP : PAUSE,
      time,
      trial,
      resource,
    )
    const columns = this.#values
    for (let m = 0; m < columns.length; m++) columns[m]![at] = values[m]!
  }

  end(time: number, trial: number, _attempt: number, state: EndState): void {
    this.#event(state === 'failed' ? FAILED : COMPLETED, time, trial, 0)
  }

  ignored(time: number, trial: number, _attempt: number, resource: number): void {
    this.#event(IGNORED, time, trial, resource)
  }

  /** Everything recorded so far. */
  get columns(): EventColumns {
    const n = this.#length
    return {
      offsets: [...this.#offsets, n],
      kind: this.#kind.subarray(0, n),
      trial: this.#trial.subarray(0, n),
      resource: this.#resource.subarray(0, n),
      time: this.#time.subarray(0, n),
      values: this.#values.map((column) => column.subarray(0, n)),
    }
  }

  #event(kind: number, time: number, trial: number, resource: number): void {
    const at = this.#append(kind, time, trial, resource)
    for (const column of this.#values) column[at] = NaN
  }

  #append(kind: number, time: number, trial: number, resource: number): number {
    if (this.#length === this.#capacity) this.#grow()
    const at = this.#length++
    this.#kind[at] = kind
    this.#trial[at] = trial
    this.#resource[at] = resource
    this.#time[at] = time
    return at
  }

  #grow(): void {
    this.#capacity = Math.max(1024, this.#room, this.#capacity * 2)
    this.#kind = grown(this.#kind, this.#capacity)
    this.#trial = grown(this.#trial, this.#capacity)
    this.#resource = grown(this.#resource, this.#capacity)
    this.#time = grown(this.#time, this.#capacity)
    for (const [m, column] of this.#values.entries()) this.#values[m] = grown(column, this.#capacity)
  }
}

/** sha256 (hexadecimal) of the decisions and times of one run: of its kinds, trials, resources and times as bytes. */
export function runDigest(columns: EventColumns, run: number): string {
  const [from, to] = [columns.offsets[run]!, columns.offsets[run + 1]!]
  const hash = createHash('sha256')
  for (const column of [columns.kind, columns.trial, columns.resource, columns.time])
    hash.update(column.subarray(from, to))
  return hash.digest('hex')
}

/** The digest of a set of runs: sha256 over the runs' digests in plan order. */
export function digestOf(runDigests: Iterable<string>): string {
  const hash = createHash('sha256')
  for (const digest of runDigests) hash.update(Buffer.from(digest, 'hex'))
  return hash.digest('hex')
}
