/** Epsilon-net order: a front's points so that every prefix is spread over the front as evenly as a greedy choice can. */
import { invalid } from './errors.js'
import { type PointList, toFinitePoints } from './points.js'

export interface EpsilonNetOptions {
  /** The objective of which the smallest value comes first. Default 0. */
  readonly dimension?: number
  /** Per objective the length that counts as one, e.g. its range; 0 leaves the objective out. Default: 1 each. */
  readonly scale?: ArrayLike<number> | undefined
  /** Stop after so many points. Default: all. */
  readonly atMost?: number
}

/**
 * Farthest-point traversal (Gonzalez 1985, Clustering to Minimize the Maximum Intercluster Distance; as an epsilon-net in
 * Salinas et al. 2021, A Multi-objective Perspective on Jointly Tuning Hardware and Hyperparameters): first the point that
 * is smallest in one objective, then always the one with the largest Euclidean distance to its nearest chosen one. Ties go
 * to the point that is earlier in `front`. O(k m d) for the first k of m points.
 *
 * @param front indices into `points`
 * @returns the first `atMost` of them in order
 */
export function epsilonNetOrder(
  points: PointList,
  front: ArrayLike<number>,
  options: EpsilonNetOptions = {},
): number[] {
  const { values, objectives } = toFinitePoints(points)
  const { dimension = 0, scale, atMost = front.length } = options
  if (!Number.isInteger(dimension) || dimension < 0 || (dimension >= objectives && front.length > 0))
    throw invalid('dimension', dimension, `must be the index of one of ${objectives} objectives`)
  if (scale !== undefined && scale.length !== objectives)
    throw invalid('scale', Array.from(scale), `must have one number for each of ${objectives} objectives`)
  const factors = scaleFactors(scale, objectives)
  const net = new EpsilonNet(objectives)
  const count = net.order(values, front, front.length, dimension, factors, Math.min(atMost, front.length))
  return Array.from(net.chosen.subarray(0, count), (k) => front[k]!)
}

/** What differences are multiplied by: 1 / length, and 0 for a length of 0. */
export function scaleFactors(scale: ArrayLike<number> | undefined, objectives: number): Float64Array {
  return Float64Array.from({ length: objectives }, (_, j) => {
    if (scale === undefined) return 1
    return scale[j]! > 0 ? 1 / scale[j]! : 0
  })
}

/** The traversal with its scratch memory, for callers that need it often. */
export class EpsilonNet {
  /** After `order`: positions in the front, as chosen. */
  chosen = new Int32Array(0)
  readonly #d: number
  /** Of the points not chosen yet, by slot: position in the front, scaled coordinates, distance to the nearest chosen one. */
  #position = new Int32Array(0)
  #squared = new Float64Array(0)
  #distance = new Float64Array(0)
  #scaled = new Float64Array(0)
  readonly #last: Float64Array

  constructor(objectives: number) {
    this.#d = objectives
    this.#last = new Float64Array(objectives)
  }

  /**
   * Fills `chosen` with the first `atMost` positions.
   *
   * @param front indices of points in `values`, of which the first `size` count
   * @param factors what differences are multiplied by, per objective
   * @returns how many were chosen
   */
  order(
    values: Float64Array,
    front: ArrayLike<number>,
    size: number,
    dimension: number,
    factors: Float64Array,
    atMost: number,
  ): number {
    const d = this.#d
    this.#reserve(size)
    const [position, squared, distance, scaled, last] = [
      this.#position,
      this.#squared,
      this.#distance,
      this.#scaled,
      this.#last,
    ]
    let next = 0
    for (let k = 0; k < size; k++) {
      const at = front[k]! * d
      position[k] = k
      squared[k] = Infinity
      for (let j = 0; j < d; j++) scaled[k * d + j] = values[at + j]!
      if (values[at + dimension]! < values[front[next]! * d + dimension]!) next = k
    }
    let left = size
    let count = 0
    while (count < atMost && left > 0) {
      this.chosen[count++] = position[next]!
      for (let j = 0; j < d; j++) last[j] = scaled[next * d + j]!
      // The chosen one goes out; the order of the others stays, because ties go to the earlier one.
      left--
      position.copyWithin(next, next + 1, left + 1)
      squared.copyWithin(next, next + 1, left + 1)
      distance.copyWithin(next, next + 1, left + 1)
      scaled.copyWithin(next * d, (next + 1) * d, (left + 1) * d)
      let farthest = -1
      next = 0
      for (let k = 0; k < left; k++) {
        let sum = 0
        for (let j = 0; j < d; j++) {
          const difference = (scaled[k * d + j]! - last[j]!) * factors[j]!
          sum += difference * difference
        }
        if (sum < squared[k]!) {
          squared[k] = sum
          distance[k] = Math.sqrt(sum)
        }
        if (distance[k]! > farthest) {
          farthest = distance[k]!
          next = k
        }
      }
    }
    return count
  }

  #reserve(size: number): void {
    if (this.#position.length >= size) return
    const length = Math.max(16, size, 2 * this.#position.length)
    this.chosen = new Int32Array(length)
    this.#position = new Int32Array(length)
    this.#squared = new Float64Array(length)
    this.#distance = new Float64Array(length)
    this.#scaled = new Float64Array(length * this.#d)
  }
}
