/** A surrogate table as everything else uses it: rows grouped into configurations, columns found by name. */
import { BenchError, show } from '../core/errors.js'
import { suggestion } from '../core/nearest-name.js'
import { type Accumulation, type Goal, comparable } from '../core/objective.js'
import { hashText } from '../core/random.js'
import { type Config, type Space, type Value, configKey } from '../core/space.js'
import { ELAPSED_TIME, elapsedMetric } from './elapsed-metric.js'
import { RowIndex, orderRows, repeatOrder } from './grouping.js'
import { COST, InstanceFactor } from './instance-factor.js'
import type { Metric } from './metadata.js'
import { type MetricColumn, type MetricRange, columnRange, metricRange } from './metric-range.js'
import type { TableData } from './table-data.js'

/** How a metric is compared, and what a table without instance types costs, where it is not its own price. */
export interface RangeOptions {
  readonly accumulates?: Accumulation | undefined
  readonly usdPerHour?: number | undefined
}

/** Metrics that every table has through its times. */
const BUILT_IN: Readonly<Record<string, Metric>> = {
  [ELAPSED_TIME]: elapsedMetric,
  [COST]: {
    goal: 'min',
    unit: 'USD',
    split: 'none',
    kind: 'curve',
    description: 'price of the training so far, start-up not counted',
  },
}

