/** One bracket of synchronous successive halving: its rungs one after another, each judged when it is full. */
import type { RungSize } from './hyperband-brackets.js'
import type { TrialId } from '../trial.js'

/** A rung that was judged: its losses, best first, and how many of them go on. */
export interface JudgedRung {
  readonly level: number
  readonly losses: Float64Array
  readonly passed: number
}

/**
 * Books the slots of the current rung. Taking and filling a slot is O(1); judging a rung of n sorts it, O(n log n) once.
 * Equal losses rank in the order in which their slots were taken. A loss of +Infinity never goes on, so that a rung may
 * be smaller than it was meant to be.
 */
export class SynchronousBracket {
  readonly number: number
  readonly sizes: readonly RungSize[]
  /** Index of the current rung. */
  rung = 0
  /** The rung judged last. */
  judged: JudgedRung | undefined
  /** The trials of the current rung by slot: those that passed the rung before, or those that took a slot so far. */
  #trials: TrialId[] = []
  readonly #slots = new Map<TrialId, number>()
  #losses: number[] = []
  #size: number
  #taken = 0
  #filled = 0

  constructor(number: number, sizes: readonly RungSize[]) {
    this.number = number
    this.sizes = sizes
    this.#size = sizes[0]!.trials
  }

  get level(): number {
    return this.sizes[this.rung]!.level
  }

  /** How many slots the current rung has. */
  get size(): number {
    return this.#size
  }

  /** How many slots nobody took yet. */
  get free(): number {
    return this.#size - this.#taken
  }

  /** Whether every slot has its loss. */
  get full(): boolean {
    return this.#filled === this.#size
  }

  /** The losses of the current rung so far, best first. */
  sorted(): Float64Array {
    return Float64Array.from(this.#losses.filter((loss) => !Number.isNaN(loss))).sort()
  }

  /** A new trial takes a slot. */
  add(trial: TrialId): void {
    this.#slots.set(trial, this.#taken++)
    this.#trials.push(trial)
    this.#losses.push(Number.NaN)
  }

  /** The next trial that passed the rung before takes its slot; -1 if there is none. */
  promote(): TrialId {
    while (this.#taken < this.#trials.length) {
      const slot = this.#taken++
      if (Number.isNaN(this.#losses[slot]!)) return this.#trials[slot]!
    }
    return -1
  }

  /**
   * A trial got to the level of the rung, or (+Infinity) never will. A trial that had got there, or waits for its
   * promotion, may still be lost; one that did not pass changes nothing.
   */
  fill(trial: TrialId, loss: number): void {
    const slot = this.#slots.get(trial)
    if (slot === undefined) return
    if (Number.isNaN(this.#losses[slot]!)) this.#filled++
    this.#losses[slot] = loss
  }

  /** No more new trials: the rung is as large as it is. */
  close(): void {
    this.#size = this.#taken
  }

  /**
   * Judges the full rung: the best go on to the next one, as many as that has slots.
   *
   * @returns whether anybody goes on; false after the top rung
   */
  advance(): boolean {
    const { level } = this
    const order = this.#losses
      .map((_, slot) => slot)
      .sort((a, b) => compare(this.#losses[a]!, this.#losses[b]!) || a - b)
    const numbers = this.#losses.filter((loss) => loss < Infinity).length
    const passed = Math.min(numbers, this.sizes[this.rung + 1]?.trials ?? 0)
    this.judged = { level, losses: Float64Array.from(order, (slot) => this.#losses[slot]!), passed }
    if (passed === 0) return false
    this.rung++
    this.#trials = order.slice(0, passed).map((slot) => this.#trials[slot]!)
    this.#slots.clear()
    for (const [slot, trial] of this.#trials.entries()) this.#slots.set(trial, slot)
    this.#losses = this.#trials.map(() => Number.NaN)
    this.#size = passed
    this.#taken = 0
    this.#filled = 0
    return true
  }
}

/** Infinity - Infinity is no number, so no subtraction. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
}
