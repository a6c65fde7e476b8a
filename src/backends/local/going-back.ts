/** Work on the checkpoint of a trial that has no process: copied from another trial's, or put back to an earlier one. */
import type { BackendEvent } from '../../core/backend.js'
import { messageOf } from '../../core/errors.js'
import type { TrialId } from '../../core/trial.js'
import type { Attempt } from './attempt.js'
import type { Checkpoints } from './checkpoints/checkpoints.js'
import type { LocalBackendOptions } from './options.js'

/** Who runs the attempts. */
export interface AttemptRunner {
  launch(attempt: Attempt): void
  emit(attempt: Attempt, event: Partial<BackendEvent>): void
  /** The work on a trial's checkpoint is done, and the attempt was halted meanwhile. */
  onHalted(attempt: Attempt): void
  /** No work on checkpoints is left. */
  onIdle(): void
  onWarning(trial: TrialId, text: string): void
}

export class GoingBack {
  readonly #checkpoints: Checkpoints
  readonly #options: Pick<LocalBackendOptions, 'resource' | 'onCopied'>
  readonly #runner: AttemptRunner
  #working = 0

  constructor(
    checkpoints: Checkpoints,
    options: Pick<LocalBackendOptions, 'resource' | 'onCopied'>,
    runner: AttemptRunner,
  ) {
    this.#checkpoints = checkpoints
    this.#options = options
    this.#runner = runner
  }

  /** On how many trials' checkpoints it works. */
  get working(): number {
    return this.#working
  }

  /** Starts a trial from a copy of another's checkpoint. */
  async fromCopy(attempt: Attempt, source: TrialId): Promise<void> {
    const { trial, level } = attempt
    const copy = await this.#without(attempt, async () => {
      const made = await this.#checkpoints.clone(source, level, trial)
      if (made === undefined || made.before === true) return made
      // What it began from is one of its own copies, too.
      this.#checkpoints.keep(trial, made.level ?? level)
      await this.#checkpoints.settled(trial)
      return made
    })
    if (attempt.halted) return
    if (copy === undefined)
      this.#runner.onWarning(trial, `trial ${source} has no checkpoint that it could start from, so it starts over`)
    if (copy?.before !== true) this.#options.onCopied?.(trial, source, copy === undefined ? 0 : copy.level)
    this.#runner.launch(attempt)
  }

  /**
   * The process of a trial that goes on failed before it reported anything: its checkpoint may be torn, so it is started
   * again from the one before, and in the end from nothing.
   */
  async passOverTorn(attempt: Attempt, reason: string): Promise<void> {
    const level = await this.#restore(attempt, attempt.below)
    if (attempt.halted) return
    if (level === undefined) {
      this.#runner.emit(attempt, { kind: 'end', state: 'failed', reason })
      return
    }
    const from = placeOf(level)
    this.#runner.onWarning(
      attempt.trial,
      `could not go on from its checkpoint (${reason}), so it starts again from ${from}`,
    )
    this.#startAgain(attempt, `${reason}; again from ${from}`)
  }

  /**
   * Levels were trained that nobody read, see `LostLevels`: the trial goes on from the copy of before them, and in the end
   * from nothing.
   */
  async trainAgain(attempt: Attempt): Promise<void> {
    const level = await this.#restore(attempt, Math.min(attempt.below, attempt.level + 1))
    if (attempt.halted) return
    const what = `${this.#options.resource} ${attempt.level + 1} was trained before, but its report was lost`
    this.#startAgain(attempt, `${what}; again from ${placeOf(level ?? 0)}`)
  }

  /** Puts the newest intact copy of before a level in the place of the trial's checkpoint; see `Checkpoints.restore`. */
  async #restore(attempt: Attempt, below: number): Promise<number | undefined> {
    const level = await this.#without(attempt, () => this.#checkpoints.restore(attempt.trial, below))
    attempt.below = level ?? 0
    attempt.jumped = false
    return level
  }

  #startAgain(attempt: Attempt, reason: string): void {
    attempt.repeated = 0
    attempt.restarts++
    this.#runner.emit(attempt, { kind: 'restart', reason })
    this.#runner.launch(attempt)
  }

  /** Does something to the folder of an attempt's trial while it has no process. */
  async #without<T>(attempt: Attempt, work: () => Promise<T>): Promise<T | undefined> {
    attempt.launch = undefined
    attempt.restoring = true
    this.#working++
    let result: T | undefined
    try {
      result = await work()
    } catch (error) {
      this.#runner.onWarning(attempt.trial, `its checkpoint could not be copied: ${messageOf(error)}`)
    }
    attempt.restoring = false
    this.#working--
    if (attempt.halted) this.#runner.onHalted(attempt)
    if (this.#working === 0) this.#runner.onIdle()
    return result
  }
}

function placeOf(level: number): string {
  return level === 0 ? 'nothing' : `its checkpoint of level ${level}`
}
