/** The training jobs of all runs of a directory, also of those that go on or were interrupted. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readJournal } from './journal.js'
import { localRunFolder } from './local-run.js'
import type { Manifest } from './manifest.js'
import type { JobsUse } from './run-set.js'
import { jobsUse } from './training-jobs.js'

/** @throws BenchError if a journal is damaged */
export function readRunJobs(
  directory: string,
  { cells, seeds }: Manifest,
): (JobsUse & { readonly table: string; readonly method: string; readonly seed: number })[] {
  return cells.flatMap(({ table, method }, cell) =>
    seeds.flatMap((seed) => {
      const path = join(directory, localRunFolder(cell, seed), 'journal.jsonl')
      const use = existsSync(path) ? jobsUse(readJournal(path)) : undefined
      return use === undefined ? [] : [{ table, method, seed, ...use }]
    }),
  )
}
