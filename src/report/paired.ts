/** What pairs of runs with the same seed say beside Student's interval: resampled, counted, and tested. Pure. */
import { bootstrapInterval } from './statistics/bootstrap.js'
import { holm } from './statistics/holm.js'
import { pairsToReject, signedRankTest } from './statistics/signed-rank.js'
import { type Interval, mean } from './statistics/student.js'
import { superiority } from './statistics/superiority.js'

/** The level of the tests. */
export const LEVEL = 0.05

/** No test below so many pairs, however few the comparisons. */
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
  /** Share of the pairs in which the method is better, equal ones counting half; null without a pair. */
  readonly superiority: number | null
  /** null below `pairsToTest` pairs, and where all pairs are the same two trainings. */
  readonly signedRank: TestResult | null
  /** So many pairs it takes until the corrected test can reject; 7 at least. */
  readonly pairsToTest: number
}

/** The pairs of one comparison. */
export interface Paired {
  /** Per pair how much better the method is than the baseline. */
  readonly gains: readonly number[]
  /** Whether all pairs are the same two trainings, which say as much as one. */
  readonly same: boolean
}

/** The statistics of all comparisons of a group; Holm's correction is over those of them that are tested. */
export function pairedStatistics(comparisons: readonly Paired[]): PairedStatistics[] {
  const pairsToTest = Math.max(FEWEST_PAIRS, pairsToReject(LEVEL, comparisons.length))
  const tests = comparisons.map(({ gains, same }) =>
    same || gains.length < pairsToTest ? undefined : signedRankTest(gains),
  )
  const adjusted = holm(tests.flatMap((test) => (test === undefined ? [] : [test.p]))).values()
  return comparisons.map(({ gains, same }, i) => {
    const test = tests[i]
    return {
      bootstrap95: same ? null : bootstrapInterval(gains, mean),
      superiority:
        gains.length === 0
          ? null
          : superiority(
              gains.map((gain) => -gain),
              gains.map(() => 0),
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
    }
  })
}
