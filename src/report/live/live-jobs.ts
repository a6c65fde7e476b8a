/** What the training jobs of a run have cost so far, as its journal tells it. */
import type { JournalLine } from '../../store/journal.js'

interface OpenJob {
  /** Seconds since the run began. */
  readonly since: number
  /** US dollars; NaN where the price is not known. */
  readonly usdPerHour: number
}

/** Those that have ended count as they are billed, the others as if they were billed since they were asked for. */
export class LiveJobs {
  readonly #open = new Map<unknown, OpenJob>()
  readonly #over = new Set<unknown>()
  readonly #pools = new Map<unknown, number>()
  readonly #ended = new Map<unknown, number>()

  /** Follows one line of the journal, whatever it is about. */
  take({ event, job, since, usdPerHour, usd, status }: JournalLine): void {
    if (event === 'job-made' && !this.#over.has(job))
      this.#open.set(job, { since: Number(since), usdPerHour: numberOf(usdPerHour) })
    // Machines of a warm pool that waited after a job.
    if (event === 'pool') this.#pools.set(job, numberOf(usd))
    if (event !== 'job-end') return
    this.#open.delete(job)
    this.#ended.set(job, numberOf(usd))
    // A name that was not there when it was asked for may be given to a job later.
    if (status !== 'Deleted') this.#over.add(job)
  }

  /** Whether there was any. */
  get any(): boolean {
    return this.#open.size + this.#ended.size > 0
  }

  /** How many have not ended. */
  get open(): number {
    return this.#open.size
  }

  /** US dollars; NaN where a price is not known. @param now seconds since the run began */
  usd(now: number): number {
    let sum = 0
    for (const usd of [...this.#ended.values(), ...this.#pools.values()]) sum += usd
    for (const { since, usdPerHour } of this.#open.values()) sum += (Math.max(0, now - since) / 3600) * usdPerHour
    return sum
  }
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN
}
