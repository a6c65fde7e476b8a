/** What one run came to, read off its events. */
import type { Config } from '../core/space.js'
import type { Tuner } from '../core/tuner.js'
import { type EventColumns, EVENT_KINDS } from '../store/run-log.js'
import { BUDGET_SHARES, type Best, type RunSummary } from '../store/run-set.js'
import type { Cell } from './cell.js'
import { incumbentsAt } from './incumbents.js'
import { paretoSummary } from './pareto-summary.js'

/** What a run found. */
type Findings = Pick<RunSummary, 'best' | 'incumbents' | 'pareto'>

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
 * What a run found: the incumbent (the first best report and what was reported with it), incumbents over time, and with
 * several objectives the Pareto set.
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
  const { seconds } = cell.stop
  const times = seconds === undefined ? [] : BUDGET_SHARES.map((share) => share * seconds)
  const found = incumbentsAt(columns, run, cell, times)
  const at = found.at(-1)!
  const { metric, report } = cell.objectives[0]!
  const validation = columns.values[cell.metrics.indexOf(metric)]!
  const test = columns.values[cell.metrics.indexOf(report)]!
  const best = (): Best => {
    const trial = columns.trial[at]!
    return {
      trial,
      config: configs[trial]!,
      resource: columns.resource[at]!,
      validation: validation[at]!,
      test: test[at]!,
      row: rows?.[trial] ?? -1,
    }
  }
  const pareto = paretoSummary(columns, run, cell, configs, rows)
  return {
    ...(at >= 0 && { best: best() }),
    ...(seconds !== undefined && { incumbents: times.map((_, i) => finite(test[found[i]!])) }),
    ...(pareto && { pareto }),
  }
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null
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
