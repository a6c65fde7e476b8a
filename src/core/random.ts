/** Seeded randomness: one named stream per purpose, so that a draw added in one place moves nothing elsewhere. */
import seedrandom from 'seedrandom'

/** A stream of random numbers. */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number
  /** A whole number in 0..n-1, all equally likely. */
  int(n: number): number
}

/** A stream seeded by a text. Alea (Baagøe) from `seedrandom`; its default generator is ten times slower. */
export function randomStream(seed: string): Random {
  const generator = seedrandom.alea(seed)
  const uniform = (): number => generator.double()
  return { uniform, int: (n) => Math.floor(uniform() * n) }
}

/**
 * The streams of one run. Every purpose has its own, seeded by (run seed, purpose): `searcher`, `bracket`, ...
 * What belongs to one trial or configuration is not drawn from a stream but mixed from {@link RandomStreams.key} and
 * the identity ({@link mix}): that costs nanoseconds and does not depend on the order of events.
 */
export class RandomStreams {
  readonly #seed: string

  constructor(seed: number | string) {
    this.#seed = String(seed)
  }

  /** A new stream for a purpose; asking twice gives two streams with equal numbers. */
  stream(purpose: string): Random {
    return randomStream(`rungbench/${this.#seed}/${purpose}`)
  }

  /** 32 bits that stand for (run seed, purpose), to be mixed with an identity. */
  key(purpose: string): number {
    return hashText(`rungbench/${this.#seed}/${purpose}`)
  }
}

/** FNV-1a over UTF-16 code units, finished by {@link mix}: 32 bits of a text. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return mix(hash, text.length)
}

/** Mixes two 32-bit numbers into one (the finaliser of MurmurHash3); well spread even for 0, 1, 2, ... */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ Math.imul(b ^ (b >>> 15), 0x2c1b3c6d), 0x297a2d39)
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  h ^= h >>> 16
  return h >>> 0
}

/** A mixed number as a uniform in [0, 1). */
export function mixedUniform(a: number, b: number): number {
  return mix(a, b) / 0x1_0000_0000
}
