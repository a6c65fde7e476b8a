/** Runs an experiment from beginning to end: finds its tables, plans, executes, and leaves a run directory. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { BenchError, messageOf, show } from '../core/errors.js'
import type { Experiment } from '../core/experiment.js'
import type { Space } from '../core/space.js'
import type { StopRule } from '../core/stop-rule.js'
import { lockJournal } from '../store/journal-lock.js'
import { writeWhole } from '../store/write-whole.js'
import type { Manifest, TableAbout } from '../store/manifest.js'
import type { RunSet } from '../store/run-set.js'
import { describeShared } from '../surrogates/describe-devices.js'
import { leaveOneOutError } from '../surrogates/nearest.js'
import { TableSource } from '../surrogates/table-source.js'
import { SurrogateTable } from '../surrogates/table.js'
import { findExperiment, loadExperiment } from './catalogue.js'
import { execute } from './execute.js'
import { openTable } from './open-table.js'
import type { LocalSettings } from './prepare-local.js'
import { type Plan, checkExperiment, planExperiment } from './plan.js'
import { searchSpace } from './table-context.js'

export interface RunOptions {
  /** How many seeds (0, 1, ...), or which. Default: what the experiment says, else 5. */
  readonly seeds?: number | readonly number[]
  /** Names or paths, instead of the experiment's tables. */
  readonly tables?: readonly string[]
  /** Only these methods of the experiment. */
  readonly methods?: readonly string[]
  /** How many trials run at a time, instead of what the experiment says. */
  readonly workers?: readonly number[]
  /** When a run ends, instead of what the experiment says. */
  readonly budget?: StopRule
  /** Worker threads of the simulation; default one per processor. 0 runs on the calling thread. */
  readonly threads?: number
  /** `simulated` replays tables (default); `local` trains for real on this machine. */
  readonly backend?: 'simulated' | 'local'
  /** Local backend: the folder of the training data. */
  readonly dataDir?: string
  /** Local backend: what tables that do not ship were recorded with: paths of modules that default-export a recording. */
  readonly recordings?: readonly string[]
  /** Local backend: what trials get of this machine, and what becomes of those that fail. */
  readonly local?: LocalSettings
  /** The run directory; default `results/<experiment>-<time>`; false keeps nothing on disk. */
  readonly out?: string | false
  /** Go on with the run in `out`: what is finished is not run again. */
  readonly resume?: boolean
  readonly onPlan?: (manifest: Manifest, directory: string | undefined) => void
  readonly onProgress?: (done: number, total: number) => void
  /** Local backend: what does not end a trial but should be known. Default: a warning of the process. */
  readonly onWarning?: (text: string) => void
  readonly signal?: AbortSignal
}

export interface ExperimentResult {
  readonly manifest: Manifest
  /** undefined where nothing was kept. */
  readonly directory: string | undefined
  /** Wall time. */
  readonly elapsedSeconds: number
  readonly set: RunSet
}

/**
 * Runs an experiment.
 *
 * @param experiment an experiment, the name of one that ships, or the path of a module that default-exports one
 * @throws BenchError for bad input (before anything is run) or when every run failed
 */
export async function runExperiment<S extends Space = Space>(
  experiment: Experiment<S> | string,
  options: RunOptions = {},
): Promise<ExperimentResult> {
  const begun = performance.now()
  // What is checked here on is not typed by its space any more.
  const given =
    typeof experiment === 'string' ? await loadExperiment(experiment) : (experiment as unknown as Experiment)
  const folder = typeof experiment === 'string' ? dirname(findExperiment(experiment)) : process.cwd()
  const checked = checkExperiment(given)
  const tables = readTables(options.tables ?? checked.tables, options.tables === undefined ? folder : process.cwd())
  const overrides = {
    ...(options.methods && { methods: options.methods }),
    ...(options.workers && { workers: options.workers }),
    ...(options.budget && { budget: options.budget }),
  }
  const plan = await planExperiment(given, tables, seedList(options.seeds ?? checked.seeds ?? 5), folder, overrides)
  const prepared =
    options.backend === 'local'
      ? await (await import('./prepare-local.js')).prepareLocal(plan, tables, options.local, options.recordings)
      : undefined
  const manifest = manifestOf(plan, tables, options.backend ?? 'simulated')
  options.signal?.throwIfAborted()
  const directory = options.out === false ? undefined : prepareDirectory(manifest, options)
  const unlock = manifest.backend === 'local' && directory !== undefined ? lockRuns(directory) : undefined
  try {
    options.onPlan?.(manifest, directory)
    const shared = {
      ...(directory !== undefined && { directory }),
      ...(options.resume && { resume: true }),
      ...(options.onProgress && { onProgress: options.onProgress }),
      ...(options.signal && { signal: options.signal }),
    }
    const set =
      prepared !== undefined
        ? await (
            await import('./local-runs.js')
          ).executeLocally(plan, prepared, {
            ...shared,
            ...(options.onWarning && { onWarning: options.onWarning }),
            dataDir: options.dataDir === undefined ? undefined : resolve(options.dataDir),
          })
        : await execute(plan, tables, { ...shared, ...(options.threads !== undefined && { threads: options.threads }) })
    return { manifest, directory, elapsedSeconds: (performance.now() - begun) / 1000, set }
  } finally {
    unlock?.()
  }
}

