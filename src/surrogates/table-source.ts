/** Draws configurations from the rows of a table, so that every answer is a recorded one. */
import type { ConfigSource } from '../core/config-source.js'
import { encodeConfig, encodedLength } from '../core/encoding.js'
import type { Random } from '../core/random.js'
import { type Config, type Space, configKey, constant } from '../core/space.js'
import { eligibleConfigurations } from './eligible.js'
import { type NearestPoint, SortedPoints } from './sorted-points.js'
import type { SurrogateTable } from './table.js'

/** By table, what is held fixed and the space; see {@link tableSource}. */
const sources = new WeakMap<SurrogateTable, Map<string, TableSource>>()

/**
 * The {@link TableSource} of a table, made once: grouping the rows of a large table takes longer than a run on it, and
 * the same question is asked for every cell and batch. It is forgotten with the table.
 */
export function tableSource(table: SurrogateTable, fixed: Partial<Config> = {}, within?: Space): TableSource {
  const known = sources.get(table) ?? new Map<string, TableSource>()
  sources.set(table, known)
  const key = JSON.stringify([fixed, within])
  const source = known.get(key) ?? new TableSource(table, fixed, within)
  known.set(key, source)
  return source
}

/** The configurations that share their values of all choice hyperparameters. */
interface Combination {
  /** Indices of configurations in the table, ascending. */
  readonly indices: Int32Array
  /** Their places in the encoded cube, made when they are first needed. */
  points: SortedPoints | undefined
}

/**
 * The complete configurations of a table, with a prior that does not depend on how many rows were recorded for each
 * category: first a combination of the choice hyperparameters, all that were recorded being equally likely, then one
 * of its configurations, all equally likely.
 *
 * @example
 * const source = new TableSource(table, { model: 'small' })
 * const first = source.draw(streams.stream('searcher'))
 */
export class TableSource implements ConfigSource {
  /** The table's space; what is held fixed is constant. */
  readonly space: Space
  /** How many configurations can be drawn. */
  readonly size: number
  /** The table's indices of what can be drawn, ascending. */
  readonly configurationIndices: Int32Array

  readonly #table: SurrogateTable
  readonly #choices: readonly string[]
  readonly #combinations: readonly Combination[]
  readonly #byChoices: ReadonlyMap<string, Combination>
  /** A configuration whose neighbours are sought, encoded. */
  readonly #query: Float64Array

  /**
   * @param fixed only configurations with these values are drawn
   * @param within a narrower space: only configurations inside it are drawn
   * @throws BenchError if a name or value of `fixed` is unknown, or no complete configuration has these values
   */
  constructor(table: SurrogateTable, fixed: Partial<Config> = {}, within?: Space) {
    this.#table = table
    this.configurationIndices = eligibleConfigurations(table, fixed, within)
    this.size = this.configurationIndices.length
    this.#choices = Object.keys(table.space).filter((name) => table.space[name]!.type === 'choice')
    this.#byChoices = this.#group()
    this.#combinations = [...this.#byChoices.values()]
    const space = { ...(within ?? table.space) }
    for (const [name, value] of Object.entries(fixed)) if (value !== undefined) space[name] = constant(value)
    this.space = space
    this.#query = new Float64Array(encodedLength(space))
  }

  /** One of the table's configuration objects; two draws from `random`, nothing is allocated. */
  draw(random: Random): Config {
    const among = this.#combinations[random.int(this.#combinations.length)]!.indices
    return this.#table.configuration(among[random.int(among.length)]!)
  }

  /**
   * The free row nearest to a configuration, by Euclidean distance between encoded configurations (see `encodeConfig`):
   * one with the same choices if there is any, else one with others; of equals the first. At worst a linear scan of the
   * rows with these choices, of all rows if none of them is free. The first call places the rows in the encoded cube.
   */
  nearest(config: Config, isFree?: (key: number) => boolean): Config | undefined {
    encodeConfig(this.space, config, this.#query)
    const same = this.#byChoices.get(this.#choicesOf(config))
    const nearest: NearestPoint = { index: -1, squaredDistance: Infinity }
    if (same !== undefined) this.#search(same, nearest, isFree)
    if (nearest.index < 0) for (const other of this.#combinations) this.#search(other, nearest, isFree)
    return nearest.index < 0 ? undefined : this.#table.configuration(nearest.index)
  }

  /** The configuration's index in the table; its text for one that the table has no row of. */
  key(config: Config): number | string {
    const index = this.#table.indexOf(config)
    return index < 0 ? configKey(config) : index
  }

  *all(): Generator<Config> {
    for (const i of this.configurationIndices) yield this.#table.configuration(i)
  }

  /** Looks for a nearer row than `nearest` among those of a combination. */
  #search(combination: Combination, nearest: NearestPoint, isFree?: (key: number) => boolean): void {
    combination.points ??= this.#place(combination.indices)
    combination.points.search(this.#query, nearest, isFree)
  }

  #place(indices: Int32Array): SortedPoints {
    const dimensions = this.#query.length
    const points = new Float64Array(indices.length * dimensions)
    for (const [at, i] of indices.entries())
      encodeConfig(this.space, this.#table.configuration(i), points, at * dimensions)
    return new SortedPoints(indices, points, dimensions)
  }

  /** The combinations, in the order of their first rows. */
  #group(): Map<string, Combination> {
    if (this.#choices.length === 0) return new Map([['', { indices: this.configurationIndices, points: undefined }]])
    const groups = new Map<string, number[]>()
    for (const i of this.configurationIndices) {
      const key = this.#choicesOf(this.#table.configuration(i))
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [i])
      else group.push(i)
    }
    return new Map([...groups].map(([key, group]) => [key, { indices: Int32Array.from(group), points: undefined }]))
  }

  #choicesOf(config: Config): string {
    return this.#choices.length === 0 ? '' : JSON.stringify(this.#choices.map((name) => config[name]))
  }
}
