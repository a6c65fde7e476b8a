/** What the processes of a local run's trials used, in the run's journal and in short. */
import type { ProcessRecord } from '../backends/local/options.js'
import type { TrialId } from '../core/trial.js'
import type { Journal, JournalWriter } from '../store/journal.js'
import type { MachineUse } from '../store/run-set.js'

/**
 * Takes down one line `attempt` per process, beside the events of the run: it says nothing that a scheduler could see.
 * Processes that ran when the runner was killed are missing.
 */
export class ProcessLog {
  /** Seconds that processes of a trial ran. */
  readonly ran = new Map<TrialId, number>()
  readonly #writer: Pick<JournalWriter, 'append'>
  #processes = 0
  #restarts = 0
  #peakMemoryMiB: number | undefined
  readonly #gpus = new Set<string>()
  #shared = 0

  /** @param journal what was taken down before the run was interrupted */
  constructor(writer: Pick<JournalWriter, 'append'>, journal: Pick<Journal, 'entries'>) {
    this.#writer = writer
    for (const { event, ...process } of journal.entries)
      if (event === 'attempt') this.#count(process as unknown as ProcessRecord)
  }

  add(process: ProcessRecord): void {
    this.#count(process)
    try {
      this.#writer.append({ event: 'attempt', ...process })
    } catch {
      // A journal that cannot be written ends the run at its next event, which says why.
    }
  }

  get summary(): MachineUse {
    return {
      processes: this.#processes,
      restarts: this.#restarts,
      gpus: [...this.#gpus].sort(),
      shared: this.#shared,
      ...(this.#peakMemoryMiB !== undefined && { peakMemoryMiB: this.#peakMemoryMiB }),
    }
  }

  #count({ trial, begun, ended, restarts, peakMemoryMiB, gpus, shared }: ProcessRecord): void {
    this.ran.set(trial, (this.ran.get(trial) ?? 0) + ended - begun)
    this.#processes++
    if (restarts > 0) this.#restarts++
    if (peakMemoryMiB !== undefined) this.#peakMemoryMiB = Math.max(this.#peakMemoryMiB ?? 0, peakMemoryMiB)
    for (const gpu of gpus) this.#gpus.add(gpu)
    this.#shared = Math.max(this.#shared, shared)
  }
}
