/** Which configurations of a table may be drawn or stand in for others. */
import { BenchError, invalid, show } from '../core/errors.js'
import { suggestion } from '../core/nearest-name.js'
import { type Config, type Space, contains, describeDomain } from '../core/space.js'
import type { SurrogateTable } from './table.js'

/**
 * The configurations all of whose rows hold all levels and whose hyperparameters have the given values, ascending.
 *
 * @param fixed hyperparameters that are held fixed; others may have any value
 * @param within a narrower space: configurations outside it do not count
 * @throws BenchError if a name is unknown, a value lies outside the space, or no configuration is left
 */
export function eligibleConfigurations(table: SurrogateTable, fixed: Partial<Config> = {}, within?: Space): Int32Array {
  const wanted = Object.entries(fixed).filter(([, value]) => value !== undefined)
  for (const [name, value] of wanted) {
    if (!Object.hasOwn(table.space, name))
      throw new BenchError(
        `table ${table.name} has no hyperparameter ${show(name)} to hold fixed${suggestion(name, Object.keys(table.space))}`,
      )
    const domain = table.space[name]!
    if (!contains(domain, value))
      throw invalid(`table ${table.name}: the fixed value of ${name}`, value, `must be ${describeDomain(domain)}`)
  }
  const out: number[] = []
  for (let i = 0; i < table.configurations; i++) {
    if (!table.completeConfiguration(i)) continue
    if (wanted.length > 0) {
      const config = table.configuration(i)
      if (!wanted.every(([name, value]) => config[name] === value)) continue
    }
    if (within !== undefined && !inside(within, table.configuration(i))) continue
    out.push(i)
  }
  if (out.length === 0) {
    const filter =
      wanted.length === 0 ? '' : ` with ${wanted.map(([name, value]) => `${name} = ${show(value)}`).join(', ')}`
    const narrowed = within === undefined ? '' : ' inside the given space'
    throw new BenchError(
      `table ${table.name} has no configuration${filter}${narrowed} all of whose trainings hold all levels`,
    )
  }
  return Int32Array.from(out)
}

function inside(space: Space, config: Config): boolean {
  return Object.keys(space).every((name) => contains(space[name]!, config[name]))
}
