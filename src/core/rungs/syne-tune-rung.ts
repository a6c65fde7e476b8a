/**
 * Rungs that decide bit for bit as Syne Tune 0.13 does: the cut-off is a quantile in floating point, and the order of
 * equal values is that of its sorted list. For `compat: 'syne-tune-0.13'`; every operation costs O(n).
 */
import { grown } from '../collections/growable.js'
import type { Goal } from '../objective.js'

/** Losses of one rung, best first; equal ones in the order in which they were filed. */
export class SyneTuneRung {
  readonly level: number
  readonly #quantile: number
  readonly #goal: Goal
  #losses = new Float64Array(16)
  #trials = new Int32Array(16)
  #promoted = new Uint8Array(16)
  #entries = 0

  /** @param quantile level / next level, as a double */
  constructor(level: number, quantile: number, goal: Goal) {
    this.level = level
    this.#quantile = quantile
    this.#goal = goal
  }

  /** n */
  get entries(): number {
    return this.#entries
  }

  /**
   * The linear-interpolation quantile of the losses; Infinity for fewer than two entries. With goal `max` the reference
   * takes 1 - q from the other end, and the rounding of 1 - q shows: at n = 10, 16, 22, ... with q = 1/3 one trial fewer
   * passes. That is why the goal is known here although losses are compared.
   */
  get cutoff(): number {
    const n = this.#entries
    if (n < 2) return Infinity
    const q = this.#goal === 'min' ? this.#quantile : 1 - this.#quantile
    const position = (n - 1) * q + 1
    const index = Math.floor(position)
    const fraction = position - index
    const left = this.#goal === 'min' ? index - 1 : n - index - 1
    const g = this.#goal === 'min' ? fraction : 1 - fraction
    // Without interpolation the neighbour must not enter: 0 * Infinity is not a number.
    if (g === 0) return this.#losses[left]!
    if (g === 1) return this.#losses[left + 1]!
    return g * this.#losses[left + 1]! + (1 - g) * this.#losses[left]!
  }

  /** Files a loss (+Infinity for one that is not a finite number) and says whether it passes among all entries so far. */
  file(loss: number, trial = -1): boolean {
    this.#insert(loss, trial, 0)
    return loss <= this.cutoff
  }

  /** The losses, best first. */
  sorted(): Float64Array {
    return this.#losses.slice(0, this.#entries)
  }

  /** The trial of entry `place`, best first. */
  trial(place: number): number {
    return this.#trials[place]!
  }

  /** The loss of entry `place`, best first. */
  loss(place: number): number {
    return this.#losses[place]!
  }

  /** Whether entry `place` was promoted. */
  promoted(place: number): boolean {
    return this.#promoted[place] === 1
  }

  /** Marks an entry as promoted. The reference takes it out and puts it back, so that it moves behind its equals. */
  promote(place: number): void {
    const [loss, trial] = [this.#losses[place]!, this.#trials[place]!]
    const end = this.#entries--
    this.#losses.copyWithin(place, place + 1, end)
    this.#trials.copyWithin(place, place + 1, end)
    this.#promoted.copyWithin(place, place + 1, end)
    this.#insert(loss, trial, 1)
  }

  #insert(loss: number, trial: number, promoted: 0 | 1): void {
    const n = this.#entries++
    if (n === this.#losses.length) {
      this.#losses = grown(this.#losses, n + 1)
      this.#trials = grown(this.#trials, n + 1)
      this.#promoted = grown(this.#promoted, n + 1)
    }
    let [low, high] = [0, n]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#losses[middle]! <= loss) low = middle + 1
      else high = middle
    }
    this.#losses.copyWithin(low + 1, low, n)
    this.#trials.copyWithin(low + 1, low, n)
    this.#promoted.copyWithin(low + 1, low, n)
    this.#losses[low] = loss
    this.#trials[low] = trial
    this.#promoted[low] = promoted
  }
}

/** {@link SyneTuneRung} for promotion: the first entry not promoted yet, if it is no worse than the cut-off. */
export class SyneTunePromotionRung {
  readonly level: number
  readonly #rung: SyneTuneRung
  readonly #withdrawn = new Set<number>()
  #found = -1

  constructor(level: number, quantile: number, goal: Goal) {
    this.level = level
    this.#rung = new SyneTuneRung(level, quantile, goal)
  }

  get entries(): number {
    return this.#rung.entries
  }

  get cutoff(): number {
    return this.#rung.cutoff
  }

  file(trial: number, loss: number): void {
    this.#rung.file(loss, trial)
  }

  /**
   * The best waiting trial if it passes among all entries, or -1.
   *
   * @param admits asked for every entry on the way, best first; of a promoted entry the answer does not matter
   */
  promotable(admits?: (trial: number, loss: number) => boolean): number {
    this.#found = -1
    const rung = this.#rung
    if (rung.entries < 2) return -1
    for (let place = 0; place < rung.entries; place++) {
      if (rung.promoted(place) || this.#withdrawn.has(rung.trial(place))) continue
      const loss = rung.loss(place)
      if (admits !== undefined && !admits(rung.trial(place), loss)) continue
      if (!(loss <= rung.cutoff && loss < Infinity)) return -1
      this.#found = place
      return rung.trial(place)
    }
    return -1
  }

  /** Takes the trial that `promotable` found. Its entry still counts. */
  take(): void {
    this.#rung.promote(this.#found)
  }

  /** The trial must not be promoted any more. Its entry still counts. */
  withdraw(trial: number): void {
    this.#withdrawn.add(trial)
  }

  sorted(): Float64Array {
    return this.#rung.sorted()
  }
}
