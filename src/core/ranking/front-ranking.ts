/** Ranking by non-dominated fronts, and inside a front by how evenly its members are spread. */
import { crowdingDistance } from '../pareto/crowding-distance.js'
import { epsilonNetOrder } from '../pareto/epsilon-net.js'
import { ordinalText } from '../rungs/explain-rung.js'
import { nondominatedSort } from '../pareto/pareto.js'
import type { TrialId } from '../trial.js'
import { Front } from './front.js'
import { type FrontOrder, MemberOrder, byCrowding } from './member-order.js'
import type { PromotionRanking, Scale } from './ranking.js'
import { Vectors } from './vectors.js'

/**
 * Every entry has a place of its own: front by front, inside a front by the given order, ties as they came. Only the fronts
 * that are needed to tell who passes are kept; the entries behind them lie unsorted. A newcomer goes into the first front
 * that holds none that dominates it, found by binary search; those that it dominates move down, and so on (Li et al. 2017,
 * Efficient Nondomination Level Update Method for Steady-State Evolutionary Multiobjective Optimization). Only when the
 * entry asked about lies in the front on the cut is the order inside that front worked out ({@link MemberOrder}).
 *
 * With fronts of m members, f of them kept: filing takes O(d m log f) and as much for each front that members move to; asking
 * takes O(d m) as long as the known order holds, else a new traversal, about O(d m log m).
 */
export class FrontRanking implements PromotionRanking {
  readonly #how: FrontOrder
  readonly #vectors: Vectors
  readonly #order: MemberOrder
  /** The best fronts, and how many entries they hold together. */
  #fronts: Front[] = []
  #kept = 0
  /** The finite entries behind them. */
  #rest: Front
  /** Fronts out of use, so that memory is used again. */
  readonly #spare: Front[] = []
  /** Where the last entry is: the index of its front, or that it is in none that is kept, or not finite. */
  #lastFront = -1

  constructor(objectives: number, order: FrontOrder, scale: Scale) {
    this.#how = order
    this.#vectors = new Vectors(objectives, scale)
    this.#order = new MemberOrder(this.#vectors, order)
    this.#rest = new Front(objectives)
  }

  add(_trial: TrialId, losses: Float64Array): void {
    const vectors = this.#vectors
    const entry = vectors.count
    vectors.add(losses)
    this.#lastFront = -1
    if (vectors.finite[entry] === 0) return
    this.#lastFront = this.#firstNotDominating(losses)
    if (this.#lastFront === this.#fronts.length) {
      this.#rest.push(entry, losses, 0, vectors.waiting)
      return
    }
    const moving = this.#newFront()
    moving.push(entry, losses, 0, vectors.waiting)
    this.#kept++
    this.#insert(moving, this.#lastFront)
  }

