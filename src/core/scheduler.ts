/**
 * The scheduler contract. A scheduler decides which trial runs next and which goes on; it is pure bookkeeping and never
 * sees a clock, a process or a table, so that the same scheduler runs on every backend.
 */
import type { ConfigSource } from './config-source.js'
import type { Objective } from './objective.js'
import type { RandomStreams } from './random.js'
import type { Searcher, Suggestion } from './searcher.js'
import type { Config } from './space.js'
import type { EndState, TrialId } from './trial.js'

/** What becomes of a running trial. `stop` is final; a paused trial may be resumed. */
export type Decision = 'continue' | 'pause' | 'stop'

/** The state of a trial's training at a level that it reached: what a checkpoint written there holds. */
export interface Checkpoint {
  readonly trial: TrialId
  readonly resource: number
}

/** A new trial. `until`: the resource level up to which it will run before it is paused (a hint; default the maximum). */
export interface StartJob {
  readonly kind: 'start'
  readonly config: Config
  readonly until?: number
  /**
   * The trial does not start from nothing but from a copy of this checkpoint, under its own configuration: its first
   * report is of the next level. Backends that cannot copy checkpoints refuse it.
   */
  readonly copy?: Checkpoint
}
/** A paused trial goes on. */
export interface ResumeJob {
  readonly kind: 'resume'
  readonly trial: TrialId
  readonly until?: number
}
/**
 * What a free worker is to do. `wait`: nothing now, ask again after the next event. `exhausted`: nothing ever again.
 * `wait` while no trial is running is an error, because no event could ever come.
 */
export type Job = StartJob | ResumeJob | 'wait' | 'exhausted'

/**
 * A synchronous state machine, driven by the tuner. One trial, reporting at resource 1, 2, 3 and paused at 1:
 *
 * ```
 * next(0)                       -> { kind: 'start', config }
 * onReport(0, 1, [0.4])         -> 'pause'
 * next(1)                       -> { kind: 'resume', trial: 0 }
 * onReport(0, 2, [0.3])         -> 'continue'
 * onReport(0, 3, [0.2])         -> 'continue'      (3 = maximum resource: the trial completes)
 * onEnd(0, 'completed')
 * ```
 */
export interface Scheduler {
  /** A worker is free. `trial` is the id that a new trial would get. */
  next(trial: TrialId): Job
  /**
   * A trial reported.
   *
   * @param resource the level reached; strictly increasing within a trial, also over pauses; at most the maximum
   * @param values one number per objective, as reported (not flipped to a loss); valid during this call only
   * @returns ignored at the maximum resource: a trial that got there completes. A trial of which a value is not a finite
   *   number is stopped, by default, also where this is `pause`: it must not be resumed
   */
  onReport(trial: TrialId, resource: number, values: Float64Array): Decision
  /**
   * An attempt ended without this scheduler having decided it. Its last report is not repeated. `stopped` (by a stopping
   * rule around this scheduler) may also come right after this scheduler paused the trial: it must not be resumed.
   */
  onEnd(trial: TrialId, state: EndState): void
  /**
   * Why the last answer was given, in a few lines for people: the rung with its entries, who passes, and what was
   * compared. Called only when somebody asks, so it may take its time; it must change nothing.
   */
  explain?(): string
}

/** What a searcher's answer means for a free worker. `until` as in {@link StartJob}. */
export function startJob(suggestion: Suggestion, until?: number): StartJob | 'wait' | 'exhausted' {
  if (suggestion === undefined) return 'exhausted'
  if (suggestion === 'wait') return 'wait'
  return until === undefined ? { kind: 'start', config: suggestion } : { kind: 'start', config: suggestion, until }
}

/** What a scheduler is given when it is made. */
export interface SchedulerContext {
  readonly searcher: Searcher
  /** The configurations that may be run: for schedulers that make some themselves, from those that did well. */
  readonly source: ConfigSource
  /**
   * How many trials may start in all; default any number. The searcher is used up after as many, so this matters only
   * to schedulers that make configurations themselves.
   */
  readonly maxTrials?: number
  readonly objectives: readonly Objective[]
  /** The resource level at which a trial is complete, e.g. the number of epochs. */
  readonly maxResource: number
  readonly random: RandomStreams
}
