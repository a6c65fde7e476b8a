/** Runs a plan on SageMaker: every cell and seed in turn, its trials as training jobs, journalled as local runs are. */
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { Calls } from '../../backends/sagemaker/calls.js'
import { connect } from '../../backends/sagemaker/clients.js'
import type { SageMakerConfig } from '../../backends/sagemaker/config.js'
import { firstCall } from '../../backends/sagemaker/first-call.js'
import type { JournalledJobs } from '../../backends/sagemaker/former-jobs.js'
import { experimentPrefix } from '../../backends/sagemaker/job-name.js'
import { missedRecords } from '../../backends/sagemaker/job-record.js'
import type { JobStart } from '../../backends/sagemaker/job-lines.js'
import { poolRecords } from '../../backends/sagemaker/pool-record.js'
import { SageMakerBackend } from '../../backends/sagemaker/sagemaker-backend.js'
import { ServiceFault } from '../../backends/sagemaker/service-fault.js'
import { type PackedSource, packSource, s3Location, sourceUri, uploadSource } from '../../backends/sagemaker/source.js'
import { stopJobs } from '../../backends/sagemaker/stop-jobs.js'
import { SpaceSource } from '../../core/config-source.js'
import { BenchError, messageOf } from '../../core/errors.js'
import { mix } from '../../core/random.js'
import type { Config } from '../../core/space.js'
import { priceOf } from '../../instances/price-list.js'
import { runEvent } from '../../store/journal-recorder.js'
import type { Journal } from '../../store/journal.js'
import { type LocalRun, localRunFolder } from '../../store/local-run.js'
import type { RunSet, RunSummary } from '../../store/run-set.js'
import { heardOf, jobsUse } from '../../store/training-jobs.js'
import {
  type SageMakerRuns,
  hasSageMakerRuns,
  readSageMakerRuns,
  writeSageMakerRuns,
} from '../../store/sagemaker-runs-file.js'
import { ELAPSED_TIME } from '../../surrogates/elapsed-metric.js'
import { COST } from '../../surrogates/instance-factor.js'
import type { Cell } from '../cell.js'
import { executeRuns } from '../execute-runs.js'
import { interruptedRun } from '../interrupted-run.js'
import { JobLines } from '../job-lines.js'
import { journalledRun } from '../journalled-run.js'
import type { Plan } from '../plan.js'
import { checkResumed, headerOf, valuesOf } from './header.js'
import { MADE_METRICS, type SageMakerPreparation, reserveOf, trialPrice } from './prepare.js'
import { checkOutsideSource } from './outside-source.js'
import { placeOf } from './place.js'
import { Spending } from './spending.js'

/** What is open for the runs of a plan. */
export interface SageMakerSession {
  readonly prepared: SageMakerPreparation
  readonly calls: Calls
  readonly source: PackedSource
  readonly onWarning: ((text: string) => void) | undefined
}

/**
 * Connects, and uploads the source unless it is there: the first thing that anybody can see of a run.
 *
 * @param given default: the services of the configuration, at careful rates
 * @throws BenchError without credentials, an answer, or the permission to write there
 */
export async function openSageMaker(
  prepared: SageMakerPreparation,
  onWarning?: (text: string) => void,
  given?: Calls,
  signal?: AbortSignal,
): Promise<SageMakerSession> {
  const { config } = prepared
  const source = packSource(config.source)
  const renew = () => connect(config.region, config.endpoints)
  const calls = given ?? new Calls(await renew(), { renew, ...(onWarning && { onWarning }) })
  const uri = sourceUri(config.s3, source)
  const { bucket, key } = s3Location(uri)
  // Whether it is there is asked again below, patiently.
  await firstCall(calls, 'headObject', { Bucket: bucket, Key: key }).catch(unlessFault)
  try {
    await calls.until(signal, () => uploadSource(calls, uri, source))
  } catch (error) {
    signal?.throwIfAborted()
    throw new BenchError(
      `the source cannot be put into ${config.s3} (${messageOf(error)}); check sagemaker.s3 and what your credentials may do there`,
      { exitCode: 1, cause: error },
    )
  }
  return { prepared, calls, source, onWarning }
}

