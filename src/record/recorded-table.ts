/** Recorded trainings as a surrogate table. */
import type { Config, Domain, Space, Value } from '../core/space.js'
import type { Provenance, TableMetadata } from '../surrogates/metadata.js'
import { FORMAT_VERSION, describes } from '../surrogates/metadata.js'
import { withRanges } from '../surrogates/metric-range.js'
import { sharedFloat32, sharedFloat64, sharedInt32, sharedUint8 } from '../surrogates/shared.js'
import {
  ENDED,
  type Ended,
  type HyperparameterColumn,
  SHARED_UNKNOWN,
  type TableData,
} from '../surrogates/table-data.js'
import { tableChecksum } from '../surrogates/write.js'
import { type AloneTimes, aloneTimes } from './alone-pass.js'
import { hardwareText } from './machine.js'
import type { Plan } from './plan.js'
import type { AloneTraining, RecordedTraining, RecordingHeader, RecordingSession } from './record-journal.js'
import type { Recording } from './recording.js'

/** One training as a row. */
export interface TableRow {
  readonly config: Config
  readonly repetition: number
  readonly ended: Ended
  readonly reached: number
  /** At least `reached` values per curve metric. */
  readonly curves: Readonly<Record<string, readonly number[]>>
  readonly elapsed: readonly number[]
  readonly startup: number
  readonly cpu: number
  readonly statics: Readonly<Record<string, number>>
  /** Most other trainings on the same device; absent: not known. */
  readonly shared?: number | undefined
  /** What it ran on, in a few words; absent: not known. */
  readonly hardware?: string | undefined
}

/** Rows and their description as columns; curves in single precision. */
export function tableOf(metadata: TableMetadata, rows: readonly TableRow[]): TableData {
  const { levels } = metadata.resource
  const repetition = sharedInt32(rows.length)
  const reached = sharedInt32(rows.length)
  const ended = sharedUint8(rows.length)
  const elapsed = sharedFloat64(rows.length * levels).fill(Number.NaN)
  const startup = sharedFloat64(rows.length)
  const cpu = sharedFloat64(rows.length)
  const curves: Record<string, Float32Array> = {}
  const statics: Record<string, Float64Array> = {}
  for (const [name, { kind }] of Object.entries(metadata.metrics))
    if (kind === 'curve') curves[name] = sharedFloat32(rows.length * levels).fill(Number.NaN)
    else statics[name] = sharedFloat64(rows.length).fill(Number.NaN)
  for (const [i, row] of rows.entries()) {
    repetition[i] = row.repetition
    reached[i] = row.reached
    ended[i] = ENDED.indexOf(row.ended)
    startup[i] = row.startup
    cpu[i] = row.cpu
    elapsed.set(row.elapsed.slice(0, row.reached), i * levels)
    for (const name in curves) curves[name]!.set((row.curves[name] ?? []).slice(0, row.reached), i * levels)
    for (const name in statics) statics[name]![i] = row.statics[name] ?? Number.NaN
  }
  const hyperparameters = columnsOf(metadata.space as Space, rows)
  const data = { metadata, checksum: '', rows: rows.length, levels, hyperparameters, repetition, reached, ended }
  const table: TableData = { ...data, elapsed, startup, cpu, ...placeColumns(metadata, rows), curves, statics }
  const described = { ...table, metadata: withRanges(table) }
  return { ...described, checksum: tableChecksum(described) }
}

/** What the rows ran on and beside how many others: only what is known, and hardware only where it differs. */
function placeColumns(metadata: TableMetadata, rows: readonly TableRow[]): Pick<TableData, 'shared' | 'hardware'> {
  const names = rows.map(({ hardware = 'not known' }) => hardware)
  const dictionary = [...new Set(names)]
  const known = rows.some(({ shared }) => shared !== undefined)
  return {
    ...(known &&
      !describes(metadata, 'shared') && {
        shared: fill(sharedInt32(rows.length), (i) => rows[i]!.shared ?? SHARED_UNKNOWN),
      }),
    ...(dictionary.length > 1 &&
      !describes(metadata, 'hardware') && {
        hardware: { dictionary, values: fill(sharedInt32(rows.length), (i) => dictionary.indexOf(names[i]!)) },
      }),
  }
}

