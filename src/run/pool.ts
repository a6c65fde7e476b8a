/** The pool of worker threads. Piscina enters the product only here. */
import { existsSync } from 'node:fs'
import { setMaxListeners } from 'node:events'
import { join } from 'node:path'
import { Piscina } from 'piscina'
import { codeRoot } from '../package.js'
import type { StoredBatch } from '../store/read-batch.js'
import type { TableData } from '../surrogates/table-data.js'
import { type BatchTask, NotWritten } from './run-batch.js'
import type { BatchAnswer } from './worker.js'

/** Runs batches on worker threads. */
export interface BatchPool {
  /**
   * Rejects with the cause if the batch fails or its thread dies; other batches are not affected. With {@link NotWritten}
   * if it ran and could not be written.
   */
  run(task: BatchTask): Promise<StoredBatch>
  close(): Promise<void>
}

/** Starts `threads` threads that share the tables' columns without a copy. */
export function startPool(tables: readonly TableData[], threads: number, signal: AbortSignal): BatchPool {
  setMaxListeners(0, signal)
  const built = join(codeRoot, 'src/run/worker.js')
  // Under vitest and tsx there is only the source, which threads load through tsx.
  const source = existsSync(built)
    ? {}
    : { filename: join(codeRoot, 'src/run/worker.ts'), execArgv: ['--import', 'tsx'] }
  const pool = new Piscina({ filename: built, minThreads: threads, maxThreads: threads, workerData: tables, ...source })
  // A thread that is ended in the middle of a task may still send its answer; its task has been rejected already.
  pool.on('error', () => {})
  return {
    async run(task) {
      const answer = (await pool.run(task, { signal })) as BatchAnswer
      if (!answer.ok) throw answer.notWritten ? new NotWritten(answer.message) : new Error(answer.message)
      return answer.batch
    },
    close: () => pool.destroy(),
  }
}
