/** From a configuration to the recorded trainings that answer for it. */
import { BenchError, show } from '../../core/errors.js'
import type { Config } from '../../core/space.js'
import { NearestConfigurations } from '../../surrogates/nearest.js'
import type { SurrogateTable } from '../../surrogates/table.js'
import type { SimulationOptions } from './options.js'
import { chooseRepetition } from './repetitions.js'

/** Finds rows of a table for the trials of one run; remembers how often each configuration was used. */
export class TableLookup {
  /** How many rows answer for a configuration at most. */
  readonly width: number
  /** Position of the instance type of the configuration found last; 0 where the table has none. */
  type = 0
  readonly #table: SurrogateTable
  readonly #seed: number
  readonly #nearest: NearestConfigurations | undefined
  readonly #found: Int32Array
  readonly #uses: Int32Array

  /** @param fixed hyperparameters that the experiment holds fixed: neighbours are sought among those rows only */
  constructor(table: SurrogateTable, seed: number, lookup: SimulationOptions['lookup'], fixed: Partial<Config>) {
    this.#table = table
    this.#seed = seed
    this.width = lookup === 'exact' ? 1 : lookup.nearest
    // A modelled instance type is known for every row, so only what was recorded has neighbours.
    const recordedFixed = table.instances?.without(fixed) ?? fixed
    this.#nearest =
      lookup === 'exact' ? undefined : new NearestConfigurations(table.recorded, lookup.nearest, recordedFixed)
    this.#found = new Int32Array(this.width)
    this.#uses = new Int32Array(table.configurations)
  }

  /**
   * The rows that answer for a new trial, nearest first.
   *
   * @param rows written from `offset` on
   * @returns how many were written
   */
  find(config: Config, rows: Int32Array, offset: number): number {
    const table = this.#table
    const { instances } = table
    let count = 1
    if (this.#nearest === undefined) {
      this.#found[0] = table.indexOf(config)
      if (this.#found[0] < 0)
        throw new BenchError(
          `the table ${show(table.data.metadata.name)} has no training of ${JSON.stringify(config)}; ` +
            'draw from its rows, or allow simulation.lookup { nearest: k }',
          { exitCode: 1 },
        )
      if (instances !== undefined) this.type = this.#found[0] % instances.size
    } else if (instances === undefined) count = this.#nearest.find(config, this.#found)
    else {
      this.type = instances.positionIn(config)
      count = this.#nearest.find(instances.without(config), this.#found)
      for (let i = 0; i < count; i++) this.#found[i] = this.#found[i]! * instances.size + this.type
    }
    for (let i = 0; i < count; i++) {
      const configuration = this.#found[i]!
      const from = table.rowStart[configuration]!
      const repetitions = table.rowStart[configuration + 1]! - from
      const use = this.#uses[configuration]!++
      rows[offset + i] =
        table.rowOrder[from + chooseRepetition(repetitions, table.keyHash(configuration), this.#seed, use)]!
    }
    return count
  }
}
