/**
 * What the runs of a plan say: per table, number of workers and budget the methods' results, and every method compared
 * with the baseline, paired by seed. Pure: run set in, numbers out.
 */
import { type Goal, toLoss } from '../core/objective.js'
import type { StopRule } from '../core/stop-rule.js'
import type { Manifest, RegretScale } from '../store/manifest.js'
import type { RunSet, RunSummary } from '../store/run-set.js'
import { type Arm, type FinishedRun, baselineOf, groupArms, hasResult, seedsOfBoth, trainingKey } from './arms.js'
import { type Paired, type PairedStatistics, pairedStatistics } from './paired.js'
import { remembered } from './remembered.js'
import { type Quartiles, quartiles } from './statistics/quantiles.js'
import { type Interval, type Summary, mean, summarise } from './statistics/student.js'
import { normalisedRegret } from './statistics/superiority.js'
import { type TargetTimes, targetOf, targetTimes } from './targets.js'

/** One method on one table, over seeds. */
export interface MethodResult {
  readonly method: string
  /** Runs that ended with a result: they reported a finite value. */
  readonly seeds: number
  /** Runs that ended without one. */
  readonly withoutResult: number
  /** Seeds of the plan for which there is no run, or only one that `--max-cost` ended early. */
  readonly missing: number
  /** The reported (test) value of the incumbents over seeds; null where there is none. */
  readonly value: Summary | null
  /** Median and quartiles of the same; null where there is none. */
  readonly quartiles: Quartiles | null
  /**
   * (value - optimum) / (reference - optimum) on the group's {@link RegretScale}, over seeds: 0 at the best recorded value,
   * 1 at what the default configuration comes to. null without a result or a scale.
   */
  readonly normalisedRegret: Summary | null
  /** When the group's target was reached; null without one, and where only summaries are at hand. */
  readonly timeToTarget: TargetTimes | null
  /** How many different trainings the incumbents are. */
  readonly distinctTrainings: number
  /** Means over the runs that ended; null where there is none. */
  readonly trials: number | null
  readonly fullEvaluations: number | null
  /** Trials that failed, in all runs. */
  readonly failures: number
  /**
   * The largest share of the configurations it may draw that a run of it started (at most 1; repeated draws count
   * again). null where the space is continuous or the method draws nothing.
   */
  readonly largestShare: number | null
}

/** A method against the baseline on one table, paired by seed. */
export interface Comparison extends PairedStatistics {
  readonly table: string
  readonly workers: number
  readonly budget: StopRule
  readonly method: string
  readonly baseline: string
  /** The reported metric. */
  readonly metric: string
  readonly goal: Goal
  /** Pairs: seeds for which both have a result. */
  readonly seeds: number
  /**
   * `withoutResult`: seeds that both were to run with and that are not among them. `baselineZero`: pairs in which the
   * baseline's value is 0 (or so near that the ratio overflows): where there is one, no relative improvement is defined.
   */
  readonly leftOut: { readonly withoutResult: number; readonly baselineZero: number }
  /** Seeds that both ran, and in how many of them only one of the two ended without a result. */
  readonly noResult: { readonly method: number; readonly baseline: number; readonly seeds: number }
  /**
   * What superiority and the signed-rank test are of: absolute where no relative improvement is defined; none where the
   * first objective accumulates, as reported values are then of trainings of different lengths.
   */
  readonly differences: 'relative' | 'absolute' | 'none'
  /** The smaller of the two below. */
  readonly distinctTrainings: number
  /** Different trainings among the incumbents of the pairs. */
  readonly distinctTrainingsOf: { readonly method: number; readonly baseline: number }
  /**
   * (baseline - method) / |baseline| for errors, (method - baseline) / |baseline| where large is good: per seed, then
   * over seeds. All null without a pair, and where the baseline's value is 0 in one. No interval for one pair, nor where
   * all pairs are the same two trainings, which say as much as one.
   */
  readonly relativeImprovement: {
    readonly mean: number | null
    readonly std: number | null
    readonly ci95: Interval | null
  }
}

/** What is compared with one another: same table, number of workers and budget. */
export interface ComparisonGroup {
  readonly table: string
  readonly workers: number
  readonly budget: StopRule
  /** The budget in seconds, where it limits time. */
  readonly seconds: number | undefined
  readonly metric: string
  readonly goal: Goal
  readonly baseline: string
  /** What the baseline ends with, mean over seeds: how fast methods reach it is measured. null without a result of it. */
  readonly target: number | null
  /** null where it is not known, or where runs of several experiments with different scales were put together. */
  readonly regretScale: RegretScale | null
  /** In plan order. */
  readonly methods: readonly MethodResult[]
  /** One per method that is not the baseline; none where the baseline did not run. */
  readonly comparisons: readonly Comparison[]
}

