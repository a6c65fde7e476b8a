/** Runs grouped for comparison: what has the same table, number of workers and budget is compared with one another. */
import { configKey } from '../core/space.js'
import type { Manifest, ManifestCell } from '../store/manifest.js'
import type { RunSet, RunSummary } from '../store/run-set.js'

/** One cell with its runs that had the budget of the plan. */
export interface Arm {
  readonly cell: ManifestCell
  /** With which it was to run. */
  readonly seeds: readonly number[]
  readonly runs: readonly RunSummary[]
}

/** Whether a run went on until its own budget ended it. One that `--max-cost` ended is compared with nothing. */
export function hadBudget({ maxCost }: RunSummary): boolean {
  return maxCost === undefined
}

/** Every cell with its runs, by group; groups and cells in plan order. */
export function groupArms(manifest: Manifest, set: RunSet): Arm[][] {
  const runsOf = new Map<number, RunSummary[]>()
  for (const run of set.runs.filter(hadBudget)) {
    const runs = runsOf.get(run.cell)
    if (runs === undefined) runsOf.set(run.cell, [run])
    else runs.push(run)
  }
  const groups = new Map<string, Arm[]>()
  for (const [index, cell] of manifest.cells.entries()) {
    const key = JSON.stringify([cell.table, cell.workers, cell.budget])
    const arm = { cell, seeds: cell.seeds ?? manifest.seeds, runs: runsOf.get(index) ?? [] }
    const arms = groups.get(key)
    if (arms === undefined) groups.set(key, [arm])
    else arms.push(arm)
  }
  return [...groups.values()]
}

/** The name of what a group is compared with. */
export function baselineOf([first]: readonly Arm[], manifest: Manifest): string {
  return first?.cell.baseline ?? manifest.baseline
}

/** The seeds that both were to run with. */
export function seedsOfBoth(one: Arm, other: Arm): number[] {
  const seeds = new Set(other.seeds)
  return one.seeds.filter((seed) => seeds.has(seed))
}

export type FinishedRun = RunSummary & { readonly best: NonNullable<RunSummary['best']> }

/** Whether a run reported a finite value. */
export function hasResult(run: RunSummary): run is FinishedRun {
  return run.best !== undefined && Number.isFinite(run.best.test)
}

/** What tells trainings apart: the row of the table or, where there is no single one, the configuration. */
export function trainingKey({ row, config }: Pick<FinishedRun['best'], 'row' | 'config'>): string {
  return row >= 0 ? `row ${row}` : configKey(config)
}