/** Says to others that this process works on a run directory, also between two of its runs. @throws BenchError if another one does */
function lockRuns(directory: string): () => void {
  return lockJournal(join(directory, 'runs'), `the run directory ${directory}`)
}

/** 0..N-1, or the given seeds. @throws BenchError */
function seedList(seeds: number | readonly number[]): number[] {
  const list =
    typeof seeds === 'number' ? Array.from({ length: Math.max(0, Math.floor(seeds)) }, (_, i) => i) : [...seeds]
  if (list.length === 0) throw new BenchError(`seeds must name at least one seed, got ${show(seeds)}`)
  for (const seed of list)
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw new BenchError(`seeds must be whole numbers from 0 on, got ${show(seed)}`)
  if (new Set(list).size < list.length) throw new BenchError(`seeds lists a seed twice: ${show(list)}`)
  return list
}

/** Tables by name or path; paths are relative to `folder`. @throws BenchError */
export function readTables(names: readonly string[], folder: string): SurrogateTable[] {
  const tables = names.map((name) => {
    const relative = /[/\\]/.test(name) || /\.(arrow|json)$/.test(name)
    return new SurrogateTable(openTable(relative ? resolve(folder, name) : name))
  })
  for (const [i, { name }] of tables.entries())
    if (tables.findIndex((other) => other.name === name) < i)
      throw new BenchError(`two tables have the same name ${show(name)}; name each once`)
  return tables
}

function manifestOf(plan: Plan, tables: readonly SurrogateTable[], backend: Manifest['backend']): Manifest {
  const byName = new Map(tables.map((table) => [table.name, table]))
  const cells = plan.cells.map((cell) => {
    const exact = cell.simulation.lookup === 'exact' && backend === 'simulated'
    return {
      table: cell.table,
      method: cell.method,
      scheduler: { ...cell.scheduler, type: typeName(cell.scheduler.type) },
      searcher: { ...cell.searcher, type: typeName(cell.searcher.type) },
      workers: cell.workers,
      budget: cell.budget,
      ...(cell.stop.seconds !== undefined && { seconds: cell.stop.seconds }),
      objectives: cell.objectives,
      ...(cell.ranges !== undefined && { ranges: cell.ranges }),
      ...(cell.regretScale !== undefined && backend === 'simulated' && { regretScale: cell.regretScale }),
      metrics: cell.metrics,
      fixed: cell.fixed,
      ...unusual(cell, byName.get(cell.table)!),
      fullSeconds: cell.fullSeconds,
      // What is trained for real assumes nothing.
      ...(cell.assumptions !== undefined && backend === 'simulated' && { assumptions: cell.assumptions }),
      ...(cell.ranked === false && backend === 'simulated' && { ranked: false as const }),
      drawable: exact ? new TableSource(byName.get(cell.table)!, cell.fixed, cell.space).size : null,
    }
  })
  const content = {
    formatVersion: 1 as const,
    experiment: plan.experiment,
    question: plan.question,
    baseline: plan.baseline,
    backend,
    cells,
    seeds: plan.seeds,
    simulation: { ...plan.cells[0]!.simulation },
    tables: tables.map((table) => ({
      name: table.name,
      sha256: table.data.checksum,
      provenance: table.data.metadata.provenance.kind,
      about: aboutTable(table),
      ...leaveOneOut(plan, table),
    })),
  }
  const { version } = createRequire(import.meta.url)('rungbench/package.json') as { version: string }
  const key = createHash('sha256')
    .update(JSON.stringify({ ...content, rungbench: version }))
    .digest('hex')
  return { ...content, versions: { rungbench: version, node: process.version }, key }
}

