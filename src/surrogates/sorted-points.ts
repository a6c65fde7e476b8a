/** Points sorted along one axis, so that the nearest one is found without looking at those that are far along it. */

/** The nearest point found so far; handed from one set of points to the next. */
export interface NearestPoint {
  /** -1: none. */
  index: number
  squaredDistance: number
}

/** A set of numbered points; the axis is the one along which they vary most. */
export class SortedPoints {
  readonly #dimensions: number
  readonly #axis: number
  /** The points' numbers, in the order of their coordinates along the axis. */
  readonly #indices: Int32Array
  /** Their coordinates along the axis, in that order. */
  readonly #along: Float64Array
  /** Point i of the order is at `i * dimensions`. */
  readonly #points: Float64Array

  /**
   * @param indices the points' numbers
   * @param points (indices * dimensions) their coordinates
   */
  constructor(indices: Int32Array, points: Float64Array, dimensions: number) {
    const axis = widestAxis(points, dimensions)
    const order = Int32Array.from(indices.keys())
    if (dimensions > 0) order.sort((a, b) => points[a * dimensions + axis]! - points[b * dimensions + axis]! || a - b)
    this.#dimensions = dimensions
    this.#axis = axis
    this.#indices = order.map((at) => indices[at]!)
    this.#along = Float64Array.from(order, (at) => (dimensions === 0 ? 0 : points[at * dimensions + axis]!))
    this.#points = new Float64Array(points.length)
    for (const [i, at] of order.entries())
      this.#points.set(points.subarray(at * dimensions, (at + 1) * dimensions), i * dimensions)
  }

  /**
   * Puts the nearest free point into `nearest` if it is nearer than what is there, or as near and of a smaller number.
   * Looks outwards from the query's coordinate along the axis until all that is left is too far along it alone: at worst
   * a linear scan.
   */
  search(query: Float64Array, nearest: NearestPoint, isFree?: (index: number) => boolean): void {
    const { length } = this.#along
    const [along, points, dimensions] = [this.#along, this.#points, this.#dimensions]
    const x = dimensions === 0 ? 0 : query[this.#axis]!
    let above = 0
    for (let end = length; above < end;) {
      const middle = (above + end) >> 1
      if (along[middle]! < x) above = middle + 1
      else end = middle
    }
    let below = above - 1
    while (below >= 0 || above < length) {
      const down = below < 0 ? Infinity : x - along[below]!
      const up = above < length ? along[above]! - x : Infinity
      const gap = down < up ? down : up
      if (gap * gap > nearest.squaredDistance) return
      const i = down < up ? below-- : above++
      let distance = 0
      for (let d = 0, at = i * dimensions; d < dimensions; d++, at++) {
        const difference = points[at]! - query[d]!
        distance += difference * difference
      }
      if (distance > nearest.squaredDistance) continue
      const index = this.#indices[i]!
      if (distance === nearest.squaredDistance && index > nearest.index) continue
      if (isFree !== undefined && !isFree(index)) continue
      nearest.index = index
      nearest.squaredDistance = distance
    }
  }
}

function widestAxis(points: Float64Array, dimensions: number): number {
  const count = points.length / dimensions
  let widest = 0
  let most = -1
  for (let axis = 0; axis < dimensions; axis++) {
    let [sum, squares] = [0, 0]
    for (let at = axis; at < points.length; at += dimensions) {
      sum += points[at]!
      squares += points[at]! ** 2
    }
    const variance = squares - (sum * sum) / count
    if (variance <= most) continue
    most = variance
    widest = axis
  }
  return widest
}
