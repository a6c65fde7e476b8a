/** The four 32-bit words that a generator is in; storing them and giving them back continues the same stream. */
export type RandomState = readonly [number, number, number, number]

/**
 * Small fast seeded generator (sfc32). Streams of different names are independent, so that a draw added
 * to one (say, for dropout) moves nothing in another (say, for initial values).
 */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter: number

  /** @param state where to continue, normally from {@link Random.stream} or an earlier {@link state} */
  constructor(state: RandomState) {
    ;[this.#a, this.#b, this.#c, this.#counter] = state
  }

  /** The generator for one purpose under one seed; equal arguments give equal streams. */
  static stream(seed: number, name: string): Random {
    let hash = 0x811c9dc5
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
    const random = new Random([seed | 0, Math.floor(seed / 2 ** 32) | 0, hash | 0, 1])
    for (let i = 0; i < 16; i++) random.next()
    return random
  }

  /** The present state, four 32-bit integers. */
  get state(): RandomState {
    return [this.#a, this.#b, this.#c, this.#counter]
  }

  /** An unsigned 32-bit integer. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** A number in [0, 1), in steps of 2^-32. */
  uniform(): number {
    return this.next() / 4294967296
  }

  /** The integers 0 to n - 1 in random order (Fisher-Yates). */
  permutation(n: number): Int32Array {
    const order = new Int32Array(n)
    for (let i = 0; i < n; i++) order[i] = i
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(this.uniform() * (i + 1))
      const kept = order[i]!
      order[i] = order[j]!
      order[j] = kept
    }
    return order
  }
}
