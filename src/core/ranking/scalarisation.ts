/** Ways to make one number of several losses; smaller is better. */
import { mix, mixedUniform } from '../random.js'
import type { TrialId } from '../trial.js'
import type { Vectors } from './vectors.js'

/** One number for an entry, under its rung's scale. */
export type Scalar = (vectors: Vectors, entry: number) => number

/**
 * - `linear`: the mean of weight x loss
 * - `chebyshev`: the augmented Chebyshev function of ParEGO, max_j w_j z_j + 0.05 sum_j w_j z_j (Knowles 2006, ParEGO: A
 *   Hybrid Algorithm with On-Line Landscape Approximation for Expensive Multiobjective Optimization Problems, eq. 2)
 */
export type Scalarisation = 'linear' | 'chebyshev'

const RHO = 0.05

/** The scalar of one entry under given weights. */
export function scalar(how: Scalarisation, weights: Float64Array, vectors: Vectors, entry: number): number {
  const { objectives: d, values, origin, factors } = vectors
  let sum = 0
  let largest = -Infinity
  for (let j = 0; j < d; j++) {
    const z = weights[j]! * ((values[entry * d + j]! - origin[j]!) * factors[j]!)
    sum += z
    if (z > largest) largest = z
  }
  return how === 'linear' ? sum / d : largest + RHO * sum
}

/**
 * The random weights of a trial, uniform on the simplex: exponential numbers over their sum. Mixed from a key and the
 * trial's id, so that they are the same at every rung and whatever happened before.
 */
export function simplexWeights(key: number, trial: TrialId, objectives: number): Float64Array {
  const weights = new Float64Array(objectives)
  let sum = 0
  for (let j = 0; j < objectives; j++) {
    // Half a step up, so that no logarithm of 0 is taken.
    weights[j] = -Math.log(mixedUniform(mix(key, trial), j) + 2 ** -33)
    sum += weights[j]!
  }
  for (let j = 0; j < objectives; j++) weights[j]! /= sum
  return weights
}
