/** The searcher contract: where configurations come from. */
import type { ConfigSource } from './config-source.js'
import type { Objective } from './objective.js'
import type { RandomStreams } from './random.js'
import type { Config } from './space.js'
import type { EndState, TrialId } from './trial.js'

/**
 * Proposes configurations. A model-based searcher implements the optional hooks: the tuner tells it of every trial,
 * every report at every resource level and every end, under any scheduler.
 */
export interface Searcher {
  /** The next configuration, or undefined when the space is used up. */
  suggest(): Config | undefined
  onStart?(trial: TrialId, config: Config): void
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
