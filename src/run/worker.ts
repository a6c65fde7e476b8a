/** The worker thread: runs batches on tables that the main thread shares with it. */
import { workerData } from 'node:worker_threads'
import { move, transferableSymbol, valueSymbol } from 'piscina'
import { BenchError, messageOf } from '../core/errors.js'
import type { StoredBatch } from '../store/read-batch.js'
import type { TableData } from '../surrogates/table-data.js'
import { SurrogateTable } from '../surrogates/table.js'
import { type BatchTask, NotWritten, runBatch } from './run-batch.js'

/** Errors lose their properties between threads, so they are sent as data. */
export type BatchAnswer =
  | { readonly ok: true; readonly batch: StoredBatch }
  | { readonly ok: false; readonly message: string; readonly notWritten: boolean }

const tables = new Map(
  (workerData as readonly TableData[]).map((table) => [table.metadata.name, new SurrogateTable(table)]),
)

export default async function run(task: BatchTask): Promise<unknown> {
  let batch: StoredBatch
  try {
    batch = await runBatch(task, tables.get(task.cell.table)!)
  } catch (error) {
    const notWritten = error instanceof NotWritten
    const message =
      notWritten || error instanceof BenchError
        ? error.message
        : `${messageOf(error)} (${(error as Error)?.stack?.split('\n')[1]?.trim() ?? ''})`
    return { ok: false, message, notWritten } satisfies BatchAnswer
  }
  const { offsets, time, value } = batch.incumbents
  return move({
    [transferableSymbol]: [offsets, time, value, batch.rows].map(({ buffer }) => buffer as ArrayBuffer),
    [valueSymbol]: { ok: true, batch } satisfies BatchAnswer,
  })
}
