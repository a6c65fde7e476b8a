/** A run's events in a journal, each flushed before its decision takes effect. */
import type { Recorder } from '../core/recorder.js'
import type { Checkpoint, Decision } from '../core/scheduler.js'
import type { Config } from '../core/space.js'
import type { EndState, TrialId } from '../core/trial.js'
import { type JournalLine, type JournalWriter, numberFromJournal } from './journal.js'

/** One event of a run as it stands in the journal; times in seconds since the run began. */
export type RunEvent =
  | {
      readonly event: 'start'
      readonly time: number
      readonly trial: TrialId
      readonly config: Config
      readonly copy?: Checkpoint
    }
  | {
      readonly event: 'resume'
      readonly time: number
      readonly trial: TrialId
      readonly attempt: number
      readonly from: number
    }
  | {
      readonly event: 'report'
      readonly time: number
      readonly trial: TrialId
      readonly attempt: number
      readonly resource: number
      readonly values: readonly number[]
      readonly decision: Decision
    }
  | {
      readonly event: 'end'
      readonly time: number
      readonly trial: TrialId
      readonly attempt: number
      readonly state: EndState
      readonly reason: string
    }
  | {
      /** A worker whose attempt was paused or stopped is free again; journals of older versions do not say. */
      readonly event: 'released'
      readonly time: number
      readonly trial: TrialId
      readonly attempt: number
    }
  | {
      readonly event: 'ignored'
      readonly time: number
      readonly trial: TrialId
      readonly attempt: number
      readonly resource: number
      readonly reason: string
    }
  | {
      /** The attempt's program was started again without the scheduler having asked. */
      readonly event: 'restart'
      readonly time: number
      readonly trial: TrialId
      readonly attempt: number
      /** The last level delivered before. */
      readonly from: number
      readonly reason: string
    }

/** Writes every event of a run as one line. */
export class JournalRecorder implements Recorder {
  readonly #writer: Pick<JournalWriter, 'append'>

  constructor(writer: Pick<JournalWriter, 'append'>) {
    this.#writer = writer
  }

  start(time: number, trial: TrialId, config: Config, copy?: Checkpoint): void {
    // -0 is the same configuration as 0, but would stand in the journal as text.
    const plain = Object.entries(config).map(([name, value]) => [name, Object.is(value, -0) ? 0 : value] as const)
    this.#write({ event: 'start', time, trial, config: Object.fromEntries(plain), ...(copy && { copy }) })
  }

  resume(time: number, trial: TrialId, attempt: number, from: number): void {
    this.#write({ event: 'resume', time, trial, attempt, from })
  }

  report(
    time: number,
    trial: TrialId,
    attempt: number,
    resource: number,
    values: Float64Array,
    decision: Decision,
  ): void {
    this.#write({ event: 'report', time, trial, attempt, resource, values: Array.from(values), decision })
  }

  end(time: number, trial: TrialId, attempt: number, state: EndState, reason: string): void {
    this.#write({ event: 'end', time, trial, attempt, state, reason })
  }

  released(time: number, trial: TrialId, attempt: number): void {
    this.#write({ event: 'released', time, trial, attempt })
  }

  ignored(time: number, trial: TrialId, attempt: number, resource: number, reason: string): void {
    this.#write({ event: 'ignored', time, trial, attempt, resource, reason })
  }

  restart(time: number, trial: TrialId, attempt: number, from: number, reason: string): void {
    this.#write({ event: 'restart', time, trial, attempt, from, reason })
  }

  #write(event: RunEvent): void {
    this.#writer.append(event)
  }
}

/** A journal's line as an event of a run; undefined for a line of another kind. Unknown fields are kept as they are. */
export function runEvent(line: JournalLine): RunEvent | undefined {
  const number = (key: string): number => numberFromJournal(line[key])
  switch (line['event']) {
    case 'start':
      return { ...line, time: number('time') } as RunEvent
    case 'resume':
    case 'restart':
    case 'released':
    case 'end':
      return { ...line, time: number('time'), attempt: number('attempt') } as RunEvent
    case 'report': {
      const values = (line['values'] as readonly unknown[]).map(numberFromJournal)
      return { ...line, time: number('time'), resource: number('resource'), values } as unknown as RunEvent
    }
    case 'ignored':
      return { ...line, time: number('time'), resource: number('resource') } as RunEvent
    default:
      return undefined
  }
}