/** Groups the runs and compares; groups, methods and comparisons in plan order. */
export const compareRuns: (manifest: Manifest, set: RunSet) => readonly ComparisonGroup[] = remembered(compareAnew)

function compareAnew(manifest: Manifest, set: RunSet): ComparisonGroup[] {
  const positions = new Map(set.runs.map((run, i) => [run, i]))
  return groupArms(manifest, set).map((arms) => {
    const target = arms[0]!.cell.objectives[0]!.accumulates
      ? undefined
      : targetOf(arms.find(({ cell }) => cell.method === baselineOf(arms, manifest)))
    const times = (arm: Arm) => (set.details === undefined ? null : targetTimes(arm, target, set.details, positions))
    return compareArms(arms, manifest, target, times)
  })
}

function compareArms(
  arms: readonly Arm[],
  manifest: Manifest,
  target: number | undefined,
  timesOf: (arm: Arm) => TargetTimes | null,
): ComparisonGroup {
  const { table, workers, budget, seconds, objectives } = arms[0]!.cell
  const { report: metric, goal } = objectives[0]!
  const name = baselineOf(arms, manifest)
  const baseline = arms.find(({ cell }) => cell.method === name)
  const others = arms.filter((arm) => arm !== baseline)
  const scale = sharedScale(arms)
  return {
    table,
    workers,
    budget,
    seconds,
    metric,
    goal,
    baseline: name,
    target: target ?? null,
    regretScale: scale,
    methods: arms.map((arm) => methodResult(arm, scale, timesOf(arm))),
    comparisons: baseline === undefined ? [] : compareAll(others, baseline),
  }
}

/** The scale that all cells share. */
function sharedScale(arms: readonly Arm[]): RegretScale | null {
  const [{ cell: first }] = arms as [Arm]
  const text = JSON.stringify(first.regretScale)
  return arms.every(({ cell }) => JSON.stringify(cell.regretScale) === text) ? (first.regretScale ?? null) : null
}

function regretOf(runs: readonly FinishedRun[], goal: Goal, { optimum, reference }: RegretScale): Summary | null {
  const [best, usual] = [toLoss(optimum, goal), toLoss(reference, goal)]
  const regrets = runs.map(({ best: { test } }) => normalisedRegret(toLoss(test, goal), best, usual))
  return summarise(regrets.filter((regret) => regret !== null))
}

function methodResult(
  { cell, seeds, runs }: Arm,
  scale: RegretScale | null,
  timeToTarget: TargetTimes | null,
): MethodResult {
  const finished = runs.filter(hasResult)
  const draws = cell.drawable !== null && cell.drawable > 0 && cell.searcher.type !== 'fixed' && runs.length > 0
  return {
    method: cell.method,
    seeds: finished.length,
    withoutResult: runs.length - finished.length,
    missing: seeds.length - runs.length,
    value: summarise(finished.map(({ best }) => best.test)),
    quartiles: finished.length === 0 ? null : quartiles(finished.map(({ best }) => best.test)),
    normalisedRegret: scale === null ? null : regretOf(finished, cell.objectives[0]!.goal, scale),
    timeToTarget,
    distinctTrainings: new Set(finished.map(training)).size,
    trials: runs.length === 0 ? null : mean(runs.map(({ trials }) => trials)),
    fullEvaluations: runs.length === 0 ? null : mean(runs.map(({ fullEvaluations }) => fullEvaluations)),
    failures: runs.reduce((sum, { failures }) => sum + failures, 0),
    largestShare: draws
      ? runs.reduce((most, { trials }) => Math.max(most, Math.min(1, trials / cell.drawable!)), 0)
      : null,
  }
}

/** Every method with the baseline; tests are corrected for the number of methods. */
function compareAll(arms: readonly Arm[], baseline: Arm): Comparison[] {
  const compared = arms.map((arm) => compare(arm, baseline))
  const statistics = pairedStatistics(compared)
  return compared.map(({ comparison }, i) => Object.assign(comparison, statistics[i]))
}

