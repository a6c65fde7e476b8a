/** What a table holds for the trials of one run: the rows that answer for each, and the numbers read off them. */
import { grown } from '../../core/collections/growable.js'
import type { Config } from '../../core/space.js'
import type { SurrogateTable } from '../../surrogates/table.js'
import type { TableLookup } from './table-lookup.js'

export interface RecordedMetrics {
  /** Recorded with every report, the objectives first. */
  readonly metrics: readonly string[]
  /** US dollars per worker and hour, for the metric `cost` of a table without instance types of its own. */
  readonly pricePerHour?: number
}

/** Part of the hot loop: reading allocates nothing. */
export class RecordedTrials {
  /** How many rows answer for a trial at most. */
  readonly width: number
  /** (trials * width) rows of the table that answer for each trial, nearest first; -1 past their number. */
  rows = new Int32Array(64)
  /** (trials) position of each trial's instance type; 0 where the table has none. */
  types = new Int32Array(64)
  /** (types) what recorded times are multiplied with; one type, as recorded, where the table has none. */
  readonly slowness: Float64Array
  readonly #lookup: TableLookup
  readonly #levels: number
  readonly #elapsed: Float64Array
  readonly #startup: Float64Array
  /** (types) seconds of start-up; NaN: as recorded */
  readonly #typeStartup: Float64Array
  // Recorded metrics: curves have `#levels` numbers per row, static metrics one.
  readonly #columns: readonly (Float32Array | Float64Array)[]
  readonly #isCurve: Uint8Array
  // Per recorded metric what it is multiplied with by instance type; undefined where it, or all, are as recorded.
  readonly #factors: readonly (Float64Array | undefined)[] | undefined

  constructor(table: SurrogateTable, lookup: TableLookup, { metrics, pricePerHour }: RecordedMetrics) {
    this.#lookup = lookup
    this.width = lookup.width
    this.#levels = table.levels
    this.#elapsed = table.data.elapsed
    this.#startup = table.data.startup
    this.slowness = table.instances?.slowness ?? Float64Array.of(1)
    this.#typeStartup = table.instances?.startup ?? Float64Array.of(Number.NaN)
    const columns = metrics.map((name) => table.column(name, pricePerHour))
    this.#columns = columns.map(({ values }) => values)
    this.#isCurve = Uint8Array.from(columns, ({ kind }) => (kind === 'curve' ? 1 : 0))
    const factors = columns.map((column) => column.factors)
    this.#factors = factors.some((ofMetric) => ofMetric !== undefined) ? factors : undefined
  }

  /** Looks up a new trial; they come in the order of their numbers. @throws BenchError where the table has no answer */
  add(trial: number, config: Config): void {
    const base = trial * this.width
    if (base + this.width > this.rows.length) this.rows = grown(this.rows, base + this.width)
    if (trial >= this.types.length) this.types = grown(this.types, trial + 1)
    const found = this.#lookup.find(config, this.rows, base)
    if (found < this.width) this.rows[base + found] = -1
    this.types[trial] = this.#lookup.type
  }

  /** Seconds from the start of an attempt to the beginning of training. */
  startup(trial: number): number {
    const type = this.types[trial]!
    const given = this.#typeStartup[type]!
    return Number.isNaN(given) ? this.#mean(this.#startup, trial, 1, 0) * this.slowness[type]! : given
  }

  /** Recorded seconds from the beginning of training to a level. */
  elapsed(trial: number, level: number): number {
    return this.#mean(this.#elapsed, trial, this.#levels, level - 1)
  }

  /** Reads the metrics at a level. */
  read(trial: number, level: number, values: Float64Array): void {
    for (let m = 0; m < values.length; m++)
      values[m] =
        this.#isCurve[m] === 1
          ? this.#mean(this.#columns[m]!, trial, this.#levels, level - 1)
          : this.#mean(this.#columns[m]!, trial, 1, 0)
    if (this.#factors !== undefined) this.#scale(values, this.#factors, this.types[trial]!)
  }

  #scale(values: Float64Array, factors: readonly (Float64Array | undefined)[], type: number): void {
    for (let m = 0; m < values.length; m++) {
      const ofMetric = factors[m]
      if (ofMetric !== undefined) values[m]! *= ofMetric[type]!
    }
  }

  /**
   * The value of a column for a trial: of its one row, or the mean over the rows that answer for it. Where the nearest
   * row has no number (it diverged) there is none; other rows without a number are left out.
   */
  #mean(column: Float32Array | Float64Array, trial: number, stride: number, offset: number): number {
    const base = trial * this.width
    const first = column[this.rows[base]! * stride + offset]!
    if (this.width === 1 || Number.isNaN(first)) return first
    let sum = first
    let count = 1
    for (let i = 1; i < this.width; i++) {
      const row = this.rows[base + i]!
      if (row < 0) break
      const value = column[row * stride + offset]!
      if (Number.isNaN(value)) continue
      sum += value
      count++
    }
    return sum / count
  }
}
