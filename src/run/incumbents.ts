/** The incumbent of a run over time, read off its events. */
import { comparable, toLoss } from '../core/objective.js'
import { type EventColumns, isReport } from '../store/run-log.js'
import type { Cell } from './cell.js'

/**
 * Positions in the columns of the incumbents at the given times and at the end: the first report with the least loss of
 * the first objective so far (as methods compare it, where it accumulates), or -1 where none is finite yet. A report at a time <= T counts at T. O(events).
 *
 * @param times in seconds, ascending
 * @returns one position per time, and the last one for the end of the run
 */
export function incumbentsAt(columns: EventColumns, run: number, cell: Cell, times: readonly number[]): number[] {
  const { goal, accumulates } = cell.objectives[0]!
  const validation = columns.values[0]!
  const found: number[] = []
  let best = -1
  let bestLoss = Infinity
  for (let i = columns.offsets[run]!; i < columns.offsets[run + 1]!; i++) {
    while (found.length < times.length && columns.time[i]! > times[found.length]!) found.push(best)
    if (!isReport(columns.kind[i]!)) continue
    const loss = toLoss(comparable(validation[i]!, columns.resource[i]!, accumulates, cell.maxResource), goal)
    if (loss < bestLoss) {
      best = i
      bestLoss = loss
    }
  }
  while (found.length <= times.length) found.push(best)
  return found
}
