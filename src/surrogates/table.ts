/** A surrogate table as everything else uses it: rows grouped into configurations, columns found by name. */
import { BenchError, show } from '../core/errors.js'
import { suggestion } from '../core/nearest-name.js'
import type { Goal } from '../core/objective.js'
import { hashText } from '../core/random.js'
import { type Config, type Space, type Value, configKey } from '../core/space.js'
import { RowIndex, orderRows } from './grouping.js'
import { ELAPSED_TIME, elapsedMetric } from './elapsed-metric.js'
import type { Metric } from './metadata.js'
import { type MetricRange, metricRange } from './metric-range.js'
import type { TableData } from './table-data.js'

/**
 * A view of a table: N rows (trainings), R levels, C distinct configurations. Nothing is copied from the data, so a
 * worker thread builds one in milliseconds from what was posted to it.
 *
 * The data must be valid (`readTable` and `checkTable` see to that); this class does not check it again.
 */
export class SurrogateTable {
  readonly data: TableData
  readonly name: string
  readonly space: Space
  /** N */
  readonly rows: number
  /** R */
  readonly levels: number
  /** C: distinct configurations, numbered 0..C-1 in the order of their first rows */
  readonly configurations: number
  /** (N) the configuration of each row */
  readonly configurationOf: Int32Array
  /** (C + 1) configuration i has the rows `rowOrder[rowStart[i]]` to `rowOrder[rowStart[i + 1] - 1]` */
  readonly rowStart: Int32Array
  /** (N) rows by configuration, repetition 0 first */
  readonly rowOrder: Int32Array
  /** The configuration that a user would run without tuning, or -1 if the table has no row of it. */
  readonly defaultIndex: number

  readonly #index: RowIndex
  readonly #configs: (Config | undefined)[]
  /** Objects that {@link configuration} gave out, so that they are found again without looking at their values. */
  readonly #known = new Map<Config, number>()
  /** (C) hash of the configuration's text, -1 where it was not asked for yet */
  readonly #keyHashes: Float64Array

  constructor(data: TableData) {
    this.data = data
    this.name = data.metadata.name
    this.space = data.metadata.space
    this.rows = data.rows
    this.levels = data.levels
    this.#index = new RowIndex(data.hyperparameters, data.rows)
    this.configurations = this.#index.configurations
    this.configurationOf = this.#index.configurationOf
    const { rowStart, rowOrder } = orderRows(this.#index, data.repetition)
    this.rowStart = rowStart
    this.rowOrder = rowOrder
    this.#configs = new Array<Config | undefined>(this.configurations)
    this.#keyHashes = new Float64Array(this.configurations).fill(-1)
    this.defaultIndex = this.#index.find(data.metadata.defaultConfig)
  }

  /** Configuration `i`, frozen, its hyperparameters in the order of the space; the same object every time. */
  configuration(i: number): Config {
    return this.#configs[i] ?? this.#build(i)
  }

  #build(i: number): Config {
    const row = this.#index.firstRow[i]
    if (row === undefined)
      throw new BenchError(`${this.name} has ${this.configurations} configurations, asked for ${i}`)
    const config: Record<string, Value> = {}
    for (const name of Object.keys(this.space)) {
      const column = this.data.hyperparameters[name]!
      const cell = column.values[row]!
      config[name] = column.kind === 'text' ? column.dictionary[cell]! : column.kind === 'bool' ? cell === 1 : cell
    }
    this.#configs[i] = Object.freeze(config)
    this.#known.set(config, i)
    return config
  }

  /** The index of a configuration (by its values, not by identity), or -1 if the table has no row of it. O(1). */
  indexOf(config: Config): number {
    return this.#known.get(config) ?? this.#index.find(config)
  }

  /** `hashText(configKey(configuration(i)))`: 32 bits that stand for the configuration in every table that has it. */
  keyHash(i: number): number {
    let hash = this.#keyHashes[i]!
    if (hash < 0) {
      hash = hashText(configKey(this.configuration(i)))
      this.#keyHashes[i] = hash
    }
    return hash
  }

  /** How many repetitions configuration `i` has. */
  repetitions(i: number): number {
    return this.rowStart[i + 1]! - this.rowStart[i]!
  }

  /** Whether a row holds all levels. */
  complete(row: number): boolean {
    return this.data.reached[row] === this.levels
  }

  /** Whether all rows of configuration `i` hold all levels. */
  completeConfiguration(i: number): boolean {
    for (let at = this.rowStart[i]!; at < this.rowStart[i + 1]!; at++)
      if (!this.complete(this.rowOrder[at]!)) return false
    return true
  }

  hasMetric(name: string): boolean {
    return Object.hasOwn(this.data.curves, name) || Object.hasOwn(this.data.statics, name) || name === ELAPSED_TIME
  }

  /** What the metadata says about a metric; `elapsed_time` is one of every table. @throws BenchError naming the nearest metric */
  metric(name: string): Metric {
    const { metrics } = this.data.metadata
    if (name === ELAPSED_TIME) return elapsedMetric
    if (!Object.hasOwn(metrics, name)) throw this.#unknown('metric', name, Object.keys(metrics))
    return metrics[name]!
  }

  /**
   * The ideal and nadir of a metric for a goal: those that the table holds, or the same numbers computed for a table
   * that was written without them.
   *
   * @throws BenchError if the metric is unknown, or no complete training holds a finite value of it
   */
  range(name: string, goal: Goal): MetricRange {
    const metric = this.metric(name)
    const range = metric.range !== undefined && metric.goal === goal ? metric.range : metricRange(this.data, name, goal)
    if (range === undefined)
      throw new BenchError(
        `table ${this.name} holds no finite ${show(name)} of a complete training, which hypervolume is scaled by`,
      )
    return range
  }

  /** (N * R) a learning-curve metric; level l of row i is at i*R + l-1. @throws BenchError naming the nearest metric */
  curve(metric: string): Float32Array | Float64Array {
    const { curves, statics } = this.data
    if (Object.hasOwn(curves, metric)) return curves[metric]!
    if (metric === ELAPSED_TIME) return this.data.elapsed
    if (Object.hasOwn(statics, metric))
      throw new BenchError(`metric ${show(metric)} of table ${this.name} has one value per training and no curve`)
    throw this.#unknown('metric', metric, Object.keys(curves))
  }

  /** (N) a metric with one value per training. @throws BenchError naming the nearest metric */
  static(metric: string): Float64Array {
    const { curves, statics } = this.data
    if (Object.hasOwn(statics, metric)) return statics[metric]!
    if (Object.hasOwn(curves, metric))
      throw new BenchError(`metric ${show(metric)} of table ${this.name} is a curve, not one value per training`)
    throw this.#unknown('static metric', metric, Object.keys(statics))
  }

  #unknown(what: string, name: string, known: readonly string[]): BenchError {
    return new BenchError(`table ${this.name} has no ${what} ${show(name)}${suggestion(name, known)}`)
  }
}
