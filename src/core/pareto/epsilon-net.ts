/** Epsilon-net order: a front's points so that every prefix is spread over the front as evenly as a greedy choice can. */
import { KdTree } from '../collections/kd-tree.js'
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
 * to the point that is earlier in `front`. For the time it takes see {@link EpsilonNet}.
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
  const members = new Float64Array(front.length * objectives)
  for (let k = 0; k < front.length; k++)
    members.set(values.subarray(front[k]! * objectives, (front[k]! + 1) * objectives), k * objectives)
  const places = Int32Array.from(front, (_, k) => k)
  net.start(members, front.length, places, dimension, scaleFactors(scale, objectives))
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

/**
 * The traversal step by step, with memory that is used again. The points stand in a k-d tree whose nodes know how far the
 * farthest of their points is from all chosen ones: a newly chosen point changes nothing in a box that is farther from it
 * than that, so of the k-th choice only about m / k points are looked at, and all k of m points take about
 * O(m log m) where the front is a curve or surface; O(k m) at worst.
 */
export class EpsilonNet {
  /** How far the point chosen last was from those before it; Infinity for the first. */
  distance = Infinity
  readonly #tree: KdTree
  readonly #last: Float64Array
  #factors: Float64Array
  /** (points, as they stand in the tree) which is the earlier of two that tie */
  #keys = new Int32Array(0)
  /** Their distance to the nearest chosen one, and its square; -1 once they are chosen. */
  #distance = new Float64Array(0)
  #squared = new Float64Array(0)
  /** (nodes) the place of the farthest point, and the largest square, which two points of one distance need not share */
  #farthest = new Int32Array(0)
  #largest = new Float64Array(0)
  #left = 0
  /** Where the next one to choose stands. */
  #next = 0

  constructor(objectives: number) {
    this.#tree = new KdTree(objectives)
    this.#last = new Float64Array(objectives)
    this.#factors = this.#last
  }

  /**
   * Begins anew.
   *
   * @param values point k is at `k * objectives`; the first `size` count
   * @param keys of two that tie, the one with the smaller key comes first
   * @param factors what differences are multiplied by, per objective
   */
  start(values: Float64Array, size: number, keys: ArrayLike<number>, dimension: number, factors: Float64Array): void {
    const tree = this.#tree
    tree.build(values, size, factors)
    if (this.#keys.length < size) {
      const { length } = tree.order
      this.#keys = new Int32Array(length)
      this.#distance = new Float64Array(length)
      this.#squared = new Float64Array(length)
    }
    if (this.#largest.length < tree.nodes) {
      this.#farthest = new Int32Array(tree.nodes)
      this.#largest = new Float64Array(tree.nodes)
    }
    this.#factors = factors
    this.#left = size
    // A distance whose square overflows stays this.
    this.#distance.fill(Infinity, 0, size)
    this.#squared.fill(Infinity, 0, size)
    this.#largest.fill(Infinity, 0, tree.nodes)
    this.#next = 0
    const d = tree.dimensions
    for (let i = 0; i < size; i++) {
      this.#keys[i] = keys[tree.order[i]!]!
      const [x, least] = [tree.points[i * d + dimension]!, tree.points[this.#next * d + dimension]!]
      if (x < least || (!(x > least) && this.#keys[i]! < this.#keys[this.#next]!)) this.#next = i
    }
  }

  /** Chooses the next point: its number in `values`, or -1 when none is left. */
  next(): number {
    if (this.#left === 0) return -1
    const { order, points, dimensions } = this.#tree
    const at = this.#next
    for (let j = 0; j < dimensions; j++) this.#last[j] = points[at * dimensions + j]!
    this.#left--
    this.distance = this.#distance[at]!
    this.#distance[at] = -1
    this.#squared[at] = -1
    this.#approach(0)
    this.#next = this.#farthest[0]!
    return order[at]!
  }

  /** Takes the point chosen last into the distances of a node's points, and finds the farthest of them. */
  #approach(node: number): void {
    const tree = this.#tree
    // Strictly: the box of the chosen point itself, at distance 0, must be gone through even if all others are there too.
    if (tree.isBeyond(node, this.#last, this.#largest, node, this.#factors)) return
    if (node >= tree.firstLeaf) {
      this.#approachLeaf(node)
      return
    }
    const [a, b] = [2 * node + 1, 2 * node + 2]
    this.#approach(a)
    this.#approach(b)
    this.#largest[node] = Math.max(this.#largest[a]!, this.#largest[b]!)
    this.#farthest[node] = this.#isFarther(this.#farthest[b]!, this.#farthest[a]!)
      ? this.#farthest[b]!
      : this.#farthest[a]!
  }

  #approachLeaf(leaf: number): void {
    const { start, end, points, dimensions } = this.#tree
    const [distance, squared, last, factors] = [this.#distance, this.#squared, this.#last, this.#factors]
    const from = start[leaf]!
    const to = end[leaf]!
    let farthest = from
    let largest = -1
    for (let i = from, at = from * dimensions; i < to; i++) {
      let sum = 0
      for (let j = 0; j < dimensions; j++, at++) {
        const difference = (points[at]! - last[j]!) * factors[j]!
        sum += difference * difference
      }
      if (sum < squared[i]!) {
        squared[i] = sum
        distance[i] = Math.sqrt(sum)
      }
      if (squared[i]! > largest) largest = squared[i]!
      if (this.#isFarther(i, farthest)) farthest = i
    }
    this.#largest[leaf] = largest
    this.#farthest[leaf] = farthest
  }

  /** Whether of two places the first is chosen before the second. */
  #isFarther(a: number, b: number): boolean {
    const [ofA, ofB] = [this.#distance[a]!, this.#distance[b]!]
    return ofA > ofB || (ofA === ofB && this.#keys[a]! < this.#keys[b]!)
  }
}
