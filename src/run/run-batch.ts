/** Simulates one batch and writes it, all on the calling thread. */
import { messageOf } from '../core/errors.js'
import type { StoredBatch } from '../store/read-batch.js'
import type { SurrogateTable } from '../surrogates/table.js'
import type { Cell } from './cell.js'
import { simulate } from './simulate.js'

/** A batch to run: a cell for some seeds. */
export interface BatchTask {
  readonly cell: Cell
  readonly seeds: readonly number[]
  /** What the names of its two files begin with; undefined: nothing is written. */
  readonly path?: string | undefined
}

/** A batch was simulated but could not be written: more of the same will not help. */
export class NotWritten extends Error {}

/**
 * The thread that simulated a batch also encodes and writes it: were that left to the main thread, it would soon be what
 * all others wait for, megabytes of events would have to be handed to it, and a kill would cost the batches that lie there.
 *
 * @throws NotWritten if the files cannot be written; whatever the run itself fails with
 */
export async function runBatch({ cell, seeds, path }: BatchTask, table: SurrogateTable): Promise<StoredBatch> {
  const batch = await simulate(cell, table, seeds)
  const { summaries, incumbents, trials } = batch
  if (path !== undefined) {
    // Loaded only where something is written: the Arrow library takes longer to load than many a set takes to run.
    const { writeBatch } = await import('./write-batch.js')
    try {
      writeBatch(path, batch, cell.metrics, table)
    } catch (error) {
      throw new NotWritten(messageOf(error), { cause: error })
    }
  }
  return { summaries, incumbents, rows: trials.row }
}
