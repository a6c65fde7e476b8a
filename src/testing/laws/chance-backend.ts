/** Made-up trainings: a backend that is nothing but chance, and what its chance is mixed from. */
import { type BackendEvent, type VirtualTimeBackend, emptyEvent } from '../../core/backend.js'
import type { Goal } from '../../core/objective.js'
import { mix, mixedUniform } from '../../core/random.js'
import type { Config } from '../../core/space.js'

/** One made-up run. */
export interface Setting {
  /** All chance of the run is mixed from it. */
  readonly key: number
  readonly maxResource: number
  readonly workers: number
  /** How many trials are announced. */
  readonly trials: number
  /** Values are rounded to 1/grain, so that ties occur where it is small. */
  readonly grain: number
  /** Of the objectives; those of a scheduler that ranks by the first are cut to one. */
  readonly goals: readonly Goal[]
  /** Whether trials fail, end early, and are stopped by a rule around the scheduler, right after it paused them too. */
  readonly disturbed: boolean
}

/** Chance of a trial at a level, for a purpose. */
export function chance({ key }: Setting, trial: number, level: number, purpose: number): number {
  return mixedUniform(mix(mix(key, trial), purpose), level)
}

/** Which of the running trials reports next is chance; in disturbed runs some fail or end early instead. */
export class ChanceBackend implements VirtualTimeBackend {
  readonly workers: number
  readonly #setting: Setting
  readonly #value: (trial: number, level: number, objective: number) => number
  readonly #event: BackendEvent
  readonly #reached: number[] = []
  readonly #running: { readonly trial: number; readonly attempt: number }[] = []

  constructor(setting: Setting, metrics: number, value: (trial: number, level: number, objective: number) => number) {
    this.workers = setting.workers
    this.#setting = setting
    this.#value = value
    this.#event = emptyEvent(metrics)
  }

  get idle(): number {
    return this.workers - this.#running.length
  }

  get busy(): number {
    return this.#running.length
  }

  /** The level that a trial reached. */
  reached(trial: number): number {
    return this.#reached[trial]!
  }

  start(trial: number, attempt: number, _config: Config, from: number): void {
    if (trial >= this.#setting.trials)
      throw new Error(
        `trial ${trial} starts, but only ${this.#setting.trials} were announced (maxTrials; the searcher is used up)`,
      )
    this.#reached[trial] = from
    this.#running.push({ trial, attempt })
  }

  halt(trial: number): void {
    this.#running.splice(this.#at(trial), 1)
  }

  next(): BackendEvent | undefined {
    if (this.#running.length === 0) return undefined
    const event = this.#event
    const { maxResource, disturbed, key } = this.#setting
    event.time++
    let at = this.#running.findIndex(({ trial }) => this.#reached[trial] === maxResource)
    const over = at >= 0
    if (!over) at = Math.floor(mixedUniform(mix(key, 99), event.time) * this.#running.length)
    const { trial, attempt } = this.#running[at]!
    event.trial = trial
    event.attempt = attempt
    const luck = disturbed ? chance(this.#setting, trial, this.#reached[trial]!, 12) : 1
    if (over || luck < 0.06) {
      this.#running.splice(at, 1)
      event.kind = 'end'
      event.state = over || luck < 0.03 ? 'completed' : 'failed'
      return event
    }
    const level = ++this.#reached[trial]!
    event.kind = 'report'
    event.resource = level
    for (let i = 0; i < event.values.length; i++) event.values[i] = this.#value(trial, level, i)
    return event
  }

  #at(trial: number): number {
    return this.#running.findIndex((one) => one.trial === trial)
  }
}
