/** Rungs: the levels at which successive halving compares trials, and who passes. */
import { invalid } from '../errors.js'
import { grown } from '../collections/growable.js'
import { NumberHeap } from '../collections/heap.js'

/**
 * Which of n entries of a rung go on, by name.
 *
 * - `exact`: a trial passes iff `better * r[j+1] <= (n - 1) * r[j]`, where `better` entries are strictly better; that is
 *   the linear-interpolation quantile r[j] / r[j+1] (Syne Tune 0.13) in exact integers: floor((n - 1) r[j] / r[j+1]) + 1 pass.
 * - `rank`: a trial is stopped iff `better * eta > n` (Syne Tune 0.15): floor(n / eta) + 1 pass.
 * - `paper`: the top floor(n / eta) pass (Li et al. 2020, A System for Massively Parallel Hyperparameter Tuning,
 *   algorithm 2); when trials are stopped rather than promoted at least one does.
 */
export const RUNG_RULES = ['exact', 'rank', 'paper'] as const
export type RungRule = (typeof RUNG_RULES)[number]

/** Rounds to the nearest whole number, halves to the even one. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x)
  const rest = x - floor
  if (rest !== 0.5) return Math.round(x)
  return floor % 2 === 0 ? floor : floor + 1
}

/**
 * The rung levels below the maximum resource: r_min * eta^k, rounded half to even, by repeated multiplication
 * (logarithms lose a level, e.g. for 243 / 3).
 *
 * @param gracePeriod r_min, the first level; at least 1
 * @param reductionFactor eta, real, greater than 1
 * @param maxResource levels at or past it are left out
 */
export function rungLevels(gracePeriod: number, reductionFactor: number, maxResource: number): number[] {
  const levels: number[] = []
  for (const level of realRungLevels(gracePeriod, reductionFactor, maxResource)) {
    const rounded = roundHalfEven(level)
    if (rounded < maxResource && rounded !== levels.at(-1)) levels.push(rounded)
  }
  return levels
}

/** {@link rungLevels} without the rounding: a trial reaches level 2.5 with its third epoch. */
export function realRungLevels(gracePeriod: number, reductionFactor: number, maxResource: number): number[] {
  if (!Number.isInteger(gracePeriod) || gracePeriod < 1)
    throw invalid('gracePeriod', gracePeriod, 'must be a whole number >= 1')
  if (!(reductionFactor > 1)) throw invalid('reductionFactor', reductionFactor, 'must be greater than 1')
  const levels: number[] = []
  for (let level = gracePeriod; level < maxResource; level *= reductionFactor) levels.push(level)
  return levels
}

/** How many of the first n entries of a rung pass, as a function of n; never decreases, grows by at most one per entry. */
export type PassingCount = (entries: number) => number

/**
 * The passing counts of a rule.
 *
 * @param level r[j]
 * @param nextLevel r[j+1], or the maximum resource above the top rung
 * @param least how many pass at least, whatever the rule says: 1 where trials are stopped, 0 where they are promoted
 */
export function passingCount(
  rule: RungRule,
  level: number,
  nextLevel: number,
  reductionFactor: number,
  least: 0 | 1,
): PassingCount {
  // Exact: both operands are whole numbers far below 2^53, so the quotient of a multiple is exact and no other rounds up to one.
  if (rule === 'exact') return (n) => Math.floor(((n - 1) * level) / nextLevel) + 1
  if (rule === 'rank') return (n) => Math.min(n, Math.floor(n / reductionFactor) + 1)
  return (n) => Math.max(least, Math.floor(n / reductionFactor))
}

/**
 * The losses of one rung as an order statistic: the k best in one heap, the rest in another, where k = passing(n).
 * Filing an entry and judging it take O(log n). Ties with the last that passes pass.
 */
export class Rung {
  readonly level: number
  readonly #passing: PassingCount
  /** The best k losses, negated: the worst of them on top. */
  readonly #best = new NumberHeap()
  readonly #rest = new NumberHeap()

  constructor(level: number, passing: PassingCount) {
    this.level = level
    this.#passing = passing
  }

  /** n */
  get entries(): number {
    return this.#best.size + this.#rest.size
  }

