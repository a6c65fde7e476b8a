/**
 * What the log service holds. An event is shown some time after it was written; within a stream events lie in order of
 * their timestamps, not of their arrival, so what arrives late lies behind tokens that were given out before.
 */
import { randomStream } from '../../../src/core/random.js'
import type { Clock } from './clock.js'
import type { LogFaults } from './faults.js'
import type { Range } from './options.js'

export interface StoredEvent {
  /** 56 digits: timestamp, then the order of writing. Sorts as the stream does. */
  readonly id: string
  readonly stream: string
  /** Milliseconds since 1970. */
  readonly timestamp: number
  readonly message: string
  /** When the service shows it. */
  readonly visible: number
}

export interface Stream {
  readonly name: string
  readonly created: number
  readonly events: StoredEvent[]
  /** When the event that was shown last is shown: those that are not late keep their order. */
  lastVisible: number
}

export class LogStore {
  /** May be changed at any time; holds for lines written from then on. */
  faults: LogFaults
  readonly #clock: Clock
  readonly #delay: Range
  readonly #chance
  readonly #groups = new Map<string, Map<string, Stream>>()
  #written = 0

  constructor(clock: Clock, delay: Range, faults: LogFaults, seed: number) {
    this.#clock = clock
    this.#delay = delay
    this.faults = faults
    this.#chance = randomStream(`logs ${seed}`)
  }

  get groups(): string[] {
    return [...this.#groups.keys()].sort()
  }

  /** The streams of a group that are shown by now, by name; undefined: there is no such group. */
  streams(group: string): Stream[] | undefined {
    const streams = this.#groups.get(group)
    return streams && [...streams.values()].filter(({ created }) => created <= this.#clock.now()).sort(byName)
  }

  /** What is shown of a stream by now, in order of timestamps. */
  events(stream: Stream): StoredEvent[] {
    const now = this.#clock.now()
    return stream.events.filter(({ visible }) => visible <= now)
  }

  /** @param written milliseconds since 1970; default now */
  write(group: string, name: string, message: string, written?: number): void {
    if (message === '') return
    const streams = this.#groups.get(group) ?? new Map<string, Stream>()
    this.#groups.set(group, streams)
    const now = this.#clock.now()
    const [least, most] = this.#delay
    let visible = now + 1000 * (least + (most - least) * this.#chance.uniform())
    let stream = streams.get(name)
    if (!stream) {
      stream = { name, created: visible, events: [], lastVisible: visible }
      streams.set(name, stream)
    }
    const strikes = (rate: number | undefined): boolean => rate !== undefined && this.#chance.uniform() < rate
    visible = Math.max(visible, stream.lastVisible)
    if (strikes(this.faults.late)) visible += 1000 * (this.faults.lateSeconds ?? 1)
    else stream.lastVisible = visible
    const back = strikes(this.faults.reordered) ? this.#chance.int(500) : 0
    const timestamp = Math.floor(written ?? now) - back
    for (let copies = strikes(this.faults.twice) ? 2 : 1; copies > 0; copies--)
      insert(stream.events, { id: eventId(timestamp, this.#written++), stream: name, timestamp, message, visible })
  }
}

export function eventId(timestamp: number, order: number): string {
  return String(Math.max(0, Math.floor(timestamp))).padStart(20, '0') + String(order).padStart(36, '0')
}

function byName(a: Stream, b: Stream): number {
  return a.name < b.name ? -1 : 1
}

function insert(events: StoredEvent[], event: StoredEvent): void {
  let at = events.length
  while (at > 0 && events[at - 1]!.id > event.id) at--
  events.splice(at, 0, event)
}
