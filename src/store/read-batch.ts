/** Reads back the files of a batch that `batch-file.ts` wrote. */
import { readFileSync } from 'node:fs'
import { type Table, tableFromIPC } from 'apache-arrow'
import { type IncumbentSteps, incumbentSteps } from './incumbent-steps.js'
import type { ManifestCell } from './manifest.js'
import { type EventColumns, runDigest } from './run-log.js'
import type { RunSummary } from './run-set.js'

/** Key of the JSON list of run summaries in a file's schema metadata. */
export const RUNS_KEY = 'rungbench:runs'

/** The run summaries in a file, or undefined if the file is not whole. */
export function readSummaries(path: string): unknown[] | undefined {
  try {
    const text = tableFromIPC(readFileSync(path)).schema.metadata.get(RUNS_KEY)
    return text === undefined ? undefined : (JSON.parse(text) as unknown[])
  } catch {
    return undefined
  }
}

/** The digests of the runs in a file of events, computed from the events themselves, or undefined if it is damaged. */
export function readEventDigests(path: string): string[] | undefined {
  try {
    return digestsOf(readEvents(path).events)
  } catch {
    return undefined
  }
}

function digestsOf(events: EventColumns): string[] {
  return Array.from({ length: events.offsets.length - 1 }, (_, i) => runDigest(events, i))
}

/** A finished batch as it lies on disk. */
export interface StoredBatch {
  readonly summaries: readonly RunSummary[]
  readonly incumbents: IncumbentSteps
  /** Per trial the row of the table, or -1. */
  readonly rows: Int32Array
}

/**
 * Reads a batch; its digests vouch for the events, so they are computed from these again.
 *
 * @param path what the names of its two files begin with
 * @returns undefined if one of them is missing or damaged
 */
export function readBatch(
  path: string,
  cellOf: (summary: RunSummary) => Pick<ManifestCell, 'objectives'> | undefined,
): StoredBatch | undefined {
  try {
    // Each file is read once: reports on large sets spend most of their time here.
    const trials = tableFromIPC(readFileSync(`${path}.trials.arrow`))
    const summaries = JSON.parse(trials.schema.metadata.get(RUNS_KEY)!) as RunSummary[]
    const cell = summaries[0] && cellOf(summaries[0])
    if (cell === undefined) return undefined
    const { events, metrics } = readEvents(`${path}.events.arrow`)
    const digests = digestsOf(events)
    if (digests.length !== summaries.length || summaries.some(({ digest }, i) => digest !== digests[i]))
      return undefined
    // Copied: a view would keep the whole file in memory.
    const rows = column<Int32Array>(trials, 'row').slice()
    return { summaries, incumbents: incumbentSteps(events, cell.objectives[0]!, metrics), rows }
  } catch {
    return undefined
  }
}

/** The events of the runs of one file. */
export interface BatchEvents {
  readonly events: EventColumns
  /** The metrics in `events.values`. */
  readonly metrics: readonly string[]
}

/** The columns before the metrics. */
const EVENT_COLUMNS = ['run', 'event', 'trial', 'resource', 'time']

/** @throws Error if the file is missing or not whole */
export function readEvents(path: string): BatchEvents {
  const table = tableFromIPC(readFileSync(path))
  const metrics = table.schema.fields.map(({ name }) => name).filter((name) => !EVENT_COLUMNS.includes(name))
  return {
    metrics,
    events: {
      offsets: offsetsOf(table),
      kind: Uint8Array.from(column<Int32Array>(table, 'event')),
      trial: column(table, 'trial'),
      resource: column(table, 'resource'),
      time: column(table, 'time'),
      values: metrics.map((name) => column<Float64Array>(table, name)),
    },
  }
}

/** The configurations of the trials of one file's runs. */
export interface BatchConfigs {
  /** Run i has the trials `offsets[i]` to `offsets[i + 1] - 1`. */
  readonly offsets: readonly number[]
  /** Per trial the row of the table, or -1. */
  readonly rows: Int32Array
  configuration(trial: number): Readonly<Record<string, unknown>>
}

/** @throws Error if the file is missing or not whole */
export function readConfigs(path: string): BatchConfigs {
  const table = tableFromIPC(readFileSync(path))
  const columns = table.schema.fields
    .filter(({ name }) => name.startsWith('config_'))
    .map(({ name }) => [name.slice('config_'.length), table.getChild(name)!] as const)
  return {
    offsets: offsetsOf(table),
    rows: column(table, 'row'),
    configuration: (trial) => Object.fromEntries(columns.map(([name, vector]) => [name, vector.get(trial) as unknown])),
  }
}

function column<A>(table: Table, name: string): A {
  return table.getChild(name)!.data[0]!.values.subarray(0, table.numRows) as A
}

/** Where the rows of each run begin; rows stand in the order of runs. */
function offsetsOf(table: Table): number[] {
  const runs = (JSON.parse(table.schema.metadata.get(RUNS_KEY)!) as unknown[]).length
  const offsets = Array.from({ length: runs + 1 }, () => 0)
  for (const run of column<Int32Array>(table, 'run')) offsets[run + 1]!++
  for (let i = 0; i < runs; i++) offsets[i + 1]! += offsets[i]!
  return offsets
}
