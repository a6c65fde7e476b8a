/** Halton sequences with random digit permutations. */
import type { Random } from '../random.js'

/**
 * The points of a Halton sequence: coordinate d of point n is n with its digits in the d-th prime base mirrored at the
 * point. With `random` every digit of every dimension is sent through a random permutation of its own (as in Owen 2017, A
 * Randomized Halton Algorithm in R), which keeps every stratification and breaks up the correlation of large bases.
 */
export class HaltonSequence {
  readonly #bases: readonly number[]
  /** Per dimension and digit, the most significant first, a permutation of 0 .. base-1; the identity if not scrambled. */
  readonly #digits: readonly (readonly Int32Array[])[]
  #index = 0

  constructor(dimensions: number, random?: Random) {
    this.#bases = primes(dimensions)
    this.#digits = this.#bases.map((base) =>
      Array.from({ length: Math.ceil(32 / Math.log2(base)) }, () => permutation(base, random)),
    )
  }

  /** The next point. @param out one number in [0, 1) per dimension is written */
  next(out: Float64Array): void {
    for (let d = 0; d < this.#bases.length; d++) {
      const base = this.#bases[d]!
      let rest = this.#index
      let x = 0
      let weight = 1 / base
      for (const digits of this.#digits[d]!) {
        x += digits[rest % base]! * weight
        rest = Math.floor(rest / base)
        weight /= base
      }
      // Rounding may reach 1 where every digit is the largest.
      out[d] = Math.min(x, 1 - 2 ** -53)
    }
    this.#index++
  }
}

/** The first n primes. */
function primes(n: number): number[] {
  const found: number[] = []
  for (let candidate = 2; found.length < n; candidate++)
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate)
  return found
}

function permutation(n: number, random: Random | undefined): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i)
  if (random === undefined) return order
  for (let i = n - 1; i > 0; i--) {
    const j = random.int(i + 1)
    const last = order[i]!
    order[i] = order[j]!
    order[j] = last
  }
  return order
}