/**
 * A view of a table: N rows (trainings), R levels, C distinct configurations. Nothing is copied from the data, so a
 * worker thread builds one in milliseconds from what was posted to it.
 *
 * With modelled instance types (K of them) every configuration of the columns stands for K configurations, one per type:
 * configuration i has the type i % K and the rows of configuration i / K of the columns. Metrics and times of a type come
 * from {@link SurrogateTable.column}; those of {@link SurrogateTable.curve} are what was recorded.
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
  /** (N) the configuration of each row; with modelled instance types that of the first type */
  readonly configurationOf: Int32Array
  /** (C + 1) configuration i has the rows `rowOrder[rowStart[i]]` to `rowOrder[rowStart[i + 1] - 1]` */
  readonly rowStart: Int32Array
  /** (N, with modelled instance types N * K) rows by configuration, repetition 0 first */
  readonly rowOrder: Int32Array
  /** What a user would run without tuning. */
  readonly defaultConfig: Config
  /** The configuration that a user would run without tuning, or -1 if the table has no row of it. */
  readonly defaultIndex: number
  /** Modelled instance types, if the table has them. */
  readonly instances: InstanceFactor | undefined

  #recorded: SurrogateTable | undefined
  readonly #index: RowIndex
  readonly #configs: (Config | undefined)[]
  /** Objects that {@link configuration} gave out, so that they are found again without looking at their values. */
  readonly #known = new Map<Config, number>()
  /** (C) hash of the configuration's text, -1 where it was not asked for yet */
  readonly #keyHashes: Float64Array

  constructor(data: TableData) {
    const { metadata } = data
    const instances = metadata.instances && new InstanceFactor(metadata.instances)
    this.data = data
    this.name = metadata.name
    this.instances = instances
    this.space = instances ? { ...metadata.space, [instances.hyperparameter]: instances.domain } : metadata.space
    this.defaultConfig = instances
      ? { ...metadata.defaultConfig, [instances.hyperparameter]: instances.names[0]! }
      : metadata.defaultConfig
    this.rows = data.rows
    this.levels = data.levels
    this.#index = new RowIndex(data.hyperparameters, data.rows)
    const types = instances?.size ?? 1
    this.configurations = this.#index.configurations * types
    this.configurationOf = instances
      ? this.#index.configurationOf.map((configuration) => configuration * types)
      : this.#index.configurationOf
    const order = orderRows(this.#index, data.repetition)
    const { rowStart, rowOrder } = instances ? repeatOrder(order, types) : order
    this.rowStart = rowStart
    this.rowOrder = rowOrder
    this.#configs = new Array<Config | undefined>(this.configurations)
    this.#keyHashes = new Float64Array(this.configurations).fill(-1)
    this.defaultIndex = this.#find(this.defaultConfig)
  }

  /** The table without modelled instance types: what was recorded. */
  get recorded(): SurrogateTable {
    if (this.instances === undefined) return this
    const { instances: _instances, ...metadata } = this.data.metadata
    this.#recorded ??= new SurrogateTable({ ...this.data, metadata })
    return this.#recorded
  }

  /** Configuration `i`, frozen, its hyperparameters in the order of the space; the same object every time. */
  configuration(i: number): Config {
    return this.#configs[i] ?? this.#build(i)
  }

  #build(i: number): Config {
    const { instances } = this
    const types = instances?.size ?? 1
    const row = this.#index.firstRow[Math.floor(i / types)]
    if (row === undefined)
      throw new BenchError(`${this.name} has ${this.configurations} configurations, asked for ${i}`)
    const config: Record<string, Value> = {}
    for (const name of Object.keys(this.data.metadata.space)) {
      const column = this.data.hyperparameters[name]!
      const cell = column.values[row]!
      config[name] = column.kind === 'text' ? column.dictionary[cell]! : column.kind === 'bool' ? cell === 1 : cell
    }
    if (instances !== undefined) config[instances.hyperparameter] = instances.names[i % types]!
    this.#configs[i] = Object.freeze(config)
    this.#known.set(config, i)
    return config
  }

  #find(config: Config): number {
    const { instances } = this
    if (instances === undefined) return this.#index.find(config)
    const type = instances.positionIn(config)
    const found = type < 0 ? -1 : this.#index.find(instances.without(config))
    return found < 0 ? -1 : found * instances.size + type
  }

  /** The index of a configuration (by its values, not by identity), or -1 if the table has no row of it. O(1). */
  indexOf(config: Config): number {
    return this.#known.get(config) ?? this.#find(config)
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

  /**
   * What the metadata says about a metric. Every table has `elapsed_time` and `cost` besides those of its metadata.
   *
   * @throws BenchError naming the nearest metric
   */
  metric(name: string): Metric {
    const { metrics } = this.data.metadata
    if (Object.hasOwn(metrics, name)) return metrics[name]!
    if (Object.hasOwn(BUILT_IN, name)) return BUILT_IN[name]!
    throw this.#unknown('metric', name, Object.keys(metrics))
  }

  /**
   * Where the values of a metric stand, for every instance type.
   *
   * @param usdPerHour price of a table without instance types, for `cost`; default the table's own
   * @throws BenchError if the metric is unknown, or a cost is asked for where no price is known
   */
  column(name: string, usdPerHour = this.data.metadata.pricePerHour): MetricColumn {
    const { data, instances } = this
    if (Object.hasOwn(data.statics, name))
      return {
        values: data.statics[name]!,
        kind: 'static',
        factors: instances?.scaled.has(name) === true ? instances.slowness : undefined,
      }
    if (Object.hasOwn(data.curves, name) || !Object.hasOwn(BUILT_IN, name))
      return { values: this.curve(name), kind: 'curve', factors: undefined }
    if (name === ELAPSED_TIME) return { values: data.elapsed, kind: 'curve', factors: instances?.slowness }
    if (instances !== undefined) return { values: data.elapsed, kind: 'curve', factors: instances.usdPerRecordedSecond }
    if (usdPerHour === undefined)
      throw new BenchError(
        `the table ${show(this.name)} has no price, so ${show(name)} is not known; give pricePerHour in the experiment, ` +
          'or derive a table with instance types (bench derive)',
      )
    return { values: data.elapsed, kind: 'curve', factors: Float64Array.of(usdPerHour / 3600) }
  }

  /**
   * The ideal and nadir of a metric for a goal: those that the table holds, or the same numbers computed for a table
   * that was written without them. With modelled instance types, and of metrics that accumulate, of what is compared.
   *
   * @throws BenchError if the metric is unknown, or no complete training holds a finite value of it
   */
  range(name: string, goal: Goal, options: RangeOptions = {}): MetricRange {
    const range = this.#rangeOf(name, goal, options)
    if (range === undefined)
      throw new BenchError(
        `table ${this.name} holds no finite ${show(name)} of a complete training, which hypervolume is scaled by`,
      )
    return range
  }

  #rangeOf(name: string, goal: Goal, { accumulates, usdPerHour }: RangeOptions): MetricRange | undefined {
    const metric = this.metric(name)
    const column = this.column(name, usdPerHour)
    if (accumulates !== undefined && column.kind === 'curve')
      return columnRange(this.data, column, goal, (value, level) => comparable(value, level, accumulates, this.levels))
    if (column.factors !== undefined || column.values === this.data.elapsed) return columnRange(this.data, column, goal)
    return metric.range !== undefined && metric.goal === goal ? metric.range : metricRange(this.data, name, goal)
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