  /** The k-th best loss: a loss at most this large passes. -Infinity when none may pass. */
  get cutoff(): number {
    return this.#best.size === 0 ? -Infinity : -this.#best.top
  }

  /** The losses, best first; O(n log n), for explanations. */
  sorted(): Float64Array {
    const losses = new Float64Array(this.entries)
    losses.set(this.#best.values().map((negated) => -negated))
    losses.set(this.#rest.values(), this.#best.size)
    return losses.sort()
  }

  /** Files a loss (+Infinity for one that is not a finite number) and says whether it passes among all entries so far. */
  file(loss: number): boolean {
    const k = this.#passing(this.entries + 1)
    if (this.#best.size > 0 && loss < -this.#best.top) {
      if (this.#best.size < k) this.#best.push(-loss)
      else this.#rest.push(-this.#best.replace(-loss))
    } else this.#rest.push(loss)
    while (this.#best.size < k) this.#best.push(-this.#rest.pop())
    return loss <= this.cutoff
  }
}

/** A rung whose trials wait to be promoted: also knows the best one not promoted yet. O(log n) per operation. */
export class PromotionRung {
  readonly level: number
  readonly #rung: Rung
  // Entry e (in order of filing): its loss and trial. The heap holds the entries not promoted yet, best first, ties by e.
  #losses = new Float64Array(16)
  #trials = new Int32Array(16)
  #heap = new Int32Array(16)
  #waiting = 0
  readonly #withdrawn = new Set<number>()

  constructor(level: number, passing: PassingCount) {
    this.level = level
    this.#rung = new Rung(level, passing)
  }

  get entries(): number {
    return this.#rung.entries
  }

  get cutoff(): number {
    return this.#rung.cutoff
  }

  /** Files a trial's loss; the trial waits here until it is promoted. */
  file(trial: number, loss: number): void {
    const entry = this.#rung.entries
    this.#rung.file(loss)
    if (entry === this.#losses.length) {
      this.#losses = grown(this.#losses, entry + 1)
      this.#trials = grown(this.#trials, entry + 1)
      this.#heap = grown(this.#heap, entry + 1)
    }
    this.#losses[entry] = loss
    this.#trials[entry] = trial
    let at = this.#waiting++
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#before(entry, this.#heap[parent]!)) break
      this.#heap[at] = this.#heap[parent]!
      at = parent
    }
    this.#heap[at] = entry
  }

  /**
   * The best waiting trial if it passes among all entries of the rung (two at least), or -1. Never one without a number.
   *
   * @param admits asked for waiting trials, best first, up to the first that it admits; the others wait no longer
   */
  promotable(admits?: (trial: number, loss: number) => boolean): number {
    if (this.#withdrawn.size > 0 || admits !== undefined) this.#dropRefused(admits)
    if (this.#waiting === 0 || this.#rung.entries < 2) return -1
    const best = this.#heap[0]!
    const loss = this.#losses[best]!
    return loss <= this.#rung.cutoff && loss < Infinity ? this.#trials[best]! : -1
  }

  /** Takes the best waiting trial out because it is promoted. Its entry still counts. */
  take(): void {
    const last = this.#heap[--this.#waiting]!
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.#waiting) break
      if (child + 1 < this.#waiting && this.#before(this.#heap[child + 1]!, this.#heap[child]!)) child++
      if (!this.#before(this.#heap[child]!, last)) break
      this.#heap[at] = this.#heap[child]!
      at = child
    }
    this.#heap[at] = last
  }

  #dropRefused(admits: ((trial: number, loss: number) => boolean) | undefined): void {
    while (this.#waiting > 0) {
      const best = this.#heap[0]!
      const trial = this.#trials[best]!
      if (!this.#withdrawn.delete(trial) && (admits === undefined || admits(trial, this.#losses[best]!))) return
      this.take()
    }
  }

  /** The trial must not be promoted any more. Its entry still counts. */
  withdraw(trial: number): void {
    this.#withdrawn.add(trial)
  }

  /** The losses, best first; O(n log n), for explanations. */
  sorted(): Float64Array {
    return this.#rung.sorted()
  }

  #before(a: number, b: number): boolean {
    const [lossA, lossB] = [this.#losses[a]!, this.#losses[b]!]
    return lossA < lossB || (lossA === lossB && a < b)
  }
}
