/** Every cell and seed of a plan in turn, each in a folder of its own; what is finished is read back. */
import { join } from 'node:path'
import { BenchError, messageOf } from '../core/errors.js'
import { type IncumbentSteps, joinSteps } from '../store/incumbent-steps.js'
import { type LocalRun, localRunFolder, readLocalRun, writeLocalRun } from '../store/local-run.js'
import { digestOf } from '../store/run-log.js'
import type { RunFailure, RunSet, RunSummary } from '../store/run-set.js'
import type { Cell } from './cell.js'
import type { Plan } from './plan.js'

export interface ExecuteRunsOptions {
  readonly resume?: boolean
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
  /** Whether a run that has a result is to go on all the same. Default: none is. */
  readonly goesOn?: (cell: Cell, summary: RunSummary, folder: string) => boolean
}

/**
 * @throws BenchError for bad input, or when every run failed
 */
export async function executeRuns(
  plan: Plan,
  directory: string,
  options: ExecuteRunsOptions,
  runOne: (cell: Cell, seed: number, folder: string) => Promise<LocalRun>,
): Promise<RunSet> {
  const runs: RunSummary[] = []
  const incumbents: IncumbentSteps[] = []
  const failures: RunFailure[] = []
  const total = plan.cells.length * plan.seeds.length
  let done = 0
  for (const cell of plan.cells)
    for (const seed of plan.seeds) {
      options.signal?.throwIfAborted()
      const folder = join(directory, localRunFolder(cell.index, seed))
      try {
        const found = options.resume === true ? readLocalRun(folder) : undefined
        const finished = found && options.goesOn?.(cell, found.summary, folder) ? undefined : found
        const run = finished ?? (await runOne(cell, seed, folder))
        if (finished === undefined) writeLocalRun(folder, run)
        runs.push(run.summary)
        incumbents.push(run.incumbents)
      } catch (error) {
        options.signal?.throwIfAborted()
        if (error instanceof BenchError && error.exitCode === 2) throw error
        failures.push({
          cell: cell.index,
          table: cell.table,
          method: cell.method,
          seeds: [seed],
          message: messageOf(error),
        })
      }
      options.onProgress?.(++done, total)
    }
  if (runs.length === 0) throw new BenchError(`every run failed; the first: ${failures[0]!.message}`, { exitCode: 1 })
  return {
    runs,
    details: { incumbents: joinSteps(incumbents), rowsUsed: {} },
    failures,
    digest: digestOf(runs.map(({ digest }) => digest)),
    simulatedSeconds: runs.reduce((sum, run) => sum + run.simulatedSeconds, 0),
    reports: runs.reduce((sum, run) => sum + run.reports, 0),
  }
}
