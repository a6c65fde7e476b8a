/** Runs the tuner itself as a training job: packs it, uploads it, starts it, and leaves a directory that knows where it is. */
import { rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Calls } from '../../backends/sagemaker/calls.js'
import type { SageMakerConfig } from '../../backends/sagemaker/config.js'
import { firstCall } from '../../backends/sagemaker/first-call.js'
import { hasEnded } from '../../backends/sagemaker/job-end.js'
import { ServiceFault } from '../../backends/sagemaker/service-fault.js'
import { type PackedSource, s3Location, uploadSource } from '../../backends/sagemaker/source.js'
import { BenchError } from '../../core/errors.js'
import { makeFolder } from '../../files/make-folder.js'
import { type SageMakerRuns, readSageMakerRuns, writeSageMakerRuns } from '../../store/sagemaker-runs-file.js'
import { type PriceList, priceOf } from '../../instances/price-list.js'
import { findExperiment, listExperiments, loadExperiment } from '../catalogue.js'
import type { Plan } from '../plan.js'
import { newRuns } from '../sagemaker/runs.js'
import { launchArchive } from './launch-archive.js'
import { readLaunch, writeLaunch } from './launch-record.js'
import { tunerStatus } from './stop-tuner.js'
import { ARCHIVE, RUN_FOLDER, tunerRequest } from './tuner-request.js'

/** What to launch. */
export interface LaunchOptions {
  /** The name of one that ships, or the path of a module. */
  readonly experiment: string
  /** Names or paths, instead of the experiment's. */
  readonly tables?: readonly string[] | undefined
  /** Further options of `bench run`, as they are typed. */
  readonly options: readonly string[]
  readonly plan: Plan
  readonly config: SageMakerConfig
}

/** How long the tuner may run, and what that costs, in US dollars; null where its price is not known. */
export function tunerBound({ launch }: SageMakerConfig, prices: PriceList): { hours: number; usd: number | null } {
  const hours = launch!.maxRunSeconds / 3600
  const price = priceOf(prices, launch!.instanceType)
  return { hours, usd: price === null ? null : hours * price }
}

/** Packs what the tuner needs, from the paths that the experiment and its plan name. @throws BenchError */
export async function packLaunch(
  { experiment, tables, options, plan, config }: LaunchOptions,
  id: string,
): Promise<PackedSource> {
  const shipped = listExperiments().some(({ name }) => name === experiment)
  const path = findExperiment(experiment)
  const isPath = (name: string): boolean => /[/\\]/.test(name) || /\.(arrow|json)$/.test(name)
  const given = tables === undefined && !shipped ? (await loadExperiment(experiment)).tables : []
  const modules = plan.cells
    .flatMap(({ scheduler, searcher }) => [scheduler.type, searcher.type])
    .filter((type): type is string => typeof type === 'string' && type.startsWith('file:'))
  return launchArchive({
    experiment: shipped ? experiment : path,
    needs: [
      ...given.filter(isPath).map((table) => resolve(dirname(path), table)),
      ...modules.map((url) => fileURLToPath(url)),
    ],
    tables: tables?.map((table) => (isPath(table) ? resolve(table) : table)),
    options,
    config,
    experimentId: id,
  })
}

/**
 * Starts the tuner of an experiment as a training job.
 *
 * @param directory a new or empty one, or with `resume` that of a tuner that has ended
 * @returns the name of its job
 * @throws BenchError where that cannot be; nothing is left running then
 */
export async function launch(
  options: LaunchOptions,
  { directory, resume, calls }: { readonly directory: string; readonly resume: boolean; readonly calls: Calls },
): Promise<string> {
  const { config, plan } = options
  const before = resume ? readLaunch(directory).jobs : []
  if (resume) await refuseRunning(before.at(-1), calls)
  else await checkAnswers(config, calls)
  if (!resume) makeFolder(directory, 'give another --out')
  const runs: SageMakerRuns = resume ? readSageMakerRuns(directory) : newRuns(plan.experiment, config)
  if (!resume) writeSageMakerRuns(directory, runs)
  const packed = await packLaunch(options, runs.id)
  const archive = `${config.s3}/launch/${packed.sha256}`
  // It does not begin as the names of its jobs do: those it stops when it ends.
  const name = `tuner-${runs.prefix}${before.length}`
  const kept = `${config.s3}/${runs.id}/tuner`
  await uploadSource(calls, `${archive}/${ARCHIVE}`, packed)
  const { region, endpoints, pollSeconds } = config
  const record = { results: `${kept}/${RUN_FOLDER}`, region, endpoints, pollSeconds }
  writeLaunch(directory, { ...record, jobs: [...before, name] })
  try {
    await calls.call('createTrainingJob', tunerRequest(config, { name, id: runs.id, archive, kept }))
  } catch (error) {
    // Its answer was lost: names are used once, so this is ours.
    if (error instanceof ServiceFault && error.kind === 'exists') return name
    if (before.length > 0) writeLaunch(directory, { ...record, jobs: before })
    else for (const file of ['launch.json', 'sagemaker.json']) rmSync(join(directory, file), { force: true })
    throw error
  }
  return name
}

/** What is wrong with credentials or the network is said before anything is made. */
async function checkAnswers({ s3 }: SageMakerConfig, calls: Calls): Promise<void> {
  const { bucket, key } = s3Location(`${s3}/launch`)
  try {
    await firstCall(calls, 'headObject', { Bucket: bucket, Key: key })
  } catch (error) {
    // Nothing has to be there.
    if (!(error instanceof ServiceFault)) throw error
  }
}

async function refuseRunning(job: string | undefined, calls: Calls): Promise<void> {
  if (job === undefined) return
  const status = await tunerStatus(job, calls)
  if (!hasEnded(status))
    throw new BenchError(`the tuner ${job} still runs (${status}); wait for it, or end it with "bench stop"`)
}
