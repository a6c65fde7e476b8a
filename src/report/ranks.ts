/** Average ranks of methods over tables, at several shares of the budget. Pure. */
import { toLoss } from '../core/objective.js'
import type { Manifest, ManifestCell } from '../store/manifest.js'
import { CURVE_POINTS, type RunSet, type RunSummary } from '../store/run-set.js'
import { groupArms } from './arms.js'
import { sample } from './curves.js'
import { listed } from './format.js'
import { rankTest, ranksOf } from './statistics/ranks.js'
import { mean } from './statistics/student.js'

/** A critical-difference diagram needs so many tables: with fewer its test cannot tell methods apart. */
export const TABLES_FOR_CRITICAL_DIFFERENCE = 8

/** Shares of the budget at which methods are ranked. */
export const BUDGET_SHARES: readonly number[] = [0.1, 0.25, 0.5, 1]

/** Whether average ranks over tables differ at the end of the budget. */
export interface RanksOverTables {
  /** Blocks of the test: one per table, whatever the number of seeds, budgets and workers on it. */
  readonly tables: number
  /** Friedman's test that all methods are the same, by Iman and Davenport's F. */
  readonly p: number
  /** Where that rejects at 0.05, two methods differ if their ranks here are further apart (Nemenyi, level 0.05). */
  readonly criticalDifference: number
  /**
   * In plan order. On every table methods are ranked once, by the mean of their ranks within its seeds, so these
   * are further apart than the average ranks over seeds.
   */
  readonly ranks: readonly number[]
}

export interface AverageRanks {
  /** What ranks a method: the reported value of its incumbent or, with several objectives, its reported hypervolume. */
  readonly by: string
  /** Tables that were ranked: those with a block. */
  readonly tables: number
  /** Ranked blocks: one per seed of each table (and number of workers and budget), of which every method has a run. */
  readonly blocks: number
  /** Blocks that are not ranked because a method has no run there. */
  readonly incomplete: number
  /** Shares of the budget; only 1 where a budget does not limit seconds. */
  readonly shares: readonly number[]
  /** In plan order; `ranks` by share. 1 is best. */
  readonly methods: readonly { readonly method: string; readonly ranks: readonly number[] }[]
  /** From {@link TABLES_FOR_CRITICAL_DIFFERENCE} ranked tables on. */
  readonly test?: RanksOverTables
}

/**
 * Ranks methods within every seed of every table, then averages over seeds and, every table counting the same, over
 * tables. Ties share the mean of their ranks; a run that has not reported anything finite yet is last.
 *
 * Methods whose simulation rests on what nobody measured (`ranked: false` in the manifest) are left out.
 *
 * @param wanted shares of the budget, the last one 1; with several objectives they lie on the grid of the curves
 * @returns undefined with one method, where a single objective accumulates, or where fewer than two tables have a complete block
 */
