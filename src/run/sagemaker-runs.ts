/** Runs a plan on SageMaker: every cell and seed in turn, its trials as training jobs, journalled as local runs are. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { Calls } from '../backends/sagemaker/calls.js'
import { connect } from '../backends/sagemaker/clients.js'
import type { JournalledJobs } from '../backends/sagemaker/former-jobs.js'
import { experimentPrefix, runPrefix } from '../backends/sagemaker/job-name.js'
import type { RunPlace } from '../backends/sagemaker/job-request.js'
import type { JobStart } from '../backends/sagemaker/options.js'
import { SageMakerBackend } from '../backends/sagemaker/sagemaker-backend.js'
import { type PackedSource, packSource, sourceUri, uploadSource } from '../backends/sagemaker/source.js'
import { SpaceSource } from '../core/config-source.js'
import { BenchError, messageOf } from '../core/errors.js'
import { mix } from '../core/random.js'
import { priceOf } from '../instances/price-list.js'
import { runEvent } from '../store/journal-recorder.js'
import type { Journal, JournalLine } from '../store/journal.js'
import type { LocalRun } from '../store/local-run.js'
import type { RunSet } from '../store/run-set.js'
import { writeWhole } from '../store/write-whole.js'
import { ELAPSED_TIME } from '../surrogates/elapsed-metric.js'
import { COST } from '../surrogates/instance-factor.js'
import type { Cell } from './cell.js'
import { executeRuns } from './execute-runs.js'
import { journalledRun } from './journalled-run.js'
import type { Plan } from './plan.js'
import { MADE_METRICS, type SageMakerPreparation, trialPrice } from './prepare-sagemaker.js'

export interface SageMakerOptions {
  readonly directory: string
  readonly resume?: boolean
  /** US dollars that all runs together may cost, what is running included. */
  readonly maxCost?: number
  /** Default: the services of the configuration, at careful rates. */
  readonly calls?: Calls
  readonly onProgress?: (done: number, total: number) => void
  readonly onWarning?: (text: string) => void
  readonly signal?: AbortSignal
}

/** What a run directory says of the jobs of its runs: enough to find and stop all of them. */
export interface SageMakerRuns {
  /** Unique; a tag of every job, and part of its name. */
  readonly id: string
  /** What the names of all jobs begin with. */
  readonly prefix: string
  readonly region: string
  readonly endpoints: Readonly<Record<string, string | undefined>>
}

const FILE = 'sagemaker.json'

/** @throws BenchError if the run directory is of no SageMaker run */
export function readSageMakerRuns(directory: string): SageMakerRuns {
  try {
    return JSON.parse(readFileSync(join(directory, FILE), 'utf8')) as SageMakerRuns
  } catch (error) {
    throw new BenchError(`${directory} holds no run on SageMaker: ${messageOf(error)}`)
  }
}

/** Runs every cell of the plan for every seed, one after another. */
export async function executeOnSageMaker(
  plan: Plan,
  prepared: SageMakerPreparation,
  options: SageMakerOptions,
): Promise<RunSet> {
  const { config } = prepared
  const renew = () => connect(config.region, config.endpoints)
  const { onWarning } = options
  const calls = options.calls ?? new Calls(await renew(), { renew, ...(onWarning && { onWarning }) })
  const runs = theseRuns(plan, prepared, options)
  const source = packSource(config.source)
  // The first calls tell at once whether there are credentials and a bucket.
  await uploadSource(calls, sourceUri(config.s3, source), source)
  const { maxCost } = options
  return executeRuns(plan, options.directory, options, (cell, seed, folder, usdBefore) => {
    const left = maxCost === undefined ? undefined : Math.min(maxCost - usdBefore, cell.stop.cost ?? Infinity)
    if (left !== undefined && left <= 0)
      throw new BenchError(`--max-cost ${maxCost} USD is spent; this run was not begun`, { exitCode: 1 })
    const limited = left === undefined ? cell : { ...cell, stop: { ...cell.stop, cost: left } }
    return runOnSageMaker(limited, seed, folder, { prepared, options, calls, runs, source })
  })
}

