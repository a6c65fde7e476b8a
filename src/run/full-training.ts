/** What one full training of a configuration costs on a table: the unit of budgets in full evaluations. */
import type { SimulationOptions } from '../backends/simulated/options.js'
import type { SurrogateTable } from '../surrogates/table.js'

/** Mean seconds, start-up included as the simulation counts it, over the complete trainings of a configuration. */
export function meanFullSeconds(
  table: SurrogateTable,
  configuration: number,
  startup: SimulationOptions['startup'],
): number {
  const { data, levels, instances } = table
  const type = instances === undefined ? 0 : configuration % instances.size
  const pace = instances?.slowness[type] ?? 1
  const typeStartup = instances?.startup[type] ?? Number.NaN
  let sum = 0
  let count = 0
  for (let i = table.rowStart[configuration]!; i < table.rowStart[configuration + 1]!; i++) {
    const row = table.rowOrder[i]!
    if (!table.complete(row)) continue
    const recorded = Number.isNaN(typeStartup) ? data.startup[row]! * pace : typeStartup
    sum += data.elapsed[row * levels + levels - 1]! * pace + (startup === 'table' ? recorded : startup)
    count++
  }
  return sum / count
}
