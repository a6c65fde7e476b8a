/** Epsilon-net order: a front's points so that every prefix is spread over the front as evenly as a greedy choice can. */
import { invalid } from '../errors.js'
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
  const net = new EpsilonNet(objectives)
  net.start(values, front, front.length, dimension, scaleFactors(scale, objectives))
  const order: number[] = []
  for (let k = 0; k < front.length && k < atMost; k++) order.push(front[net.next()]!)
  return order
}

/** What differences are multiplied by: 1 / length; 0 for a length of 0, or one too small to divide by. */
export function scaleFactors(scale: ArrayLike<number> | undefined, objectives: number): Float64Array {
  return Float64Array.from({ length: objectives }, (_, j) => (scale === undefined ? 1 : scaleFactor(scale[j]!)))
}

/** The factor of one length, see {@link scaleFactors}. */
export function scaleFactor(length: number): number {
  const factor = length > 0 ? 1 / length : 0
  return factor < Infinity ? factor : 0
}

/** The traversal step by step, with memory that is used again. */
export class EpsilonNet {
  readonly #d: number
  readonly #last: Float64Array
  #factors: Float64Array
  /** Of the points not chosen yet, in the order of the front: position there, coordinates, distance to the nearest chosen one. */
  #position = new Int32Array(0)
  #coordinates = new Float64Array(0)
  #squared = new Float64Array(0)
  #distance = new Float64Array(0)
  #left = 0
  /** Where the next one to choose stands. */
  #next = 0

  constructor(objectives: number) {
    this.#d = objectives
    this.#last = new Float64Array(objectives)
    this.#factors = this.#last
  }

  /**
   * Begins anew.
   *
   * @param front indices of points in `values`, of which the first `size` count; ties go to the earlier one
   * @param factors what differences are multiplied by, per objective
   */
  start(values: Float64Array, front: ArrayLike<number>, size: number, dimension: number, factors: Float64Array): void {
    const d = this.#d
    if (this.#position.length < size) {
      const length = Math.max(16, size, 2 * this.#position.length)
      this.#position = new Int32Array(length)
      this.#coordinates = new Float64Array(length * d)
      this.#squared = new Float64Array(length)
      this.#distance = new Float64Array(length)
    }
    this.#factors = factors
    this.#left = size
    this.#next = 0
    for (let k = 0; k < size; k++) {
      const at = front[k]! * d
      this.#position[k] = k
      this.#squared[k] = Infinity
      // A distance whose square overflows stays this.
      this.#distance[k] = Infinity
      for (let j = 0; j < d; j++) this.#coordinates[k * d + j] = values[at + j]!
      if (values[at + dimension]! < values[front[this.#next]! * d + dimension]!) this.#next = k
    }
  }

  /** Chooses the next point: its position in the front, or -1 when none is left. O(m d) for m that are left. */
  next(): number {
    if (this.#left === 0) return -1
    const d = this.#d
    const at = this.#next
    const chosen = this.#position[at]!
    for (let j = 0; j < d; j++) this.#last[j] = this.#coordinates[at * d + j]!
    this.#remove(at)
    if (d === 2) this.#approach2()
    else if (d === 3) this.#approach3()
    else this.#approach()
    return chosen
  }

  /** Takes one out; the order of the others stays, because ties go to the earlier one. */
  #remove(at: number): void {
    const left = this.#left--
    this.#position.copyWithin(at, at + 1, left)
    this.#squared.copyWithin(at, at + 1, left)
    this.#distance.copyWithin(at, at + 1, left)
    this.#coordinates.copyWithin(at * this.#d, (at + 1) * this.#d, left * this.#d)
  }

  /** Takes the point chosen last into the distances and finds the farthest of the others. */
  #approach(): void {
    const d = this.#d
    const [left, coordinates, squared, distance, last, factors] = [
      this.#left,
      this.#coordinates,
      this.#squared,
      this.#distance,
      this.#last,
      this.#factors,
    ]
    let [farthest, next] = [-1, 0]
    for (let k = 0; k < left; k++) {
      let sum = 0
      for (let j = 0; j < d; j++) {
        const difference = (coordinates[k * d + j]! - last[j]!) * factors[j]!
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
    this.#next = next
  }

  /** {@link #approach} for two objectives, with the inner loop written out. */
  #approach2(): void {
    const { [0]: x, [1]: y } = this.#last
    const { [0]: scaleX, [1]: scaleY } = this.#factors
    const [left, coordinates, squared, distance] = [this.#left, this.#coordinates, this.#squared, this.#distance]
    let [farthest, next] = [-1, 0]
    for (let k = 0; k < left; k++) {
      const differenceX = (coordinates[2 * k]! - x!) * scaleX!
      const differenceY = (coordinates[2 * k + 1]! - y!) * scaleY!
      const sum = differenceX * differenceX + differenceY * differenceY
      if (sum < squared[k]!) {
        squared[k] = sum
        distance[k] = Math.sqrt(sum)
      }
      if (distance[k]! > farthest) {
        farthest = distance[k]!
        next = k
      }
    }
    this.#next = next
  }

  /** {@link #approach} for three objectives, with the inner loop written out. */
  #approach3(): void {
    const { [0]: x, [1]: y, [2]: z } = this.#last
    const { [0]: scaleX, [1]: scaleY, [2]: scaleZ } = this.#factors
    const [left, coordinates, squared, distance] = [this.#left, this.#coordinates, this.#squared, this.#distance]
    let [farthest, next] = [-1, 0]
    for (let k = 0; k < left; k++) {
      const differenceX = (coordinates[3 * k]! - x!) * scaleX!
      const differenceY = (coordinates[3 * k + 1]! - y!) * scaleY!
      const differenceZ = (coordinates[3 * k + 2]! - z!) * scaleZ!
      const sum = differenceX * differenceX + differenceY * differenceY + differenceZ * differenceZ
      if (sum < squared[k]!) {
        squared[k] = sum
        distance[k] = Math.sqrt(sum)
      }
      if (distance[k]! > farthest) {
        farthest = distance[k]!
        next = k
      }
    }
    this.#next = next
  }
}