function columnsOf(space: Space, rows: readonly TableRow[]): Record<string, HyperparameterColumn> {
  return Object.fromEntries(
    Object.entries(space).map(([name, domain]) => [
      name,
      columnOf(
        domain,
        rows.map((row) => row.config[name]!),
      ),
    ]),
  )
}

const INT32_MAX = 0x7fff_ffff

function columnOf(domain: Domain, cells: readonly Value[]): HyperparameterColumn {
  const all = 'values' in domain ? domain.values : 'value' in domain ? [domain.value] : cells
  if (typeof all[0] === 'string') {
    const dictionary = [...new Set([...all, ...cells] as string[])]
    const code = new Map(dictionary.map((text, i) => [text, i]))
    return { kind: 'text', dictionary, values: fill(sharedInt32(cells.length), (i) => code.get(cells[i] as string)!) }
  }
  if (typeof all[0] === 'boolean')
    return { kind: 'bool', values: fill(sharedUint8(cells.length), (i) => Number(cells[i])) }
  const whole =
    domain.type === 'int'
      ? Math.max(-domain.low, domain.high) <= INT32_MAX
      : domain.type !== 'float' && all.every(isInt32)
  return whole
    ? { kind: 'int', values: fill(sharedInt32(cells.length), (i) => cells[i] as number) }
    : { kind: 'float', values: fill(sharedFloat64(cells.length), (i) => cells[i] as number) }
}

function isInt32(value: Value): boolean {
  return Number.isInteger(value) && Math.abs(value as number) <= INT32_MAX
}

function fill<A extends Int32Array | Uint8Array | Float64Array>(array: A, value: (i: number) => number): A {
  for (let i = 0; i < array.length; i++) array[i] = value(i)
  return array
}

/** Everything that is known of a recording. */
export interface RecordedParts {
  readonly recording: Recording
  readonly plan: Plan
  readonly header: RecordingHeader
  readonly sessions: readonly RecordingSession[]
  /** All lines of the journal. */
  readonly trainings: readonly RecordedTraining[]
  /** What was measured in a pass that had the device to itself. */
  readonly alone: readonly AloneTraining[]
  /** The last line of each training, by its index. */
  readonly finished: ReadonlyMap<number, RecordedTraining>
}

/** The table of a recording: configurations in plan order, then repetitions; with provenance. */
export function recordedTable(parts: RecordedParts): TableData {
  const { recording, plan, sessions, finished } = parts
  const times = aloneTimes(parts)
  const rows: TableRow[] = []
  let configuration = -1
  let repetition = 0
  for (const { index, config, ...training } of plan.trainings) {
    const result = finished.get(index)
    if (result === undefined) continue
    // In a table of a recording that is not complete, repetitions are numbered without gaps.
    repetition = training.configuration === configuration ? repetition + 1 : 0
    configuration = training.configuration
    const { shared, device } = result
    const hardware = hardwareText(sessions[result.session]!.hardware, device)
    rows.push({ ...result, ...times?.of(result), config, repetition, shared, hardware })
  }
  return tableOf(
    {
      formatVersion: FORMAT_VERSION,
      name: recording.name,
      description: recording.description ?? '',
      resource: recording.resource,
      metrics: { ...recording.metrics },
      space: { ...recording.space } as TableMetadata['space'],
      defaultConfig: { ...recording.defaultConfig },
      provenance: provenanceOf(parts, times),
      ...(times && { columnProvenance: modelledTimes(recording, times) }),
    },
    rows,
  )
}

/** How each source of a time column reads in the provenance. */
const TIMES = {
  elapsed_time: 'reported by the program (elapsed_time)',
  st_worker_time: 'reported by the program (st_worker_time)',
  startup_time: 'reported by the program (startup_time)',
  arrival: 'measured by the recorder from the arrival of reports since the start of the process',
  none: 'not measured (0)',
  log: 'times of log lines, from when the service had the machine (TrainingStartTime), its download of image and data included',
  service: 'from the call until the service had the machine (CreationTime to TrainingStartTime)',
  'service-and-log':
    'from the call until the service had the machine (CreationTime to TrainingStartTime), and from there until training began, ' +
    'by the time of the first report in the log and elapsed_time in it',
} as const