function unlessFault(error: unknown): void {
  if (!(error instanceof ServiceFault)) throw error
}

export interface SageMakerOptions {
  readonly directory: string
  readonly resume?: boolean
  /** US dollars that all runs together may cost, what is running and what it takes to stop included. */
  readonly maxCost?: number
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

/** Runs every cell of the plan for every seed, one after another; nothing is left running. */
export async function executeOnSageMaker(
  plan: Plan,
  session: SageMakerSession,
  options: SageMakerOptions,
): Promise<RunSet> {
  checkOutsideSource(session.prepared.config.source, options.directory, 'the run directory')
  // Before anything that is running is touched: a run that cannot go on here is left as it is.
  if (options.resume === true) checkResumed(session.prepared, options.directory)
  const runs = theseRuns(plan, session.prepared, options)
  const { maxCost = Infinity, signal } = options
  const reserve = (cell: Cell): number => reserveOf(cell, session.prepared)
  const spending = new Spending(
    plan.cells.flatMap(({ index }) => plan.seeds.map((seed) => join(options.directory, localRunFolder(index, seed)))),
  )
  const leftFor = (cell: Cell, folder: string): number =>
    maxCost === Infinity ? Infinity : maxCost - spending.besides(folder) - reserve(cell)
  /** One that --max-cost ended; where less is left than stopping costs it stays as it is. */
  const goesOn = (cell: Cell, { seed, maxCost: endedBy, usd = 0 }: RunSummary, folder: string): boolean => {
    if (endedBy === undefined) return false
    if (leftFor(cell, folder) > usd + reserve(cell)) return true
    const needed = Math.ceil(100 * (spending.besides(folder) + usd + 2 * reserve(cell))) / 100
    session.onWarning?.(
      `${cell.method} on ${cell.table}, seed ${seed}, stays as --max-cost ${endedBy} ended it: to go on takes a --max-cost of more ` +
        `than ${needed}, stopping its jobs included`,
    )
    return false
  }
  try {
    return await executeRuns(plan, options.directory, { ...options, goesOn }, async (cell, seed, folder) => {
      const left = leftFor(cell, folder)
      if (left <= 0)
        throw new BenchError(`--max-cost ${maxCost} US dollars is spent; this run was not begun`, { exitCode: 1 })
      const { cost: own = Infinity } = cell.stop
      const cost = Math.min(left, own)
      const limited = cost === Infinity ? cell : { ...cell, stop: { ...cell.stop, cost } }
      const run = await runOnSageMaker(limited, seed, folder, { session, runs, signal }).finally(() =>
        spending.ended(folder),
      )
      const cut = run.summary.reason === 'cost' && left < own
      return cut ? { ...run, summary: { ...run.summary, maxCost } } : run
    })
  } finally {
    await stopWhatIsLeft(session, runs)
  }
}

/** Every run stops its own jobs; this is for those that nobody knows of. */
async function stopWhatIsLeft({ calls, onWarning }: SageMakerSession, { prefix }: SageMakerRuns): Promise<void> {
  try {
    const names = await stopJobs(calls, prefix)
    if (names.length > 0) onWarning?.(`stopped what was still running: ${names.join(', ')}`)
  } catch (error) {
    onWarning?.(`training jobs may still be running, stop them with "bench stop": ${messageOf(error)}`)
  }
}

function theseRuns(
  plan: Plan,
  { config }: SageMakerPreparation,
  { directory, resume, maxCost }: SageMakerOptions,
): SageMakerRuns {
  const goesOn = resume === true && hasSageMakerRuns(directory)
  const runs = { ...(goesOn ? readSageMakerRuns(directory) : newRuns(plan.experiment, config)), maxCost }
  writeSageMakerRuns(directory, runs)
  return runs
}

/** How the jobs of an experiment are called that is about to begin. */
export function newRuns(experiment: string, { region, endpoints, experimentId }: SageMakerConfig): SageMakerRuns {
  const id = experimentId ?? randomBytes(5).toString('hex')
  return { id, prefix: experimentPrefix(experiment, id), region, endpoints }
}

interface Context {
  readonly session: SageMakerSession
  readonly runs: SageMakerRuns
  readonly signal: AbortSignal | undefined
}

async function runOnSageMaker(
  cell: Cell,
  seed: number,
  folder: string,
  { session, runs, signal }: Context,
): Promise<LocalRun> {
  const { prepared, calls, source, onWarning } = session
  const { config, prices, tables } = prepared
  const { resource } = tables.get(cell.table)!.data.metadata
  const values = valuesOf(cell, prepared)
  const needed = cell.metrics.filter((metric) => !MADE_METRICS.includes(metric))
  const place = placeOf(cell, seed, config, runs, source)
  const about = headerOf(cell, seed, prepared, source)
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
      signal,
    },
    ({ writer, journal, random, configs, now }) => {
      const log = new JobLines(writer, journal)
      const usdPerHourOf = (type: string): number | null => priceOf(prices, type)
      const complete = async (over = false): Promise<void> => {
        try {
          const heard = heardOf(journal.entries)
          const missed = await missedRecords(calls, log.open, {
            now: now(),
            maxRunSeconds: config.maxRunSeconds,
            usdPerHourOf,
            heardOf: (job) => heard.get(job),
            secrets: Object.values(config.environment),
          })
          for (const one of missed) log.ended(one)
          if (config.warmPool !== undefined)
            for (const one of await poolRecords(calls, log.unpooled, usdPerHourOf, over)) log.pool(one)
        } catch (error) {
          onWarning?.(`what some jobs of ${folder} were billed is not known: ${messageOf(error)}`)
        }
      }
      return {
        endFormer: () => complete(),
        used: async () => {
          await complete(true)
          const jobs = jobsUse({ header: about, entries: log.lines })!
          return { jobs, ...(jobs.usd !== null && { usd: jobs.usd }) }
        },
        usdPerHourOf: (trial) => trialPrice(prepared, trial),
        live: (elapsed) =>
          new SageMakerBackend({
            config,
            run: place,
            calls,
            elapsed,
            former: jobsOf(journal, { values, maxResource: resource.levels, configs: configs() }),
            workers: cell.workers,
            metrics: values,
            optional: values.filter((metric) => !needed.includes(metric)),
            resource: resource.name,
            maxResource: resource.levels,
            seedOf: (trial) => mix(random.key('training'), trial),
            usdPerHourOf,
            bills: log.bills,
            elapsedMetric: ELAPSED_TIME,
            costMetric: COST,
            onJob: (job) => log.begun(job),
            onJobMade: (job) => log.made(job),
            onJobEnd: (job) => log.ended(job),
            onCopied: (trial, from, level) =>
              writer.append({ event: 'copied', time: now(), trial, source: from, level: level ?? null }),
            ...(onWarning && { onWarning }),
          }),
      }
    },
  )
}

/** Of a run that was interrupted: its jobs, and how long its trials were trained. undefined for a new run. */
function jobsOf(
  journal: Journal,
  {
    values,
    maxResource,
    configs,
  }: { readonly values: readonly string[]; readonly maxResource: number; readonly configs: readonly Config[] },
): JournalledJobs | undefined {
  const { entries } = journal
  if (!entries.some(({ event }) => event === 'session')) return undefined
  const jobs = entries.filter(({ event }) => event === 'job') as unknown as readonly JobStart[]
  const elapsed = values.indexOf(ELAPSED_TIME)
  const trained = new Map<number, number>()
  for (const line of entries) {
    const event = runEvent(line)
    if (event?.event === 'report') trained.set(event.trial, event.values[elapsed]!)
  }
  const interrupted = interruptedRun(journal, maxResource)
  return { jobs, trained, heard: heardOf(entries), configs: [...configs], interrupted }
}
