import type { Numbers } from './model.js'

const BETA1 = 0.9
const BETA2 = 0.999
const EPSILON = 1e-8

/**
 * Adam (Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019), one row of parameters at a time.
 *
 * Row-wise: the squared gradient is averaged over a row, so that all parameters of a row share one step size and
 * a row keeps its direction. With rows of one parameter this is Adam as published.
 *
 * Lazy: only the rows that a batch touches are updated, so that a step costs as much as its batch is long.
 * That departs from the papers for the other rows: their moments do not fade, their values do not decay and
 * do not move on by momentum, and the bias correction of a row counts the updates of that row. Rows that are
 * updated in every step, as those of the head are, follow the papers in this.
 */
export class Adam {
  /** Updates of each row so far. */
  readonly updates: Int32Array
  /** Running mean of the gradient, shaped as the parameters. */
  readonly first: Numbers
  /** Running mean of the squared gradient, one per row. */
  readonly second: Numbers
  readonly #parameters: Numbers
  readonly #width: number
  /** `1 / (1 - beta^t)` for `t` updates, as far as needed yet. */
  readonly #corrections: { first: number[]; second: number[] } = { first: [Number.NaN], second: [Number.NaN] }
  #power1 = 1
  #power2 = 1

  /**
   * @param parameters changed in place
   * @param width parameters per row
   */
  constructor(parameters: Numbers, width: number) {
    this.#parameters = parameters
    this.#width = width
    this.updates = new Int32Array(parameters.length / width)
    const numbers = parameters instanceof Float64Array ? Float64Array : Float32Array
    this.first = new numbers(parameters.length)
    this.second = new numbers(this.updates.length)
  }

  /**
   * One update of some rows.
   * @param rows rows to update; the first `count` of them count
   * @param gradient of `rows[i]` from position `i * width` on
   * @param rate learning rate of this step
   * @param decay weight decay; the rows shrink by the factor `1 - rate * decay`
   */
  update(rows: Int32Array, count: number, gradient: Float64Array, rate: number, decay: number): void {
    const parameters = this.#parameters
    const { first, second, updates } = this
    const corrections = this.#corrections
    const width = this.#width
    const kept = 1 - rate * decay
    for (let i = 0; i < count; i++) {
      const row = rows[i]!
      const at = i * width
      const base = row * width
      const times = ++updates[row]!
      if (times >= corrections.first.length) this.#correctUpTo(times)
      const squares = sumOfSquares(gradient, at, width)
      const mean = BETA2 * second[row]! + ((1 - BETA2) * squares) / width
      second[row] = mean
      const size = (rate * corrections.first[times]!) / (Math.sqrt(mean * corrections.second[times]!) + EPSILON)
      for (let j = 0; j < width; j++) {
        const m = BETA1 * first[base + j]! + (1 - BETA1) * gradient[at + j]!
        first[base + j] = m
        parameters[base + j] = kept * parameters[base + j]! - size * m
      }
    }
  }

  #correctUpTo(count: number): void {
    const { first, second } = this.#corrections
    while (first.length <= count) {
      this.#power1 *= BETA1
      this.#power2 *= BETA2
      first.push(1 / (1 - this.#power1))
      second.push(1 / (1 - this.#power2))
    }
  }
}

/** Four sums side by side, so that no addition waits for the one before. */
function sumOfSquares(values: Float64Array, start: number, length: number): number {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let j = start
  const end = start + length
  for (; j + 3 < end; j += 4) {
    a += values[j]! * values[j]!
    b += values[j + 1]! * values[j + 1]!
    c += values[j + 2]! * values[j + 2]!
    d += values[j + 3]! * values[j + 3]!
  }
  for (; j < end; j++) a += values[j]! * values[j]!
  return a + b + (c + d)
}

/**
 * Learning rate of a step as a share of its peak: climbs linearly over the warm-up, then falls linearly
 * towards 0, which it would reach one step after the last.
 * @param step from 0 to `steps - 1`
 * @param steps of the whole training
 * @param warmupRatio share of `steps` that climb, 0 to 1
 */
export function schedule(step: number, steps: number, warmupRatio: number): number {
  const climbing = Math.round(warmupRatio * steps)
  if (step < climbing) return (step + 1) / climbing
  return (steps - step) / (steps - climbing)
}
