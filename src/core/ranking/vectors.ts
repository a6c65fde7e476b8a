/** The loss vectors of a rung, in the order in which they came, and the range that they span. */
import { scaleFactor } from '../pareto/epsilon-net.js'
import { grown } from '../collections/growable.js'
import { allFinite } from '../objective.js'
import type { Scale } from './ranking.js'

export class Vectors {
  readonly objectives: number
  /** How many entries there are. */
  count = 0
  /** Grows with every change of `origin` and `factors`. */
  scaling = 0
  /** How many of them are finite in every objective. */
  finiteCount = 0
  /** Entry e is `values[e * objectives ...]`; what stands there for one that is not finite means nothing. */
  values = new Float64Array(16)
  /** Per entry 1 if it is finite. */
  finite = new Uint8Array(16)
  /** Per entry 1 if it is finite and waits to be promoted. */
  waiting = new Uint8Array(16)
  /** Scaled, objective j of a vector is `(value - origin[j]) * factors[j]`. */
  readonly origin: Float64Array
  readonly factors: Float64Array
  readonly #scale: Scale
  readonly #largest: Float64Array

  constructor(objectives: number, scale: Scale) {
    this.objectives = objectives
    this.#scale = scale
    this.origin = new Float64Array(objectives)
    this.#largest = new Float64Array(objectives)
    this.factors = new Float64Array(objectives).fill(scale === 'none' ? 1 : 0)
  }

  /** Adds an entry and says whether the scale changed. */
  add(losses: Float64Array): boolean {
    const [d, entry] = [this.objectives, this.count++]
    if (entry === this.finite.length || this.values.length < (entry + 1) * d) {
      this.finite = grown(this.finite, entry + 1)
      this.waiting = grown(this.waiting, entry + 1)
      this.values = grown(this.values, this.finite.length * d)
    }
    if (!allFinite(losses)) return false
    this.finite[entry] = 1
    this.waiting[entry] = 1
    for (let j = 0; j < d; j++) this.values[entry * d + j] = losses[j]!
    return this.#widen(losses, this.finiteCount++ === 0)
  }

  #widen(losses: Float64Array, first: boolean): boolean {
    if (this.#scale === 'none') return false
    let changed = false
    for (let j = 0; j < this.objectives; j++) {
      const loss = losses[j]!
      const smaller = first || loss < this.origin[j]!
      const larger = first || loss > this.#largest[j]!
      if (smaller) this.origin[j] = loss
      if (larger) this.#largest[j] = loss
      if (!smaller && !larger) continue
      this.factors[j] = scaleFactor(this.#largest[j]! - this.origin[j]!)
      changed = true
    }
    if (changed) this.scaling++
    return changed
  }
}
