/** A table from what runs on this machine trained anyway: their trials become rows, as far as they went. */
import { BenchError } from '../core/errors.js'
import { type Space, checkConfig, configKey } from '../core/space.js'
import { FORMAT_VERSION, type TableMetadata } from '../surrogates/metadata.js'
import type { TableData } from '../surrogates/table-data.js'
import { canonicalJson } from './checksums.js'
import { hardwareText } from './machine.js'
import { type TableRow, tableOf } from './recorded-table.js'
import type { RunHeader } from './run-header.js'
import { BILL, BILLABLE_SECONDS, machineName } from './job-costs.js'
import { type RunTrial, type RunTrials, readRunTrials } from './run-trials.js'
import { keptLevels } from './training-result.js'

/** What to make a table of. */
export interface FromRunOptions {
  /** The journals of runs of one program on the same data, e.g. all of a run directory. */
  readonly journals: readonly string[]
  /** The table's name. Default: the recording's, with `-run`. */
  readonly name?: string | undefined
}

/** Trials that are no rows. */
export interface LeftOut {
  /** They did not report anything, nor fail: the run ended before. */
  readonly withoutReport: number
  /** They began from a checkpoint of another trial, so that their first levels are not of their configuration. */
  readonly copied: number
  /** Another run has the same training (configuration, seed of the run, number of the trial), as far or farther. */
  readonly again: number
}

export interface FromRun {
  readonly table: TableData
  readonly leftOut: LeftOut
}

interface Run extends RunTrials {
  /** Of its journal. */
  readonly path: string
}

/** A trial and the run that it is of. */
interface Trained {
  readonly run: Run
  readonly trial: RunTrial
}

/**
 * The trials of local runs as a table. Trials that were stopped, or not resumed any more, are rows with fewer levels
 * (`stopped`); attempts of a trial are joined; trials with the same configuration are its repetitions, unless two runs with
 * the same seed trained them alike: then the one that went farther counts.
 *
 * Elapsed times are the program's own where every report had `elapsed_time`, else the clock's from the start of the
 * attempt, start-up included.
 *
 * @throws BenchError if a journal is damaged, of another kind or of another program, or none holds a report
 */
export function tableFromRun({ journals, name }: FromRunOptions): FromRun {
  const runs: Run[] = journals.map((path) => ({ path, ...readRunTrials(path) }))
  for (const run of runs.slice(1)) checkAlike(runs[0]!, run)
  const all: Trained[] = runs.flatMap((run) => run.trials.map((trial) => ({ run, trial })))
  const own = all.filter(({ trial }) => !trial.copied)
  const told = own.filter(({ trial }) => trial.values.length > 0 || trial.failed)
  if (!told.some(({ trial }) => trial.values.length > 0))
    throw new BenchError(`${journals.join(', ')} holds no report; there is nothing to make a table of`)
  const kept = withoutRepeats(told)
  const ownTimes =
    runs[0]!.header.values.includes('elapsed_time') &&
    kept.every(({ trial }) => trial.reported.every((time) => Number.isFinite(time)))
  const repetitions = new Map<string, number>()
  const rows = kept.map(({ run, trial }): TableRow => {
    checkConfig(run.header.space as unknown as Space, trial.config, `${run.path}: a trial`)
    const key = configKey(trial.config)
    const repetition = repetitions.get(key) ?? 0
    repetitions.set(key, repetition + 1)
    return rowOf(trial, run.header, repetition, ownTimes)
  })
  const leftOut = {
    withoutReport: own.length - told.length,
    copied: all.length - own.length,
    again: told.length - kept.length,
  }
  return {
    table: tableOf(metadataOf(runs, name ?? `${runs[0]!.header.name}-run`, ownTimes, leftOut, rows.length), rows),
    leftOut,
  }
}

/** What runs must have in common to be of one table. */
function checkAlike(first: Run, other: Run): void {
  const keys = ['name', 'program', 'data', 'resource', 'metrics', 'values', 'space', 'defaultConfig'] as const
  const key = keys.find((one) => canonicalJson(first.header[one] ?? null) !== canonicalJson(other.header[one] ?? null))
  if (key !== undefined)
    throw new BenchError(
      `${first.path} and ${other.path} are not of one table: ${key === 'values' ? 'what they report' : `their ${key}`} ` +
        'differs; name the journals of one table',
    )
}

