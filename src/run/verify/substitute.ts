/** A simulated run with real values in the place of simulated ones wherever there are any. */
import type { Config } from '../../core/space.js'
import type { RunEvent } from '../../store/journal-recorder.js'
import type { StoredRun } from '../../store/run-directory.js'
import { EVENT_KINDS, type EventColumns, isReport } from '../../store/run-log.js'
import type { RunSummary } from '../../store/run-set.js'
import type { VerifiedTraining } from '../../store/verification.js'
import type { Cell } from '../cell.js'
import { findingsOf } from '../summary.js'

/** The events of one run, alone in its columns. */
export interface RealisedRun {
  readonly columns: EventColumns
  /** (events) 1 where values are real ones */
  readonly replaced: Uint8Array
  /** By trial. */
  readonly configs: readonly Config[]
  readonly rows: Int32Array
}

/** @param trained by row of the run's table */
export function realise(
  { batch, configs, run }: StoredRun,
  trained: ReadonlyMap<number, VerifiedTraining>,
): RealisedRun {
  const { events, metrics } = batch
  const [from, to] = [events.offsets[run]!, events.offsets[run + 1]!]
  const [firstTrial, endTrial] = [configs.offsets[run]!, configs.offsets[run + 1]!]
  const columns: EventColumns = {
    offsets: [0, to - from],
    kind: events.kind.subarray(from, to),
    trial: events.trial.subarray(from, to),
    resource: events.resource.subarray(from, to),
    time: events.time.subarray(from, to),
    values: events.values.map((column) => column.slice(from, to)),
  }
  const rows = configs.rows.subarray(firstTrial, endTrial)
  const replaced = new Uint8Array(to - from)
  for (let i = 0; i < replaced.length; i++) {
    const training = isReport(columns.kind[i]!) ? trained.get(rows[columns.trial[i]!]!) : undefined
    const level = columns.resource[i]!
    if (training === undefined || level > training.reached) continue
    replaced[i] = 1
    for (const [m, metric] of metrics.entries()) {
      const curve = metric === 'elapsed_time' ? training.elapsed : training.curves[metric]
      const real = curve === undefined ? training.statics[metric]?.real : curve.real[level - 1]
      if (real !== undefined) columns.values[m]![i] = real ?? Number.NaN
    }
  }
  return {
    columns,
    replaced,
    rows,
    configs: Array.from(rows, (_, trial) => configs.configuration(firstTrial + trial) as Config),
  }
}

/** What the run came to with these values, and whether the report that says so is a real one. */
export function realisedResult(
  { columns, replaced, configs, rows }: RealisedRun,
  summary: RunSummary,
  cell: Cell,
): { readonly summary: RunSummary; readonly trained: boolean } {
  const { best: _best, pareto: _pareto, ...counts } = summary
  const findings = findingsOf(columns, 0, cell, configs, rows)
  const { best } = findings
  const at = columns.trial.findIndex(
    (trial, i) => trial === best?.trial && columns.resource[i] === best.resource && isReport(columns.kind[i]!),
  )
  return { summary: { ...counts, ...findings }, trained: at >= 0 && replaced[at] === 1 }
}

/** As a journal holds them. */
export function runEvents({ columns, configs }: RealisedRun): RunEvent[] {
  const attempts = new Map<number, number>()
  const events: RunEvent[] = []
  let copy: { trial: number; resource: number } | undefined
  for (let i = 0; i < columns.kind.length; i++) {
    const kind = EVENT_KINDS[columns.kind[i]!]!
    const [time, trial, resource] = [columns.time[i]!, columns.trial[i]!, columns.resource[i]!]
    const attempt = attempts.get(trial) ?? 0
    if (kind === 'copy') copy = { trial, resource }
    else if (kind === 'start') {
      events.push({ event: 'start', time, trial, config: configs[trial]!, ...(copy && { copy }) })
      copy = undefined
    } else if (kind === 'resume') {
      attempts.set(trial, attempt + 1)
      events.push({ event: 'resume', time, trial, attempt: attempt + 1, from: resource })
    } else if (kind === 'ignored') continue
    else if (kind === 'completed' || kind === 'failed')
      events.push({ event: 'end', time, trial, attempt, state: kind, reason: '' })
    else {
      const values = columns.values.map((column) => column[i]!)
      events.push({ event: 'report', time, trial, attempt, resource, values, decision: kind })
    }
  }
  return events
}
