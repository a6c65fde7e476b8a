/** Ranking by one number per entry. */
import { ordinalText } from '../rungs/explain-rung.js'
import { grown } from '../collections/growable.js'
import type { TrialId } from '../trial.js'
import type { PromotionRanking, Scale } from './ranking.js'
import type { Scalar } from './scalarisation.js'
import { Vectors } from './vectors.js'

/**
 * Entries by one number that is computed alike for all; equal scalars share a place. The scalars are kept and computed anew when
 * the range they are scaled to changes, which happens O(log n) times in n entries that come in no particular order. To
 * file an entry and to ask takes O(n), a scan of numbers side by side.
 */
export class ScalarRanking implements PromotionRanking {
  readonly #scalar: Scalar
  readonly #vectors: Vectors
  #scalars = new Float64Array(16)

  constructor(objectives: number, scalar: Scalar, scale: Scale) {
    this.#scalar = scalar
    this.#vectors = new Vectors(objectives, scale)
  }

  add(_trial: TrialId, losses: Float64Array): void {
    const vectors = this.#vectors
    const entry = vectors.count
    const rescaled = vectors.add(losses)
    this.#scalars = grown(this.#scalars, vectors.count)
    for (let e = rescaled ? 0 : entry; e <= entry; e++)
      this.#scalars[e] = vectors.finite[e] === 1 ? this.#scalar(vectors, e) : Infinity
  }

  lastPasses(passing: number): boolean {
    return this.#better(this.#vectors.count - 1) < passing
  }

  firstWaiting(passing: number): number {
    const scalars = this.#scalars
    const { waiting } = this.#vectors
    let [first, least] = [-1, Infinity]
    for (let e = 0; e < this.#vectors.count; e++)
      if (waiting[e] === 1 && scalars[e]! < least) {
        first = e
        least = scalars[e]!
      }
    return first >= 0 && this.#better(first) < passing ? first : -1
  }

  settle(entry: number): void {
    this.#vectors.waiting[entry] = 0
  }

  describeLast(): string {
    const { count } = this.#vectors
    const value = this.#scalars[count - 1]!
    if (value === Infinity) return 'has no finite vector, so it is behind all that have'
    return `is ${ordinalText(this.#better(count - 1) + 1)} of ${count} by a scalar of ${value}`
  }

  #better(entry: number): number {
    const [count, scalars, mine] = [this.#vectors.count, this.#scalars, this.#scalars[entry]!]
    let better = 0
    for (let e = 0; e < count; e++) if (scalars[e]! < mine) better++
    return better
  }
}
