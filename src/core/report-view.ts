/** What schedulers see of a report. */
import { type Objective, comparable } from './objective.js'

/** Arrays are used again: backends reuse theirs, so the view of it is made once. */
export class ReportView {
  /** The objectives as reported, without the other metrics. */
  reported: Float64Array = new Float64Array(0)
  /** As trials of different lengths are compared by them; the same array where no objective accumulates. */
  seen: Float64Array = this.reported
  readonly #objectives: readonly Objective[]
  readonly #maxResource: number
  /** Where one accumulates: what is seen. */
  readonly #comparable: Float64Array | undefined
  #values: Float64Array | undefined

  constructor(objectives: readonly Objective[], maxResource: number) {
    this.#objectives = objectives
    this.#maxResource = maxResource
    if (objectives.some(({ accumulates }) => accumulates !== undefined))
      this.#comparable = new Float64Array(objectives.length)
  }

  /** @param values of all metrics, the objectives first, at a level */
  read(values: Float64Array, level: number): void {
    if (this.#values !== values) {
      this.#values = values
      this.reported = values.subarray(0, this.#objectives.length)
      this.seen = this.#comparable ?? this.reported
    }
    if (this.#comparable !== undefined) this.#compare(this.#comparable, level)
  }

  #compare(seen: Float64Array, level: number): void {
    for (let i = 0; i < seen.length; i++)
      seen[i] = comparable(this.reported[i]!, level, this.#objectives[i]!.accumulates, this.#maxResource)
  }
}
