/** What one full training of a configuration costs on a table: the unit of budgets in full evaluations. */
import type { SimulationOptions } from '../backends/simulated/options.js'
import type { SurrogateTable } from '../surrogates/table.js'

/** Mean seconds, start-up included as the simulation counts it, over the complete trainings of a configuration. */
export function meanFullSeconds(
  table: SurrogateTable,
  configuration: number,
  startup: SimulationOptions['startup'],
): number {
  const { data, levels } = table
  let sum = 0
  let count = 0
  for (let i = table.rowStart[configuration]!; i < table.rowStart[configuration + 1]!; i++) {
    const row = table.rowOrder[i]!
    if (!table.complete(row)) continue
    sum += data.elapsed[row * levels + levels - 1]! + (startup === 'table' ? data.startup[row]! : startup)
    count++
  }
  return sum / count
}
