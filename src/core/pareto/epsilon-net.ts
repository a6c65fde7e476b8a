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
  readonly #objectives: number
  readonly #last: Float64Array
  #factors: Float64Array
  /** Of the points not chosen yet, in the order of the front: position there, per objective the coordinates. */
  #position = new Int32Array(0)
  #coordinates: Float64Array[]
  /** Their distance to the nearest chosen one, and its square. */
  #distance = new Float64Array(0)
  #squared = new Float64Array(0)
  /** Scratch: of their squared distance to the one chosen last, the sum so far. */
  #sums = new Float64Array(0)
  #left = 0
  /** Where the next one to choose stands. */
  #next = 0

  constructor(objectives: number) {
    this.#objectives = objectives
    // A single objective gets a second one beside it, 0 for all.
    this.#coordinates = Array.from({ length: Math.max(2, objectives) }, () => new Float64Array(0))
    this.#last = new Float64Array(this.#coordinates.length)
    this.#factors = this.#last
  }

  /**
   * Begins anew.
   *
   * @param front indices of points in `values`, of which the first `size` count; ties go to the earlier one
   * @param factors what differences are multiplied by, per objective
   */
  start(values: Float64Array, front: ArrayLike<number>, size: number, dimension: number, factors: Float64Array): void {
    const d = this.#objectives
    if (this.#position.length < size) {
      const length = Math.max(16, size, 2 * this.#position.length)
      this.#position = new Int32Array(length)
      this.#coordinates = this.#coordinates.map(() => new Float64Array(length))
      this.#distance = new Float64Array(length)
      this.#squared = new Float64Array(length)
      this.#sums = new Float64Array(length)
    }
    this.#factors = factors
    this.#left = size
    for (let k = 0; k < size; k++) this.#position[k] = k
    // A distance whose square overflows stays this.
    this.#distance.fill(Infinity, 0, size)
    this.#squared.fill(Infinity, 0, size)
    for (let j = 0; j < d; j++) {
      const coordinates = this.#coordinates[j]!
      for (let k = 0; k < size; k++) coordinates[k] = values[front[k]! * d + j]!
    }
    const along = this.#coordinates[dimension]!
    this.#next = 0
    for (let k = 1; k < size; k++) if (along[k]! < along[this.#next]!) this.#next = k
  }

  /** Chooses the next point: its position in the front, or -1 when none is left. O(m d) for m that are left. */
  next(): number {
    if (this.#left === 0) return -1
    const at = this.#next
    const chosen = this.#position[at]!
    for (const [j, coordinates] of this.#coordinates.entries()) this.#last[j] = coordinates[at]!
    this.#remove(at)
    this.#next = this.#approach()
    return chosen
  }

  /** Takes one out; the order of the others stays, because ties go to the earlier one. */
  #remove(at: number): void {
    const left = this.#left--
    for (const coordinates of this.#coordinates) coordinates.copyWithin(at, at + 1, left)
    this.#position.copyWithin(at, at + 1, left)
    this.#distance.copyWithin(at, at + 1, left)
    this.#squared.copyWithin(at, at + 1, left)
  }

  /**
   * Takes the point chosen last into the distances to the nearest chosen one, and finds the farthest of the others. Squares
   * are summed one objective after the other, so that no inner loop has a loop over objectives in it; the last two go
   * together with the search.
   */
  #approach(): number {
    const searched = this.#coordinates.length - 2
    this.#sums.fill(0, 0, this.#left)
    for (let j = 0; j < searched; j++) this.#addSquares(this.#coordinates[j]!, this.#last[j]!, this.#factors[j]!)
    const [xs, ys] = [this.#coordinates[searched]!, this.#coordinates[searched + 1]!]
    const [x, y] = [this.#last[searched]!, this.#last[searched + 1]!]
    const [factorX, factorY] = [this.#factors[searched]!, this.#factors[searched + 1] ?? 0]
    const left = this.#left
    const sums = this.#sums
    const squared = this.#squared
    const distance = this.#distance
    let farthest = -1
    let next = 0
    for (let k = 0; k < left; k++) {
      const differenceX = (xs[k]! - x) * factorX
      const differenceY = (ys[k]! - y) * factorY
      const sum = sums[k]! + differenceX * differenceX + differenceY * differenceY
      let nearest = distance[k]!
      if (sum < squared[k]!) {
        squared[k] = sum
        nearest = Math.sqrt(sum)
        distance[k] = nearest
      }
      if (nearest > farthest) {
        farthest = nearest
        next = k
      }
    }
    return next
  }

  #addSquares(coordinates: Float64Array, last: number, factor: number): void {
    const left = this.#left
    const sums = this.#sums
    for (let k = 0; k < left; k++) {
      const difference = (coordinates[k]! - last) * factor
      sums[k]! += difference * difference
    }
  }
}
