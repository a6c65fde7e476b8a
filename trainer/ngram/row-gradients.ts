import type { Bags } from './bags.js'

/** The gradient of the embedding rows that a batch touches, in the order of first touch. */
export class RowGradients {
  /** Rows touched so far; the first {@link size} count. */
  touched = new Int32Array(4096)
  /** Number of touched rows. */
  size = 0
  /** Gradient of `touched[i]` from position `i * dimension` on. */
  values: Float64Array
  readonly #dimension: number
  /** Place of each row in `touched`, -1: none. */
  readonly #place: Int32Array

  constructor(rows: number, dimension: number) {
    this.#dimension = dimension
    this.#place = new Int32Array(rows).fill(-1)
    this.values = new Float64Array(this.touched.length * dimension)
  }

  /** Adds `weight * gradient` to the row of every bucket of one text. */
  addText(bags: Bags, text: number, gradient: Float64Array): void {
    const { ids, weights, offsets } = bags
    const dimension = this.#dimension
    const place = this.#place
    const end = offsets[text + 1]!
    this.#reserve(this.size + end - offsets[text]!)
    const { values, touched } = this
    for (let k = offsets[text]!; k < end; k++) {
      const row = ids[k]!
      const weight = weights[k]!
      const known = place[row]!
      if (known < 0) {
        const at = this.size * dimension
        for (let j = 0; j < dimension; j += 4) {
          values[at + j] = weight * gradient[j]!
          values[at + j + 1] = weight * gradient[j + 1]!
          values[at + j + 2] = weight * gradient[j + 2]!
          values[at + j + 3] = weight * gradient[j + 3]!
        }
        touched[this.size] = row
        place[row] = this.size++
      } else {
        const at = known * dimension
        for (let j = 0; j < dimension; j += 4) {
          values[at + j]! += weight * gradient[j]!
          values[at + j + 1]! += weight * gradient[j + 1]!
          values[at + j + 2]! += weight * gradient[j + 2]!
          values[at + j + 3]! += weight * gradient[j + 3]!
        }
      }
    }
  }

  /** Forgets all rows. */
  clear(): void {
    for (let i = 0; i < this.size; i++) this.#place[this.touched[i]!] = -1
    this.size = 0
  }

  #reserve(size: number): void {
    if (size <= this.touched.length) return
    const touched = new Int32Array(2 * size)
    const values = new Float64Array(touched.length * this.#dimension)
    touched.set(this.touched)
    values.set(this.values)
    this.touched = touched
    this.values = values
  }
}
