/** `manifest.json`: what a run directory holds the results of, as data. Enough to repeat it and to report on it. */
import type { Objective, ObjectiveRange } from '../core/objective.js'
import type { Space } from '../core/space.js'
import type { StopRule } from '../core/stop-rule.js'

/** Of the reported metric: regret is (value - optimum) / (reference - optimum). */
export interface RegretScale {
  /** The best value recorded for any configuration that the experiment allows, at any level of any training. */
  readonly optimum: number
  /** What the recorded trainings of the default configuration come to, on average. */
  readonly reference: number
}

/** One table x method x workers x budget. */
export interface ManifestCell {
  readonly table: string
  readonly method: string
  /** What it is compared with, where runs of several experiments were put together; default: that of the manifest. */
  readonly baseline?: string
  /** Seeds that it was to run with, where runs of several experiments were put together; default: those of the manifest. */
  readonly seeds?: readonly number[]
  readonly scheduler: { readonly type: string; readonly options: Readonly<Record<string, unknown>> }
  readonly searcher: { readonly type: string; readonly options: Readonly<Record<string, unknown>> }
  readonly workers: number
  /** As given, e.g. { fullEvaluations: 13 }. */
  readonly budget: StopRule
  /** The budget in seconds, where it limits time. */
  readonly seconds?: number
  readonly objectives: readonly Objective[]
  /** With two to four objectives: what hypervolume is scaled by, one per objective. */
  readonly ranges?: readonly ObjectiveRange[]
  /** Of the first objective, in simulated runs; the same for all methods on a table. */
  readonly regretScale?: RegretScale
  readonly metrics: readonly string[]
  readonly fixed: Readonly<Record<string, unknown>>
  /** The space that is searched, where it is not the table's. */
  readonly space?: Space
  /** Default `stop`. */
  readonly diverged?: 'continue'
  /** Where the experiment says it. */
  readonly maxFailures?: number
  /** Where it is not the table's. */
  readonly pricePerHour?: number
  /** Mean seconds of one full training of the default configuration, start-up included. */
  readonly fullSeconds: number
  /** What the results rest on that nobody measured. */
  readonly assumptions?: string
  /** false: to be left out of rankings, for what is assumed. */
  readonly ranked?: false
  /** How many configurations may be drawn; null where the space is continuous. */
  readonly drawable: number | null
}

/** What a table holds and where it comes from. */
export interface TableAbout {
  readonly description: string
  /** Trainings. */
  readonly rows: number
  readonly configurations: number
  readonly levels: number
  /** Of one level, e.g. `epoch`. */
  readonly resource: string
  /** By metric; empty where it has none. */
  readonly units: Readonly<Record<string, string>>
  /** US dollars per hour of its instance types, where it has such; null where the price is not known. */
  readonly prices?: Readonly<Record<string, number | null>>
  /** Their speeds by a rule, 1 = the recorded machine. */
  readonly speeds?: Readonly<Record<string, number>>
  /** How many trainings did not have their device to themselves, where some did not. */
  readonly shared?: { readonly known: number; readonly trainings: number; readonly most: number }
  readonly provenance: Origin
  /** Of columns whose numbers come from elsewhere than the rest; where there are such. */
  readonly columnProvenance?: Readonly<Record<string, Origin>>
}

/** Where numbers come from, as it stands in the table. */
type Origin = Readonly<Record<string, unknown>> & { readonly kind: string }

export interface ManifestTable {
  readonly name: string
  readonly sha256: string
  /** recorded, imported, modelled or synthetic */
  readonly provenance: string
  /** What reports say about the table. */
  readonly about?: TableAbout
  /**
   * Where configurations off the table are answered by the mean of the k nearest: the mean absolute error of that for
   * the steering metric at the last level, each configuration predicted from the others.
   */
  readonly leaveOneOut?: { readonly metric: string; readonly nearest: number; readonly error: number }
}

export interface Manifest {
  readonly formatVersion: 1
  readonly experiment: string
  readonly question: string
  readonly baseline: string
  readonly backend: 'simulated' | 'local' | 'sagemaker'
  readonly cells: readonly ManifestCell[]
  readonly seeds: readonly number[]
  readonly simulation: Readonly<Record<string, unknown>>
  readonly tables: readonly ManifestTable[]
  readonly versions: { readonly rungbench: string; readonly node: string }
  /** sha256 over everything above but the version of Node and what follows from a table's sha256: equal keys, equal results. */
  readonly key: string
}
