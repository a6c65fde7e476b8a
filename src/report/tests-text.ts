/** Significance tests in words. */
import { type ComparisonGroup, type Verdict, verdictOfInterval, whyUnclaimed } from './comparison.js'
import { formatCount, plural } from './format.js'
import type { HypervolumeGroup } from './hypervolumes.js'
import { LEVEL, type PairedStatistics, type TestResult } from './paired.js'
import type { Interval } from './statistics/student.js'

/** What is tested beside an interval. */
export type Tested = Pick<PairedStatistics, 'signedRank' | 'pairsToTest'> & { readonly ci95: Interval | null }

/** `p = 0.031`, `p < 0.001` */
export function formatP(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${Number(p.toPrecision(2))}`
}

/** What the corrected test shows; undefined where there is none. */
export function verdictOfTest(test: TestResult | null): Verdict | undefined {
  if (test === null) return undefined
  if (test.holm > LEVEL || test.direction === 0) return 'open'
  return test.direction > 0 ? 'better' : 'worse'
}

/** What the corrected test says against the interval; undefined where it agrees or there is none. */
export function objectionTo({ signedRank, ci95 }: Tested): string | undefined {
  const said = verdictOfTest(signedRank)
  const claimed = verdictOfInterval(ci95)
  if (signedRank === null || said === undefined || said === claimed) return undefined
  const p = `signed-rank ${formatP(signedRank.holm)}`
  return claimed === 'open' ? `but ${p}` : `not confirmed: ${p}`
}

/** `, not confirmed: signed-rank p = 0.12`, or nothing. */
export function objection(tested: Tested): string {
  const text = objectionTo(tested)
  return text === undefined ? '' : `, ${text}`
}

/** One sentence on the tests of a report, those of hypervolumes among them; undefined where nothing is compared. */
export function testsSentence(
  groups: readonly ComparisonGroup[],
  fronts: readonly HypervolumeGroup[] = [],
): string | undefined {
  const ofOne = groups.flatMap(({ comparisons }) =>
    comparisons.map((one) => ({ ...one, ci95: whyUnclaimed(one) === undefined ? one.relativeImprovement.ci95 : null })),
  )
  const ofSeveral = fronts.flatMap(({ comparisons }) =>
    comparisons.flatMap(({ seeds, difference, overTimeDifference }) => [
      { ...difference, seeds },
      { ...overTimeDifference, seeds },
    ]),
  )
  const compared = [...ofSeveral, ...ofOne].filter(({ ci95 }) => ci95 !== null)
  if (compared.length === 0) return undefined
  const tested = compared.filter(({ signedRank }) => signedRank !== null)
  if (tested.length === 0) {
    const needed = Math.max(...compared.map(({ pairsToTest }) => pairsToTest))
    const enough = compared.some(({ seeds }) => seeds >= needed)
    return enough
      ? `Signed-rank tests: none; in so few seeds results differ that they cannot reject, it takes ${formatCount(needed)} that do.`
      : `Signed-rank tests: none; with so few seeds they cannot reject, it takes ${formatCount(needed)}.`
  }
  const agreeing = tested.filter((comparison) => objectionTo(comparison) === undefined)
  const untested = compared.length - tested.length
  return (
    "Signed-rank tests (Wilcoxon), p by Holm's correction over the methods of a table: " +
    `${agreeing.length} of ${tested.length} agree with the intervals at level 0.05` +
    `${untested === 0 ? '' : `; ${plural(untested, 'comparison')} with too few seeds that differ`}.`
  )
}