  lastPasses(passing: number): boolean {
    const { count, finite, finiteCount } = this.#vectors
    if (finite[count - 1] === 0) return finiteCount < passing
    this.#cover(passing)
    if (this.#lastFront >= this.#fronts.length) return false
    let left = passing
    for (let f = 0; f < this.#lastFront; f++) left -= this.#fronts[f]!.size
    const front = this.#fronts[this.#lastFront]!
    if (left <= 0 || front.size <= left) return left > 0
    const last = count - 1
    return this.#order.first(front, (entry) => entry === last, left) === last
  }

  firstWaiting(passing: number): number {
    this.#cover(passing)
    const { waiting } = this.#vectors
    const waits = (entry: number): boolean => waiting[entry] === 1
    let left = passing
    for (const front of this.#fronts) {
      if (left <= 0) return -1
      if (front.waiting > 0) {
        // Where all pass and only one waits, the order says nothing.
        const only = front.waiting === 1 && front.size <= left
        const entry = only ? front.entries.subarray(0, front.size).find(waits)! : this.#order.first(front, waits, left)
        if (entry >= 0) return entry
      }
      left -= front.size
    }
    return -1
  }

  settle(entry: number): void {
    const { waiting } = this.#vectors
    if (waiting[entry] === 0) return
    const front = this.#fronts.find((one) => one.waiting > 0 && one.has(entry)) ?? this.#rest
    front.waiting--
    waiting[entry] = 0
  }

  describeLast(): string {
    const { count, finite, finiteCount, values, objectives, factors } = this.#vectors
    if (finite[count - 1] === 0) return `has no finite vector, so it is behind all ${finiteCount} that have`
    const entries = Array.from({ length: count }, (_, e) => e).filter((e) => finite[e] === 1)
    const points = entries.map((e) => values.subarray(e * objectives, (e + 1) * objectives))
    const fronts = nondominatedSort(points)
    const last = entries.length - 1
    const f = fronts.findIndex((front) => front.includes(last))
    const front = fronts[f]!
    const before = fronts.slice(0, f).reduce((sum, { length }) => sum + length, 0)
    const scaled = points.map((point) => point.map((x, j) => x * factors[j]!))
    const order =
      this.#how === 'crowding'
        ? byCrowding(crowdingDistance(points, front)).map((k) => front[k]!)
        : epsilonNetOrder(scaled, front)
    const place = order.indexOf(last)
    return (
      `is ${ordinalText(before + place + 1)} of ${count}: ${ordinalText(place + 1)} of ${front.length} ` +
      `in front ${f + 1} of ${fronts.length}`
    )
  }

  /** The index of the first kept front that holds no dominator of the losses, or how many are kept. */
  #firstNotDominating(losses: Float64Array): number {
    let low = 0
    let high = this.#fronts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#fronts[middle]!.dominates(losses, 0)) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Puts a set of vectors, none of which dominates another, into front `f`; whom they dominate moves on to the next. */
  #insert(arriving: Front, f: number): void {
    const { waiting } = this.#vectors
    let moving = arriving
    for (; f < this.#fronts.length; f++) {
      const front = this.#fronts[f]!
      const next = this.#newFront()
      front.moveDominated(moving, next, waiting)
      if (front.size === 0) {
        // All of it moves: the fronts from here on stay as they are, one place further back.
        this.#fronts.splice(f, 1, moving, next)
        this.#release(front)
        return
      }
      front.pushAll(moving, waiting)
      this.#release(moving)
      moving = next
      if (moving.size === 0) break
    }
    this.#kept -= moving.size
    this.#rest.pushAll(moving, waiting)
    this.#release(moving)
  }

  /** Sees to it that the kept fronts hold the best `passing` finite entries, and not far more. */
  #cover(passing: number): void {
    const needed = Math.min(passing, this.#vectors.finiteCount)
    while (this.#kept < needed) this.#peel()
    for (;;) {
      const last = this.#fronts.at(-1)
      if (last === undefined || this.#kept - last.size < needed + (needed >> 2) + 16) return
      this.#fronts.pop()
      this.#kept -= last.size
      this.#rest.pushAll(last, this.#vectors.waiting)
      this.#release(last)
    }
  }

  /** Takes the next front out of the rest. */
  #peel(): void {
    const d = this.#vectors.objectives
    const [rest, behind, front] = [this.#rest, this.#newFront(), this.#newFront()]
    const order = rest.byEntry()
    const { values, entries } = rest
    // Lexicographically, so that none is dominated by one after it.
    order.sort((a, b) => compare(values, d, a, b))
    const last = this.#vectors.count - 1
    let found = false
    for (const k of order) {
      const dominated = front.dominates(values, k * d)
      ;(dominated ? behind : front).push(entries[k]!, values, k * d, this.#vectors.waiting)
      if (!dominated && entries[k] === last) found = true
    }
    if (this.#lastFront === this.#fronts.length && !found) this.#lastFront++
    this.#fronts.push(front)
    this.#kept += front.size
    this.#release(rest)
    this.#rest = behind
  }

  #newFront(): Front {
    return this.#spare.pop() ?? new Front(this.#vectors.objectives)
  }

  #release(front: Front): void {
    front.clear()
    this.#spare.push(front)
  }
}

function compare(values: Float64Array, d: number, a: number, b: number): number {
  for (let j = 0; j < d; j++) {
    const difference = values[a * d + j]! - values[b * d + j]!
    if (difference !== 0) return difference
  }
  return 0
}
