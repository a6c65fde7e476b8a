/** How the runs of a plan are cut into batches: one task of a worker thread, and one file on disk, each. */
import type { SurrogateTable } from '../surrogates/table.js'
import { type Cell, expectedReports } from './cell.js'
import type { Plan } from './plan.js'

/** About how many reports a batch should hold: milliseconds of work, megabytes of memory. */
const REPORTS_PER_BATCH = 100_000
const MOST_RUNS_PER_BATCH = 250

/** The runs of one cell for some seeds; `firstRun` is the position of its first run in the plan. */
export interface BatchPlan {
  readonly index: number
  readonly cell: Cell
  readonly seeds: readonly number[]
  readonly firstRun: number
}

/** Cuts a plan into batches, in plan order. Depends on nothing but the plan and the tables. */
export function planBatches(plan: Plan, tables: ReadonlyMap<string, SurrogateTable>): BatchPlan[] {
  const batches: BatchPlan[] = []
  const reportsOf = (cell: Cell): number => {
    const { configurations, levels } = tables.get(cell.table)!
    return expectedReports(cell, configurations, levels)
  }
  for (const [c, cell] of plan.cells.entries()) {
    const size = Math.max(1, Math.min(MOST_RUNS_PER_BATCH, Math.floor(REPORTS_PER_BATCH / reportsOf(cell))))
    for (let at = 0; at < plan.seeds.length; at += size)
      batches.push({
        index: batches.length,
        cell,
        seeds: plan.seeds.slice(at, at + size),
        firstRun: c * plan.seeds.length + at,
      })
  }
  return batches
}
