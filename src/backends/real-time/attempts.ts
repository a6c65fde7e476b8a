/** The attempts that hold a backend's workers, its clock, and the events that wait to be handed over: in real time all the same. */
import { type BackendEvent, emptyEvent } from '../../core/backend.js'
import { invalid } from '../../core/errors.js'
import type { TrialId } from '../../core/trial.js'
import { EventQueue } from './event-queue.js'

/** What counts of an attempt here. */
export interface HeldAttempt {
  readonly trial: TrialId
  readonly number: number
  /** The last level queued, earlier attempts included. */
  readonly level: number
}

export interface AttemptsOptions {
  readonly workers: number
  /** What the numbers of a report are. */
  readonly metrics: readonly string[]
  /** Seconds that the run had gone on before, when it was interrupted. Default 0. */
  readonly elapsed?: number
}

/** Iterates over all attempts that hold a worker, in the order of their start. A worker is free when its `end` or `released` was taken. */
export class Attempts<A extends HeldAttempt> {
  readonly workers: number
  readonly #metrics: number
  readonly #elapsed: number
  readonly #begun = performance.now()
  /** The wall clock when it was made, in milliseconds since 1970. */
  readonly #epoch = Date.now()
  readonly #held = new Set<A>()
  readonly #queue = new EventQueue()
  readonly #event: BackendEvent
  #lastTime: number
  #fatal: { readonly error: unknown } | undefined
  #closing: Promise<void> | undefined

  /** @throws BenchError for a bad number of workers */
  constructor({ workers, metrics, elapsed = 0 }: AttemptsOptions) {
    if (!Number.isInteger(workers) || workers < 1) throw invalid('workers', workers, 'must be a whole number from 1 on')
    this.workers = workers
    this.#metrics = metrics.length
    this.#elapsed = elapsed
    this.#event = emptyEvent(metrics.length)
    this.#lastTime = elapsed
  }

  get busy(): number {
    return this.#held.size
  }

  get idle(): number {
    return this.closing ? 0 : this.workers - this.#held.size
  }

  /** Whether the backend is being closed, or is. */
  get closing(): boolean {
    return this.#closing !== undefined
  }

  /** Seconds since the run began. */
  now(): number {
    return this.#elapsed + (performance.now() - this.#begun) / 1000
  }

  /** When something happened, in seconds since the run began; not in the future. @param timestamp milliseconds since 1970 */
  timeOf(timestamp: number): number {
    return Math.min(this.now(), this.#elapsed + (timestamp - this.#epoch) / 1000)
  }

  [Symbol.iterator](): IterableIterator<A> {
    return this.#held.values()
  }

  has(attempt: A): boolean {
    return this.#held.has(attempt)
  }

  /** The last attempt of a trial that holds a worker. */
  latest(trial: TrialId): A | undefined {
    let latest: A | undefined
    for (const attempt of this.#held) if (attempt.trial === trial) latest = attempt
    return latest
  }

  /** @throws Error if there is no worker for it */
  add(attempt: A): void {
    if (this.idle < 1) throw new Error(`trial ${attempt.trial} was started while no worker is free`)
    this.#held.add(attempt)
  }

  /** Queues an event of an attempt. Its time, by default now, is made that of the last one if it is before that. */
  emit({ trial, number, level }: A, event: Partial<BackendEvent>): void {
    this.#lastTime = Math.max(this.#lastTime, event.time ?? this.now())
    const about = { ...emptyEvent(this.#metrics), resource: level }
    this.#queue.push({ ...about, ...event, time: this.#lastTime, trial, attempt: number })
  }

  /** Takes back the events of an attempt that were not handed over yet. */
  withdraw({ trial, number }: A): readonly BackendEvent[] {
    return this.#queue.withdraw(trial, number)
  }

  /** See `RealTimeBackend.next`. @throws what the backend failed with */
  async next(deadline: number): Promise<BackendEvent | undefined> {
    while (!this.closing) {
      if (this.#fatal !== undefined) throw this.#fatal.error
      const queued = this.#queue.peek()
      if (queued !== undefined) return queued.time > deadline ? undefined : this.#deliver(queued)
      if (this.busy === 0 || this.now() >= deadline) return undefined
      await this.#queue.wait(deadline - this.now())
    }
    return undefined
  }

  /** The backend cannot go on: {@link next} throws from here on. */
  fail(error: unknown): void {
    this.#fatal ??= { error }
    this.#queue.wake()
  }

  get failed(): boolean {
    return this.#fatal !== undefined
  }

  /** Ends everything, once: nothing is handed over any more. @param end waits until it is gone */
  close(end: () => Promise<void>): Promise<void> {
    this.#closing ??= this.#close(end)
    this.#queue.wake()
    return this.#closing
  }

  async #close(end: () => Promise<void>): Promise<void> {
    // What is ended asks whether the backend is being closed.
    await Promise.resolve()
    await end()
    this.#held.clear()
  }

  #deliver(queued: BackendEvent): BackendEvent {
    const { values, ...rest } = queued
    this.#queue.shift()
    Object.assign(this.#event, rest)
    this.#event.values.set(values)
    if (queued.kind === 'end' || queued.kind === 'released')
      for (const state of this.#held)
        if (state.trial === queued.trial && state.number === queued.attempt) this.#held.delete(state)
    return this.#event
  }
}
