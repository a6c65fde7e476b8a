/** The lower-left staircase of points in the plane below a reference point: what two-objective hypervolume is made of. */
import { grown } from '../collections/growable.js'

/**
 * Non-dominated points, x rising and y falling. Finding a place takes O(log n), moving the others up one
 * `copyWithin`; who leaves was added once, so that going through those is O(1) amortised.
 */
export class Staircase {
  readonly #x: number
  readonly #y: number
  #xs = new Float64Array(16)
  #ys = new Float64Array(16)
  #size = 0

  /** @param x,y the reference point */
  constructor(x: number, y: number) {
    this.#x = x
    this.#y = y
  }

  /** How many points are not dominated. */
  get size(): number {
    return this.#size
  }

  clear(): void {
    this.#size = 0
  }

  /** Adds a point and returns the area that it alone dominates below the reference; 0 if it is not better than that in both. */
  add(x: number, y: number): number {
    if (!(x < this.#x && y < this.#y)) return 0
    const at = this.#firstAtLeast(x)
    const [xs, ys] = [this.#xs, this.#ys]
    if (at > 0 && ys[at - 1]! <= y) return 0
    if (at < this.#size && xs[at] === x && ys[at]! <= y) return 0
    // Steps from `at` on that lie behind the point end in it; each is a rectangle between two x, from y up to the step before.
    let area = 0
    let left = x
    let height = at > 0 ? ys[at - 1]! : this.#y
    let end = at
    for (; end < this.#size && ys[end]! >= y; end++) {
      area += (xs[end]! - left) * (height - y)
      left = xs[end]!
      height = ys[end]!
    }
    area += ((end < this.#size ? xs[end]! : this.#x) - left) * (height - y)
    this.#replace(at, end, x, y)
    return area
  }

  /** Puts one point in the place of those from `at` to before `end`. */
  #replace(at: number, end: number, x: number, y: number): void {
    const size = this.#size + 1 - (end - at)
    this.#xs = grown(this.#xs, size)
    this.#ys = grown(this.#ys, size)
    if (end !== at + 1) {
      this.#xs.copyWithin(at + 1, end, this.#size)
      this.#ys.copyWithin(at + 1, end, this.#size)
    }
    this.#xs[at] = x
    this.#ys[at] = y
    this.#size = size
  }

  #firstAtLeast(x: number): number {
    let low = 0
    let high = this.#size
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#xs[middle]! < x) low = middle + 1
      else high = middle
    }
    return low
  }
}