export function averageRanks(manifest: Manifest, set: RunSet, wanted = BUDGET_SHARES): AverageRanks | undefined {
  const groups = groupArms(manifest, set)
  const methods = [...new Set(manifest.cells.filter(({ ranked }) => ranked !== false).map(({ method }) => method))]
  if (methods.length < 2 || new Set(manifest.cells.map(({ table }) => table)).size < 2) return undefined
  // Runs that were put together may have several objectives here and one there, with other metrics and goals.
  const { cells } = manifest
  if (cells.some(({ ranges, objectives }) => ranges === undefined && objectives[0]!.accumulates !== undefined))
    return undefined
  const hasFronts = (run: RunSummary): boolean => cells[run.cell]!.ranges !== undefined
  const single = cells.some(({ ranges }) => ranges === undefined)
  const incumbents = single ? incumbentsAtShares(manifest, set, wanted) : undefined
  const overTime = (!single || incumbents !== undefined) && set.runs.every((run) => !hasFronts(run) || hasCurve(run))
  const shares = overTime ? wanted : [1]
  const lossAt = (run: RunSummary, share: number): number => {
    if (hasFronts(run)) return -hypervolumeAt(run, share)
    const value = share === 1 ? run.best?.test : incumbents?.get(run)?.[wanted.indexOf(share)]
    return toLoss(value ?? Number.NaN, cells[run.cell]!.objectives[0]!.goal)
  }

  let blocks = 0
  const means: { readonly table: string; readonly ranks: readonly (readonly number[])[] }[] = []
  for (const arms of groups) {
    const runs = methods.map((name) => {
      const arm = arms.find(({ cell }) => cell.method === name)
      return new Map(arm?.runs.map((run) => [run.seed, run]))
    })
    const bySeed = manifest.seeds
      .map((seed) => runs.map((ofMethod) => ofMethod.get(seed)))
      .filter((ofSeed): ofSeed is RunSummary[] => ofSeed.every((run) => run !== undefined))
    if (bySeed.length === 0) continue
    blocks += bySeed.length
    const ranked = shares.map((share) => bySeed.map((ofSeed) => ranksOf(ofSeed.map((run) => lossAt(run, share)))))
    const ranks = ranked.map((seeds) => methods.map((_, m) => mean(seeds.map((ofSeed) => ofSeed[m]!))))
    means.push({ table: arms[0]!.cell.table, ranks })
  }
  const tables = new Set(means.map(({ table }) => table))
  if (tables.size < 2) return undefined
  const planned = groups.map((arms) => new Set(arms.flatMap(({ seeds }) => seeds)).size)
  const test = overTables(means.map(({ table, ranks }) => ({ table, ranks: ranks.at(-1)! })))
  return {
    by: listed([...new Set(cells.map(measureOf))]),
    tables: tables.size,
    blocks,
    incomplete: planned.reduce((sum, seeds) => sum + seeds, 0) - blocks,
    shares,
    methods: methods.map((method, m) => ({
      method,
      ranks: shares.map((_, s) => mean(means.map(({ ranks }) => ranks[s]![m]!))),
    })),
    ...(test && { test }),
  }
}

/** @param groups the mean ranks of each number of workers and budget of a table */
function overTables(
  groups: readonly { readonly table: string; readonly ranks: readonly number[] }[],
): RanksOverTables | undefined {
  const byTable = new Map<string, (readonly number[])[]>()
  for (const { table, ranks } of groups) byTable.set(table, [...(byTable.get(table) ?? []), ranks])
  if (byTable.size < TABLES_FOR_CRITICAL_DIFFERENCE) return undefined
  const blocks = Array.from(byTable.values(), (ofTable) =>
    ofTable[0]!.map((_, m) => mean(ofTable.map((ranks) => ranks[m]!))),
  )
  const { p, criticalDifference, averageRanks: ranks } = rankTest(blocks)
  return { tables: blocks.length, p, criticalDifference, ranks }
}

/** The reported value of every run's incumbent at each share; undefined where a budget does not limit seconds. */
function incumbentsAtShares(
  { cells }: Manifest,
  { runs, details }: RunSet,
  shares: readonly number[],
): Map<RunSummary, Float64Array> | undefined {
  if (details === undefined || cells.some(({ seconds }) => seconds === undefined)) return undefined
  return new Map(
    runs.map((run, i) => {
      const times = Float64Array.from(shares, (share) => share * cells[run.cell]!.seconds!)
      return [run, sample(details.incumbents, i, times)]
    }),
  )
}

/** What ranks methods in a cell. */
function measureOf({ ranges, objectives }: ManifestCell): string {
  return ranges === undefined ? objectives[0]!.report : 'hypervolume'
}

function hasCurve({ pareto }: RunSummary): boolean {
  return pareto?.reported.curve !== undefined
}

function hypervolumeAt({ pareto }: RunSummary, share: number): number {
  const { curve, final = 0 } = pareto?.reported ?? {}
  return share === 1 ? final : (curve?.[Math.round(share * CURVE_POINTS) - 1] ?? 0)
}
