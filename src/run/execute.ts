/** Executes a plan of simulated runs: on worker threads, written in batches, resumable, results in plan order. */
import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { BenchError, messageOf } from '../core/errors.js'
import { type StoredBatch, readBatch } from '../store/read-batch.js'
import { digestOf } from '../store/run-log.js'
import type { RunFailure, RunSet, RunSummary } from '../store/run-set.js'
import type { SurrogateTable } from '../surrogates/table.js'
import { type BatchPlan, planBatches } from './batches.js'
import { expectedReports } from './cell.js'
import { Findings } from './findings.js'
import type { Plan } from './plan.js'
import { type BatchTask, NotWritten, runBatch } from './run-batch.js'

/** Up to so many reports the calling thread is done before others have started: each of them first loads the product. */
const WORTH_THREADS = 300_000

export interface ExecuteOptions {
  /** Where batches are written; undefined keeps nothing but the summaries. */
  readonly directory?: string
  /**
   * Worker threads. 0 runs on the calling thread. Default: one per processor, or 0 for a small set, unless a scheduler or
   * searcher is a module of the user's, which might never return or end its thread.
   */
  readonly threads?: number
  /** Take finished batches from `directory` instead of running them again. */
  readonly resume?: boolean
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

/** Runs every cell of the plan for every seed. */
export async function execute(
  plan: Plan,
  tables: readonly SurrogateTable[],
  options: ExecuteOptions = {},
): Promise<RunSet> {
  const byName = new Map(tables.map((table) => [table.name, table]))
  const batches = planBatches(plan, byName)
  const total = plan.cells.length * plan.seeds.length
  const signal = options.signal ?? new AbortController().signal
  const results = new Array<RunSummary | undefined>(total)
  const failures: RunFailure[] = []
  let done = 0
  const { directory } = options
  if (directory !== undefined) mkdirSync(join(directory, 'runs'), { recursive: true })

  const found = new Findings(tables)
  const keep = (batch: BatchPlan, { summaries, incumbents, rows }: StoredBatch): void => {
    found.add(batch.firstRun, batch.cell.table, incumbents, rows)
    for (const [i, summary] of summaries.entries()) results[batch.firstRun + i] = summary
    done += batch.seeds.length
    options.onProgress?.(done, total)
  }
  const left = batches.filter((batch) => {
    if (options.resume !== true || directory === undefined) return true
    const stored = readBatch(batchPath(directory, batch), () => batch.cell)
    if (stored?.summaries.length !== batch.seeds.length) return true
    keep(batch, stored)
    return false
  })

  const threads = Math.min(threadsFor(plan, byName, options.threads), left.length)
  const pool =
    threads === 0
      ? undefined
      : (await import('./pool.js')).startPool(
          tables.map(({ data }) => data),
          threads,
          signal,
        )
  const run = (batch: BatchPlan): Promise<StoredBatch> => {
    const { cell, seeds } = batch
    const task: BatchTask = { cell, seeds, path: directory && resolve(batchPath(directory, batch)) }
    return pool === undefined ? runBatch(task, byName.get(cell.table)!) : pool.run(task)
  }
  const finish = async (batch: BatchPlan): Promise<void> => {
    let result: StoredBatch
    try {
      result = await run(batch)
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof NotWritten) throw new BenchError(error.message, { exitCode: 1, cause: error })
      if (batch.seeds.length > 1) {
        // Some run of the batch fails: find out which, and keep the others.
        for (const [i, seed] of batch.seeds.entries())
          await finish({ ...batch, seeds: [seed], firstRun: batch.firstRun + i })
        return
      }
      failures.push({
        cell: batch.cell.index,
        table: batch.cell.table,
        method: batch.cell.method,
        seeds: batch.seeds,
        message: messageOf(error),
      })
      done++
      return
    }
    signal.throwIfAborted()
    keep(batch, result)
  }
  try {
    // As many in flight as threads, and one waiting for each, so that memory stays bounded and no thread idles.
    const queue = left.values()
    const lane = async (): Promise<void> => {
      for (const batch of queue) {
        signal.throwIfAborted()
        await finish(batch)
      }
    }
    await Promise.all(Array.from({ length: Math.max(1, 2 * threads) }, lane))
  } finally {
    await pool?.close()
  }
  const runs = results.filter((summary) => summary !== undefined)
  if (runs.length === 0 && failures.length > 0)
    throw new BenchError(`every run failed; the first: ${failures[0]!.message}`, { exitCode: 1 })
  return {
    runs,
    details: found.all(),
    failures,
    digest: digestOf(runs.map(({ digest }) => digest)),
    simulatedSeconds: runs.reduce((sum, summary) => sum + summary.simulatedSeconds, 0),
    reports: runs.reduce((sum, summary) => sum + summary.reports, 0),
  }
}

function batchPath(directory: string, batch: BatchPlan): string {
  return join(directory, 'runs', `${String(batch.index).padStart(5, '0')}-${batch.seeds[0]!}`)
}

/** How many worker threads a plan gets. Definitions given by value cannot be sent to another thread. */
function threadsFor(plan: Plan, tables: ReadonlyMap<string, SurrogateTable>, given: number | undefined): number {
  const types = plan.cells.flatMap(({ scheduler, searcher }) => [scheduler.type, searcher.type])
  if (types.some((type) => typeof type !== 'string')) return 0
  if (given !== undefined) return given
  const reports = plan.cells.reduce((sum, cell) => {
    const { configurations, levels } = tables.get(cell.table)!
    return sum + plan.seeds.length * expectedReports(cell, configurations, levels)
  }, 0)
  const ours = types.every((type) => typeof type === 'string' && !type.startsWith('file:'))
  return ours && reports <= WORTH_THREADS ? 0 : availableParallelism()
}
