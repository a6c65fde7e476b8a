/** How far apart learning curves are that keep changing places: PASHA's measure of noise. */
import { grown } from './growable.js'
import { quantileOfSorted } from './quantile.js'
import type { TrialId } from '../trial.js'

/** The losses of one trial by resource level. */
export class Curve {
  readonly trial: TrialId
  /** The highest level reported. */
  last = 0
  /** Level l at l - 1; NaN where there was no report. */
  #losses = new Float64Array(4).fill(NaN)

  constructor(trial: TrialId) {
    this.trial = trial
  }

  /** NaN where there was no report; `level` is at most `last`. */
  at(level: number): number {
    return this.#losses[level - 1]!
  }

  append(level: number, loss: number): void {
    const size = this.#losses.length
    if (level > size) this.#losses = grown(this.#losses, level).fill(NaN, size)
    this.#losses[level - 1] = loss
    this.last = level
  }
}

// The state of a pair: which of the two was worse last, and how often that changed (counted up to 2).
const [NONE, FIRST, SECOND] = [0, 1, 2]
const SWAPS = 2

/**
 * The pairs of curves whose order swapped and swapped back (two changes at least) up to the highest level that both
 * reported, as far as that lies above one level and not above another; and their distances at that level. Distances that
 * are not finite numbers are left out.
 *
 * Pairs are followed level by level: the first comparison of two curves costs their length, every later report O(m) for the
 * m curves that came so far. Nothing is done before somebody asks.
 */
export class SwapDistances {
  readonly #above: number
  readonly #upTo: number
  readonly #tiesOrder: boolean
  readonly #curves: Curve[] = []
  readonly #places = new Map<TrialId, number>()
  readonly #changed = new Set<number>()
  // Curves at places i > j are the pair i (i - 1) / 2 + j: its state, and the highest level that was compared.
  #states = new Uint8Array(64)
  #compared = new Int32Array(64)
  /** How many distances there are, and how many of them are smaller than the bound. */
  #count = 0
  #smaller = 0
  #bound = 0

  /** @param tiesOrder whether of two equal losses that of the smaller id counts as the better; else a tie says nothing */
  constructor(above: number, upTo: number, tiesOrder: boolean) {
    this.#above = above
    this.#upTo = upTo
    this.#tiesOrder = tiesOrder
  }

  /** A curve has grown. */
  update(curve: Curve): void {
    if (curve.last <= this.#above) return
    let place = this.#places.get(curve.trial)
    if (place === undefined) {
      place = this.#curves.push(curve) - 1
      this.#places.set(curve.trial, place)
    }
    this.#changed.add(place)
  }

  /**
   * Whether the quantile q of the distances is at least as large as a bound, told from counts alone: true only if it is;
   * false where it might be by interpolation only, and without distances. O(m) for each report since the last question, and
   * O(m^2) where the bound is another one.
   */
  quantileReaches(q: number, bound: number): boolean {
    this.#compareChanged()
    if (bound !== this.#bound) {
      this.#bound = bound
      this.#smaller = this.#distances().reduce((smaller, distance) => smaller + Number(distance < bound), 0)
    }
    return this.#count > 0 && this.#smaller <= Math.floor((this.#count - 1) * q)
  }

  /** The quantile q of the distances, see {@link quantileOfSorted}; undefined without distances. O(m^2 log m). */
  quantile(q: number): number | undefined {
    this.#compareChanged()
    if (this.#count === 0) return undefined
    const sorted = this.#distances().sort()
    return quantileOfSorted(sorted.length, (place) => sorted[place]!, q)
  }

  #compareChanged(): void {
    if (this.#changed.size === 0) return
    const pairs = (this.#curves.length * (this.#curves.length - 1)) / 2
    this.#states = grown(this.#states, pairs)
    this.#compared = grown(this.#compared, pairs)
    for (const place of this.#changed)
      for (let other = 0; other < this.#curves.length; other++)
        if (other < place) this.#compare(place, other)
        else if (other > place) this.#compare(other, place)
    this.#changed.clear()
  }

  /** Follows a pair up to the highest level that both reported. */
  #compare(i: number, j: number): void {
    const pair = (i * (i - 1)) / 2 + j
    const [a, b] = [this.#curves[i]!, this.#curves[j]!]
    const to = Math.min(a.last, b.last, this.#upTo)
    const from = this.#compared[pair]!
    if (to <= from) return
    const [first, second] = a.trial < b.trial ? [a, b] : [b, a]
    this.#enter(this.#distance(pair, a, b), -1)
    let worse = this.#states[pair]! & 3
    let swaps = this.#states[pair]! >> 2
    for (let level = from + 1; level <= to; level++) {
      const [x, y] = [first.at(level), second.at(level)]
      if (Number.isNaN(x) || Number.isNaN(y)) continue
      this.#compared[pair] = level
      const now = x > y ? FIRST : x < y || this.#tiesOrder ? SECOND : worse
      if (now !== worse && worse !== NONE && swaps < SWAPS) swaps++
      worse = now
    }
    this.#states[pair] = (swaps << 2) | worse
    this.#enter(this.#distance(pair, a, b), 1)
  }

  /** The distance of a pair as far as it was compared; not a finite number if it does not count. */
  #distance(pair: number, a: Curve, b: Curve): number {
    const level = this.#compared[pair]!
    if (level <= this.#above || this.#states[pair]! >> 2 < SWAPS) return NaN
    return Math.abs(a.at(level) - b.at(level))
  }

  /** Counts a distance, or takes it out again. */
  #enter(distance: number, times: 1 | -1): void {
    if (!Number.isFinite(distance)) return
    this.#count += times
    if (distance < this.#bound) this.#smaller += times
  }

  #distances(): Float64Array {
    const distances = new Float64Array(this.#count)
    let [pair, at] = [0, 0]
    for (const [i, a] of this.#curves.entries())
      for (let j = 0; j < i; j++, pair++) {
        const distance = this.#distance(pair, a, this.#curves[j]!)
        if (Number.isFinite(distance)) distances[at++] = distance
      }
    return distances
  }
}
