/**
 * One front: vectors that do not dominate each other, side by side in memory so that a scan is fast. Whether one of m members
 * dominates a point takes O(d m) at worst, where none does; adding one is amortised O(d).
 */
import { grown } from '../collections/growable.js'

export class Front {
  size = 0
  /** Grows with every change of the members. */
  version = 0
  /** How many of its members wait to be promoted. */
  waiting = 0
  /** Which entries they are, in no order. */
  entries = new Int32Array(16)
  /** Their losses, in the same order. */
  values: Float64Array
  /** Whether it is still the front that {@link mark} was called on. */
  marked = false
  /** How many members have been there since then; they come first. Those that left meanwhile. */
  stayed = 0
  departed: number[] = []
  readonly #d: number
  #positions = new Int32Array(16)
  /** Whether `entries` ascends. */
  #ascending = true

  constructor(objectives: number) {
    this.#d = objectives
    this.values = new Float64Array(16 * objectives)
  }

  /** Adds the entry whose losses stand at `at` in `source`. @param waiting per entry 1 if it waits */
  push(entry: number, source: Float64Array, at: number, waiting: Uint8Array): void {
    const d = this.#d
    const k = this.size++
    this.version++
    if (k === this.entries.length) {
      this.entries = grown(this.entries, k + 1)
      this.values = grown(this.values, this.entries.length * d)
    }
    if (k > 0 && entry < this.entries[k - 1]!) this.#ascending = false
    this.entries[k] = entry
    this.waiting += waiting[entry]!
    for (let j = 0; j < d; j++) this.values[k * d + j] = source[at + j]!
  }

  pushAll(other: Front, waiting: Uint8Array): void {
    for (let k = 0; k < other.size; k++) this.push(other.entries[k]!, other.values, k * this.#d, waiting)
  }

  clear(): void {
    this.size = 0
    this.version++
    this.waiting = 0
    this.#ascending = true
    this.marked = false
    this.stayed = 0
    this.departed = []
  }

  /** From now on it keeps account of who stays, leaves and comes. */
  mark(): void {
    this.marked = true
    this.stayed = this.size
    if (this.departed.length > 0) this.departed = []
  }

  /** Whether a member dominates the point at `at`. Equal ones do not. */
  dominates(source: Float64Array, at: number): boolean {
    const d = this.#d
    const { size, values } = this
    const first = source[at]!
    for (let k = 0, of = 0; k < size; k++, of += d) {
      if (values[of]! > first) continue
      let smaller = values[of]! < first
      let j = 1
      for (; j < d; j++) {
        const [mine, other] = [values[of + j]!, source[at + j]!]
        if (mine > other) break
        if (mine < other) smaller = true
      }
      if (j === d && smaller) return true
    }
    return false
  }

  /** Moves every member that one of `better` dominates to `to`. */
  moveDominated(better: Front, to: Front, waiting: Uint8Array): void {
    const d = this.#d
    const { values, entries, stayed } = this
    let kept = 0
    for (let k = 0; k < this.size; k++) {
      if (better.dominates(values, k * d)) {
        to.push(entries[k]!, values, k * d, waiting)
        this.waiting -= waiting[entries[k]!]!
        if (k < stayed) {
          this.stayed--
          this.departed.push(entries[k]!)
        }
        continue
      }
      if (kept < k) {
        entries[kept] = entries[k]!
        for (let j = 0; j < d; j++) values[kept * d + j] = values[k * d + j]!
      }
      kept++
    }
    if (kept < this.size) this.version++
    this.size = kept
  }

  /** Whether an entry is a member; O(size). */
  has(entry: number): boolean {
    for (let k = 0; k < this.size; k++) if (this.entries[k] === entry) return true
    return false
  }

  /** The positions of the members by entry, ascending; valid until the front changes or is asked again. */
  byEntry(): Int32Array {
    const { size, entries } = this
    if (this.#positions.length < size) this.#positions = new Int32Array(entries.length)
    const positions = this.#positions.subarray(0, size)
    for (let k = 0; k < size; k++) positions[k] = k
    if (!this.#ascending) positions.sort((a, b) => entries[a]! - entries[b]!)
    return positions
  }
}
