/** The Pareto set of a run with several objectives, as it goes. */
import { MAX_HYPERVOLUME_OBJECTIVES, hypervolume } from '../../core/pareto/hypervolume.js'
import { type Objective, type ObjectiveRange, comparable, toLoss } from '../../core/objective.js'
import { paretoFront } from '../../core/pareto/pareto.js'
import { scaledLoss } from '../../core/pareto/scaling.js'
import type { TrialId } from '../../core/trial.js'

export interface FrontView {
  /** Trials that no other one dominates, each by its last report. */
  readonly size: number
  /** In [0, 1], at the reported metrics; undefined where the table gives no ranges, or the set is too large to measure. */
  readonly hypervolume?: number
}

/** Larger sets are not measured while a run goes: with four objectives that takes n^2 log n. */
const MOST_MEASURED = 2000

/** What a report holds for an objective. */
interface Standing {
  readonly losses: readonly number[]
  readonly reported: readonly number[]
}

/** Trials stand for their last report; one that holds a value which is not finite stands for nothing. */
export class LiveFront {
  readonly #objectives: readonly Objective[]
  readonly #ranges: readonly ObjectiveRange[] | undefined
  readonly #maxResource: number
  readonly #standing = new Map<TrialId, Standing>()
  #view: FrontView | undefined

  constructor(objectives: readonly Objective[], ranges: readonly ObjectiveRange[] | undefined, maxResource: number) {
    this.#objectives = objectives
    this.#ranges = objectives.length <= MAX_HYPERVOLUME_OBJECTIVES ? ranges : undefined
    this.#maxResource = maxResource
  }

  /** @param valueOf the value that was reported for a metric */
  report(trial: TrialId, level: number, valueOf: (metric: string) => number): void {
    const at = (metric: string, { accumulates }: Objective): number =>
      comparable(valueOf(metric), level, accumulates, this.#maxResource)
    this.#view = undefined
    const losses = this.#objectives.map((objective) => toLoss(at(objective.metric, objective), objective.goal))
    if (losses.every(Number.isFinite))
      this.#standing.set(trial, { losses, reported: this.#objectives.map((one) => at(one.report, one)) })
    else this.#standing.delete(trial)
  }

  /** O(n log n) in the number of trials for two objectives; kept until something is reported. */
  view(): FrontView {
    this.#view ??= this.#measure()
    return this.#view
  }

  #measure(): FrontView {
    const standing = [...this.#standing.values()]
    const front = paretoFront(standing.map(({ losses }) => losses))
    const ranges = this.#ranges
    if (ranges === undefined || front.length > MOST_MEASURED) return { size: front.length }
    const points = front.map((i) => standing[i]!.reported.map((value, j) => scaledLoss(value, ranges[j]!.reported)))
    const reference = ranges.map(() => 1)
    return { size: front.length, hypervolume: hypervolume(points, reference) }
  }
}
