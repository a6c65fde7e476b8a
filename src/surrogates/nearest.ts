/** The recorded configurations nearest to one that was not recorded, in the encoded space. */
import { KdTree } from '../core/collections/kd-tree.js'
import { encodeConfig, encodedLength } from '../core/encoding.js'
import { invalid } from '../core/errors.js'
import type { Config } from '../core/space.js'
import { eligibleConfigurations } from './eligible.js'
import type { SurrogateTable } from './table.js'

/** Configurations of a table and their places in the encoded cube. */
interface Placed {
  /** Indices of configurations, ascending. */
  readonly candidates: Int32Array
  readonly tree: KdTree
}

/** By table and what is held fixed: every run of a batch asks the same, and placing 60,000 rows takes longer than a run. */
const placed = new WeakMap<SurrogateTable, Map<string, Placed>>()

/**
 * k nearest neighbours among the complete configurations of a table, by Euclidean distance between encoded
 * configurations (see `encodeConfig`), found in a k-d tree: exact, the same to the last bit as looking at all of them.
 * On average O(d log n) for real hyperparameters; where rows lie on a grid, ties make it look at more.
 */
export class NearestConfigurations {
  readonly k: number
  readonly #table: SurrogateTable
  readonly #candidates: Int32Array
  readonly #tree: KdTree
  readonly #query: Float64Array
  /** Squared distances of what was found so far, ascending; at `k` how far the farthest that may still count can be. */
  readonly #distances: Float64Array
  #count = 0
  #out: Int32Array
  /** The configuration that was asked for, where the table has it: it needs not to be found. */
  #exact = -1

  /**
   * @param k how many are sought, at least 1
   * @param fixed only configurations with these values count
   * @param among indices of the configurations that count, ascending; default: all complete ones that have the fixed values
   * @throws BenchError if no configuration counts or `fixed` names an unknown hyperparameter or value
   */
  constructor(table: SurrogateTable, k: number, fixed: Partial<Config> = {}, among?: Int32Array) {
    if (!Number.isInteger(k) || k < 1) throw invalid('nearest: k', k, 'must be a whole number, 1 or more')
    this.k = k
    this.#table = table
    const { candidates, tree } = among === undefined ? placedOf(table, fixed) : place(table, among)
    this.#candidates = candidates
    this.#tree = tree
    this.#query = new Float64Array(tree.dimensions)
    this.#distances = new Float64Array(k + 1)
    this.#out = candidates
  }

