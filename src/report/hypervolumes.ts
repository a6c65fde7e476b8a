/**
 * What runs with several objectives say: per table the hypervolume that each method reached and how fast, its Pareto
 * sets, and every method compared with the baseline, paired by seed. Pure: run set in, numbers out.
 */
import type { Goal, Objective, ObjectiveRange } from '../core/objective.js'
import { toLoss } from '../core/objective.js'
import { paretoFront } from '../core/pareto/pareto.js'
import type { Config } from '../core/space.js'
import type { StopRule } from '../core/stop-rule.js'
import type { Manifest } from '../store/manifest.js'
import { type HypervolumeSummary, type ParetoMember, type RunSet } from '../store/run-set.js'
import { type Arm, baselineOf, groupArms } from './arms.js'
import { type PairedStatistics, pairedStatistics } from './paired.js'
import { type ParetoRun, memberKey, paretoRuns, setKey } from './pareto-runs.js'
import { remembered } from './remembered.js'
import { type Quartiles, quartiles } from './statistics/quantiles.js'
import { type Interval, type Summary, mean, summarise } from './statistics/student.js'

/** A configuration of the Pareto set over all seeds of a method. */
export interface ParetoPoint {
  readonly seed: number
  readonly config: Config
  readonly resource: number
  /** By objective, as reported. */
  readonly steering: readonly number[]
  readonly reported: readonly (number | null)[]
}

/** One method on one table, over seeds. Hypervolumes lie in [0, 1]. */
export interface HypervolumeResult {
  readonly method: string
  /** Runs there are; one that reported nothing finite has hypervolume 0. */
  readonly seeds: number
  /** Seeds of the plan for which there is no run. */
  readonly missing: number
  /** At the end, at the reported metrics; null without a run. */
  readonly hypervolume: Summary | null
  /** Median and quartiles of the same. */
  readonly quartiles: Quartiles | null
  /** At the end, at the metrics that steer. */
  readonly steeringHypervolume: Summary | null
  /** The mean of {@link curve} per seed (the area under it); null where the budget does not limit seconds. */
  readonly overTime: Summary | null
  readonly overTimeQuartiles: Quartiles | null
  /** Mean over seeds of the reported hypervolume at k / n of the budget, k = 1 .. n; null as above. */
  readonly curve: readonly number[] | null
  /** Sample standard deviation over seeds at the same times; null as above and with one seed. */
  readonly curveStd: readonly number[] | null
  /** Mean number of trials in the Pareto set. */
  readonly setSize: number | null
  /** How many different Pareto sets the seeds came to. */
  readonly distinctSets: number
  readonly trials: number | null
  /** What no other member of any seed's Pareto set dominates in the steering metrics; best first objective first. */
  readonly paretoSet: readonly ParetoPoint[]
}

/**
 * A difference of hypervolumes, method minus baseline: per seed, then over seeds. Tests are corrected over the methods of
 * a group, those at the end and those over time apart.
 */
export interface Difference extends PairedStatistics {
  readonly mean: number | null
  readonly std: number | null
  /** None for one pair, nor where all pairs are the same two Pareto sets, which say as much as one. */
  readonly ci95: Interval | null
}

export interface HypervolumeComparison {
  readonly method: string
  readonly baseline: string
  /** Pairs: seeds of which both have a run. */
  readonly seeds: number
  /** Different Pareto sets among the pairs; the smaller number of the two methods. */
  readonly distinctSets: number
  /** At the end. */
  readonly difference: Difference
  /** Mean over time; all null where the budget does not limit seconds. */
  readonly overTimeDifference: Difference
}

/** What is compared with one another: same table, number of workers and budget. */
export interface HypervolumeGroup {
  readonly table: string
  readonly workers: number
  readonly budget: StopRule
  readonly seconds: number | undefined
  readonly objectives: readonly Objective[]
  /** What the objectives are scaled by. */
  readonly ranges: readonly ObjectiveRange[]
  readonly baseline: string
  /** In plan order. */
  readonly methods: readonly HypervolumeResult[]
  /** One per method that is not the baseline; none where the baseline did not run. */
  readonly comparisons: readonly HypervolumeComparison[]
}

/** Groups and compares runs with two to four objectives; none with other numbers. */
export const compareHypervolumes: (manifest: Manifest, set: RunSet) => readonly HypervolumeGroup[] =
  remembered(compareAnew)

function compareAnew(manifest: Manifest, set: RunSet): HypervolumeGroup[] {
  return groupArms(manifest, set).flatMap((arms) => {
    const { table, workers, budget, seconds, objectives, ranges } = arms[0]!.cell
    if (ranges === undefined) return []
    const name = baselineOf(arms, manifest)
    const baseline = arms.find(({ cell }) => cell.method === name)
    const others = arms.filter((arm) => arm !== baseline)
    return [
      {
        table,
        workers,
        budget,
        seconds,
        objectives,
        ranges,
        baseline: name,
        methods: arms.map((arm) => resultOf(arm)),
        comparisons: baseline === undefined ? [] : compareAll(others, baseline),
      },
    ]
  })
}

