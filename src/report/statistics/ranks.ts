/** Average ranks of methods over data sets, and whether they differ. */
import { normalUpperTail } from './normal.js'
import { incompleteBeta } from './student.js'

/** What ranks over blocks show. */
export interface RankTest {
  /** Mean rank of each method, 1 is best. */
  readonly averageRanks: readonly number[]
  /** Friedman's chi-square, corrected for ties. */
  readonly chiSquare: number
  /** p-value of Iman and Davenport's F statistic made from it; 1 where all ranks are equal. */
  readonly p: number
  /** Two methods differ at level 0.05 if their average ranks are further apart (Nemenyi). */
  readonly criticalDifference: number
}

/** Ranks of losses, 1 is the smallest; equal ones share their mean rank. */
export function ranksOf(losses: readonly number[]): number[] {
  return losses.map((loss) => {
    let below = 0
    let equal = 0
    for (const other of losses) {
      if (other < loss) below++
      else if (other === loss) equal++
    }
    return below + (equal + 1) / 2
  })
}

/**
 * Friedman's test with Nemenyi's critical difference (Demšar 2006, Statistical Comparisons of Classifiers over Multiple
 * Data Sets; Iman and Davenport 1980 for the F statistic).
 *
 * @param losses one row per block (data set), one column per method; two methods and two blocks at least
 */
export function rankTest(losses: readonly (readonly number[])[]): RankTest {
  const [n, k] = [losses.length, losses[0]?.length ?? 0]
  if (n < 2 || k < 2) throw new RangeError(`ranks need two blocks and two methods at least, got ${n} and ${k}`)
  const rows = losses.map((row) => ranksOf(row))
  const sums = Array.from({ length: k }, (_, j) => rows.reduce((sum, row) => sum + row[j]!, 0))
  // Conover's form, which is right with ties: (k - 1) S / V.
  const middle = (n * (k + 1)) / 2
  const between = sums.reduce((sum, rank) => sum + (rank - middle) ** 2, 0)
  const spread = rows.flat().reduce((sum, rank) => sum + (rank - (k + 1) / 2) ** 2, 0)
  const chiSquare = spread === 0 ? 0 : ((k - 1) * between) / spread
  return {
    averageRanks: sums.map((sum) => sum / n),
    chiSquare,
    p: spread === 0 ? 1 : imanDavenport(chiSquare, n, k),
    criticalDifference: nemenyi(k) * Math.sqrt((k * (k + 1)) / (6 * n)),
  }
}

/** P(F > F_F) with k - 1 and (k - 1)(n - 1) degrees of freedom. */
function imanDavenport(chiSquare: number, n: number, k: number): number {
  const rest = n * (k - 1) - chiSquare
  if (rest <= 0) return 0
  const f = ((n - 1) * chiSquare) / rest
  const [a, b] = [k - 1, (k - 1) * (n - 1)]
  return incompleteBeta(b / (b + a * f), (a * f) / (b + a * f), b / 2, a / 2)
}

/** q of Nemenyi's test at level 0.05: the upper 5 % point of the studentised range of k normals, divided by sqrt(2). */
export function nemenyi(methods: number): number {
  let [low, high] = [0, 20]
  while (high - low > 1e-10) {
    const q = (low + high) / 2
    if (rangeWithin(q, methods) < 0.95) low = q
    else high = q
  }
  return low / Math.SQRT2
}

/** P(range of k standard normals <= q) = k * integral of density(z) (Phi(z) - Phi(z - q))^(k - 1), by Simpson's rule. */
function rangeWithin(q: number, k: number): number {
  const [from, steps, width] = [-8, 1600, 0.01]
  let sum = 0
  for (let i = 0; i <= steps; i++) {
    const z = from + i * width
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2
    const inside = normalUpperTail(z - q) - normalUpperTail(z)
    sum += weight * Math.exp((-z * z) / 2) * inside ** (k - 1)
  }
  return (k * sum * width) / 3 / Math.sqrt(2 * Math.PI)
}