/** Methods of an experiment that start with the same configuration and seed train it anew in every run. */
function withoutRepeats(told: readonly Trained[]): Trained[] {
  const kept: Trained[] = []
  const places = new Map<string, number[]>()
  for (const one of told) {
    const { run, trial } = one
    const seed = run.header['seed']
    const key = JSON.stringify([configKey(trial.config), seed ?? null, trial.id])
    const others = places.get(key) ?? []
    places.set(key, others)
    const at = seed === undefined ? undefined : others.find((place) => alike(kept[place]!, one))
    if (at === undefined) {
      others.push(kept.length)
      kept.push(one)
    } else if (kept[at]!.trial.values.length < trial.values.length) kept[at] = one
  }
  return kept
}

/** Whether one trial reported what the other did, as far as both went; times aside. */
function alike(a: Trained, b: Trained): boolean {
  if (a.run === b.run) return false
  const names = a.run.header.values.filter((name) => a.run.header.metrics[name]?.kind === 'curve')
  const at = names.map((name) => a.run.header.values.indexOf(name))
  const levels = Math.min(a.trial.values.length, b.trial.values.length)
  for (let level = 0; level < levels; level++)
    if (!at.every((i) => Object.is(a.trial.values[level]![i], b.trial.values[level]![i]))) return false
  return true
}

function rowOf(trial: RunTrial, header: RunHeader, repetition: number, ownTimes: boolean): TableRow {
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
    else statics[metric] = billOf(trial, metric) ?? column(metric).at(-1) ?? Number.NaN
  const diverged = Object.values(curves).some((curve) => curve.some((cell) => !Number.isFinite(Math.fround(cell))))
  const ended = diverged ? 'diverged' : reached === levels ? 'completed' : trial.failed ? 'failed' : 'stopped'
  for (const metric in curves) curves[metric] = keptLevels(curves[metric]!, reached, ended)
  const elapsed = ownTimes ? trial.reported : trial.clock
  const hardware =
    trial.job === undefined
      ? hardwareText(header.hardware, header.hardware.gpu === undefined ? 'cpu' : 'gpu')
      : machineName(trial.job.instanceType, trial.job.instanceCount)
  return {
    config: trial.config,
    repetition,
    ended,
    reached,
    curves,
    elapsed,
    startup: trial.job?.startUp ?? 0,
    cpu: Number.NaN,
    statics,
    hardware,
  }
}

/** What the service said of a trial's jobs, and no program can. */
function billOf({ job }: RunTrial, metric: string): number | undefined {
  if (job === undefined) return undefined
  return metric === BILLABLE_SECONDS ? job.billable : metric === BILL ? (job.usd ?? Number.NaN) : undefined
}

/** The metrics of which a run kept values. */
function metricsOf(header: RunHeader): TableMetadata['metrics'] {
  return Object.fromEntries(Object.entries(header.metrics).filter(([metric]) => header.values.includes(metric)))
}

function metadataOf(
  runs: readonly RunTrials[],
  name: string,
  ownTimes: boolean,
  leftOut: LeftOut,
  trials: number,
): TableMetadata {
  const { header } = runs[0]!
  const { program, data, hardware, versions } = header
  const onSageMaker = header['backend'] === 'sagemaker'
  const ends = runs.map((run) => new Date(Date.parse(run.header.at) + run.seconds * 1000).toISOString())
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
      from: runs.map((run) => run.header.at).sort()[0]!,
      to: ends.sort().at(-1)!,
      workers: Math.max(...runs.map((run) => run.header.workers)),
      trainings: trials,
      runs: runs.length,
      leftOut,
      by: 'runs of schedulers on this program, which chose what was trained and how long',
      times: {
        elapsed_time: ownTimes
          ? `reported by the program (elapsed_time)${onSageMaker ? ', else from when the service had its machine to the time of the log line' : ''}`
          : 'measured from the start of each attempt to the arrival of its reports, start-up included',
        startup_time: onSageMaker
          ? 'of the first job, from the call until the service had its machine (CreationTime to TrainingStartTime)'
          : 'not measured (0)',
        cpu_time: 'not measured (NaN)',
      },
    },
  }
}
