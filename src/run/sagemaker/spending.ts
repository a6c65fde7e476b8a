/** What the runs of a directory have cost so far, by their journals: those that failed or were interrupted, too. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readJournal } from '../../store/journal.js'
import { jobsUse } from '../../store/training-jobs.js'

export class Spending {
  /** US dollars by the folder of a run; jobs of which the price or the end is not known count nothing. */
  readonly #usd: Map<string, number>

  /** @param folders of all runs; those that were not begun need not exist */
  constructor(folders: readonly string[]) {
    this.#usd = new Map(folders.map((folder) => [folder, usdOf(folder)]))
  }

  /** US dollars of all runs but one. */
  besides(folder: string): number {
    let sum = 0
    for (const [other, usd] of this.#usd) if (other !== folder) sum += usd
    return sum
  }

  /** A run has ended, well or not. */
  ended(folder: string): void {
    this.#usd.set(folder, usdOf(folder))
  }
}

function usdOf(folder: string): number {
  const path = join(folder, 'journal.jsonl')
  return existsSync(path) ? (jobsUse(readJournal(path))?.usd ?? 0) : 0
}
