/** A binary heap of whole numbers, e.g. indices of entries, in an order given by a function. */
import { grown } from './growable.js'

/** The number that comes before all others on top; push and pop in O(log n), top in O(1). */
export class EntryHeap {
  readonly #before: (a: number, b: number) => boolean
  #entries = new Int32Array(16)
  #size = 0

  /** @param before a strict total order */
  constructor(before: (a: number, b: number) => boolean) {
    this.#before = before
  }

  get size(): number {
    return this.#size
  }

  /** Only while `size` > 0. */
  get top(): number {
    return this.#entries[0]!
  }

  push(entry: number): void {
    if (this.#size === this.#entries.length) this.#entries = grown(this.#entries, this.#size + 1)
    const entries = this.#entries
    let at = this.#size++
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#before(entry, entries[parent]!)) break
      entries[at] = entries[parent]!
      at = parent
    }
    entries[at] = entry
  }

  /** Removes the top and returns it; only while `size` > 0. */
  pop(): number {
    const entries = this.#entries
    const top = entries[0]!
    const last = entries[--this.#size]!
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.#size) break
      if (child + 1 < this.#size && this.#before(entries[child + 1]!, entries[child]!)) child++
      if (!this.#before(entries[child]!, last)) break
      entries[at] = entries[child]!
      at = child
    }
    entries[at] = last
    return top
  }
}
