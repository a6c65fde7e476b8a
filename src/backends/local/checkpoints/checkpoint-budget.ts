/** Keeps the checkpoints of a run within so many bytes: those of the least promising trials go early. */
import { rm } from 'node:fs/promises'
import { type Objective, toLoss } from '../../../core/objective.js'
import type { Recorder } from '../../../core/recorder.js'
import type { Decision } from '../../../core/scheduler.js'
import type { TrialId } from '../../../core/trial.js'
import { takeAway } from './checkpoints.js'
import { sizeOf } from './copy-folder.js'

/** Adding up files takes at most one part in so many of the time. */
const SHARE = 20

export interface CheckpointBudgetOptions {
  /** For all trials of the run together. */
  readonly bytes: number
  /** A trial's folder. */
  readonly directoryOf: (trial: TrialId) => string
  /** The one that trials are compared by. */
  readonly objective: Objective
  /** The checkpoint of a trial was removed. */
  readonly onRemoved: (trial: TrialId, bytes: number) => void
  readonly onWarning: (text: string) => void
}

interface Known {
  state: 'running' | 'paused' | 'ended'
  /** What it is once its process is gone: until then that may save. */
  next: 'paused' | 'ended' | undefined
  level: number
  loss: number
}

/**
 * A recorder, as that is told everything that happens to trials. When the checkpoints have grown beyond the budget, those of
 * ended trials are removed first, then those of paused ones; among them first the trials that got least far, and of these
 * the one with the worst last value. What runs is never touched. A paused trial without a checkpoint starts over when it is
 * resumed.
 */
export class CheckpointBudget implements Recorder {
  readonly #options: CheckpointBudgetOptions
  readonly #trials = new Map<TrialId, Known>()
  #checking: Promise<void> | undefined
  /** When files are added up next, by the clock of the process in milliseconds. */
  #due = 0
  #warned = false

  constructor(options: CheckpointBudgetOptions) {
    this.#options = options
  }

  start(_time: number, trial: TrialId): void {
    this.#trials.set(trial, { state: 'running', next: undefined, level: 0, loss: Infinity })
  }

  resume(_time: number, trial: TrialId): void {
    this.#trials.get(trial)!.state = 'running'
  }

  report(
    _time: number,
    trial: TrialId,
    _attempt: number,
    level: number,
    values: Float64Array,
    decision: Decision,
  ): void {
    const known = this.#trials.get(trial)!
    known.level = level
    known.loss = toLoss(values[0]!, this.#options.objective.goal)
    if (decision !== 'continue') known.next = decision === 'pause' ? 'paused' : 'ended'
    this.#check()
  }

  released(_time: number, trial: TrialId): void {
    const known = this.#trials.get(trial)!
    if (known.next !== undefined) known.state = known.next
    known.next = undefined
    this.#check()
  }

  end(_time: number, trial: TrialId): void {
    this.#trials.get(trial)!.state = 'ended'
    this.#check()
  }

  ignored(): void {}

  /** Waits for what is being removed. */
  async settled(): Promise<void> {
    await this.#checking
  }

  #check(): void {
    if (this.#checking !== undefined || performance.now() < this.#due) return
    const begun = performance.now()
    // Begun later: a journal is replayed to its end first.
    this.#checking = new Promise((resolve) => setImmediate(resolve))
      .then(() => this.#enforce())
      .catch(() => {})
      .finally(() => {
        this.#checking = undefined
        this.#due = performance.now() + SHARE * (performance.now() - begun)
      })
  }

  async #enforce(): Promise<void> {
    const { bytes, directoryOf, onRemoved, onWarning } = this.#options
    const sizes = new Map<TrialId, number>()
    for (const trial of this.#trials.keys()) sizes.set(trial, await bytesOf(directoryOf(trial)))
    let total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
    while (total > bytes) {
      const trial = this.#leastPromising(sizes)
      if (trial === undefined) break
      const size = sizes.get(trial)!
      // Renamed before anything else can happen, so that a trial that is resumed finds all or nothing.
      const removed = takeAway(directoryOf(trial))
      sizes.delete(trial)
      total -= size
      onRemoved(trial, size)
      for (const folder of removed) await rm(folder, { recursive: true, force: true })
    }
    if (total <= bytes || this.#warned) return
    this.#warned = true
    onWarning(`the checkpoints of running trials alone take ${total} bytes, more than the budget of ${bytes}`)
  }

  /** Among those that take room and do not run. */
  #leastPromising(sizes: ReadonlyMap<TrialId, number>): TrialId | undefined {
    let least: (Known & { readonly trial: TrialId }) | undefined
    for (const [trial, size] of sizes) {
      const known = this.#trials.get(trial)!
      if (size === 0 || (known.state !== 'ended' && known.state !== 'paused')) continue
      if (least === undefined || compare(known, least) < 0) least = { ...known, trial }
    }
    return least?.trial
  }
}

/** Ended before paused, then low levels before high ones, then bad values before good ones. */
function compare(a: Known, b: Known): number {
  if (a.state !== b.state) return a.state === 'ended' ? -1 : 1
  if (a.level !== b.level) return a.level - b.level
  return lossOf(b) - lossOf(a)
}

/** A number in any case, so that everything can be compared. */
function lossOf({ loss }: Known): number {
  return Number.isNaN(loss) ? Number.MAX_VALUE : Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, loss))
}

async function bytesOf(directory: string): Promise<number> {
  const sizes = await Promise.all(
    ['checkpoints', 'kept', 'checkpoints.failed'].map((name) => sizeOf(`${directory}/${name}`)),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
