/** Executes a plan of simulated runs: on worker threads, written in batches, resumable, results in plan order. */
import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { BenchError, messageOf } from '../core/errors.js'
import { encodeEvents, encodeTrials } from '../store/batch-file.js'
import { writeWhole } from '../store/write-whole.js'
import { type StoredBatch, readBatch } from '../store/read-batch.js'
import { digestOf } from '../store/run-log.js'
import type { RunFailure, RunSet, RunSummary } from '../store/run-set.js'
import type { SurrogateTable } from '../surrogates/table.js'
import { type BatchPlan, planBatches } from './batches.js'
import { Findings } from './findings.js'
import type { Plan } from './plan.js'
import type { Batch } from './simulate.js'
import { simulate } from './simulate.js'

export interface ExecuteOptions {
  /** Where batches are written; undefined keeps nothing but the summaries. */
  readonly directory?: string
  /** Worker threads; default one per processor. 0 runs on the calling thread. */
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

  const byValue = plan.cells.some(
    ({ scheduler, searcher }) => typeof scheduler.type !== 'string' || typeof searcher.type !== 'string',
  )
  const threads = byValue ? 0 : Math.min(options.threads ?? availableParallelism(), left.length)
  const pool =
    threads === 0
      ? undefined
      : (await import('./pool.js')).startPool(
          tables.map(({ data }) => data),
          threads,
          signal,
        )
  const run = (batch: BatchPlan): Promise<Batch> =>
    pool === undefined
      ? simulate(batch.cell, byName.get(batch.cell.table)!, batch.seeds)
      : pool.run({ cell: batch.cell, seeds: batch.seeds })
  const finish = async (batch: BatchPlan): Promise<void> => {
    let result: Batch
    try {
      result = await run(batch)
    } catch (error) {
      signal.throwIfAborted()
      if (batch.seeds.length > 1) {
        // Some run of the batch fails: find out which, and keep the others.
        for (const [i, seed] of batch.seeds.entries())
          await finish({ ...batch, seeds: [seed], firstRun: batch.firstRun + i })
        return
      }
      failures.push({
        table: batch.cell.table,
        method: batch.cell.method,
        seeds: batch.seeds,
        message: messageOf(error),
      })
      done++
      return
    }
    signal.throwIfAborted()
    if (directory !== undefined) writeBatch(directory, batch, result, byName.get(batch.cell.table)!)
    keep(batch, { ...result, rows: result.trials.row })
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

/** Writes the events first: a batch counts as finished when its trials are there. */
function writeBatch(
  directory: string,
  batch: BatchPlan,
  { events, trials, summaries }: Batch,
  table: SurrogateTable,
): void {
  const configs = trials.configs ?? Array.from(trials.row, (row) => table.configuration(table.configurationOf[row]!))
  writeWhole(`${batchPath(directory, batch)}.events.arrow`, encodeEvents(events, batch.cell.metrics, summaries))
  writeWhole(
    `${batchPath(directory, batch)}.trials.arrow`,
    encodeTrials(trials.offsets, trials.row, configs, summaries),
  )
}
