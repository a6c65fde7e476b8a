/** What a run has used of its workers, in seconds and in money, and when a limit on either is reached. */
import type { BackendCommands } from './backend.js'
import { BenchError } from './errors.js'
import type { StopRule } from './stop-rule.js'

/** Counts from event to event: between two, as many workers are busy as were after the first. */
export class WorkerMeter {
  /** Seconds since the run began, up to which everything is counted. */
  time = 0
  /** Worker seconds used up to `time`. */
  busySeconds = 0
  /** When the run must end, in seconds; it moves when the limit is on cost. */
  deadline: number
  readonly #backend: BackendCommands
  readonly #seconds: number
  /** The limit on cost, in US dollars per hour times seconds. */
  readonly #maxSpent: number
  readonly #pricePerHour: number
  /** Whether workers have prices at all. */
  readonly #priced: boolean
  /** Workers busy since `time`; the backend may have released one when it hands over the next event. */
  #busy = 0
  /** What they cost, in US dollars per hour; and what was spent, that times seconds. */
  #usdPerHour = 0
  #spent = 0

  /**
   * @param pricePerHour US dollars per worker and hour, where the backend knows no prices of trials
   * @throws BenchError for a limit on cost without a price
   */
  constructor(
    backend: BackendCommands,
    { seconds = Infinity, cost }: Pick<StopRule, 'seconds' | 'cost'>,
    pricePerHour: number | undefined,
  ) {
    this.#backend = backend
    this.#seconds = seconds
    this.deadline = seconds
    this.#maxSpent = (cost ?? Infinity) * 3600
    this.#pricePerHour = pricePerHour ?? Number.NaN
    this.#priced = pricePerHour !== undefined || backend.usdPerHour !== undefined
    if (cost !== undefined && !this.#priced)
      throw new BenchError(
        'a limit on cost needs a price; give pricePerHour (US dollars per worker and hour) in the experiment',
      )
  }

  /** What was spent up to `time`, in US dollars; NaN where no price is known. */
  get usd(): number {
    return this.#priced ? this.#spent / 3600 : Number.NaN
  }

  /** Which limit `deadline` stands for. */
  get deadlineBecause(): 'cost' | 'seconds' {
    return this.deadline < this.#seconds ? 'cost' : 'seconds'
  }

  /** Counts what was used since the last event. */
  advance(time: number): void {
    this.busySeconds += (time - this.time) * this.#busy
    if (this.#priced) this.#spent += (time - this.time) * this.#usdPerHour
    this.time = time
  }

  /** Reads off the backend who is busy from now on. */
  read(): void {
    this.#busy = this.#backend.busy
    if (!this.#priced) return
    this.#usdPerHour = this.#backend.usdPerHour ?? this.#busy * this.#pricePerHour
    const { usdSpent } = this.#backend
    if (usdSpent !== undefined) this.#spent = usdSpent * 3600
    if (this.#maxSpent < Infinity) {
      const left = Math.max(0, this.#maxSpent - this.#spent)
      this.deadline = Math.min(this.#seconds, this.time + (this.#usdPerHour > 0 ? left / this.#usdPerHour : 0))
    }
  }
}
