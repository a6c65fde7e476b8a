/** Trains some rows of a recorded table again and says whether they come out the same. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ResourceOptions, resolveResources } from '../backends/local/resources/resources.js'
import { BenchError, invalid, show } from '../core/errors.js'
import { RandomStreams } from '../core/random.js'
import type { Metric } from '../surrogates/metadata.js'
import { ENDED, type TableData } from '../surrogates/table-data.js'
import { TIME_UNITS } from '../surrogates/time-units.js'
import { type Training, planRecording } from './plan.js'
import { dataDifference } from './record-journal.js'
import { recordingHeader } from './recording-header.js'
import type { Recording } from './recording.js'
import { trainingNeeds } from './training-program.js'
import { runTrainings } from './run-trainings.js'
import type { TrainingResult } from './training-result.js'

/** Which rows to train again, and how. */
export interface CheckOptions {
  readonly table: TableData
  /** What the table was recorded with. */
  readonly recording: Recording
  readonly dataDir?: string | undefined
  /** How many rows; at most all that did not fail. */
  readonly rows: number
  /** What the rows are drawn from. Default 0. */
  readonly seed?: number | undefined
  /** Trainings at a time. Default: as many as when the table was recorded, so that times can be compared. */
  readonly workers?: number | undefined
  /** What each training gets of the machine. Default: a GPU where there are some, and its share of the cores. */
  readonly resources?: ResourceOptions | undefined
  /** A training that runs longer fails, in seconds. Default: what the recording says, if anything. */
  readonly timeLimit?: number | undefined
  readonly onRow?: ((row: CheckedRow) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** One value that came out differently. */
export interface Difference {
  readonly metric: string
  /** 1..R; 0 for a static metric */
  readonly level: number
  /** What the table says. */
  readonly table: number
  /** What came out now, rounded as the table stores it. */
  readonly now: number
}

/** One row, trained again. */
export interface CheckedRow {
  readonly row: number
  readonly training: Training
  /** The first difference by level, or why the training failed; undefined: equal to the last bit. */
  readonly difference: Difference | string | undefined
  /** Seconds of training now over seconds in the table; NaN if it failed. */
  readonly timeRatio: number
  /** Whether the ratio is between 1/2 and 2. */
  readonly timeAgrees: boolean
}

/** What a check found. */
export interface CheckResult {
  readonly rows: readonly CheckedRow[]
  readonly equal: number
  readonly timesAgree: number
}

/**
 * Trains rows again, drawn at random from those that did not fail.
 *
 * @throws BenchError if the table was not recorded with this program, these data or this plan; it says which differs
 */
export async function checkRecordedTable(options: CheckOptions): Promise<CheckResult> {
  const { table, recording, dataDir, signal } = options
  if (!Number.isInteger(options.rows) || options.rows < 1)
    throw invalid('rows', options.rows, 'must be a whole number from 1 on')
  const trainings = trainingsOf(table, recording, dataDir)
  const chosen = draw(table, options.rows, options.seed ?? 0)
  const { workers: recorded = 1, alone } = table.metadata.provenance
  // Times that were measured alone are compared with such.
  const workers = options.workers ?? (alone === undefined ? Number(recorded) : 1)
  const resources = resolveResources(options.resources ?? {}, trainingNeeds(recording, workers))
  const logs = mkdtempSync(join(tmpdir(), 'rungbench-check-'))
  const rows: CheckedRow[] = []
  try {
    await runTrainings(
      { recording, dataDir, workers, resources, timeLimit: options.timeLimit, logs, signal },
      chosen.map((row) => trainings[row]!),
      (finished) => {
        const { training, result } = finished
        rows.push(compare(table, training, result))
        options.onRow?.(rows.at(-1)!)
      },
    )
  } finally {
    rmSync(logs, { recursive: true, force: true })
  }
  return {
    rows,
    equal: rows.filter((row) => row.difference === undefined).length,
    timesAgree: rows.filter((row) => row.timeAgrees).length,
  }
}

/** The training of each row, after making sure that the table is this recording's. */
function trainingsOf(table: TableData, recording: Recording, dataDir: string | undefined): readonly Training[] {
  const { name, provenance } = table.metadata
  const refuse = (what: string): never => {
    throw new BenchError(
      `table ${name} cannot be checked: it was recorded with ${what}; check it with what it was recorded with`,
    )
  }
  if (provenance.kind !== 'recorded')
    throw new BenchError(`table ${name} is ${provenance.kind}, not recorded; there is nothing to train again`)
  if (provenance.parts !== undefined)
    throw new BenchError(`table ${name} was merged of ${provenance.parts.length} tables; check those instead`)
  const header = recordingHeader(recording, dataDir)
  const was = (provenance as { program: { sha256: string } }).program.sha256
  if (was !== header.program)
    refuse(`another version of the program (sha256 ${was.slice(0, 12)}..., now ${header.program.slice(0, 12)}...)`)
  const data = (provenance as { data?: { files: Record<string, string> } }).data?.files ?? {}
  const changed = dataDifference(data, header.data)
  if (changed !== undefined) refuse(changed)
  if (provenance['recording'] !== header.key) refuse('another plan, space or set of arguments')
  const { trainings } = planRecording(recording)
  if (trainings.length !== table.rows)
    throw new BenchError(
      `table ${name} holds ${table.rows} of ${trainings.length} trainings; finish the recording before checking it`,
    )
  return trainings
}

/** Distinct rows that did not fail, in the order drawn. */
function draw(table: TableData, count: number, seed: number): number[] {
  const failed = ENDED.indexOf('failed')
  const rows = Array.from(table.ended.keys()).filter((row) => table.ended[row] !== failed)
  const random = new RandomStreams(seed).stream('check')
  for (let i = 0; i < Math.min(count, rows.length); i++) {
    const j = i + random.int(rows.length - i)
    const other = rows[i]!
    rows[i] = rows[j]!
    rows[j] = other
  }
  return rows.slice(0, count)
}

function compare(table: TableData, training: Training, result: TrainingResult): CheckedRow {
  const row = training.index
  const last = table.reached[row]! - 1
  const timeRatio =
    result.ended === 'failed'
      ? Number.NaN
      : (result.elapsed[last] ?? Number.NaN) / table.elapsed[row * table.levels + last]!
  return {
    row,
    training,
    difference:
      result.ended === 'failed' ? `the training failed: ${result.reason}` : firstDifference(table, row, result),
    timeRatio,
    timeAgrees: within(2, timeRatio),
  }
}

function firstDifference(table: TableData, row: number, result: TrainingResult): Difference | string | undefined {
  if (result.reached !== table.reached[row]) return `${result.reached} levels instead of ${table.reached[row]}`
  const { metrics } = table.metadata
  for (let level = 1; level <= result.reached; level++)
    for (const [metric, curve] of Object.entries(table.curves)) {
      const was = curve[row * table.levels + level - 1]!
      const now =
        curve instanceof Float32Array
          ? Math.fround(result.curves[metric]![level - 1]!)
          : result.curves[metric]![level - 1]!
      if (!agrees(metrics[metric]!, was, now)) return { metric, level, table: was, now }
    }
  for (const [metric, column] of Object.entries(table.statics)) {
    const now = result.statics[metric]!
    if (!agrees(metrics[metric]!, column[row]!, now)) return { metric, level: 0, table: column[row]!, now }
  }
  return undefined
}

/** Metrics that are measured times are compared within a factor of four: microseconds of one row may meet a busy moment. */
function agrees(metric: Metric, was: number, now: number): boolean {
  return Object.is(was + 0, now + 0) || (TIME_UNITS.has(metric.unit) && within(4, now / was))
}

function within(factor: number, ratio: number): boolean {
  return ratio >= 1 / factor && ratio <= factor
}

/** A difference in words. */
export function describeDifference(difference: Difference | string): string {
  if (typeof difference === 'string') return difference
  const { metric, level, table, now } = difference
  return `${show(metric)}${level === 0 ? '' : ` at level ${level}`} is ${now}, in the table ${table}`
}
