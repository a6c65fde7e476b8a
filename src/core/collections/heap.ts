/** A binary min-heap of numbers in a typed array. */
import { grown } from './growable.js'

/** Smallest number on top; push and pop in O(log n), top in O(1). */
export class NumberHeap {
  #values = new Float64Array(16)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The smallest number; NaN when empty. */
  get top(): number {
    return this.#size === 0 ? NaN : this.#values[0]!
  }

  /** The numbers, in no order. */
  values(): Float64Array {
    return this.#values.subarray(0, this.#size)
  }

  push(value: number): void {
    if (this.#size === this.#values.length) this.#values = grown(this.#values, this.#size + 1)
    const values = this.#values
    let at = this.#size++
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (values[parent]! <= value) break
      values[at] = values[parent]!
      at = parent
    }
    values[at] = value
  }

  /** Removes and returns the smallest number; NaN when empty. */
  pop(): number {
    if (this.#size === 0) return NaN
    const top = this.#values[0]!
    const last = this.#values[--this.#size]!
    if (this.#size > 0) this.#sink(last)
    return top
  }

  /** Replaces the smallest number, cheaper than a pop and a push. Returns the number replaced. */
  replace(value: number): number {
    const top = this.#values[0]!
    this.#sink(value)
    return top
  }

  #sink(value: number): void {
    const values = this.#values
    const size = this.#size
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= size) break
      if (child + 1 < size && values[child + 1]! < values[child]!) child++
      if (values[child]! >= value) break
      values[at] = values[child]!
      at = child
    }
    values[at] = value
  }
}
