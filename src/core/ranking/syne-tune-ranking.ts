/** The ranking of Syne Tune's MO-ASHA as it is, for comparisons with runs made by it. */
import type { TrialId } from '../trial.js'
import type { Ranking } from './ranking.js'
import { syneTuneSort } from './syne-tune-sort.js'
import { Vectors } from './vectors.js'

/**
 * The priority of entry i is the i-th element of {@link syneTuneSort}, a list of indices that is read as a list of ranks.
 * So an entry is judged by which entry happens to come last in that list. Everything is sorted anew for each entry.
 */
export class SyneTuneRanking implements Ranking {
  readonly #vectors: Vectors

  constructor(objectives: number) {
    this.#vectors = new Vectors(objectives, 'none')
  }

  add(_trial: TrialId, losses: Float64Array): void {
    this.#vectors.add(losses)
  }

  lastPasses(passing: number): boolean {
    return this.#lastPriority() < passing
  }

  describeLast(): string {
    return `has priority ${this.#lastPriority()} among ${this.#vectors.count}, by an index list read as ranks`
  }

  /** As the priorities are 0, 1, 2, ... in some order, also how many are smaller. */
  #lastPriority(): number {
    const { count, finite, finiteCount, values, objectives } = this.#vectors
    if (finite[count - 1] === 0) return finiteCount
    const points = new Float64Array(finiteCount * objectives)
    for (let e = 0, k = 0; e < count; e++)
      if (finite[e] === 1) points.set(values.subarray(e * objectives, (e + 1) * objectives), k++ * objectives)
    return syneTuneSort({ count: finiteCount, objectives, values: points }).at(-1)!
  }
}
