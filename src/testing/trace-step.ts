/** What a trace is made of. */
import type { SchedulerDefinition } from '../core/schedulers/definition.js'
import type { SearcherDefinition } from '../core/searchers/definition.js'
import type { Config } from '../core/space.js'
import type { Cell } from '../run/cell.js'
import type { EventKind } from '../store/run-log.js'
import type { SurrogateTable } from '../surrogates/table.js'

/** One event of a run. */
export interface TraceStep {
  /** Seconds since the run began. */
  readonly time: number
  readonly trial: number
  /** `continue`, `pause` and `stop` are reports with the decision on them; `copy` is of the trial that the next starts from. */
  readonly kind: EventKind
  /** The level reported, or that of the checkpoint that a trial goes on from or that is copied; 0 for other events. */
  readonly level: number
  /** The objectives of a report, as reported. */
  readonly values: readonly number[]
  /** Of a start. */
  readonly config?: Config
  /** Why, in the scheduler's own words; only in traces taken with explanations. */
  readonly explanation?: string
}

/** Everything that one run is made of. */
export interface TraceSetup {
  readonly cell: Cell
  readonly table: SurrogateTable
  readonly seed: number
  readonly scheduler: SchedulerDefinition
  readonly searcher: SearcherDefinition
  /** Seconds after which the trace ends, if that is before the run does. */
  readonly until?: number
}
