/** The searcher contract: where configurations come from. */
import type { ConfigSource } from './config-source.js'
import type { Objective } from './objective.js'
import type { RandomStreams } from './random.js'
import type { Config } from './space.js'
import type { EndState, TrialId } from './trial.js'

/** A configuration; undefined when the space is used up; `wait` when none is ready before another trial has reported. */
export type Suggestion = Config | 'wait' | undefined

/**
 * Proposes configurations. A model-based searcher implements the optional hooks: the tuner tells it of every trial,
 * every report at every resource level and every end, under any scheduler. So it knows which trials are pending and up
 * to which level. One that takes time to answer computes inside `suggest` (the simulator can count that as decision
 * time, see its option `decision`) or answers `wait` until it is done.
 */
export interface Searcher {
  /** The next configuration. `wait` is allowed only while a trial is running, because otherwise nobody would ask again. */
  suggest(): Suggestion
  /** @param until the level up to which the trial will run before it is paused */
  onStart?(trial: TrialId, config: Config, until: number): void
  /** A paused trial goes on, up to `until`. */
  onResume?(trial: TrialId, until: number): void
  /** @param values one number per objective as reported; valid during this call only */
  onReport?(trial: TrialId, resource: number, values: Float64Array): void
  onEnd?(trial: TrialId, state: EndState | 'paused' | 'stopped'): void
}

/** What a searcher is given when it is made. */
export interface SearcherContext {
  /** The configurations that may be drawn: a search space, or the rows of a table. */
  readonly source: ConfigSource
  /** The configuration that a user would run without tuning. */
  readonly defaultConfig: Config
  readonly objectives: readonly Objective[]
  readonly maxResource: number
  readonly random: RandomStreams
}
