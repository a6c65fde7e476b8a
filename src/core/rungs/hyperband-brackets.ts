/** The brackets of synchronous Hyperband: how many trials run up to which level. */
import { invalid } from '../errors.js'
import { roundHalfEven } from './rung.js'

/**
 * How large the rungs of a bracket are, by name; s is how often it halves.
 *
 * - `algorithm`: n = ceil((s_max + 1) / (s + 1) * eta^s), then n_i = floor(n / eta^i) (Li et al. 2018, Hyperband, JMLR,
 *   algorithm 1)
 * - `table`: n = floor((s_max + 1) / (s + 1)) * eta^s, as in table 1 of that paper
 * - `syne-tune`: ceil((S + 1) / (s + 1) * eta^(s - i)) trials in rung i, levels counted up from the grace period
 */
export const BRACKET_SIZES = ['algorithm', 'table', 'syne-tune'] as const
export type BracketSizes = (typeof BRACKET_SIZES)[number]

/** One rung of a bracket: so many trials run up to this level. */
export interface RungSize {
  readonly trials: number
  readonly level: number
}

/**
 * The brackets of one pass, the one that halves most often (s = s_max) first, the one that does not halve (s = 0) last.
 * The top rung of each is at the maximum resource. s_max is found by multiplication: logarithms lose a bracket, e.g.
 * for 243 / 3.
 *
 * @param gracePeriod the least level; at least 1
 * @param reductionFactor eta, real, at least 2
 */
export function hyperbandBrackets(
  sizes: BracketSizes,
  gracePeriod: number,
  reductionFactor: number,
  maxResource: number,
): RungSize[][] {
  if (!Number.isInteger(gracePeriod) || gracePeriod < 1)
    throw invalid('gracePeriod', gracePeriod, 'must be a whole number >= 1')
  if (!(reductionFactor >= 2)) throw invalid('reductionFactor', reductionFactor, 'must be at least 2')
  const powers = [1]
  const upward = sizes === 'syne-tune'
  // Downward from the maximum (Hyperband): the largest s with grace * eta^s <= R. Upward: the least s that reaches R.
  for (let power = upward ? 1 : reductionFactor; ; power *= reductionFactor) {
    if (upward ? roundHalfEven(gracePeriod * power) >= maxResource : gracePeriod * power > maxResource) break
    powers.push(upward ? power * reductionFactor : power)
  }
  const most = powers.length - 1
  return powers.map((_, skipped) => {
    const s = most - skipped
    return Array.from({ length: s + 1 }, (_unused, i) => {
      const level = upward
        ? roundHalfEven(gracePeriod * powers[skipped + i]!)
        : roundHalfEven(maxResource / powers[s - i]!)
      return { trials: rungTrials(sizes, most, s, i, powers), level: i === s ? maxResource : level }
    })
  })
}

/** Numerators are whole where eta is, so that quotients that are whole are exact. */
function rungTrials(sizes: BracketSizes, most: number, s: number, i: number, powers: readonly number[]): number {
  if (sizes === 'syne-tune') return Math.ceil(((most + 1) * powers[s - i]!) / (s + 1))
  const n =
    sizes === 'table' ? Math.floor((most + 1) / (s + 1)) * powers[s]! : Math.ceil(((most + 1) * powers[s]!) / (s + 1))
  return Math.floor(n / powers[i]!)
}
