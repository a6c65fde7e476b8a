/** What the journal of an interrupted run holds. It is told again to a fresh tuner, which must decide all of it as before. */
import { type BackendEvent, emptyEvent } from '../core/backend.js'
import { BenchError, show } from '../core/errors.js'
import type { Tuner } from '../core/tuner.js'
import { type RunEvent, runEvent } from '../store/journal-recorder.js'
import { type Journal, type JournalLine, type JournalWriter, journalText } from '../store/journal.js'
import type { ReplayedBackend } from './replayed-backend.js'

/** A line that says who runs the programs from here on; no event of the run. */
export interface Session {
  readonly event: 'session'
  /** Seconds since the run began, without the time in which nobody ran it. */
  readonly time: number
  /** ISO 8601, UTC */
  readonly at: string
  /** By which the programs of the process are known. */
  readonly runner: string
}

interface PastEvent {
  readonly event: RunEvent
  /** As it stands in the journal, and in which line. */
  readonly line: JournalLine
  readonly number: number
}

/**
 * Stands between a run's recorder and its journal: what the journal holds already is compared, what is new is written.
 * With an empty journal it only writes.
 */
export class Past implements Pick<JournalWriter, 'append'> {
  /** Seconds since the run began, at the last line. */
  readonly elapsed: number
  /** Who ran the programs last. */
  readonly runner: string | undefined
  readonly #path: string
  readonly #writer: Pick<JournalWriter, 'append'>
  readonly #events: readonly PastEvent[]
  #at = 0
  /** Whether the line that came last stood in the journal. */
  repeated = false

  /** @throws BenchError for a journal that lacks what is needed to go on */
  constructor(path: string, journal: Pick<Journal, 'entries'>, writer: Pick<JournalWriter, 'append'>) {
    this.#path = path
    this.#writer = writer
    this.#events = journal.entries.flatMap((line, i) => {
      const event = runEvent(line)
      return event === undefined ? [] : [{ event, line, number: i + 2 }]
    })
    const sessions = journal.entries.filter(({ event }) => event === 'session') as unknown as readonly Session[]
    this.runner = sessions.at(-1)?.runner
    this.elapsed = Math.max(0, ...sessions.map(({ time }) => time), this.#events.at(-1)?.event.time ?? 0)
    if (sessions.length === 0 && this.#events.some(({ event }) => event.event === 'report'))
      throw new BenchError(
        `${path} is of an older version, which cannot be resumed; begin the run anew in another --out`,
      )
  }

  /** Whether everything that the journal held has come again. */
  get over(): boolean {
    return this.#at === this.#events.length
  }

  /**
   * Begins the run, and tells the tuner everything that has happened in it so far.
   *
   * @throws BenchError if it decides anything that the journal has otherwise
   */
  replay(tuner: Tuner, backend: ReplayedBackend, values: number): void {
    const event = emptyEvent(values)
    tuner.begin()
    while (!this.over) {
      const at = this.#at
      const past = this.#events[at]!
      if (tuner.reason !== undefined) throw this.#different(past, `the run ends (${tuner.reason})`)
      if (!fill(event, past.event)) throw this.#different(past, 'nothing')
      backend.replay(event)
      tuner.handle(event)
      if (this.#at === at) throw this.#different(past, 'nothing')
    }
  }

  /** A line of the run as it is decided now. */
  append(line: JournalLine): void {
    const past = this.#events[this.#at]
    this.repeated = past !== undefined
    if (past === undefined) {
      this.#writer.append(line)
      return
    }
    const now = JSON.parse(journalText(line)) as JournalLine
    if (FIELDS.some((field) => JSON.stringify(now[field]) !== JSON.stringify(past.line[field])))
      throw this.#different(past, journalText(line))
    this.#at++
  }

  #different({ line, number }: PastEvent, now: string): BenchError {
    return new BenchError(
      `${this.#path} cannot be continued: its line ${number} is ${show(line)}, but what comes now is ${shortened(now)}; ` +
        'the experiment, the scheduler or this program was changed: begin the run anew in another --out',
    )
  }
}

/** What must come again; lines may say more. */
const FIELDS = 'event time trial attempt config copy from resource values decision state reason'.split(' ')

/** Makes of a journalled line the event that it was recorded at; false where it was a consequence of one. */
function fill(event: BackendEvent, past: RunEvent): boolean {
  if (past.event === 'start' || past.event === 'resume') return false
  event.kind = past.event
  event.time = past.time
  event.trial = past.trial
  event.attempt = past.attempt
  if (past.event === 'report') event.values.set(past.values)
  if (past.event === 'report' || past.event === 'ignored') event.resource = past.resource
  if (past.event === 'restart') event.resource = past.from
  if (past.event === 'end') event.state = past.state === 'failed' ? 'failed' : 'completed'
  if (past.event !== 'report' && past.event !== 'released') event.reason = past.reason
  return true
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text
}
