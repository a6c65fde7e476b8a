/** The unit of a plan: one table, method, number of workers and budget; it is run once per seed. Plain data. */
import type { SimulationOptions } from '../backends/simulated/options.js'
import type { Objective, ObjectiveRange } from '../core/objective.js'
import type { SchedulerDefinition } from '../core/schedulers/definition.js'
import type { SearcherDefinition } from '../core/searchers/definition.js'
import type { Space, Value } from '../core/space.js'
import type { StopRule } from '../core/stop-rule.js'
import type { RegretScale } from '../store/manifest.js'

/** A registry name, a module URL, or (on the calling thread only) a definition by value; with checked options. */
export interface Component<D> {
  readonly type: string | D
  readonly options: Readonly<Record<string, unknown>>
}

export interface Cell {
  /** Position in the plan. */
  readonly index: number
  /** Name of the table. */
  readonly table: string
  readonly method: string
  readonly scheduler: Component<SchedulerDefinition>
  readonly searcher: Component<SearcherDefinition>
  readonly workers: number
  /** The budget as it was given. */
  readonly budget: StopRule
  /** The budget with full evaluations resolved to seconds. */
  readonly stop: Omit<StopRule, 'fullEvaluations'>
  readonly objectives: readonly Objective[]
  /** With two to four objectives: what hypervolume is scaled by, one per objective. */
  readonly ranges: readonly ObjectiveRange[] | undefined
  /** What regret is measured on; undefined where there is no such scale. */
  readonly regretScale: RegretScale | undefined
  /** Metrics recorded with every report: the objectives' first, then what is reported for them. */
  readonly metrics: readonly string[]
  /** The space that is searched: the table's or the experiment's. */
  readonly space: Space
  readonly fixed: Readonly<Record<string, Value>>
  readonly defaultConfig: Readonly<Record<string, Value>>
  /** Mean seconds of one full training of the default configuration, start-up included. */
  readonly fullSeconds: number
  /** The level at which a trial is complete. */
  readonly maxResource: number
  readonly simulation: SimulationOptions
  readonly diverged: 'stop' | 'continue'
  readonly pricePerHour: number | undefined
  readonly maxFailures: number | undefined
  /** What the scheduler's simulated results rest on; see `SchedulerDefinition`. */
  readonly assumptions?: string
  /** false: left out of rankings. */
  readonly ranked?: false
}

/** A rough number of reports of one run of a cell: sizes batches and buffers, decides nothing else. */
export function expectedReports(cell: Cell, configurations: number, levels: number): number {
  const { seconds = Infinity, reports = Infinity, trials = configurations, evaluations = Infinity } = cell.stop
  const bySeconds = (seconds * cell.workers * levels) / cell.fullSeconds
  return Math.max(1, Math.min(bySeconds, reports, evaluations * levels, trials * levels))
}
