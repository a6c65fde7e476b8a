/** Rank correlation of pairs of numbers, with ties, and its interval. Pure. */
import { ranksOf } from './ranks.js'
import type { Interval } from './student.js'

export interface RankCorrelation {
  /** Pairs. */
  readonly n: number
  /** null where all numbers of a side are equal, or for fewer than {@link FEWEST_PAIRS}. */
  readonly spearman: number | null
  readonly kendall: number | null
  /** 95 %; null for fewer than {@link FEWEST_FOR_INTERVAL}, and where the order is the same in all pairs. */
  readonly spearman95: Interval | null
  readonly kendall95: Interval | null
}

/** No correlation of fewer pairs. */
export const FEWEST_PAIRS = 4
/** Fisher's z of a rank correlation is about normal from so many pairs on. */
export const FEWEST_FOR_INTERVAL = 10

/**
 * Spearman's rho and Kendall's tau-b, with intervals by Fisher's z: its variance is 1.06 / (n - 3) for rho and
 * 0.437 / (n - 4) for tau (Fieller, Hartley and Pearson 1957, Tests for Rank Correlation Coefficients I). O(n^2)
 */
export function rankCorrelation(a: readonly number[], b: readonly number[]): RankCorrelation {
  const n = a.length
  if (n < FEWEST_PAIRS) return { n, spearman: null, kendall: null, spearman95: null, kendall95: null }
  const spearman = pearson(ranksOf(a), ranksOf(b))
  const kendall = kendallTauB(a, b)
  const enough = n >= FEWEST_FOR_INTERVAL
  return {
    n,
    spearman,
    kendall,
    spearman95: enough ? fisher(spearman, 1.06 / (n - 3)) : null,
    kendall95: enough ? fisher(kendall, 0.437 / (n - 4)) : null,
  }
}

function pearson(a: readonly number[], b: readonly number[]): number | null {
  const n = a.length
  const [centreA, centreB] = [a, b].map((values) => values.reduce((sum, value) => sum + value, 0) / n) as [
    number,
    number,
  ]
  let [together, squaresA, squaresB] = [0, 0, 0]
  for (let i = 0; i < n; i++) {
    const [x, y] = [a[i]! - centreA, b[i]! - centreB]
    together += x * y
    squaresA += x * x
    squaresB += y * y
  }
  return squaresA === 0 || squaresB === 0 ? null : together / Math.sqrt(squaresA * squaresB)
}

/** (concordant - discordant) / sqrt(pairs not tied in a * pairs not tied in b) (Kendall 1945). */
function kendallTauB(a: readonly number[], b: readonly number[]): number | null {
  let [sum, untiedA, untiedB] = [0, 0, 0]
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < i; j++) {
      const [x, y] = [Math.sign(a[i]! - a[j]!), Math.sign(b[i]! - b[j]!)]
      sum += x * y
      untiedA += Math.abs(x)
      untiedB += Math.abs(y)
    }
  return untiedA === 0 || untiedB === 0 ? null : sum / Math.sqrt(untiedA * untiedB)
}

function fisher(correlation: number | null, variance: number): Interval | null {
  if (correlation === null || Math.abs(correlation) > 1 - 1e-12) return null
  const z = Math.atanh(correlation)
  const half = 1.959963984540054 * Math.sqrt(variance)
  return [Math.tanh(z - half), Math.tanh(z + half)]
}