function compare(arm: Arm, baseline: Arm): Paired & { readonly comparison: Omit<Comparison, keyof PairedStatistics> } {
  const { table, workers, budget, method, objectives } = arm.cell
  const { report: metric, goal } = objectives[0]!
  const bySeed = new Map(baseline.runs.map((run) => [run.seed, run]))
  const both = arm.runs.flatMap((run) => {
    const other = bySeed.get(run.seed)
    return other === undefined ? [] : [{ run, other }]
  })
  const pairs = both.flatMap(({ run, other }) => (hasResult(run) && hasResult(other) ? [{ run, other }] : []))
  const shares = pairs.map(({ run, other }) => improvement(run.best.test, other.best.test, goal))
  const zero = shares.filter((share) => !Number.isFinite(share)).length
  const accumulates = arm.cell.objectives[0]!.accumulates !== undefined
  const gains = zero > 0 || accumulates ? [] : shares
  const summary = summarise(gains)
  const distinct = {
    method: new Set(pairs.map(({ run }) => training(run))).size,
    baseline: new Set(pairs.map(({ other }) => training(other))).size,
  }
  const same = distinct.method === 1 && distinct.baseline === 1
  const comparison = {
    table,
    workers,
    budget,
    method,
    baseline: baseline.cell.method,
    metric,
    goal,
    seeds: pairs.length,
    leftOut: { withoutResult: seedsOfBoth(arm, baseline).length - pairs.length, baselineZero: zero },
    noResult: {
      method: both.filter(({ run, other }) => !hasResult(run) && hasResult(other)).length,
      baseline: both.filter(({ run, other }) => hasResult(run) && !hasResult(other)).length,
      seeds: both.length,
    },
    differences: accumulates ? ('none' as const) : zero > 0 ? ('absolute' as const) : ('relative' as const),
    distinctTrainings: Math.min(distinct.method, distinct.baseline),
    distinctTrainingsOf: distinct,
    relativeImprovement: {
      mean: summary?.mean ?? null,
      std: summary?.std ?? null,
      ci95: same ? null : (summary?.ci95 ?? null),
    },
  }
  const outcomes = accumulates ? [] : both.map(({ run, other }) => outcomeOf(run, other, goal, zero > 0))
  return { gains, outcomes, same, comparison }
}

/** How much better a run is than the baseline's of the same seed: a run without a result is behind any that has one. */
function outcomeOf(run: RunSummary, other: RunSummary, goal: Goal, absolute: boolean): number {
  if (!hasResult(run)) return hasResult(other) ? -Infinity : 0
  if (!hasResult(other)) return Infinity
  const [value, baseline] = [run.best.test, other.best.test]
  return absolute ? toLoss(baseline, goal) - toLoss(value, goal) : improvement(value, baseline, goal)
}

/** One method with another that takes the baseline's place, paired by seed. */
export function comparePair(arm: Arm, other: Arm): Omit<Comparison, keyof PairedStatistics> {
  return compare(arm, other).comparison
}

/** How much better a value is than the baseline's, as a share of the baseline's magnitude. */
function improvement(value: number, baseline: number, goal: Goal): number {
  return (goal === 'min' ? baseline - value : value - baseline) / Math.abs(baseline)
}

function training({ best }: FinishedRun): string {
  return trainingKey(best)
}

/** What a comparison supports. `open`: no interval, or one that holds 0. */
export type Verdict = 'better' | 'worse' | 'open'

/** A difference is claimed only where the interval excludes 0, and no gain of those seeds alone that have a result. */
export function verdictOf(comparison: Pick<Comparison, 'relativeImprovement' | 'noResult'>): Verdict {
  return whyUnclaimed(comparison) === 'survivors' ? 'open' : verdictOfInterval(comparison.relativeImprovement.ci95)
}

/**
 * Why nothing is claimed whatever the interval. `survivors`: it says better (or worse) of the seeds in which both have a
 * result, while the method (or the baseline) has none in others. `zero`: the baseline's value is 0 in a seed.
 * `accumulates`: the values are of trainings of different lengths.
 */
export function whyUnclaimed(
  comparison: Pick<Comparison, 'relativeImprovement' | 'noResult'> & Partial<Pick<Comparison, 'differences'>>,
): 'survivors' | 'zero' | 'accumulates' | undefined {
  const { relativeImprovement, noResult, differences } = comparison
  if (differences === 'absolute') return 'zero'
  if (differences === 'none') return 'accumulates'
  const said = verdictOfInterval(relativeImprovement.ci95)
  const failed = said === 'better' ? noResult.method > 0 : said === 'worse' && noResult.baseline > 0
  return failed ? 'survivors' : undefined
}

/** {@link verdictOf} for the interval of a difference in which more is better. */
export function verdictOfInterval(ci95: Interval | null): Verdict {
  if (ci95 === null) return 'open'
  if (ci95[0] > 0) return 'better'
  return ci95[1] < 0 ? 'worse' : 'open'
}
