/** The worker thread: simulates batches on tables that the main thread shares with it. */
import { workerData } from 'node:worker_threads'
import { move, transferableSymbol, valueSymbol } from 'piscina'
import { BenchError, messageOf } from '../core/errors.js'
import type { TableData } from '../surrogates/table-data.js'
import { SurrogateTable } from '../surrogates/table.js'
import type { Cell } from './cell.js'
import { type Batch, simulate } from './simulate.js'

/** A batch to run: a cell for some seeds. */
export interface BatchTask {
  readonly cell: Cell
  readonly seeds: readonly number[]
}

/** Errors lose their properties between threads, so they are sent as data. */
export type BatchAnswer =
  | { readonly ok: true; readonly batch: Batch }
  | { readonly ok: false; readonly message: string }

const tables = new Map(
  (workerData as readonly TableData[]).map((table) => [table.metadata.name, new SurrogateTable(table)]),
)

export default async function run({ cell, seeds }: BatchTask): Promise<unknown> {
  let batch: Batch
  try {
    batch = await simulate(cell, tables.get(cell.table)!, seeds)
  } catch (error) {
    const message =
      error instanceof BenchError
        ? error.message
        : `${messageOf(error)} (${(error as Error)?.stack?.split('\n')[1]?.trim() ?? ''})`
    return { ok: false, message } satisfies BatchAnswer
  }
  const { events, trials, incumbents } = batch
  const columns = [events.kind, events.trial, events.resource, events.time, ...events.values, trials.row]
  const steps = [incumbents.offsets, incumbents.time, incumbents.value]
  return move({
    [transferableSymbol]: [...columns, ...steps].map(({ buffer }) => buffer as ArrayBuffer),
    [valueSymbol]: { ok: true, batch } satisfies BatchAnswer,
  })
}
