/** A backend on which nothing runs as long as a journal is replayed, and then the real one, on which what ran goes on. */
import { type BackendEvent, type RealTimeBackend, emptyEvent } from '../core/backend.js'
import type { Config } from '../core/space.js'
import type { TrialId } from '../core/trial.js'

/** An attempt that holds a worker. */
interface Held {
  readonly trial: TrialId
  readonly attempt: number
  readonly config: Config
  readonly until: number
  readonly source: TrialId | undefined
  /** The last level that was delivered. */
  level: number
  halted: boolean
  /** Whether it is known to have been started before. */
  readonly ran: boolean
}

export interface ReplayedBackendOptions {
  readonly workers: number
  /** How many numbers a report has. */
  readonly values: number
  /** Whether what is started now was started before; asked while the journal is replayed. */
  readonly ran: () => boolean
  /** US dollars per hour of a trial, where trials have prices of their own: what was spent is counted again. */
  readonly usdPerHourOf?: (config: Config) => number
}

/**
 * Until {@link goLive} it only keeps account of who holds a worker. Then every attempt that ran is started again under its
 * own number, after the last level delivered, and attempts that were being ended when the runner died are released.
 */
export class ReplayedBackend implements RealTimeBackend {
  readonly workers: number
  readonly #options: ReplayedBackendOptions
  #held: Held[] = []
  #live: RealTimeBackend | undefined
  /** What the tuner is told first. */
  readonly #news: BackendEvent[] = []

  constructor(options: ReplayedBackendOptions) {
    this.workers = options.workers
    this.#options = options
  }

  get busy(): number {
    return this.#live === undefined ? this.#held.length : this.#live.busy + this.#unreleased
  }

  get idle(): number {
    return this.#live === undefined ? this.workers - this.#held.length : this.#live.idle - this.#unreleased
  }

  get usdPerHour(): number | undefined {
    const { usdPerHourOf } = this.#options
    if (this.#live !== undefined || usdPerHourOf === undefined) return this.#live?.usdPerHour
    return this.#held.reduce((sum, { config }) => sum + usdPerHourOf(config), 0)
  }

  /** Of the past only what workers cost by the hour is known. */
  get usdSpent(): number | undefined {
    return this.#live?.usdSpent
  }

  now(): number {
    return this.#live?.now() ?? 0
  }

  start(trial: TrialId, attempt: number, config: Config, from: number, until: number, source?: TrialId): void {
    if (this.#live !== undefined) this.#live.start(trial, attempt, config, from, until, source)
    else {
      const ran = this.#options.ran()
      this.#held.push({ trial, attempt, config, until, source, level: from, halted: false, ran })
    }
  }

  halt(trial: TrialId, how: 'pause' | 'stop'): void {
    if (this.#live !== undefined) this.#live.halt(trial, how)
    else for (const held of this.#held) if (held.trial === trial) held.halted = true
  }

  /** Keeps account of an event that the tuner is about to be told again. */
  replay({ kind, trial, attempt, resource }: BackendEvent): void {
    const held = this.#held.find((one) => one.trial === trial && one.attempt === attempt)
    if (held === undefined) return
    if (kind === 'report') held.level = resource
    if (kind === 'end' || kind === 'released') this.#held = this.#held.filter((one) => one !== held)
  }

  /** @param live the backend that runs what is left; its clock goes on where the journal ends */
  goLive(live: RealTimeBackend): void {
    this.#live = live
    const time = live.now()
    const event = { ...emptyEvent(this.#options.values), time }
    for (const { trial, attempt, config, until, source, level, halted, ran } of this.#held) {
      const about = { ...event, trial, attempt, resource: level }
      if (halted) this.#news.push({ ...about, kind: 'released' })
      else {
        live.start(trial, attempt, config, level, until, source)
        if (ran) this.#news.push({ ...about, kind: 'restart', reason: 'the run was interrupted' })
      }
    }
    this.#held = []
  }

  async next(deadline: number): Promise<BackendEvent | undefined> {
    return this.#news.shift() ?? this.#live?.next(deadline)
  }

  async close(): Promise<void> {
    await this.#live?.close()
  }

  get #unreleased(): number {
    return this.#news.filter(({ kind }) => kind === 'released').length
  }
}
