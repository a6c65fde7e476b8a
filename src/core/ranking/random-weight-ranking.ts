/** Ranking by scalars with random weights, others for every trial. */
import { ordinalText } from '../rungs/explain-rung.js'
import { grown } from '../collections/growable.js'
import type { TrialId } from '../trial.js'
import type { PromotionRanking, Scale } from './ranking.js'
import { type Scalarisation, scalar, simplexWeights } from './scalarisation.js'
import { Vectors } from './vectors.js'

/**
 * Each trial is judged under weights of its own, drawn uniformly from the simplex: its place is how many entries are
 * strictly better than it under them. To judge the last entry takes O(d n). When entries are promoted, the places of all
 * are kept up to date, O(d n) per entry, and counted anew, O(d n^2), when the range that they are scaled to has changed.
 */
export class RandomWeightRanking implements PromotionRanking {
  readonly #how: Scalarisation
  readonly #key: number
  readonly #vectors: Vectors
  readonly #weights: Float64Array[] = []
  /** Per entry how many are better under its weights, if `#counted`. */
  #better = new Int32Array(16)
  #counted = false

  /** @param key of the run, see {@link simplexWeights} */
  constructor(objectives: number, how: Scalarisation, key: number, scale: Scale) {
    this.#how = how
    this.#key = key
    this.#vectors = new Vectors(objectives, scale)
  }

  add(trial: TrialId, losses: Float64Array): void {
    const vectors = this.#vectors
    const entry = vectors.count
    this.#weights.push(simplexWeights(this.#key, trial, vectors.objectives))
    if (vectors.add(losses)) this.#counted = false
    if (!this.#counted) return
    this.#better = grown(this.#better, vectors.count)
    for (let e = 0; e < entry; e++) if (this.#isBetter(entry, e)) this.#better[e]!++
    this.#better[entry] = this.#countBetter(entry)
  }

  lastPasses(passing: number): boolean {
    return this.#countBetter(this.#vectors.count - 1) < passing
  }

  firstWaiting(passing: number): number {
    const { count, waiting } = this.#vectors
    if (!this.#counted) {
      this.#better = grown(this.#better, count)
      for (let e = 0; e < count; e++) if (waiting[e] === 1) this.#better[e] = this.#countBetter(e)
      this.#counted = true
    }
    let [first, least] = [-1, passing]
    for (let e = 0; e < count; e++)
      if (waiting[e] === 1 && this.#better[e]! < least) {
        first = e
        least = this.#better[e]!
      }
    return first
  }

  settle(entry: number): void {
    this.#vectors.waiting[entry] = 0
  }

  describeLast(): string {
    const { count, finite } = this.#vectors
    if (finite[count - 1] === 0) return 'has no finite vector, so it is behind all that have'
    const weights = Array.from(this.#weights[count - 1]!, (weight) => weight.toPrecision(3)).join(', ')
    return `is ${ordinalText(this.#countBetter(count - 1) + 1)} of ${count} under its weights ${weights} (${this.#how})`
  }

  /** How many entries are better than one under its weights; all that are finite if it is not. */
  #countBetter(entry: number): number {
    const { count, finite, finiteCount } = this.#vectors
    if (finite[entry] === 0) return finiteCount
    const weights = this.#weights[entry]!
    const mine = scalar(this.#how, weights, this.#vectors, entry)
    let better = 0
    for (let e = 0; e < count; e++) if (finite[e] === 1 && scalar(this.#how, weights, this.#vectors, e) < mine) better++
    return better
  }

  /** Whether `a` is better than `b` under the weights of `b`. */
  #isBetter(a: number, b: number): boolean {
    const { finite } = this.#vectors
    if (finite[a] === 0) return false
    if (finite[b] === 0) return true
    const weights = this.#weights[b]!
    return scalar(this.#how, weights, this.#vectors, a) < scalar(this.#how, weights, this.#vectors, b)
  }
}
