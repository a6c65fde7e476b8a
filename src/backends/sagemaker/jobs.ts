/** The jobs that still count: their ends or their reports are waited for. */
import { messageOf } from '../../core/errors.js'
import type { TrialId } from '../../core/trial.js'
import type { Job } from './attempt.js'
import type { Calls } from './calls.js'
import { ServiceFault } from './service-fault.js'

/** Iterates over the jobs of this run's attempts. */
export class Jobs {
  /** Jobs that a former runner left in progress and that nobody goes on with, by name. */
  readonly strays = new Map<string, TrialId>()
  /** When the last of a trial's strays was gone, in seconds since the run began. */
  readonly strayGone = new Map<TrialId, number>()
  /** Attempts that are being given a job. */
  creating = 0
  readonly #calls: Pick<Calls, 'call'>
  readonly #warn: (text: string) => void
  readonly #byName = new Map<string, Job>()

  constructor(calls: Pick<Calls, 'call'>, warn: (text: string) => void) {
    this.#calls = calls
    this.#warn = warn
  }

  [Symbol.iterator](): IterableIterator<Job> {
    return this.#byName.values()
  }

  has(name: string): boolean {
    return this.#byName.has(name) || this.strays.has(name)
  }

  add(job: Job): void {
    this.#byName.set(job.name, job)
  }

  /** Neither its end nor its log is of interest any more. */
  forget({ name }: Job): void {
    this.#byName.delete(name)
  }

  /** How many may hold a machine. */
  get left(): number {
    return this.creating + this.strays.size + [...this].filter(({ ended }) => ended === undefined).length
  }

  /** Whether a job of a trial still runs, or its log is not read to its end. */
  anyOf(trial: TrialId): boolean {
    return [...this.strays.values()].includes(trial) || [...this].some(({ attempt }) => attempt.trial === trial)
  }

  /** Asks for it once; never throws. */
  async stop(job: Job): Promise<void> {
    if (job.stopWanted || !job.created || job.ended !== undefined) return
    job.stopWanted = true
    await this.#askToStop(job.name)
  }

  /** A job in progress that nobody goes on with is stopped, and its end waited for. */
  stopStray(name: string, trial: TrialId): void {
    this.strays.set(name, trial)
    void this.#askToStop(name)
  }

  async #askToStop(name: string): Promise<void> {
    try {
      await this.#calls.call('stopTrainingJob', name)
    } catch (error) {
      // One that has ended cannot be stopped: ValidationException.
      const harmless = error instanceof ServiceFault && (error.kind === 'gone' || error.kind === 'invalid')
      if (!harmless) this.#warn(`job ${name} could not be stopped: ${messageOf(error)}`)
    }
  }
}
