/** Where every trial of a run stands: running, paused or ended, in which attempt, and at which level. */
import { grown } from './collections/growable.js'
import { BenchError } from './errors.js'
import type { Checkpoint } from './scheduler.js'
import type { Config } from './space.js'
import type { TrialId } from './trial.js'

const RUNNING = 1
const PAUSED = 2
const ENDED = 3

/** Trials are numbered as they start; every step O(1). */
export class TrialLedger {
  started = 0
  running = 0
  ended = 0
  readonly #maxResource: number
  readonly #configs: Config[] = []
  #status = new Uint8Array(64)
  #attempt = new Int32Array(64)
  #reached = new Int32Array(64)

  /** @param maxResource the level at which a trial is complete */
  constructor(maxResource: number) {
    this.#maxResource = maxResource
  }

  /** Whether this attempt of the trial is running; what others report does not count any more. */
  isRunning(trial: TrialId, attempt: number): boolean {
    return this.#status[trial] === RUNNING && this.#attempt[trial] === attempt
  }

  config(trial: TrialId): Config {
    return this.#configs[trial]!
  }

  /** The level of its last report, or of the checkpoint that it started from. */
  reached(trial: TrialId): number {
    return this.#reached[trial]!
  }

  /**
   * A new trial, which runs.
   *
   * @param copy the checkpoint that it starts from
   * @throws BenchError if there is no such checkpoint
   */
  start(config: Config, copy: Checkpoint | undefined): TrialId {
    const trial = this.started++
    if (trial >= this.#status.length) {
      this.#status = grown(this.#status, trial + 1)
      this.#attempt = grown(this.#attempt, trial + 1)
      this.#reached = grown(this.#reached, trial + 1)
    }
    if (copy !== undefined) this.#checkCopy(copy, trial)
    this.running++
    this.#status[trial] = RUNNING
    this.#reached[trial] = copy?.resource ?? 0
    this.#configs.push(config)
    return trial
  }

  /** A paused trial runs again. @returns its attempt. @throws BenchError if it is not paused */
  resume(trial: TrialId): number {
    if (this.#status[trial] !== PAUSED)
      throw new BenchError(`the scheduler resumed trial ${trial}, which is not paused`, { exitCode: 1 })
    this.running++
    this.#status[trial] = RUNNING
    return ++this.#attempt[trial]!
  }

  report(trial: TrialId, level: number): void {
    this.#reached[trial] = level
  }

  pause(trial: TrialId): void {
    this.running--
    this.#status[trial] = PAUSED
  }

  end(trial: TrialId): void {
    this.running--
    this.ended++
    this.#status[trial] = ENDED
  }

  #checkCopy({ trial, resource }: Checkpoint, ofTrial: TrialId): void {
    const reached = trial >= 0 && trial < ofTrial ? this.#reached[trial]! : 0
    if (resource >= 1 && resource <= reached && resource < this.#maxResource) return
    throw new BenchError(
      `the scheduler copies trial ${trial} at level ${resource}, which has no checkpoint to go on from: ` +
        `the trial reached ${reached} of ${this.#maxResource}`,
      { exitCode: 1 },
    )
  }
}
