/** Sobol' sequences with random scrambling. */
import type { Random } from '../random.js'

/**
 * The primitive polynomials and initial direction numbers of Joe and Kuo 2008, Constructing Sobol Sequences with Better
 * Two-Dimensional Projections (`new-joe-kuo-6`), for dimensions 2, 3, ...: s (degree), a (coefficients), m_1 ... m_s.
 * The first dimension is the van der Corput sequence.
 */
const DIRECTIONS: readonly (readonly number[])[] = [
  [1, 0, 1],
  [2, 1, 1, 3],
  [3, 1, 1, 3, 1],
  [3, 2, 1, 1, 1],
  [4, 1, 1, 1, 3, 3],
  [4, 4, 1, 3, 5, 13],
  [5, 2, 1, 1, 5, 5, 17],
  [5, 4, 1, 1, 5, 5, 5],
  [5, 7, 1, 1, 7, 11, 19],
  [5, 11, 1, 1, 5, 1, 1],
  [5, 13, 1, 1, 1, 3, 11],
  [5, 14, 1, 3, 5, 5, 31],
  [6, 1, 1, 3, 3, 9, 7, 49],
  [6, 13, 1, 1, 1, 15, 21, 21],
  [6, 16, 1, 3, 1, 13, 27, 49],
  [6, 19, 1, 1, 1, 15, 7, 5],
  [6, 22, 1, 3, 1, 15, 13, 25],
  [6, 25, 1, 1, 5, 5, 19, 61],
  [7, 1, 1, 3, 7, 11, 23, 15, 103],
  [7, 4, 1, 3, 7, 13, 13, 15, 69],
  [7, 7, 1, 1, 3, 13, 7, 35, 63],
  [7, 8, 1, 3, 5, 9, 1, 25, 53],
  [7, 14, 1, 3, 1, 13, 9, 35, 107],
  [7, 19, 1, 3, 1, 5, 27, 61, 31],
  [7, 21, 1, 1, 5, 11, 19, 41, 61],
  [7, 28, 1, 3, 5, 3, 3, 13, 69],
  [7, 31, 1, 1, 7, 13, 1, 19, 1],
  [7, 32, 1, 3, 7, 5, 13, 19, 59],
  [7, 37, 1, 1, 3, 9, 25, 29, 41],
  [7, 41, 1, 3, 5, 13, 23, 1, 55],
  [7, 42, 1, 3, 7, 3, 13, 59, 17],
]

/** How many dimensions there are direction numbers for. */
export const SOBOL_DIMENSIONS = DIRECTIONS.length + 1

const BITS = 32

/**
 * The points of a Sobol' sequence in Gray-code order (Antonov and Saleev 1979), 32 bits a coordinate. With `random` it is
 * scrambled, which keeps every stratification: a random linear matrix scramble (Matousek 1998, On the L2-Discrepancy for
 * Anchored Boxes) and a random digital shift. After 2^32 points it starts over.
 */
export class SobolSequence {
  readonly #dimensions: number
  /** (dimensions * 32) direction numbers, the most significant bit first */
  readonly #directions: Uint32Array
  readonly #state: Uint32Array
  #index = 0

  /** @param dimensions 1 to {@link SOBOL_DIMENSIONS} */
  constructor(dimensions: number, random?: Random) {
    this.#dimensions = dimensions
    this.#directions = new Uint32Array(dimensions * BITS)
    this.#state = new Uint32Array(dimensions)
    for (let d = 0; d < dimensions; d++) {
      const directions = this.#directions.subarray(d * BITS, (d + 1) * BITS)
      directionNumbers(DIRECTIONS[d - 1], directions)
      if (random === undefined) continue
      scramble(directions, random)
      this.#state[d] = random.int(2 ** BITS)
    }
  }

  /** The next point. @param out one number in [0, 1) per dimension is written */
  next(out: Float64Array): void {
    const state = this.#state
    for (let d = 0; d < this.#dimensions; d++) out[d] = state[d]! / 2 ** BITS
    // The lowest bit that is 0 changes in the Gray code of the next index.
    const bit = 31 - Math.clz32(~this.#index & (this.#index + 1))
    this.#index = (this.#index + 1) | 0
    if (bit < 0) return
    for (let d = 0; d < this.#dimensions; d++) state[d] = state[d]! ^ this.#directions[d * BITS + bit]!
  }
}

/** v_1 ... v_32 of one dimension by the recurrence of its polynomial; without one, those of van der Corput. */
function directionNumbers(row: readonly number[] | undefined, out: Uint32Array): void {
  const [s = 0, a = 0, ...m] = row ?? []
  for (let k = 0; k < BITS; k++) {
    if (row === undefined || k < s) {
      out[k] = (m[k] ?? 1) << (BITS - 1 - k)
      continue
    }
    let v = out[k - s]! ^ (out[k - s]! >>> s)
    for (let i = 1; i < s; i++) if ((a >>> (s - 1 - i)) & 1) v ^= out[k - i]!
    out[k] = v
  }
}

/** Multiplies by a random lower triangular matrix of bits whose diagonal is 1. */
function scramble(directions: Uint32Array, random: Random): void {
  const scrambled = new Uint32Array(BITS)
  for (let i = 0; i < BITS; i++) {
    // Row i: random in the bits above bit i (the more significant ones), 1 at bit i, 0 below.
    const diagonal = 2 ** (BITS - 1 - i)
    const row = random.int(2 ** i) * 2 * diagonal + diagonal
    for (let k = 0; k < BITS; k++) if (parity(row & directions[k]!)) scrambled[k] = scrambled[k]! | diagonal
  }
  directions.set(scrambled)
}

/** Whether an odd number of bits is set. */
function parity(bits: number): boolean {
  let x = bits
  for (let shift = 16; shift > 0; shift >>= 1) x ^= x >>> shift
  return (x & 1) === 1
}
