/**
 * The backend contract: something that runs trials and hands over what happens, one event at a time and in order of
 * time. A backend never calls the tuner. Simulated and real backends differ only in whether `next` makes one wait.
 */
import type { Config } from './space.js'
import type { TrialId } from './trial.js'

/**
 * What happened. One object is reused for all events: it is valid until the next call.
 *
 * - `report`: the trial reached `resource` with `values`
 * - `end`: the attempt ended by itself, its worker is free
 * - `released`: a worker whose attempt was paused or stopped is free again
 * - `ignored`: a report that does not count (repeated, backwards or past the maximum resource); `reason` says why
 * - `restart`: the backend started the attempt's program again by itself, as it had crashed or its machine was lost; it
 *   goes on after `resource`, the last level delivered, and `reason` says why. The attempt and its worker stay the same
 */
export interface BackendEvent {
  kind: 'report' | 'end' | 'released' | 'ignored' | 'restart'
  /** Seconds since the run began; never decreases. */
  time: number
  trial: TrialId
  /** 0 for the first start of a trial, 1 after its first resumption, ... */
  attempt: number
  /** `report`: the level reached, strictly increasing within a trial. */
  resource: number
  /** `report`: one number per recorded metric, the objectives first, as reported. */
  readonly values: Float64Array
  /** `end` only. */
  state: 'completed' | 'failed'
  /** Why an attempt failed or began again, for people. */
  reason: string
}

/** What every backend can be told. Commands take effect at the time of the event that is being handled. */
export interface BackendCommands {
  /** How many trials can run at once. */
  readonly workers: number
  /** How many of them are free now. */
  readonly idle: number
  /** How many hold a trial or are still busy stopping one; the driver counts worker seconds from it. */
  readonly busy: number
  /**
   * What the busy workers cost now, in US dollars per hour: where trials have prices of their own. undefined: every worker
   * costs what the run's price says. NaN: a price is not known.
   */
  readonly usdPerHour?: number | undefined
  /**
   * US dollars spent until now, where the backend knows better than what its workers cost by the hour: less is billed than the
   * time for which a worker is held.
   */
  readonly usdSpent?: number | undefined
  /**
   * Starts an attempt of a trial on a free worker.
   *
   * @param from the level already reached by earlier attempts, 0 for a new trial; reports begin after it. A new trial
   *   (attempt 0) with `from` > 0 starts from a copy of another trial's checkpoint at that level
   * @param until the level up to which the scheduler wants it, a hint
   * @param source the trial of which the checkpoint is copied
   */
  start(trial: TrialId, attempt: number, config: Config, from: number, until: number, source?: TrialId): void
  /** Ends the running attempt of a trial. Nothing of that attempt is delivered after this call. */
  halt(trial: TrialId, how: 'pause' | 'stop'): void
}

/** A backend on a virtual clock: `next` returns at once; undefined when nothing is running. */
export interface VirtualTimeBackend extends BackendCommands {
  next(): BackendEvent | undefined
}

/** A backend in real time. */
export interface RealTimeBackend extends BackendCommands {
  /** Seconds since the run began. */
  now(): number
  /** The next event, or undefined when `deadline` (seconds since the run began) has passed or nothing is running. */
  next(deadline: number): Promise<BackendEvent | undefined>
  /** Ends everything that still runs and waits until it is gone. Safe to call twice. */
  close(): Promise<void>
}

/** An event object to be reused by a backend that records `metrics` numbers per report. */
export function emptyEvent(metrics: number): BackendEvent {
  return {
    kind: 'report',
    time: 0,
    trial: -1,
    attempt: 0,
    resource: 0,
    values: new Float64Array(metrics),
    state: 'completed',
    reason: '',
  }
}
