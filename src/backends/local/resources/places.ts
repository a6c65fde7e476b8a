/** Who runs where on this machine, and beside how many others. */
import { GpuSlots } from './gpu-slots.js'
import type { Gpu } from './gpus.js'
import type { Resources } from './resources.js'

/** What one process has while it runs. */
export interface Place {
  /** Empty where none are given out. */
  readonly gpus: readonly Gpu[]
  /** Positions of them among those that are given out. */
  readonly positions: readonly number[]
  /** Most others that were on one of the same GPUs, or on the same processor where none are given out, at any moment. */
  shared: number
}

/** Gives running processes their places. */
export class Places {
  readonly #gpus: readonly Gpu[]
  readonly #slots: GpuSlots | undefined
  readonly #taken = new Set<Place>()

  constructor(resources: Resources | undefined) {
    this.#gpus = resources?.gpus ?? []
    if (resources !== undefined && this.#gpus.length > 0)
      this.#slots = new GpuSlots(this.#gpus.length, resources.gpusPerTrial, resources.trialsPerGpu)
  }

  take(): Place {
    const positions = this.#slots?.take() ?? []
    const place: Place = { gpus: positions.map((at) => this.#gpus[at]!), positions, shared: 0 }
    this.#taken.add(place)
    for (const each of this.#taken) each.shared = Math.max(each.shared, this.#beside(each))
    return place
  }

  /** Gives a place back. Safe to call twice. */
  release(place: Place): void {
    if (this.#taken.delete(place)) this.#slots?.release(place.positions)
  }

  #beside(place: Place): number {
    let others = 0
    for (const other of this.#taken)
      if (other !== place && (this.#slots === undefined || other.positions.some((at) => place.positions.includes(at))))
        others++
    return others
  }
}
