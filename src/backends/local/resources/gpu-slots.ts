/** Which trial runs on which GPUs. */

/**
 * Hands out GPUs, the least-loaded first and, among equals, in the order given; at most `trialsPerGpu` trials are on a
 * GPU at a time. While no more than `capacity` trials hold GPUs there are always enough free ones.
 */
export class GpuSlots {
  /** Trials on each GPU. */
  readonly load: Uint32Array
  readonly #perTrial: number
  readonly #perGpu: number

  /**
   * @param gpus how many there are
   * @param gpusPerTrial how many each trial gets, from 1 to `gpus`
   * @param trialsPerGpu how many trials share a GPU
   */
  constructor(gpus: number, gpusPerTrial: number, trialsPerGpu: number) {
    this.load = new Uint32Array(gpus)
    this.#perTrial = gpusPerTrial
    this.#perGpu = trialsPerGpu
  }

  /** How many trials can run at a time. */
  static capacity(gpus: number, gpusPerTrial: number, trialsPerGpu: number): number {
    return Math.floor((gpus * trialsPerGpu) / gpusPerTrial)
  }

  /** Takes GPUs for a trial: their positions, ascending. */
  take(): number[] {
    const { load } = this
    const chosen = Array.from(load.keys())
      .sort((a, b) => load[a]! - load[b]! || a - b)
      .slice(0, this.#perTrial)
      .sort((a, b) => a - b)
    if (chosen.some((gpu) => load[gpu]! >= this.#perGpu)) throw new Error('a trial was started while no GPU is free')
    for (const gpu of chosen) load[gpu]!++
    return chosen
  }

  /** Gives back what {@link take} gave. */
  release(taken: readonly number[]): void {
    for (const gpu of taken) {
      if (this.load[gpu] === 0) throw new Error(`GPU ${gpu} was given back twice`)
      this.load[gpu]!--
    }
  }
}
