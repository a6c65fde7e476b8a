/** One bracket of DEHB: the slots of its rungs, and who did well in the rung before. */
import type { RungSize } from './hyperband-brackets.js'
import type { TrialId } from '../trial.js'

/** What became of one slot. */
export interface Outcome {
  readonly trial: TrialId
  readonly point: Float64Array
  readonly loss: number
}

/**
 * Books the slots of the current rung. A rung is over when every slot has its outcome; then its best, as many as the
 * next rung has slots, are the parents there.
 */
export class EvolutionBracket {
  readonly number: number
  readonly sizes: readonly RungSize[]
  /** Whether parents themselves go on (successive halving) rather than their children. */
  readonly promotes: boolean
  rung = 0
  /** The best of the rung before, best first. */
  parents: readonly Outcome[] = []
  #size: number
  #taken = 0
  #outcomes: Outcome[] = []
  #closed = false

  constructor(number: number, sizes: readonly RungSize[], promotes: boolean) {
    this.number = number
    this.sizes = sizes
    this.promotes = promotes
    this.#size = sizes[0]!.trials
  }

  get level(): number {
    return this.sizes[this.rung]!.level
  }

  /** How many slots the current rung has. */
  get size(): number {
    return this.#size
  }

  /** How many slots have an outcome. */
  get filled(): number {
    return this.#outcomes.length
  }

  /** How many slots nobody took yet. */
  get free(): number {
    return this.#size - this.#taken
  }

  /** The parent for the next free slot: they take turns; undefined in the first rung and where nobody did well. */
  get parent(): Outcome | undefined {
    return this.parents[this.#taken % this.parents.length]
  }

  /** Takes a slot. */
  take(): void {
    this.#taken++
  }

  file(outcome: Outcome): void {
    this.#outcomes.push(outcome)
  }

  /** A trial that had its outcome was stopped: it goes on no more. */
  withdraw(trial: TrialId): void {
    this.#outcomes = this.#outcomes.map((one) => (one.trial === trial ? { ...one, loss: Infinity } : one))
    if (this.promotes && this.free > 0 && this.parents.some((one) => one.trial === trial)) {
      const done = this.parents.slice(0, this.#taken)
      this.parents = [...done, ...this.parents.slice(this.#taken).filter((one) => one.trial !== trial)]
      this.#size = this.parents.length
    }
  }

  /** No more new trials: of children the rung keeps those it has, and there is no further one; who was promoted goes on. */
  close(): void {
    this.#closed = true
    if (!this.promotes || this.rung === 0) this.#size = this.#taken
  }

  /** Goes to the next rung if this one is over. @returns whether the bracket goes on */
  advance(): boolean {
    while (this.#outcomes.length === this.#size) {
      const next = this.sizes[this.rung + 1]
      if (next === undefined || (this.#closed && !this.promotes)) return false
      // Sorting is stable: equal losses in the order of their reports.
      const best = this.#outcomes.filter(({ loss }) => loss < Infinity).sort((a, b) => a.loss - b.loss)
      this.parents = best.slice(0, next.trials)
      this.rung++
      this.#size = this.promotes ? this.parents.length : next.trials
      this.#taken = 0
      this.#outcomes = []
      if (this.#size === 0) return false
    }
    return true
  }
}