/** What a cell has that the table and the defaults do not say. */
function unusual(
  cell: Plan['cells'][number],
  table: SurrogateTable,
): Pick<Manifest['cells'][number], 'space' | 'diverged' | 'maxFailures' | 'pricePerHour'> {
  const { space, diverged, maxFailures, pricePerHour } = cell
  const usual = JSON.stringify(space) === JSON.stringify(searchSpace({}, table, cell.fixed))
  return {
    ...(!usual && { space }),
    ...(diverged === 'continue' && { diverged }),
    ...(maxFailures !== undefined && { maxFailures }),
    ...(pricePerHour !== undefined && pricePerHour !== table.data.metadata.pricePerHour && { pricePerHour }),
  }
}

function aboutTable({ data, configurations }: SurrogateTable): TableAbout {
  const { description, resource, metrics, provenance } = data.metadata
  const shared = describeShared(data)
  const units = Object.entries(metrics).map(([name, { unit }]) => [name, unit] as const)
  return {
    description,
    rows: data.rows,
    configurations,
    levels: resource.levels,
    resource: resource.name,
    units: Object.fromEntries(units),
    // Times that come from a pass alone are not those of a shared device.
    ...(shared !== undefined && shared.trainings > 0 && provenance['alone'] === undefined && { shared }),
    provenance,
  }
}

/** How well neighbours stand in for configurations off the table, where they do. */
function leaveOneOut(plan: Plan, table: SurrogateTable): Pick<Manifest['tables'][number], 'leaveOneOut'> {
  const cell = plan.cells.find((one) => one.table === table.name)
  if (cell === undefined || cell.simulation.lookup === 'exact') return {}
  const { nearest } = cell.simulation.lookup
  const { metric } = cell.objectives[0]!
  if (!(metric in table.data.curves)) return {}
  const fixed = table.instances?.without(cell.fixed) ?? cell.fixed
  return { leaveOneOut: { metric, nearest, error: leaveOneOutError(table.recorded, nearest, metric, fixed) } }
}

function typeName(type: unknown): string {
  return typeof type === 'string' ? type : '(given by value)'
}

/** Makes the run directory and writes the manifest, or checks that a run to be resumed is the same. @throws BenchError */
function prepareDirectory(manifest: Manifest, options: RunOptions): string {
  const directory = resolve(typeof options.out === 'string' ? options.out : newDirectory(manifest.experiment))
  const path = join(directory, 'manifest.json')
  const there = existsSync(directory) ? readdirSync(directory) : []
  if (options.resume === true) {
    if (!existsSync(path))
      throw new BenchError(
        `there is no run to resume in ${directory}: it has no manifest.json; leave --resume out to begin one`,
      )
    const before = readManifest(path)
    if (before.key !== manifest.key)
      throw new BenchError(
        `the run in ${directory} is another one (${differenceOf(before, manifest)}); resume it with its own options, or give another --out`,
      )
    return directory
  }
  if (there.length > 0)
    throw new BenchError(`${directory} is not empty; add --resume to go on with the run in it, or give another --out`)
  try {
    mkdirSync(directory, { recursive: true })
  } catch (error) {
    throw new BenchError(`cannot make the run directory ${directory}: ${messageOf(error)}; give another --out`, {
      cause: error,
    })
  }
  writeWhole(path, `${JSON.stringify(manifest, null, 2)}\n`, 'nothing was run; give another --out')
  return directory
}

function readManifest(path: string): Manifest {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Manifest
  } catch (error) {
    throw new BenchError(`${path} is damaged: ${messageOf(error)}; begin the run anew in another --out`)
  }
}

/** The first part in which two manifests differ, in words. */
function differenceOf(before: Manifest, now: Manifest): string {
  for (const part of ['experiment', 'backend', 'seeds', 'tables', 'simulation', 'cells'] as const)
    if (JSON.stringify(before[part]) !== JSON.stringify(now[part]))
      return `its ${part} ${part.endsWith('s') ? 'differ' : 'differs'}`
  return 'it was made by another version'
}

/** `results/<experiment>-<time>`, with a number where that is taken. */
function newDirectory(experiment: string): string {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')
  const name = join('results', `${experiment}-${stamp}`)
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? name : `${name}-${i}`
    if (!existsSync(candidate)) return candidate
  }
}
