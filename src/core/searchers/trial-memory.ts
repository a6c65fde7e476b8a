/** What a searcher that learns remembers of trials. */
import { grown } from '../collections/growable.js'
import { type Objective, toLoss } from '../objective.js'
import type { Points } from '../pareto/points.js'
import type { Config } from '../space.js'
import type { EndState, TrialId } from '../trial.js'

/**
 * Configurations, and per trial its last losses and the level at which they were reported. Values belong to the trial
 * that reported them, in whatever order trials end.
 *
 * Trials are compared by level first: of two trials the one that was trained further is better, and only at one level do
 * losses decide. Losses at different levels mean different things (curves fall), and comparing two trials at their highest
 * common level gives no order at all (a before b before c before a). Under schedulers that stop or pause, a trial comes
 * further because it was better than others, so the level is what they found out about it; where every trial is trained to
 * the end, losses alone decide. A trial that completed counts as at the highest level. One that failed, reported a value
 * that is not a finite number, or reported nothing is worse than any other.
 */
export class TrialMemory {
  /** By trial. */
  readonly configs: Config[] = []
  /** How many objectives count: the first ones. */
  readonly objectives: number
  readonly #goals: readonly Objective[]
  /** Per trial the level of its losses; 0: worse than any other. */
  #level = new Int32Array(64)
  /** Objectives of trial 0, of trial 1, ... */
  #losses: Float64Array
  #known = new Uint8Array(64)
  readonly #maxResource: number

  constructor(objectives: readonly Objective[], maxResource: number) {
    this.#goals = objectives
    this.objectives = objectives.length
    this.#maxResource = maxResource
    this.#losses = new Float64Array(64 * this.objectives)
  }

  start(trial: TrialId, config: Config): void {
    if (trial >= this.#level.length) {
      this.#level = grown(this.#level, trial + 1)
      this.#known = grown(this.#known, trial + 1)
      this.#losses = grown(this.#losses, (trial + 1) * this.objectives)
    }
    this.configs[trial] = config
  }

  report(trial: TrialId, resource: number, values: Float64Array): void {
    this.#level[trial] = resource
    for (let j = 0; j < this.objectives; j++) {
      const loss = toLoss(values[j]!, this.#goals[j]!.goal)
      this.#losses[trial * this.objectives + j] = loss
      if (loss === Infinity) this.#level[trial] = 0
    }
  }

  /** An attempt ended. @returns true the first time: only from now on the trial may be a parent */
  end(trial: TrialId, state: EndState | 'paused' | 'stopped'): boolean {
    if (state === 'failed') this.#level[trial] = 0
    else if (state === 'completed' && this.#level[trial]! > 0) this.#level[trial] = this.#maxResource
    if (this.#known[trial] === 1) return false
    this.#known[trial] = 1
    return true
  }

  /** The level at which a trial's losses count; 0 for one that is worse than any other. */
  level(trial: TrialId): number {
    return this.#level[trial]!
  }

  /** A trial's losses as they are now. */
  losses(trial: TrialId): Float64Array {
    return this.#losses.subarray(trial * this.objectives, (trial + 1) * this.objectives)
  }

  /** The losses of several trials. */
  points(trials: readonly TrialId[]): Points {
    const d = this.objectives
    const values = new Float64Array(trials.length * d)
    for (const [i, trial] of trials.entries())
      for (let j = 0; j < d; j++) values[i * d + j] = this.#losses[trial * d + j]!
    return { count: trials.length, objectives: d, values }
  }

  /** Whether `a` is better than `b`: trained further, or as far and Pareto-dominating; with one objective, of smaller loss. */
  better(a: TrialId, b: TrialId): boolean {
    const further = this.#level[a]! - this.#level[b]!
    if (further !== 0) return further > 0
    if (this.#level[a] === 0) return false
    const d = this.objectives
    let smaller = false
    for (let j = 0; j < d; j++) {
      const difference = this.#losses[a * d + j]! - this.#losses[b * d + j]!
      if (difference > 0) return false
      if (difference < 0) smaller = true
    }
    return smaller
  }
}
