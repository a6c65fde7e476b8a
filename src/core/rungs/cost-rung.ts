/** A rung whose share that goes on is one of what was spent, not of how many there are. */
import { EntryHeap } from '../collections/entry-heap.js'
import { grown } from '../collections/growable.js'

/**
 * A rung whose trials wait to be promoted. Every entry has a cost; with the entries best first (equal losses in order of
 * filing), those pass whose costs, with those of all before them, come to at most the share `level / nextLevel` of the
 * cost of all entries (cost-aware promotion, as in Syne Tune).
 *
 * The entries that pass are kept in one heap, the others in another, so that filing takes O(log n) for each entry that
 * changes sides: one or two where costs are alike, since what moves costs as much as what was filed. Costs are added in
 * floating point as they come, so an exact tie may fall either way unless they are whole numbers.
 */
export class CostRung {
  readonly level: number
  readonly #nextLevel: number
  readonly #costOf: () => number
  #losses = new Float64Array(16)
  #costs = new Float64Array(16)
  #trials = new Int32Array(16)
  #entries = 0
  #total = 0
  #passingCost = 0
  /** The worst on top. */
  readonly #passing = new EntryHeap((a, b) => this.#before(b, a))
  /** The best on top. */
  readonly #others = new EntryHeap((a, b) => this.#before(a, b))
  /** Not promoted yet, the best on top. */
  readonly #waiting = new EntryHeap((a, b) => this.#before(a, b))
  readonly #withdrawn = new Set<number>()

  /** @param costOf the cost of the trial that is being filed, from 0 on */
  constructor(level: number, nextLevel: number, costOf: () => number) {
    this.level = level
    this.#nextLevel = nextLevel
    this.#costOf = costOf
  }

  get entries(): number {
    return this.#entries
  }

  /** The worst loss that passes; -Infinity when none does. */
  get cutoff(): number {
    return this.#passing.size === 0 ? -Infinity : this.#losses[this.#passing.top]!
  }

  /** Files a trial's loss; the trial waits here until it is promoted. */
  file(trial: number, loss: number): void {
    const entry = this.#entries++
    if (entry === this.#losses.length) {
      this.#losses = grown(this.#losses, entry + 1)
      this.#costs = grown(this.#costs, entry + 1)
      this.#trials = grown(this.#trials, entry + 1)
    }
    const cost = this.#costOf()
    this.#losses[entry] = loss
    this.#costs[entry] = cost
    this.#trials[entry] = trial
    this.#waiting.push(entry)
    this.#total += cost
    if (this.#passing.size > 0 && this.#before(entry, this.#passing.top)) {
      this.#passing.push(entry)
      this.#passingCost += cost
    } else this.#others.push(entry)
    this.#rebalance()
  }

  /**
   * The best waiting trial if it passes among all entries of the rung (two at least), or -1. Never one without a number.
   *
   * @param admits asked for waiting trials, best first, up to the first that it admits; the others wait no longer
   */
  promotable(admits?: (trial: number, loss: number) => boolean): number {
    while (this.#waiting.size > 0) {
      const [trial, loss] = [this.#trials[this.#waiting.top]!, this.#losses[this.#waiting.top]!]
      if (!this.#withdrawn.delete(trial) && (admits === undefined || admits(trial, loss))) break
      this.#waiting.pop()
    }
    if (this.#waiting.size === 0 || this.#entries < 2 || this.#passing.size === 0) return -1
    const best = this.#waiting.top
    return this.#losses[best]! < Infinity && !this.#before(this.#passing.top, best) ? this.#trials[best]! : -1
  }

  /** Takes the best waiting trial out because it is promoted. Its entry still counts. */
  take(): void {
    this.#waiting.pop()
  }

  /** The trial must not be promoted any more. Its entry still counts. */
  withdraw(trial: number): void {
    this.#withdrawn.add(trial)
  }

  /** The losses, best first; O(n log n), for explanations. */
  sorted(): Float64Array {
    return this.#losses.slice(0, this.#entries).sort()
  }

  #rebalance(): void {
    const passing = this.#passing
    const others = this.#others
    while (passing.size > 0 && !this.#fits(this.#passingCost)) {
      const entry = passing.pop()
      others.push(entry)
      // Of no entries the cost is 0, whatever rounding left.
      this.#passingCost = passing.size === 0 ? 0 : this.#passingCost - this.#costs[entry]!
    }
    while (others.size > 0 && this.#fits(this.#passingCost + this.#costs[others.top]!)) {
      this.#passingCost += this.#costs[others.top]!
      passing.push(others.pop())
    }
  }

  /** cost <= level / nextLevel * total, without the quotient. */
  #fits(cost: number): boolean {
    return cost * this.#nextLevel <= this.#total * this.level
  }

  #before(a: number, b: number): boolean {
    const [lossA, lossB] = [this.#losses[a]!, this.#losses[b]!]
    return lossA < lossB || (lossA === lossB && a < b)
  }
}
