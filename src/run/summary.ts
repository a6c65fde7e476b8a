/** What one run came to, read off its events. */
import { toLoss } from '../core/objective.js'
import type { Config } from '../core/space.js'
import type { StopReason } from '../core/tuner.js'
import { type EventColumns, EVENT_KINDS, isReport } from '../store/run-log.js'
import type { Cell } from './cell.js'

/** The incumbent at the end: the best validation value over all reports, and what was reported for it. */
export interface Best {
  readonly trial: number
  readonly config: Config
  /** The level of the report. */
  readonly resource: number
  /** Value of the objective that steers. */
  readonly validation: number
  /** Value of the metric that is reported for it. */
  readonly test: number
  /** The recorded training behind it (row of the table), or -1 where there is no single one. */
  readonly row: number
}

/** One run in numbers. */
export interface RunSummary {
  readonly table: string
  readonly method: string
  readonly seed: number
  readonly workers: number
  readonly trials: number
  readonly reports: number
  readonly simulatedSeconds: number
  /** Worker seconds used. */
  readonly busySeconds: number
  /** Worker seconds over the mean seconds of a full training of the default configuration. */
  readonly fullEvaluations: number
  /** Why the run ended. */
  readonly reason: StopReason
  readonly failures: number
  /** Trials still running when the run ended, and the worker seconds of their attempts. */
  readonly inFlight: { readonly trials: number; readonly seconds: number }
  /** undefined where no report held a finite value. */
  readonly best: Best | undefined
  readonly digest: string
}

/** Position of the first best report of a run in the columns, or -1: least loss of the first objective, earliest first. */
export function incumbentAt(columns: EventColumns, run: number, cell: Cell): number {
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

/** Trials running at the end of a run and the seconds of their last attempts. */
export function inFlightAt(columns: EventColumns, run: number, end: number): { trials: number; seconds: number } {
  const began = new Map<number, number>()
  for (let i = columns.offsets[run]!; i < columns.offsets[run + 1]!; i++) {
    const kind = EVENT_KINDS[columns.kind[i]!]!
    if (kind === 'start' || kind === 'resume') began.set(columns.trial[i]!, columns.time[i]!)
    else if (kind !== 'continue' && kind !== 'ignored') began.delete(columns.trial[i]!)
  }
  let seconds = 0
  for (const time of began.values()) seconds += end - time
  return { trials: began.size, seconds }
}
