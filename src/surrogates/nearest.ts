/** The recorded configurations nearest to one that was not recorded, in the encoded space. */
import { encodeConfig, encodedLength } from '../core/encoding.js'
import { invalid } from '../core/errors.js'
import type { Config } from '../core/space.js'
import { eligibleConfigurations } from './eligible.js'
import type { SurrogateTable } from './table.js'

/**
 * k nearest neighbours among the complete configurations of a table, by Euclidean distance between encoded
 * configurations (see `encodeConfig`). A linear scan: exact, and fast enough up to 100,000 configurations.
 */
export class NearestConfigurations {
  readonly k: number
  readonly #table: SurrogateTable
  readonly #candidates: Int32Array
  readonly #dimensions: number
  /** (candidates * dimensions) */
  readonly #points: Float64Array
  readonly #query: Float64Array
  /** Squared distances of what was found so far, ascending. */
  readonly #distances: Float64Array

  /**
   * @param k how many are sought, at least 1
   * @param fixed only configurations with these values count
   * @param among indices of the configurations that count; default: all complete ones that have the fixed values
   * @throws BenchError if no configuration counts or `fixed` names an unknown hyperparameter or value
   */
  constructor(table: SurrogateTable, k: number, fixed: Partial<Config> = {}, among?: Int32Array) {
    if (!Number.isInteger(k) || k < 1) throw invalid('nearest: k', k, 'must be a whole number, 1 or more')
    this.k = k
    this.#table = table
    this.#candidates = among ?? eligibleConfigurations(table, fixed)
    this.#dimensions = encodedLength(table.space)
    this.#points = new Float64Array(this.#candidates.length * this.#dimensions)
    this.#candidates.forEach((i, at) =>
      encodeConfig(table.space, table.configuration(i), this.#points, at * this.#dimensions),
    )
    this.#query = new Float64Array(this.#dimensions)
    this.#distances = new Float64Array(k)
  }

  /**
   * Finds the nearest configurations: an exact hit first, then by distance, equal distances by index.
   *
   * @param out (k or more) written: indices of configurations, nearest first
   * @returns how many were written: k, or fewer where fewer configurations count
   */
  find(config: Config, out: Int32Array): number {
    const dimensions = this.#dimensions
    const candidates = this.#candidates
    const points = this.#points
    const query = this.#query
    const distances = this.#distances
    const exact = this.#table.indexOf(config)
    encodeConfig(this.#table.space, config, query)
    let count = 0
    let worst = Infinity
    for (let at = 0, point = 0; at < candidates.length; at++) {
      let distance = 0
      for (let d = 0; d < dimensions; d++, point++) {
        const difference = points[point]! - query[d]!
        distance += difference * difference
      }
      if (candidates[at] === exact) distance = -1
      if (count === this.k && distance >= worst) continue
      if (count < this.k) count++
      let place = count - 1
      for (; place > 0 && distances[place - 1]! > distance; place--) {
        distances[place] = distances[place - 1]!
        out[place] = out[place - 1]!
      }
      distances[place] = distance
      out[place] = candidates[at]!
      worst = distances[count - 1]!
    }
    return count
  }
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
