/** Where two runs part: the first event that differs. */
import { configKey } from '../core/space.js'
import { type EventKind, EVENT_KINDS } from '../store/run-log.js'
import type { StoredRun } from '../store/run-directory.js'

/** An event as it can be read. */
export interface PlainEvent {
  readonly event: EventKind
  /** Seconds since the run began. */
  readonly time: number
  readonly trial: number
  readonly resource: number
  /** Of a report: the metrics that both sides recorded; null where not finite. */
  readonly values?: Readonly<Record<string, number | null>>
  /** Of a start. */
  readonly config?: Readonly<Record<string, unknown>>
}

/** Where two runs part. */
export interface Divergence {
  /** Events that are equal before it. */
  readonly position: number
  /** Events in all. */
  readonly events: { readonly a: number; readonly b: number }
  /** What differs; `end` where one side has no more events. */
  readonly differs: readonly string[]
  readonly a: PlainEvent | null
  readonly b: PlainEvent | null
}

/**
 * The first event in which two runs differ: in what it is (with the decision on a report), time, trial, level, a metric
 * that both recorded, or the configuration that is started. All bit for bit; NaN equals NaN. O(events).
 *
 * @returns undefined where they are equal
 */
export function firstDivergence(a: StoredRun, b: StoredRun): Divergence | undefined {
  const [left, right] = [new View(a), new View(b)]
  const metrics = a.batch.metrics.filter((metric) => b.batch.metrics.includes(metric))
  const most = Math.max(left.length, right.length)
  for (let i = 0; i < most; i++) {
    const differs = differenceAt(left, right, i, metrics)
    if (differs.length === 0) continue
    return {
      position: i,
      events: { a: left.length, b: right.length },
      differs,
      a: left.event(i, metrics),
      b: right.event(i, metrics),
    }
  }
  return undefined
}

function differenceAt(a: View, b: View, i: number, metrics: readonly string[]): string[] {
  if (i >= a.length || i >= b.length) return ['end']
  const differs: string[] = []
  if (a.kind(i) !== b.kind(i)) differs.push('event')
  if (a.time(i) !== b.time(i)) differs.push('time')
  if (a.trial(i) !== b.trial(i)) differs.push('trial')
  if (a.resource(i) !== b.resource(i)) differs.push('resource')
  for (const metric of metrics) if (!Object.is(a.value(i, metric), b.value(i, metric))) differs.push(metric)
  if (differs.length === 0 && a.kind(i) === 'start' && keyOf(a.config(i)) !== keyOf(b.config(i))) differs.push('config')
  return differs
}

function keyOf(config: Readonly<Record<string, unknown>>): string {
  return configKey(config as Parameters<typeof configKey>[0])
}

/** The events of one run by position. */
class View {
  readonly length: number
  readonly #stored: StoredRun
  readonly #from: number

  constructor(stored: StoredRun) {
    this.#stored = stored
    const { offsets } = stored.batch.events
    this.#from = offsets[stored.run]!
    this.length = offsets[stored.run + 1]! - this.#from
  }

  kind(i: number): EventKind {
    return EVENT_KINDS[this.#stored.batch.events.kind[this.#from + i]!]!
  }

  time(i: number): number {
    return this.#stored.batch.events.time[this.#from + i]!
  }

  trial(i: number): number {
    return this.#stored.batch.events.trial[this.#from + i]!
  }

  resource(i: number): number {
    return this.#stored.batch.events.resource[this.#from + i]!
  }

  value(i: number, metric: string): number {
    const { events, metrics } = this.#stored.batch
    return events.values[metrics.indexOf(metric)]![this.#from + i]!
  }

  config(i: number): Readonly<Record<string, unknown>> {
    const { configs, run } = this.#stored
    return configs.configuration(configs.offsets[run]! + this.trial(i))
  }

  event(i: number, metrics: readonly string[]): PlainEvent | null {
    if (i >= this.length) return null
    const event = this.kind(i)
    const report = event === 'continue' || event === 'pause' || event === 'stop'
    return {
      event,
      time: this.time(i),
      trial: this.trial(i),
      resource: this.resource(i),
      ...(report && { values: Object.fromEntries(metrics.map((metric) => [metric, finite(this.value(i, metric))])) }),
      ...(event === 'start' && { config: this.config(i) }),
    }
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
