/** What one run came to, read off its events. */
import { toLoss } from '../core/objective.js'
import type { Config } from '../core/space.js'
import type { Tuner } from '../core/tuner.js'
import type { Best, RunSummary } from '../store/run-set.js'
import { type EventColumns, EVENT_KINDS, isReport } from '../store/run-log.js'
import type { Cell } from './cell.js'

/** Position of the first best report of a run in the columns, or -1: least loss of the first objective, earliest first. */
function incumbentAt(columns: EventColumns, run: number, cell: Cell): number {
  const { goal } = cell.objectives[0]!
  const validation = columns.values[0]!
  let best = -1
  let bestLoss = Infinity
  for (let i = columns.offsets[run]!; i < columns.offsets[run + 1]!; i++) {
    if (!isReport(columns.kind[i]!)) continue
    const loss = toLoss(validation[i]!, goal)
    if (loss < bestLoss) {
      best = i
      bestLoss = loss
    }
  }
  return best
}

/** What the tuner of a finished run counted. */
export function countsOf(cell: Cell, seed: number, tuner: Tuner): Omit<RunSummary, 'inFlight' | 'digest' | 'best'> {
  return {
    cell: cell.index,
    table: cell.table,
    method: cell.method,
    seed,
    workers: cell.workers,
    trials: tuner.trials,
    reports: tuner.reports,
    simulatedSeconds: tuner.time,
    busySeconds: tuner.busySeconds,
    fullEvaluations: tuner.busySeconds / cell.fullSeconds,
    reason: tuner.reason!,
    failures: tuner.failures,
  }
}

/**
 * The incumbent of a run: the first best report and what was reported with it.
 *
 * @param configs by trial
 * @param rows by trial, the row of the table behind it; undefined where there is none
 */
export function bestAt(
  columns: EventColumns,
  run: number,
  cell: Cell,
  configs: readonly Config[],
  rows: Int32Array | undefined,
): Best | undefined {
  const at = incumbentAt(columns, run, cell)
  if (at < 0) return undefined
  const trial = columns.trial[at]!
  const { metric, report } = cell.objectives[0]!
  return {
    trial,
    config: configs[trial]!,
    resource: columns.resource[at]!,
    validation: columns.values[cell.metrics.indexOf(metric)]![at]!,
    test: columns.values[cell.metrics.indexOf(report)]![at]!,
    row: rows?.[trial] ?? -1,
  }
}

/** Trials running at the end of a run and the seconds of their last attempts. */
export function inFlightAt(columns: EventColumns, run: number, end: number): { trials: number; seconds: number } {
  const began = new Map<number, number>()
  for (let i = columns.offsets[run]!; i < columns.offsets[run + 1]!; i++) {
    const kind = EVENT_KINDS[columns.kind[i]!]!
    if (kind === 'start' || kind === 'resume') began.set(columns.trial[i]!, columns.time[i]!)
    else if (kind !== 'continue' && kind !== 'ignored' && kind !== 'copy') began.delete(columns.trial[i]!)
  }
  let seconds = 0
  for (const time of began.values()) seconds += end - time
  return { trials: began.size, seconds }
}
