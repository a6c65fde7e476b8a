/** What pairs of runs with the same seed say beside Student's interval: resampled, counted, and tested. Pure. */
import { bootstrapInterval } from './statistics/bootstrap.js'
import { holm } from './statistics/holm.js'
import { pairsToReject, signedRankTest } from './statistics/signed-rank.js'
import { type Interval, mean } from './statistics/student.js'
import { superiority } from './statistics/superiority.js'

/** The level of the tests. */
export const LEVEL = 0.05

/** No test below so many pairs that differ, however few the comparisons. */
const FEWEST_PAIRS = 7

/** Wilcoxon's signed-rank test of the improvements of one method, one per seed. */
export interface TestResult {
  /** Two-sided. */
  readonly p: number
  /** Holm's adjusted value over the tested methods of the same table, workers and budget; rejected at 0.05 and below. */
  readonly holm: number
  /** Which sign has the larger sum of ranks: 1 for the better, -1 for the worse, 0 for neither. */
  readonly direction: -1 | 0 | 1
}

export interface PairedStatistics {
  /** Seeded percentile bootstrap (2,000 resamples) of the mean improvement; null where Student's interval is. */
  readonly bootstrap95: Interval | null
  /** Share of the outcomes in which the method is better, equal ones counting half; null without one. */
  readonly superiority: number | null
  /** null where too few outcomes differ for the corrected test to reject, and where all pairs are the same two trainings. */
  readonly signedRank: TestResult | null
  /** So many outcomes that differ it takes until the test can reject, corrected for all methods; 7 at least. */
  readonly pairsToTest: number
  /** Outcomes that differ from 0: only these are ranked. */
  readonly differing: number
}

/** The pairs of one comparison. */
export interface Paired {
  /** Per pair how much better the method is than the baseline. */
  readonly gains: readonly number[]
  /**
   * What is ranked and counted, where that is not the gains: per seed the difference, infinite where only one of the two has
   * a result, 0 where neither has.
   */
  readonly outcomes?: readonly number[]
  /** Whether all pairs are the same two trainings, which say as much as one. */
  readonly same: boolean
}

/** The statistics of all comparisons of a group; Holm's correction is over those of them that are tested. */
export function pairedStatistics(comparisons: readonly Paired[]): PairedStatistics[] {
  const pairsToTest = Math.max(FEWEST_PAIRS, pairsToReject(LEVEL, comparisons.length))
  const all = comparisons.map(({ gains, outcomes = gains }) => outcomes)
  const differing = all.map((outcomes) => outcomes.filter((outcome) => outcome !== 0).length)
  const fewest = fewestToTest(differing.filter((_, i) => !comparisons[i]!.same))
  const tests = all.map((outcomes, i) =>
    comparisons[i]!.same || differing[i]! < fewest ? undefined : signedRankTest(outcomes),
  )
  const adjusted = holm(tests.flatMap((test) => (test === undefined ? [] : [test.p]))).values()
  return comparisons.map(({ gains, same }, i) => {
    const test = tests[i]
    const outcomes = all[i]!
    return {
      bootstrap95: same ? null : bootstrapInterval(gains, mean),
      superiority:
        outcomes.length === 0
          ? null
          : superiority(
              outcomes.map((outcome) => -outcome),
              outcomes.map(() => 0),
            ),
      signedRank:
        test === undefined
          ? null
          : {
              p: test.p,
              holm: adjusted.next().value!,
              direction: Math.sign(test.positive - test.negative) as TestResult['direction'],
            },
      pairsToTest,
      differing: differing[i]!,
    }
  })
}

/**
 * With how many differing pairs a comparison is tested: so that every test that runs can reject, corrected for all that
 * run. Which pairs differ says nothing of the signs, so that choosing by it costs the tests nothing.
 */
function fewestToTest(differing: readonly number[]): number {
  const neededBy = (tests: number): number => Math.max(FEWEST_PAIRS, pairsToReject(LEVEL, tests))
  const enough = (fewest: number): boolean => fewest >= neededBy(differing.filter((count) => count >= fewest).length)
  return differing.toSorted((a, b) => a - b).find(enough) ?? Infinity
}
