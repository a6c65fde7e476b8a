/** Ranks of methods on each table, beside what they came to. Pure. */
import { toLoss } from '../core/objective.js'
import type { Manifest } from '../store/manifest.js'
import type { RunSet, RunSummary } from '../store/run-set.js'
import { groupLabel } from './answer.js'
import { groupArms } from './arms.js'
import type { ComparisonGroup } from './comparison.js'
import { ranksOf } from './statistics/ranks.js'
import { mean } from './statistics/student.js'

/** One method in one group (table, workers and budget). */
export interface TableRank {
  readonly label: string
  readonly method: string
  /** Mean over seeds of the rank by the reported value at the end; 1 is best. */
  readonly rank: number
  /** Mean of the reported value; null where there is none. */
  readonly value: number | null
  /** Seeds that are ranked: those of which every method has a run. */
  readonly seeds: number
}

/** Groups in plan order, methods in plan order; those that are left out of rankings are left out here too. */
export function tableRanks(manifest: Manifest, set: RunSet, groups: readonly ComparisonGroup[]): TableRank[] {
  return groupArms(manifest, set).flatMap((arms, i) => {
    const group = groups[i]!
    if (arms[0]!.cell.objectives[0]!.accumulates !== undefined) return []
    const ranked = arms.filter(({ cell }) => cell.ranked !== false)
    const runs = ranked.map((arm) => new Map(arm.runs.map((run) => [run.seed, run])))
    const bySeed = manifest.seeds
      .map((seed) => runs.map((ofMethod) => ofMethod.get(seed)))
      .filter((ofSeed): ofSeed is RunSummary[] => ofSeed.every((run) => run !== undefined))
    if (bySeed.length === 0) return []
    const ranks = bySeed.map((ofSeed) =>
      ranksOf(ofSeed.map(({ best }) => toLoss(best?.test ?? Number.NaN, group.goal))),
    )
    return ranked.map(({ cell: { method } }, m) => ({
      label: groupLabel(group, groups),
      method,
      rank: mean(ranks.map((ofSeed) => ofSeed[m]!)),
      value: group.methods.find((one) => one.method === method)?.value?.mean ?? null,
      seeds: bySeed.length,
    }))
  })
}
