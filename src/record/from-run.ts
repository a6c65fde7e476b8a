/** A table from what a run on this machine trained anyway: its trials become rows, as far as they went. */
import { BenchError } from '../core/errors.js'
import { type Config, type Space, checkConfig, configKey } from '../core/space.js'
import { type RunEvent, runEvent } from '../store/journal-recorder.js'
import { readJournal } from '../store/journal.js'
import { FORMAT_VERSION, type TableMetadata } from '../surrogates/metadata.js'
import type { TableData } from '../surrogates/table-data.js'
import { type TableRow, tableOf } from './recorded-table.js'
import { type RunHeader, parseRunHeader } from './run-header.js'
import { keptLevels } from './training-result.js'

/** Times of two levels are at least this far apart (seconds). */
const RESOLUTION = 1e-6

/** One trial, put together from its attempts. */
interface TrialCurve {
  readonly config: Config
  /** When the current attempt began, seconds since the run began. */
  begun: number
  /** Seconds of training before the current attempt, as far as it builds on them. */
  before: number
  /** Seconds by the clock of the run, and as the program reported them. */
  readonly clock: number[]
  readonly reported: number[]
  readonly values: (readonly number[])[]
  failed: boolean
}

/** What to make a table of. */
export interface FromRunOptions {
  /** The journal of the run. */
  readonly journal: string
  /** The table's name. Default: the recording's, with `-run`. */
  readonly name?: string | undefined
}

/**
 * The trials of a local run as a table. Trials that were stopped, or not resumed any more, are rows with fewer levels
 * (`stopped`); attempts of a trial are joined; trials with the same configuration are its repetitions.
 *
 * Elapsed times are the program's own where the run recorded `elapsed_time`, else the clock's from the start of the
 * attempt, start-up included. An attempt that reported earlier levels again has started over: its times count from zero,
 * as do those of a program that was started again in a run without checkpoints.
 *
 * @throws BenchError if the journal is damaged, of another kind, or holds no report
 */
export function tableFromRun({ journal: path, name }: FromRunOptions): TableData {
  const journal = readJournal(path)
  const header = parseRunHeader(path, journal.header)
  const trials = new Map<number, TrialCurve>()
  let last = 0
  for (const line of journal.entries) {
    const event = runEvent(line)
    if (event === undefined) continue
    last = Math.max(last, event.time)
    follow(event, trials, header, path)
  }
  const kept = [...trials.values()].filter((trial) => trial.values.length > 0 || trial.failed)
  if (!kept.some((trial) => trial.values.length > 0))
    throw new BenchError(`${path} holds no report; there is nothing to make a table of`)
  const ownTimes = header.values.includes('elapsed_time')
  const repetitions = new Map<string, number>()
  const rows = kept.map((trial): TableRow => {
    checkConfig(header.space as unknown as Space, trial.config, `${path}: a trial`)
    const key = configKey(trial.config)
    const repetition = repetitions.get(key) ?? 0
    repetitions.set(key, repetition + 1)
    return rowOf(trial, header, repetition, ownTimes)
  })
  return tableOf(metadataOf(header, name ?? `${header.name}-run`, last, ownTimes, rows.length), rows)
}

function follow(event: RunEvent, trials: Map<number, TrialCurve>, header: RunHeader, path: string): void {
  if (event.event === 'start') {
    const { config, time } = event
    const fresh = { config, begun: time, before: 0, clock: [], reported: [], values: [], failed: false }
    trials.set(event.trial, fresh)
    return
  }
  const trial = trials.get(event.trial)
  if (trial === undefined)
    throw new BenchError(`${path} is damaged: trial ${event.trial} has a "${event.event}" before its start`)
  switch (event.event) {
    case 'resume':
      trial.begun = event.time
      trial.before = trial.clock.at(-1) ?? 0
      break
    case 'restart':
      trial.begun = event.time
      trial.before = header.checkpoints === false ? 0 : (trial.clock.at(-1) ?? 0)
      break
    case 'released':
      break
    case 'ignored':
      if (event.resource <= trial.values.length) trial.before = 0
      break
    case 'report': {
      if (event.resource !== trial.values.length + 1)
        throw new BenchError(
          `${path}: trial ${event.trial} reported ${header.resource.name} ${event.resource} after ${trial.values.length}; ` +
            `a table needs every ${header.resource.name}`,
        )
      trial.clock.push(Math.max(trial.before + event.time - trial.begun, (trial.clock.at(-1) ?? 0) + RESOLUTION))
      trial.values.push(event.values)
      const time = event.values[header.values.indexOf('elapsed_time')]
      if (time !== undefined) trial.reported.push(time)
      break
    }
    default:
      trial.failed = event.state === 'failed'
  }
}

function rowOf(trial: TrialCurve, header: RunHeader, repetition: number, ownTimes: boolean): TableRow {
  const { levels } = header.resource
  const reached = trial.values.length
  const column = (metric: string): number[] => {
    const at = header.values.indexOf(metric)
    return trial.values.map((values) => values[at]!)
  }
  const curves: Record<string, number[]> = {}
  const statics: Record<string, number> = {}
  for (const [metric, { kind }] of Object.entries(metricsOf(header)))
    if (kind === 'curve') curves[metric] = column(metric)
    else statics[metric] = column(metric).at(-1) ?? Number.NaN
  const diverged = Object.values(curves).some((curve) => curve.some((cell) => !Number.isFinite(Math.fround(cell))))
  const ended = diverged ? 'diverged' : reached === levels ? 'completed' : trial.failed ? 'failed' : 'stopped'
  for (const metric in curves) curves[metric] = keptLevels(curves[metric]!, reached, ended)
  const elapsed = ownTimes ? joined(trial.reported) : trial.clock
  return { config: trial.config, repetition, ended, reached, curves, elapsed, startup: 0, cpu: Number.NaN, statics }
}

/** Times of a program whose clock starts again when a trial is resumed, made to go on. */
function joined(times: readonly number[]): number[] {
  let offset = 0
  let last = 0
  return times.map((time) => {
    if (offset + time <= last) offset = last
    last = Math.max(offset + time, last + RESOLUTION)
    return last
  })
}

/** The metrics of which the run kept values. */
function metricsOf(header: RunHeader): TableMetadata['metrics'] {
  return Object.fromEntries(Object.entries(header.metrics).filter(([metric]) => header.values.includes(metric)))
}

function metadataOf(header: RunHeader, name: string, last: number, ownTimes: boolean, trials: number): TableMetadata {
  const { program, data, hardware, versions, workers, at } = header
  return {
    formatVersion: FORMAT_VERSION,
    name,
    description: header.description,
    resource: header.resource,
    metrics: metricsOf(header),
    space: header.space as unknown as TableMetadata['space'],
    defaultConfig: header.defaultConfig,
    provenance: {
      kind: 'recorded',
      program,
      ...(data === undefined ? {} : { data }),
      hardware,
      versions,
      from: at,
      to: new Date(Date.parse(at) + last * 1000).toISOString(),
      workers,
      trainings: trials,
      by: 'a run of a scheduler on this program, which chose what was trained and how long',
      times: {
        elapsed_time: ownTimes
          ? 'reported by the program (elapsed_time)'
          : 'measured from the start of each attempt to the arrival of its reports, start-up included',
        startup_time: 'not measured (0)',
        cpu_time: 'not measured (NaN)',
      },
    },
  }
}
