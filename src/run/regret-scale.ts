/** What regret is measured on: the best that a table holds, and what its default configuration comes to. */
import { toLoss } from '../core/objective.js'
import type { RegretScale } from '../store/manifest.js'
import { eligibleConfigurations } from '../surrogates/eligible.js'
import type { MetricColumn } from '../surrogates/metric-range.js'
import type { SurrogateTable } from '../surrogates/table.js'
import type { Cell } from './cell.js'

/** The parts of a cell that the scale depends on: those of the experiment, none of a method, seed or budget. */
type Allowed = Pick<Cell, 'objectives' | 'space' | 'fixed' | 'defaultConfig' | 'pricePerHour'>

/**
 * The scale of the first objective's reported metric on a table. The optimum is the best value recorded at any level of
 * any training of a configuration that the experiment allows: nobody can end below it, and as it is chosen with hindsight
 * nobody can be expected to reach it. The reference is the value where the validation metric is best, as of any incumbent,
 * mean over the recorded trainings of the default configuration. O(rows x levels).
 *
 * @returns undefined for an objective that accumulates, and where nothing finite is recorded
 */
export function regretScale(
  table: SurrogateTable,
  { objectives, space, fixed, defaultConfig, pricePerHour }: Allowed,
  lookup: Cell['simulation']['lookup'],
): RegretScale | undefined {
  const { metric, report, goal, accumulates } = objectives[0]!
  if (accumulates !== undefined) return undefined
  const [steering, reported] = [table.column(metric, pricePerHour), table.column(report, pricePerHour)]
  // Neighbours of a configuration off the table may lie outside a narrowed space.
  const allowed = eligibleConfigurations(table, fixed, lookup === 'exact' ? space : undefined)
  let optimum = Infinity
  for (const configuration of allowed)
    for (const row of rowsOf(table, configuration))
      for (let level = 0; level < table.levels; level++)
        optimum = Math.min(optimum, toLoss(valueAt(table, reported, configuration, row, level), goal))

  const index = table.indexOf(defaultConfig)
  let sum = 0
  let count = 0
  for (const row of rowsOf(table, index)) {
    if (!table.complete(row)) continue
    let least = Infinity
    let value = Number.NaN
    for (let level = 0; level < table.levels; level++) {
      const loss = toLoss(valueAt(table, steering, index, row, level), goal)
      if (loss >= least) continue
      least = loss
      value = valueAt(table, reported, index, row, level)
    }
    if (!Number.isFinite(value)) continue
    sum += value
    count++
  }
  if (count === 0 || optimum === Infinity) return undefined
  return { optimum: goal === 'min' ? optimum : -optimum, reference: sum / count }
}

function rowsOf(table: SurrogateTable, configuration: number): Int32Array {
  return table.rowOrder.subarray(table.rowStart[configuration]!, table.rowStart[configuration + 1]!)
}

function valueAt(
  { levels, instances }: SurrogateTable,
  { values, kind, factors }: MetricColumn,
  configuration: number,
  row: number,
  level: number,
): number {
  const value = values[kind === 'curve' ? row * levels + level : row]!
  return factors === undefined ? value : value * factors[configuration % (instances?.size ?? 1)]!
}
