/** Which metrics grow with training, so that values of trials of different lengths can be compared per level. */
import { BenchError, show } from '../core/errors.js'
import type { SurrogateTable } from '../surrogates/table.js'

/**
 * Time and cost grow by what they are; any other metric has to in every recorded training.
 *
 * @throws BenchError where it has one value per training, falls in one, or never changes
 */
export function checkAccumulates(table: SurrogateTable, metric: string): void {
  if (table.metric(metric).kind === 'static')
    throw refused(metric, 'has one value per training and does not accumulate')
  const column = Object.hasOwn(table.data.curves, metric) ? table.data.curves[metric]! : undefined
  if (column === undefined) return
  const { rows, levels, name } = table
  let [falling, growing] = [0, 0]
  for (let row = 0; row < rows; row++) {
    const curve = column.subarray(row * levels, (row + 1) * levels)
    if (curve.some((value, i) => i > 0 && value < curve[i - 1]!)) falling++
    else if (curve.some((value, i) => i > 0 && value > curve[i - 1]!)) growing++
  }
  if (falling === 0 && growing > 0) return
  const how = falling > 0 ? `falls in ${falling} of ${rows} trainings` : 'is the same at all levels'
  throw refused(metric, `${how} of the table ${show(name)}, and only what grows with training accumulates`)
}

function refused(metric: string, why: string): BenchError {
  return new BenchError(`experiment.objectives: ${show(metric)} ${why}; leave accumulates out`)
}
