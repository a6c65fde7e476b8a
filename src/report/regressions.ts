/** Run directory B against A, for automatic checks: how much each method got worse, and which conditions that meets. */
import { BenchError, show } from '../core/errors.js'
import type { StopRule } from '../core/stop-rule.js'
import { hasResult } from './arms.js'
import { modelledNotes } from './modelled.js'
import { type ParetoRun, setKey } from './pareto-runs.js'
import { type CellPair, type PairedValues, type Side, pairRuns, pairedValues, reportedValues } from './pair-runs.js'
import type { RunSummary } from '../store/run-set.js'
import type { Interval } from './statistics/student.js'

/** What can be checked; see {@link Change}. */
export const MEASURES = ['regret', 'hypervolume'] as const
export type Measure = (typeof MEASURES)[number]

/** `regret>2%`: holds where the mean reported value is more than 2 % worse. `hypervolume<-2%`: where the mean fell by more. */
export interface FailCondition {
  /** As it was given. */
  readonly text: string
  readonly measure: Measure
  /** A share: 0.02 for 2 %; negative for a loss of hypervolume. */
  readonly limit: number
}

/** What became of one method on one table. */
export interface Change {
  readonly table: string
  readonly method: string
  readonly workers: number
  readonly budget: StopRule
  /**
   * `regret`: the reported value of the first objective's incumbent; a positive change is worse, whatever the goal.
   * `hypervolume`: the reported hypervolume at the end; a negative change is worse.
   */
  readonly measure: Measure
  /** The metric behind it. */
  readonly metric: string
  /** Seeds of which both have a result. */
  readonly seeds: number
  /** Seeds of which A has a result and B has none that can be compared with it. */
  readonly lost: number
  /** Means over those seeds; null without any. */
  readonly a: number | null
  readonly b: number | null
  /** The change of the mean as a share of A's magnitude; null without a seed, Infinity where A's mean is 0. */
  readonly change: number | null
  /** 95 % interval of the change, paired by seed; null for one pair, for the same two results, or where A's mean is 0. */
  readonly ci95: Interval | null
}

/** A condition that holds. */
export interface Failure {
  readonly condition: string
  readonly change: Change
}

export interface Regressions {
  readonly a: string
  readonly b: string
  readonly onlyA: number
  readonly onlyB: number
  /** Those that are compared, in A's order. */
  readonly tables: readonly { readonly name: string; readonly provenance: string }[]
  /** What is said of modelled ones, as in reports. */
  readonly notes: readonly string[]
  readonly changes: readonly Change[]
  readonly failures: readonly Failure[]
}

/**
 * Compares B with A. Conditions are judged on the change of the mean, not on its interval: simulated runs of the same
 * seeds on the same tables differ only where the code does, and the interval says how far that carries beyond these
 * seeds. A condition also holds where B lacks results that A has, as they would otherwise drop out of the mean: a method
 * or a table under another name, fewer seeds, another metric, or a run without a result.
 *
 * @throws BenchError if the two have no run in common, or replayed different tables of the same name
 */
export function regressions(a: Side, b: Side, conditions: readonly FailCondition[]): Regressions {
  const { cells, lostCells, differentTables, onlyA, onlyB } = pairRuns(a, b)
  if (differentTables.length > 0)
    throw new BenchError(
      `${a.path} and ${b.path} have two different tables of the name ${show(differentTables[0]!)}, so their values are ` +
        'not comparable; run both on the same table',
    )
  const pairs = cells.concat(
    lostCells.map(({ cell, lost }) => ({ cell, lost, sameMetric: true, sameObjectives: true, pairs: [], missing: [] })),
  )
  const changes = pairs.flatMap((pair) => regretOf(pair).concat(hypervolumeOf(pair)))
  const failures = conditions.flatMap((condition) =>
    changes.filter((change) => holds(condition, change)).map((change) => ({ condition: condition.text, change })),
  )
  const names = new Set(changes.map(({ table }) => table))
  const tables = a.manifest.tables.filter(({ name }) => names.has(name))
  return {
    a: a.path,
    b: b.path,
    onlyA,
    onlyB,
    tables: tables.map(({ name, provenance }) => ({ name, provenance })),
    notes: modelledNotes({ ...a.manifest, tables }),
    changes,
    failures,
  }
}

function holds({ measure, limit }: FailCondition, { measure: measured, change, lost }: Change): boolean {
  if (measure !== measured) return false
  if (lost > 0) return true
  return change !== null && (measure === 'regret' ? change > limit : change < limit)
}

function regretOf(pair: CellPair): Change[] {
  const { report, goal } = pair.cell.objectives[0]!
  const lost = lostOf(pair, pair.sameMetric, hasResult)
  const values = pair.sameMetric ? reportedValues(pair) : undefined
  if (values === undefined && lost === 0 && pair.pairs.length === 0) return []
  return [changeOf(pair, { measure: 'regret', metric: report, lost, sign: goal === 'min' ? 1 : -1 }, values)]
}

function hypervolumeOf(pair: CellPair): Change[] {
  if (pair.cell.ranges === undefined) return []
  const lost = lostOf(pair, pair.sameObjectives, hasSet)
  const both = pair.pairs.flatMap(({ a, b }) =>
    pair.sameObjectives && hasSet(a) && hasSet(b) ? [[a, b] as const] : [],
  )
  if (both.length === 0 && lost === 0 && pair.pairs.length === 0) return []
  const values = pairedValues(
    both.map(([a, b]) => [a.pareto.reported.final, b.pareto.reported.final]),
    both.map(([a, b]) => [setKey(a), setKey(b)]),
  )
  const metric = pair.cell.objectives.map(({ report }) => report).join(', ')
  return [changeOf(pair, { measure: 'hypervolume', metric, lost, sign: 1 }, values)]
}

function hasSet(run: RunSummary): run is ParetoRun {
  return run.pareto !== undefined
}

/** How many of A's results B has no like of. */
function lostOf({ pairs, lost }: CellPair, comparable: boolean, has: (run: RunSummary) => boolean): number {
  return lost.filter(has).length + pairs.filter(({ a, b }) => has(a) && !(comparable && has(b))).length
}

function changeOf(
  { cell: { table, method, workers, budget } }: CellPair,
  what: Pick<Change, 'measure' | 'metric' | 'lost'> & { readonly sign: 1 | -1 },
  values: PairedValues | undefined,
): Change {
  const { measure, metric, lost, sign } = what
  const about = { table, method, workers, budget, measure, metric, lost }
  if (values === undefined) return { ...about, seeds: 0, a: null, b: null, change: null, ci95: null }
  const { a, b, difference } = values
  const size = Math.abs(a)
  const share = (by: number): number => (by === 0 ? 0 : (sign * by) / size)
  const ends = difference.ci95?.map(share).sort((x, y) => x - y)
  const ci95 = ends === undefined || size === 0 ? null : ([ends[0]!, ends[1]!] as const)
  return { ...about, seeds: difference.n, a, b, change: share(difference.mean), ci95 }
}
