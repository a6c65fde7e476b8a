/** Brackets of asynchronous Hyperband: a trial of bracket s skips the s lowest rungs. */
import type { Random } from '../random.js'

/**
 * The probability of each bracket, p_s proportional to K / ((K - s) r_s) with K = rungs + 1 and r_s the s-th level, the
 * maximum resource appended (Klein et al. 2020, Model-based Asynchronous Hyperparameter and Neural Architecture Search):
 * each bracket then gets about the same budget.
 *
 * @param brackets how many are asked for; at most rungs + 1 exist (the last has no rung at all)
 */
export function bracketProbabilities(levels: readonly number[], maxResource: number, brackets: number): number[] {
  const all = [...levels, maxResource]
  const k = all.length
  const weights = all.slice(0, Math.min(brackets, k)).map((level, s) => k / ((k - s) * level))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

/** Draws a bracket; without a choice nothing is drawn. */
export function drawBracket(probabilities: readonly number[], random: Random): number {
  if (probabilities.length === 1) return 0
  let rest = random.uniform()
  for (let s = 0; s < probabilities.length - 1; s++) {
    rest -= probabilities[s]!
    if (rest < 0) return s
  }
  return probabilities.length - 1
}