function theseRuns(
  plan: Plan,
  { config }: SageMakerPreparation,
  { directory, resume }: SageMakerOptions,
): SageMakerRuns {
  if (resume === true && existsSync(join(directory, FILE))) return readSageMakerRuns(directory)
  const id = randomBytes(5).toString('hex')
  const { region, endpoints } = config
  const runs = { id, prefix: experimentPrefix(plan.experiment, id), region, endpoints }
  writeWhole(join(directory, FILE), `${JSON.stringify(runs, null, 2)}\n`, 'nothing was started')
  return runs
}

interface Context {
  readonly prepared: SageMakerPreparation
  readonly options: SageMakerOptions
  readonly calls: Calls
  readonly runs: SageMakerRuns
  readonly source: PackedSource
}

async function runOnSageMaker(
  cell: Cell,
  seed: number,
  folder: string,
  { prepared, options, calls, runs, source }: Context,
): Promise<LocalRun> {
  const { config, prices, tables } = prepared
  const table = tables.get(cell.table)!
  const { resource, metrics, description } = table.data.metadata
  const values = [...new Set([...cell.metrics, ...Object.keys(metrics), ELAPSED_TIME, COST])]
  const needed = cell.metrics.filter((metric) => !MADE_METRICS.includes(metric))
  const place = placeOf(cell, seed, prepared, runs, source)
  const about: JournalLine = {
    journal: 'rungbench-run',
    version: 1,
    name: table.name,
    description,
    values,
    resource,
    metrics,
    space: cell.space,
    defaultConfig: cell.defaultConfig,
    program: { name: config.entryPoint, command: [config.entryPoint], sha256: source.sha256 },
    backend: 'sagemaker',
    image: config.image,
    region: config.region,
    instanceTypes: config.instanceTypes,
    prices: { source: prices.source, date: prices.date },
    workers: cell.workers,
    checkpoints: cell.simulation.checkpoints,
    table: cell.table,
    method: cell.method,
    seed,
    at: new Date().toISOString(),
  }
  return journalledRun(
    {
      cell,
      seed,
      folder,
      about,
      values,
      maxResource: resource.levels,
      source: new SpaceSource(cell.space),
      runner: `${process.pid} on ${hostname()}`,
      signal: options.signal,
    },
    ({ writer, journal, random, now }) => {
      const record = (line: JournalLine): void => {
        try {
          writer.append(line)
        } catch {
          // A journal that cannot be written ends the run at its next event, which says why.
        }
      }
      return {
        usdPerHourOf: (trial) => trialPrice(prepared, trial),
        live: (elapsed) =>
          new SageMakerBackend({
            config,
            run: place,
            calls,
            elapsed,
            former: jobsOf(journal, values),
            workers: cell.workers,
            metrics: values,
            optional: values.filter((metric) => !needed.includes(metric)),
            resource: resource.name,
            maxResource: resource.levels,
            seedOf: (trial) => mix(random.key('training'), trial),
            usdPerHourOf: (type) => priceOf(prices, type),
            elapsedMetric: ELAPSED_TIME,
            costMetric: COST,
            onJob: (job) => writer.append({ event: 'job', ...job, time: now() }),
            onJobEnd: (job) => record({ event: 'job-end', ...job }),
            ...(options.onWarning && { onWarning: options.onWarning }),
          }),
      }
    },
  )
}

/** Where the jobs of one run belong. */
export function placeOf(
  cell: Cell,
  seed: number,
  { config }: SageMakerPreparation,
  { id, prefix }: Pick<SageMakerRuns, 'id' | 'prefix'>,
  source: Pick<PackedSource, 'sha256'>,
): RunPlace {
  return {
    prefix: runPrefix(prefix, cell.index, seed),
    id,
    s3: `${config.s3}/${id}/c${cell.index}-s${seed}`,
    sourceUri: sourceUri(config.s3, source),
    checkpoints: cell.simulation.checkpoints,
  }
}

/** Of a run that was interrupted: its jobs, and how long its trials were trained. undefined for a new run. */
function jobsOf({ entries }: Journal, values: readonly string[]): JournalledJobs | undefined {
  if (!entries.some(({ event }) => event === 'session')) return undefined
  const jobs = entries.filter(({ event }) => event === 'job') as unknown as readonly JobStart[]
  const elapsed = values.indexOf(ELAPSED_TIME)
  const trained = new Map<number, number>()
  for (const line of entries) {
    const event = runEvent(line)
    if (event?.event === 'report') trained.set(event.trial, event.values[elapsed]!)
  }
  return { jobs, trained }
}