/** Times by a rule that takes more than the row's own measurement say so. */
function modelledTimes({ name }: Recording, { rules }: AloneTimes): Record<string, Provenance> {
  const from = `recording ${name}`
  return Object.fromEntries(Object.entries(rules).map(([column, rule]) => [column, { kind: 'modelled', from, rule }]))
}

function provenanceOf(parts: RecordedParts, alone: AloneTimes | undefined): Provenance {
  const { recording, plan, header, sessions, trainings, finished } = parts
  const { program } = recording
  const results = [...finished.values()]
  const command = [...program.command]
  for (const [name, value] of Object.entries(program.arguments ?? {})) command.push(`--${name}`, String(value))
  if (program.dataArgument !== undefined) command.push(`--${program.dataArgument}`, 'DATA')
  if (program.levelsArgument !== undefined)
    command.push(`--${program.levelsArgument}`, String(recording.resource.levels))
  command.push('HYPERPARAMETERS', `--${program.seedArgument ?? 'seed'}`, 'SEED')
  // The last in which trainings were recorded: a pass alone has sessions of its own.
  const session = sessions[Math.max(...results.map((result) => result.session))]!
  const described = trainings.findLast((training) => training.data !== undefined)?.data
  const loads = results.flatMap((result) => result.load)
  const reported = results.filter((result) => Number.isFinite(result.cpu)).length
  const data =
    program.dataArgument === undefined && described === undefined
      ? {}
      : { data: { name: program.dataName ?? recording.name, files: header.data, ...(described && { described }) } }
  return {
    kind: 'recorded',
    program: { name: program.name, command, sha256: header.program },
    ...data,
    hardware: hardwareOf(session, results),
    versions: { ...session.versions },
    from: results.map((result) => result.startedAt).sort()[0] ?? '',
    to:
      results
        .map((result) => result.endedAt)
        .sort()
        .at(-1) ?? '',
    workers: session.workers,
    recording: header.key,
    seeds: plan.trainings.filter((training) => training.configuration === 0).map((training) => training.seed),
    trainings: results.length,
    // Of the machine that recorded; on others nobody measured it.
    ...(loads.every((load) => Number.isFinite(load)) && {
      meanLoad: Math.round((loads.reduce((sum, load) => sum + load, 0) / loads.length) * 100) / 100,
    }),
    times: {
      elapsed_time: sources(results.map((result) => TIMES[result.elapsedSource])),
      startup_time: sources(results.map((result) => TIMES[result.startupSource])),
      cpu_time:
        reported === 0 ? 'not measured (NaN)' : `reported by the program (${reported} of ${results.length} trainings)`,
    },
    ...(alone && { alone: alone.rows }),
    // Only where it was not one machine in one state.
    ...(differ(sessions) ? { sessions: sessions.map((each) => ({ ...each, ...publicEnv([each]) })) } : {}),
    ...publicEnv(sessions),
  }
}

/** What was added to the environment, without the paths of that machine. */
function publicEnv(sessions: readonly RecordingSession[]): { readonly env?: Readonly<Record<string, string>> } {
  const all = Object.assign({}, ...sessions.map(({ env }) => env)) as Record<string, string>
  const entries = Object.entries(all).map(([name, text]) => [name, text.includes('/') ? '(a path)' : text] as const)
  return entries.length === 0 ? {} : { env: Object.fromEntries(entries) }
}

/** The machine of the last session, with the accelerator if trainings ran on one. */
function hardwareOf(
  { hardware }: RecordingSession,
  results: readonly RecordedTraining[],
): RecordingSession['hardware'] {
  const { gpu: _gpu, ...machine } = hardware
  const device = results.findLast((training) => training.device !== undefined && training.device !== 'cpu')?.device
  return device === undefined ? machine : { ...machine, gpu: hardwareText(hardware, device) }
}

function sources(names: readonly string[]): string {
  return [...new Set(names)].sort().join('; ')
}

function differ(sessions: readonly RecordingSession[]): boolean {
  const states = sessions.map(({ hardware, versions, workers }) => JSON.stringify([hardware, versions, workers]))
  return new Set(states).size > 1
}
