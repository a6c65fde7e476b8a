/**
 * The events of a run, given once more to a fresh scheduler: what does it decide now? One of the two laws that tie simulated
 * and real runs together rests on it: the journal of a run, replayed, gives every decision that it holds.
 */
import { type BackendCommands, type BackendEvent, emptyEvent } from '../core/backend.js'
import type { Objective } from '../core/objective.js'
import type { Recorder } from '../core/recorder.js'
import type { Decision, Scheduler } from '../core/scheduler.js'
import type { Searcher } from '../core/searcher.js'
import { type Config, configKey } from '../core/space.js'
import type { TrialId } from '../core/trial.js'
import { Tuner } from '../core/tuner.js'
import type { RunEvent } from '../store/journal-recorder.js'

/** What a run is decided by, as fresh as when it began. */
export interface FreshParts {
  readonly scheduler: Scheduler
  readonly searcher: Searcher
  readonly objectives: readonly Objective[]
  /** The level at which a trial is complete. */
  readonly maxResource: number
  /** As in the run; default `stop`. */
  readonly diverged?: 'stop' | 'continue' | undefined
}

/** Who is told what is decided now. Events are those of the run, by their position. */
export interface ReplayWatch {
  /** A report was judged. */
  readonly onDecision: (index: number, decision: Decision) => void
  /** A free worker was given a job, or none; another one than in the run ends the replay. */
  readonly onJob: (index: number, job: string, same: boolean) => void
  /** A report or an end came of a trial that is not running any more, by what was decided now. */
  readonly onLost?: (index: number) => void
}

/**
 * Replays events in their order. Free workers are offered as often as the run gave them jobs: that a scheduler had them
 * wait stands in no journal.
 *
 * @param events starts, resumptions, reports and ends; others are passed over
 */
export function replayEvents(events: readonly RunEvent[], parts: FreshParts, watch: ReplayWatch): void {
  const replay = new Replay(events, watch)
  const backend: BackendCommands = {
    workers: 1,
    get idle() {
      return replay.idle
    },
    // Never 0, so that a scheduler may wait.
    busy: 1,
    start() {},
    halt() {},
  }
  replay.drive(new Tuner({ ...parts, diverged: parts.diverged ?? 'stop', backend, recorder: replay, stop: {} }))
}

/** The first decision of a run that a fresh scheduler makes otherwise. */
export interface ReplayDifference {
  /** Position among the run's events. */
  readonly index: number
  readonly event: RunEvent
  readonly journalled: string
  readonly now: string
}

/** What a replay of a journal found. */
export interface JournalReplay {
  /** Decisions that are the same: jobs and answers to reports. */
  readonly decisions: number
  /** Among them stops and pauses. */
  readonly ends: number
  /** undefined: every decision is the journalled one. */
  readonly difference: ReplayDifference | undefined
}

/** Replays a run's journal up to the first decision that differs. */
export function replayJournal(events: readonly RunEvent[], parts: FreshParts): JournalReplay {
  let difference: ReplayDifference | undefined
  let decisions = 0
  let ends = 0
  const differs = (index: number, now: string): void => {
    const event = events[index]!
    difference ??= { index, event, journalled: decisionOf(event), now }
  }
  replayEvents(events, parts, {
    onDecision: (index, decision) => {
      if (difference !== undefined) return
      if (decision !== decisionOf(events[index]!)) return differs(index, decision)
      decisions++
      if (decision !== 'continue') ends++
    },
    onJob: (index, job, same) => {
      if (!same) differs(index, job)
      else if (difference === undefined) decisions++
    },
    onLost: (index) => differs(index, 'the trial does not run'),
  })
  return { decisions, ends, difference }
}

/** What was decided at an event, in words. */
export function decisionOf(event: RunEvent): string {
  switch (event.event) {
    case 'start':
      return `start ${configKey(event.config)}`
    case 'resume':
      return `resume trial ${event.trial}`
    case 'report':
      return event.decision
    default:
      return event.event
  }
}

/** Hands over what happened, and looks at what is decided: it is the recorder of the replay. */
class Replay implements Recorder {
  readonly #events: readonly RunEvent[]
  readonly #watch: ReplayWatch
  /** The event that comes next. */
  #at = 0
  /** The event that is being handled. */
  #current = -1
  /** Whether the recorder was told of it. */
  #told = false
  #parted = false

  constructor(events: readonly RunEvent[], watch: ReplayWatch) {
    this.#events = events
    this.#watch = watch
    this.#pass()
  }

  drive(tuner: Tuner): void {
    tuner.begin()
    while (!this.#parted && this.#at < this.#events.length) {
      const event = this.#events[this.#at]!
      if (event.event === 'start' || event.event === 'resume') {
        // The tuner asked for a job, and there was none.
        this.#watch.onJob(this.#at, 'no job', false)
        return
      }
      this.#current = this.#at++
      this.#pass()
      this.#told = false
      tuner.handle(backendEvent(event))
      if (!this.#told) this.#watch.onLost?.(this.#current)
    }
  }

  /** A worker is free where the run gave one a job next. */
  get idle(): number {
    const kind = this.#events[this.#at]?.event
    return !this.#parted && (kind === 'start' || kind === 'resume') ? 1 : 0
  }

  start(_time: number, trial: TrialId, config: Config): void {
    const event = this.#events[this.#at]!
    const same = event.event === 'start' && event.trial === trial && configKey(event.config) === configKey(config)
    this.#job(`start ${configKey(config)}`, same)
  }

  resume(_time: number, trial: TrialId): void {
    const event = this.#events[this.#at]!
    this.#job(`resume trial ${trial}`, event.event === 'resume' && event.trial === trial)
  }

  report(_time: number, _trial: TrialId, _attempt: number, _level: number, _values: Float64Array, now: Decision): void {
    this.#told = true
    this.#watch.onDecision(this.#current, now)
  }

  end(): void {
    this.#told = true
  }

  ignored(): void {}

  #job(job: string, same: boolean): void {
    this.#watch.onJob(this.#at, job, same)
    this.#parted = !same
    if (!same) return
    this.#at++
    this.#pass()
  }

  /** Passes over what decides nothing. */
  #pass(): void {
    while (this.#at < this.#events.length && !DECIDING.has(this.#events[this.#at]!.event)) this.#at++
  }
}

const DECIDING: ReadonlySet<string> = new Set(['start', 'resume', 'report', 'end'])

function backendEvent(event: Exclude<RunEvent, { event: 'start' | 'resume' }>): BackendEvent {
  const { time, trial, attempt } = event
  if (event.event === 'report') {
    const { resource, values } = event
    return { ...emptyEvent(0), kind: 'report', time, trial, attempt, resource, values: Float64Array.from(values) }
  }
  const state = event.event === 'end' && event.state === 'failed' ? 'failed' : 'completed'
  return { ...emptyEvent(0), kind: 'end', time, trial, attempt, state, reason: 'as it was' }
}
