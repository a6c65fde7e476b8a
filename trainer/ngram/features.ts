import type { Family } from './families.js'

const WORD = 0x3c6ef372
const BIGRAM = 0x1b873593
const CHARACTERS = 0x5bd1e995
const EDGE = 0x0dd0e5e5
const FNV_PRIME = 0x01000193

/** Final mixing of MurmurHash3: spreads a 32-bit hash so that its low bits can serve as a bucket. */
function mix(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

const isSpace = (code: number): boolean => code <= 32 || code === 0xa0 || (code >= 0x2000 && code <= 0x200b)

/** Letters and digits make words; any other visible mark is a word of its own. */
const isWord = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 0xc0 && (code < 0x2000 || code > 0x206f))

/**
 * Turns a text into the distinct hash buckets of its n-grams and how often each occurs.
 * One instance holds scratch space and is reused for every text; there is no vocabulary to build.
 */
export class FeatureHasher {
  /** Buckets of the text hashed last, in order of first occurrence; the first {@link size} count. */
  ids = new Int32Array(1024)
  /** Occurrences of each bucket in {@link ids}. */
  counts = new Float32Array(1024)
  /** Number of distinct buckets of the text hashed last. */
  size = 0

  readonly #family: Family
  readonly #mask: number
  /** For each bucket the text that used it last and its position in `ids`. */
  readonly #seenBy: Int32Array
  readonly #position: Int32Array
  #text = 0

  constructor(family: Family) {
    this.#family = family
    this.#mask = family.rows - 1
    this.#seenBy = new Int32Array(family.rows)
    this.#position = new Int32Array(family.rows)
  }

  /** Hashes one text into {@link ids}, {@link counts} and {@link size}. */
  hash(raw: string): void {
    const text = raw.toLowerCase()
    const { words, bigrams, characters } = this.#family
    this.#text++
    this.size = 0
    let previous = EDGE
    let start = 0
    while (start < text.length) {
      const code = text.charCodeAt(start)
      if (isSpace(code)) {
        start++
        continue
      }
      let end = start + 1
      if (isWord(code)) while (end < text.length && isWord(text.charCodeAt(end))) end++
      let word = WORD
      for (let i = start; i < end; i++) word = Math.imul(word ^ text.charCodeAt(i), FNV_PRIME)
      if (words) this.#add(mix(word))
      if (bigrams) this.#add(mix(Math.imul(previous ^ BIGRAM, FNV_PRIME) ^ word))
      if (characters) this.#addCharacters(text, start, end)
      previous = word
      start = end
    }
    if (bigrams) this.#add(mix(Math.imul(previous ^ BIGRAM, FNV_PRIME) ^ EDGE))
  }

  #addCharacters(text: string, start: number, end: number): void {
    const [shortest, longest] = this.#family.characters!
    for (let first = start - 1; first + shortest <= end + 1; first++) {
      let hash = CHARACTERS
      for (let i = first; i <= end && i - first < longest; i++) {
        const code = i < start ? 60 : i === end ? 62 : text.charCodeAt(i)
        hash = Math.imul(hash ^ code, FNV_PRIME)
        if (i - first + 1 >= shortest) this.#add(mix(hash))
      }
    }
  }

  #add(hash: number): void {
    const id = hash & this.#mask
    if (this.#seenBy[id] === this.#text) {
      this.counts[this.#position[id]!]! += 1
      return
    }
    if (this.size === this.ids.length) this.#grow()
    this.#seenBy[id] = this.#text
    this.#position[id] = this.size
    this.ids[this.size] = id
    this.counts[this.size++] = 1
  }

  #grow(): void {
    const ids = new Int32Array(this.ids.length * 2)
    const counts = new Float32Array(ids.length)
    ids.set(this.ids)
    counts.set(this.counts)
    this.ids = ids
    this.counts = counts
  }
}
