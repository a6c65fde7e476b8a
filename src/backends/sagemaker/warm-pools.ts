/** Machines that are kept, and billed, for a next job. */
import type { Calls } from './calls.js'
import { listJobs } from './job-lists.js'
import type { JobMachine } from './job-request.js'
import { ServiceFault } from './service-fault.js'

/** Ends all that wait for another job. @param prefix of the names of the jobs that left them */
export async function endWarmPools(calls: Pick<Calls, 'call'>, prefix: string): Promise<void> {
  for (const { name } of await listJobs(calls, prefix, { WarmPoolStatusEquals: 'Available' }))
    try {
      await calls.call('keepWarm', name, 0)
    } catch (error) {
      // It has ended in between.
      if (!(error instanceof ServiceFault) || (error.kind !== 'gone' && error.kind !== 'invalid')) throw error
    }
}

interface Pool extends JobMachine {
  /** Of all its machines. */
  readonly usdPerHour: number
  /** Seconds since the run began. */
  readonly since: number
}

/**
 * What a run's pools cost so far, as far as can be told without asking: the machines of a job that ended well wait until the
 * next job on the same machines is asked for, or as long as they are kept. Times are seconds since the run began.
 */
export class WarmPools {
  readonly #keepAliveSeconds: number
  readonly #waiting: Pool[] = []
  #usd = 0

  /** @param keepAliveSeconds 0: machines are not kept */
  constructor(keepAliveSeconds: number) {
    this.#keepAliveSeconds = keepAliveSeconds
  }

  /** A job ended well. */
  left({ type, count }: JobMachine, usdPerHour: number, now: number): void {
    if (this.#keepAliveSeconds > 0) this.#waiting.push({ type, count, usdPerHour, since: now })
  }

  /** A job is asked for: it takes over what has waited longest. */
  taken(machine: JobMachine, now: number): void {
    this.#settle(now)
    const at = this.#waiting.findIndex(({ type, count }) => type === machine.type && count === machine.count)
    if (at >= 0) this.#usd += this.#cost(this.#waiting.splice(at, 1)[0]!, now)
  }

  /** US dollars so far. */
  usd(now: number): number {
    this.#settle(now)
    return this.#waiting.reduce((sum, pool) => sum + this.#cost(pool, now), this.#usd)
  }

  /** Of all that wait. */
  usdPerHour(now: number): number {
    this.#settle(now)
    return this.#waiting.reduce((sum, { usdPerHour }) => sum + usdPerHour, 0)
  }

  #settle(now: number): void {
    while (this.#waiting.length > 0 && now - this.#waiting[0]!.since >= this.#keepAliveSeconds)
      this.#usd += this.#cost(this.#waiting.shift()!, now)
  }

  #cost({ usdPerHour, since }: Pool, now: number): number {
    return (usdPerHour * Math.min(now - since, this.#keepAliveSeconds)) / 3600
  }
}
