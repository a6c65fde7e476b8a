/** What one run came to, read off its events. */
import { comparable, toLoss } from '../core/objective.js'
import { countInstanceTypes } from '../core/instance-type.js'
import type { Config } from '../core/space.js'
import type { Tuner } from '../core/tuner.js'
import { type EventColumns, EVENT_KINDS, isReport } from '../store/run-log.js'
import type { Best, RunSummary } from '../store/run-set.js'
import type { Cell } from './cell.js'
import { paretoSummary } from './pareto-summary.js'

/** What a run tried and found. */
type Findings = Pick<RunSummary, 'instanceTypes' | 'best' | 'pareto'>

/** What the tuner of a finished run counted. */
export function countsOf(
  cell: Cell,
  seed: number,
  tuner: Tuner,
): Omit<RunSummary, 'inFlight' | 'digest' | keyof Findings> {
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
    ...(Number.isFinite(tuner.usd) && { usd: tuner.usd }),
    reason: tuner.reason!,
    failures: tuner.failures,
  }
}

/**
 * Position of the first best report of a run in the columns, or -1: least loss of the first objective (as methods compare
 * it, where it accumulates), earliest first.
 */
function incumbentAt(columns: EventColumns, run: number, cell: Cell): number {
  const { goal, accumulates } = cell.objectives[0]!
  const validation = columns.values[0]!
  let best = -1
  let bestLoss = Infinity
  for (let i = columns.offsets[run]!; i < columns.offsets[run + 1]!; i++) {
    if (!isReport(columns.kind[i]!)) continue
    const value = validation[i]!
    const loss = toLoss(
      accumulates === undefined ? value : comparable(value, columns.resource[i]!, accumulates, cell.maxResource),
      goal,
    )
    if (loss < bestLoss) {
      best = i
      bestLoss = loss
    }
  }
  return best
}

/**
 * What a run found: the incumbent (the first best report and what was reported with it) and, with several objectives,
 * the Pareto set; and the instance types that it tried.
 *
 * @param configs by trial
 * @param rows by trial, the row of the table behind it; undefined where there is none
 */
export function findingsOf(
  columns: EventColumns,
  run: number,
  cell: Cell,
  configs: readonly Config[],
  rows: Int32Array | undefined,
): Findings {
  const best = bestOf(columns, incumbentAt(columns, run, cell), cell, configs, rows)
  const pareto = paretoSummary(columns, run, cell, configs, rows)
  const instanceTypes = countInstanceTypes(configs)
  return { ...(instanceTypes && { instanceTypes }), ...(best && { best }), ...(pareto && { pareto }) }
}

function bestOf(
  columns: EventColumns,
  at: number,
  cell: Cell,
  configs: readonly Config[],
  rows: Int32Array | undefined,
): Best | undefined {
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