/** The area under a curve of hypervolume: its mean, as its times are equally far apart and the last is the budget's end. */
export function overTime({ curve }: HypervolumeSummary): number | undefined {
  return curve === undefined ? undefined : mean(curve)
}

function resultOf({ cell, seeds, runs: all }: Arm): HypervolumeResult {
  const runs = paretoRuns(all)
  const numbers = (of: (run: ParetoRun) => number): number[] => runs.map(of)
  const curves = runs.flatMap(({ pareto }) => (pareto.reported.curve === undefined ? [] : [pareto.reported.curve]))
  const atTimes = curves.length === 0 ? [] : curves[0]!.map((_, k) => summarise(curves.map((curve) => curve[k]!))!)
  return {
    method: cell.method,
    seeds: runs.length,
    missing: seeds.length - runs.length,
    hypervolume: summarise(numbers(({ pareto }) => pareto.reported.final)),
    quartiles: runs.length === 0 ? null : quartiles(numbers(({ pareto }) => pareto.reported.final)),
    steeringHypervolume: summarise(numbers(({ pareto }) => pareto.steering.final)),
    overTime: summarise(curves.map((curve) => mean(curve))),
    overTimeQuartiles: curves.length === 0 ? null : quartiles(curves.map((curve) => mean(curve))),
    curve: curves.length === 0 ? null : atTimes.map((one) => one.mean),
    curveStd: curves.length < 2 ? null : atTimes.map(({ std }) => std ?? 0),
    setSize: runs.length === 0 ? null : mean(numbers(({ pareto }) => pareto.set.length)),
    distinctSets: new Set(runs.map(setKey)).size,
    trials: runs.length === 0 ? null : mean(numbers(({ trials }) => trials)),
    paretoSet: unionOf(
      runs,
      cell.objectives.map(({ goal }) => goal),
    ),
  }
}

/** The members of all seeds' Pareto sets that none of them dominates; the same training at the same level once. */
function unionOf(runs: readonly ParetoRun[], goals: readonly Goal[]): ParetoPoint[] {
  const members = new Map<string, { seed: number; member: ParetoMember }>()
  for (const { seed, pareto } of runs)
    for (const member of pareto.set) {
      const key = memberKey(member)
      if (!members.has(key)) members.set(key, { seed, member })
    }
  const all = [...members.values()]
  const losses = all.map(({ member }) => member.steering.map((value, j) => toLoss(value, goals[j]!)))
  return paretoFront(losses)
    .sort((a, b) => losses[a]![0]! - losses[b]![0]! || a - b)
    .map((i) => {
      const { seed, member } = all[i]!
      const { config, resource, steering, reported } = member
      return { seed, config, resource, steering, reported }
    })
}

/** The pairs of a method with the baseline. */
interface Paired {
  readonly method: string
  readonly pairs: readonly { readonly run: ParetoRun; readonly other: ParetoRun }[]
  readonly distinctSets: number
  /** Whether all pairs are the same two Pareto sets, which say as much as one. */
  readonly same: boolean
}

function compareAll(arms: readonly Arm[], baseline: Arm): HypervolumeComparison[] {
  const paired = arms.map((arm) => pairUp(arm, baseline))
  const atTheEnd = differences(paired, ({ pareto }) => pareto.reported.final)
  const inTheMean = differences(paired, ({ pareto }) => overTime(pareto.reported))
  return paired.map(({ method, pairs, distinctSets }, i) => ({
    method,
    baseline: baseline.cell.method,
    seeds: pairs.length,
    distinctSets,
    difference: atTheEnd[i]!,
    overTimeDifference: inTheMean[i]!,
  }))
}

function pairUp(arm: Arm, baseline: Arm): Paired {
  const bySeed = new Map(paretoRuns(baseline.runs).map((run) => [run.seed, run]))
  const pairs = paretoRuns(arm.runs).flatMap((run) => {
    const other = bySeed.get(run.seed)
    return other === undefined ? [] : [{ run, other }]
  })
  const method = new Set(pairs.map(({ run }) => setKey(run))).size
  const other = new Set(pairs.map(({ other: one }) => setKey(one))).size
  return {
    method: arm.cell.method,
    pairs,
    distinctSets: Math.min(method, other),
    same: method === 1 && other === 1,
  }
}

/** One per method, with tests that are corrected for their number. */
function differences(paired: readonly Paired[], of: (run: ParetoRun) => number | undefined): Difference[] {
  const found = paired.map(({ pairs, same }) => ({
    same,
    gains: pairs
      .map(({ run, other }) => (of(run) ?? Number.NaN) - (of(other) ?? Number.NaN))
      .filter((difference) => Number.isFinite(difference)),
  }))
  const statistics = pairedStatistics(found)
  return found.map(({ gains, same }, i) => {
    const { mean: centre = null, std = null, ci95 = null } = summarise(gains) ?? {}
    return Object.assign({ mean: centre, std, ci95: same ? null : ci95 }, statistics[i])
  })
}