  /**
   * Finds the nearest configurations: an exact hit first, then by distance, equal distances by index.
   *
   * @param out (k or more) written: indices of configurations, nearest first
   * @returns how many were written: k, or fewer where fewer configurations count
   */
  find(config: Config, out: Int32Array): number {
    encodeConfig(this.#table.space, config, this.#query)
    this.#out = out
    this.#count = 0
    this.#distances[this.k] = Infinity
    this.#exact = this.#table.indexOf(config)
    if (isAmong(this.#candidates, this.#exact)) this.#enter(-1, this.#exact)
    this.#search(0)
    return this.#count
  }

  #search(node: number): void {
    const tree = this.#tree
    // Strictly farther: one as far as the farthest so far comes before it if its index is smaller.
    if (tree.isBeyond(node, this.#query, this.#distances, this.k)) return
    if (node >= tree.firstLeaf) this.#searchLeaf(node)
    else {
      const [a, b] = [2 * node + 1, 2 * node + 2]
      // First the half in which the query lies, so that the other can be passed over.
      const first = this.#isNearerTo(b, a) ? b : a
      this.#search(first)
      this.#search(first === a ? b : a)
    }
  }

  #searchLeaf(leaf: number): void {
    const { start, end, order, points, dimensions } = this.#tree
    const [query, distances, k] = [this.#query, this.#distances, this.k]
    for (let i = start[leaf]!; i < end[leaf]!; i++) {
      const limit = distances[k]!
      let distance = 0
      for (let d = 0, at = i * dimensions; d < dimensions && distance <= limit; d++, at++) {
        const difference = points[at]! - query[d]!
        distance += difference * difference
      }
      if (distance > limit) continue
      const index = this.#candidates[order[i]!]!
      if (index !== this.#exact) this.#enter(distance, index)
    }
  }

  /** Whether the middle of a node's box is nearer than that of another, along the axes where they differ. */
  #isNearerTo(node: number, other: number): boolean {
    const { low, high, dimensions } = this.#tree
    let difference = 0
    for (let d = 0, a = node * dimensions, b = other * dimensions; d < dimensions; d++, a++, b++) {
      const x = 2 * this.#query[d]!
      difference += Math.abs(low[a]! + high[a]! - x) - Math.abs(low[b]! + high[b]! - x)
    }
    return difference < 0
  }

  #enter(distance: number, index: number): void {
    const [distances, out, k] = [this.#distances, this.#out, this.k]
    const before = (place: number): boolean => {
      const other = distances[place]!
      return other < distance || (other === distance && out[place]! < index)
    }
    if (this.#count === k && before(k - 1)) return
    if (this.#count < k) this.#count++
    let place = this.#count - 1
    for (; place > 0 && !before(place - 1); place--) {
      distances[place] = distances[place - 1]!
      out[place] = out[place - 1]!
    }
    distances[place] = distance
    out[place] = index
    if (this.#count === k) distances[k] = distances[k - 1]!
  }
}

function placedOf(table: SurrogateTable, fixed: Partial<Config>): Placed {
  const known = placed.get(table) ?? new Map<string, Placed>()
  placed.set(table, known)
  const key = JSON.stringify(fixed)
  const made = known.get(key) ?? place(table, eligibleConfigurations(table, fixed))
  known.set(key, made)
  return made
}

function place(table: SurrogateTable, candidates: Int32Array): Placed {
  const dimensions = encodedLength(table.space)
  const points = new Float64Array(candidates.length * dimensions)
  for (const [at, i] of candidates.entries()) encodeConfig(table.space, table.configuration(i), points, at * dimensions)
  const tree = new KdTree(dimensions)
  tree.build(points, candidates.length)
  return { candidates, tree }
}

/** By binary search. */
function isAmong(ascending: Int32Array, wanted: number): boolean {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (ascending[middle]! < wanted) low = middle + 1
    else high = middle
  }
  return ascending[low] === wanted
}

/** At most so many configurations are predicted for {@link leaveOneOutError}. */
const SAMPLE = 500

/**
 * How well neighbours stand in for each other: every configuration's value at the last level (mean over repetitions) is
 * predicted by the mean of its k nearest others. At most 500 configurations are predicted, evenly spread over the
 * table; those with a training that did not complete or whose value is not finite take no part.
 *
 * @param metric a curve metric
 * @returns the mean absolute error in the metric's unit; NaN if fewer than two configurations take part
 */
export function leaveOneOutError(
  table: SurrogateTable,
  k: number,
  metric: string,
  fixed: Partial<Config> = {},
): number {
  const values = finalValues(table, metric)
  const among = eligibleConfigurations(table, fixed).filter((i) => Number.isFinite(values[i]!))
  if (among.length < 2) return Number.NaN
  const nearest = new NearestConfigurations(table, k + 1, {}, among)
  const found = new Int32Array(k + 1)
  const samples = Math.min(SAMPLE, among.length)
  let sum = 0
  for (let sample = 0; sample < samples; sample++) {
    const i = among[Math.floor((sample * among.length) / samples)]!
    // the configuration itself is the exact hit and stands first
    const others = found.subarray(1, nearest.find(table.configuration(i), found))
    const prediction = others.reduce((total, other) => total + values[other]!, 0) / others.length
    sum += Math.abs(prediction - values[i]!)
  }
  return sum / samples
}

/**
 * (C) a curve metric at the last level, mean over the repetitions of each configuration; NaN where a repetition lacks
 * the level or diverged.
 */
export function finalValues(table: SurrogateTable, metric: string): Float64Array {
  const curve = table.curve(metric)
  const { levels, rowStart, rowOrder } = table
  const out = new Float64Array(table.configurations)
  for (let i = 0; i < out.length; i++) {
    let sum = 0
    for (let at = rowStart[i]!; at < rowStart[i + 1]!; at++) sum += curve[rowOrder[at]! * levels + levels - 1]!
    const mean = sum / (rowStart[i + 1]! - rowStart[i]!)
    out[i] = Number.isFinite(mean) ? mean : Number.NaN
  }
  return out
}
