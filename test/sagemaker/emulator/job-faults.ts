/** What befalls jobs: no capacity, spot instances taken back, somebody else who stops or deletes them. */
import type { Clock } from './clock.js'
import type { TrainingJob } from './training-job.js'

export interface JobFault {
  /** Jobs whose names match; default all. */
  readonly name?: RegExp
  /** Jobs to pass over first. Default 0. */
  readonly after?: number
  /** How many jobs it befalls. Default 1. */
  readonly times?: number
  readonly kind:
    /** Fails as no instances can be had. */
    | 'capacity'
    /** Spot instances are taken back; the service starts it again. */
    | 'interrupt'
    /** Somebody else stops it. */
    | 'stop'
    /** Somebody else stops and deletes it: it is unknown at once. */
    | 'delete'
  /** Only once it has come so far. Default `Starting`. */
  readonly from?: 'Starting' | 'Training'
  /** Seconds of the emulator's clock after that. Default 0. */
  readonly seconds?: number
}

export class JobFaults {
  readonly #faults: { readonly fault: JobFault; seen: number; struck: number }[] = []
  readonly #clock: Clock
  readonly #forget: (job: TrainingJob) => void

  constructor(clock: Clock, forget: (job: TrainingJob) => void) {
    this.#clock = clock
    this.#forget = forget
  }

  add(...faults: readonly JobFault[]): void {
    this.#faults.push(...faults.map((fault) => ({ fault, seen: 0, struck: 0 })))
  }

  /** A job was made: what befalls it is set going. */
  consider(job: TrainingJob): void {
    for (const entry of this.#faults) {
      const { fault } = entry
      if (fault.name && !fault.name.test(job.name)) continue
      if (entry.seen++ < (fault.after ?? 0) || entry.struck >= (fault.times ?? 1)) continue
      entry.struck++
      void this.#strike(job, fault)
    }
  }

  async #strike(job: TrainingJob, { kind, from = 'Starting', seconds = 0 }: JobFault): Promise<void> {
    if (from === 'Training') await this.#trains(job)
    await this.#clock.wait(seconds)
    if (job.over) return
    if (kind === 'stop' || kind === 'delete') job.status = 'Stopping'
    job.interrupt(kind === 'delete' ? 'stop' : kind)
    if (kind === 'delete') this.#forget(job)
  }

  async #trains(job: TrainingJob): Promise<void> {
    while (job.secondary !== 'Training' && !job.over) await this.#clock.wait(0.005 * this.#clock.speed)
  }
}
