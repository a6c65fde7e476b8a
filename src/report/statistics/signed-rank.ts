/** Wilcoxon's signed-rank test for paired samples, exact for any sample that a benchmark has. */
import { normalUpperTail } from './normal.js'

/** What a signed-rank test found. */
export interface SignedRank {
  /** Pairs that differ; equal pairs are left out, as Wilcoxon did. */
  readonly n: number
  /** Sum of the ranks of the positive differences. */
  readonly positive: number
  /** Sum of the ranks of the negative differences. */
  readonly negative: number
  /** Two-sided. 1 when no pair differs. */
  readonly p: number
}

/** Up to this many pairs the distribution is enumerated; above it the normal approximation is good to three digits. */
const EXACT = 300

/**
 * Tests whether paired differences are symmetric about zero (Wilcoxon 1945, Individual Comparisons by Ranking Methods).
 * Equal sizes share their mean rank. The distribution of the rank sum over all signs is computed exactly, ties included,
 * in O(n^3); beyond 300 pairs by the normal approximation with tie and continuity corrections.
 *
 * @param differences one per pair; none may be NaN
 */
export function signedRankTest(differences: readonly number[]): SignedRank {
  if (differences.some((difference) => Number.isNaN(difference))) throw new RangeError('a difference is not a number')
  const nonzero = differences.filter((difference) => difference !== 0)
  const n = nonzero.length
  const doubled = doubledRanks(nonzero.map(Math.abs))
  let twicePositive = 0
  for (const [i, difference] of nonzero.entries()) if (difference > 0) twicePositive += doubled[i]!
  const twiceTotal = n * (n + 1)
  const smaller = Math.min(twicePositive, twiceTotal - twicePositive)
  const p = n === 0 ? 1 : Math.min(1, 2 * (n <= EXACT ? exactTail(doubled, smaller) : normalTail(doubled, smaller)))
  return { n, positive: twicePositive / 2, negative: (twiceTotal - twicePositive) / 2, p }
}

/** Twice the mean ranks, whole numbers. */
function doubledRanks(sizes: readonly number[]): Int32Array {
  const order = sizes.map((_, i) => i).sort((a, b) => sizes[a]! - sizes[b]!)
  const ranks = new Int32Array(sizes.length)
  for (let from = 0; from < order.length;) {
    let to = from + 1
    while (to < order.length && sizes[order[to]!] === sizes[order[from]!]) to++
    for (let k = from; k < to; k++) ranks[order[k]!] = from + 1 + to
    from = to
  }
  return ranks
}

/** P(twice the rank sum <= bound) when every sign is a fair coin: one convolution per rank. */
function exactTail(doubled: Int32Array, bound: number): number {
  const probability = new Float64Array(bound + 1)
  probability[0] = 1
  for (const rank of doubled) {
    // Downwards, so that what is added is still what it was before this rank.
    for (let sum = bound; sum >= rank; sum--) probability[sum] = (probability[sum]! + probability[sum - rank]!) / 2
    for (let sum = Math.min(rank - 1, bound); sum >= 0; sum--) probability[sum]! /= 2
  }
  return probability.reduce((sum, p) => sum + p, 0)
}

function normalTail(doubled: Int32Array, bound: number): number {
  let total = 0
  let squares = 0
  for (const rank of doubled) {
    total += rank
    squares += rank * rank
  }
  // Var = sum of (rank / 2)^2 over fair signs; in doubled units the continuity correction is 1.
  return normalUpperTail((total / 2 - bound - 1) / Math.sqrt(squares / 4))
}

/**
 * How many pairs it takes until the test can reject at all: the smallest two-sided p of n pairs is 2 / 2^n.
 *
 * @param level significance level, e.g. 0.05
 * @param comparisons how many tests share it (Holm's first step divides by their number)
 */
export function pairsToReject(level: number, comparisons = 1): number {
  return Math.ceil(1 - Math.log2(level / comparisons))
}
