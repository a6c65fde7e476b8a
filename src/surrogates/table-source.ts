/** Draws configurations from the rows of a table, so that every answer is a recorded one. */
import type { ConfigSource } from '../core/config-source.js'
import type { Random } from '../core/random.js'
import { type Config, type Space, configKey, constant } from '../core/space.js'
import { eligibleConfigurations } from './eligible.js'
import type { SurrogateTable } from './table.js'

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
  /** One entry per combination of choices: its configurations. */
  readonly #combinations: readonly Int32Array[]

  /**
   * @param fixed only configurations with these values are drawn
   * @param within a narrower space: only configurations inside it are drawn
   * @throws BenchError if a name or value of `fixed` is unknown, or no complete configuration has these values
   */
  constructor(table: SurrogateTable, fixed: Partial<Config> = {}, within?: Space) {
    this.#table = table
    this.configurationIndices = eligibleConfigurations(table, fixed, within)
    this.size = this.configurationIndices.length
    this.#combinations = byChoices(table, this.configurationIndices)
    const space = { ...(within ?? table.space) }
    for (const [name, value] of Object.entries(fixed)) if (value !== undefined) space[name] = constant(value)
    this.space = space
  }

  /** One of the table's configuration objects; two draws from `random`, nothing is allocated. */
  draw(random: Random): Config {
    const among = this.#combinations[random.int(this.#combinations.length)]!
    return this.#table.configuration(among[random.int(among.length)]!)
  }

  /** The configuration's index in the table; its text for one that the table has no row of. */
  key(config: Config): number | string {
    const index = this.#table.indexOf(config)
    return index < 0 ? configKey(config) : index
  }

  *all(): Generator<Config> {
    for (const i of this.configurationIndices) yield this.#table.configuration(i)
  }
}

/** Configurations grouped by their values of all choice hyperparameters, in the order of first appearance. */
function byChoices(table: SurrogateTable, indices: Int32Array): Int32Array[] {
  const choices = Object.keys(table.space).filter((name) => table.space[name]!.type === 'choice')
  if (choices.length === 0) return [indices]
  const groups = new Map<string, number[]>()
  for (const i of indices) {
    const config = table.configuration(i)
    const combination = JSON.stringify(choices.map((name) => config[name]))
    const group = groups.get(combination)
    if (group === undefined) groups.set(combination, [i])
    else group.push(i)
  }
  return [...groups.values()].map((group) => Int32Array.from(group))
}
