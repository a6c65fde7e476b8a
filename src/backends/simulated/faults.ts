/** Faults on purpose: which attempt fails, and where in its training. */
import { mix, mixedUniform } from '../../core/random.js'
import type { SimulationOptions } from './options.js'

/** Decides about faults by hashing (trial, attempt), so that they do not depend on the order of events. */
export class FaultPlan {
  readonly #options: SimulationOptions['faults']
  readonly #key: number
  readonly #trials: ReadonlySet<number>

  /** @param key 32 bits of the run's stream `faults` */
  constructor(options: SimulationOptions['faults'], key: number) {
    this.#options = options
    this.#key = key
    this.#trials = new Set(options.trials)
  }

  /** Whether any attempt can suffer a fault. */
  get active(): boolean {
    return this.#options.rate > 0 || this.#trials.size > 0
  }

  /** The level whose report an attempt never makes, or 0 if it suffers no fault. Uniform over from+1..levels. */
  level(trial: number, attempt: number, from: number, levels: number): number {
    const id = mix(this.#key, mix(trial, attempt))
    const struck = (attempt === 0 && this.#trials.has(trial)) || mixedUniform(id, 1) < this.#options.rate
    return struck ? from + 1 + Math.floor(mixedUniform(id, 2) * (levels - from)) : 0
  }
}
