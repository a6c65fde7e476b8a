/** What a run on SageMaker would send first, without sending anything. */
import { jobRequest, withoutSecrets } from '../../backends/sagemaker/job-request.js'
import type { JobRequest } from '../../backends/sagemaker/services.js'
import { packSource, s3Location, sourceUri } from '../../backends/sagemaker/source.js'
import type { BackendCommands } from '../../core/backend.js'
import { SpaceSource } from '../../core/config-source.js'
import { limitTrials } from '../../core/limited-searcher.js'
import { RandomStreams, mix } from '../../core/random.js'
import { Tuner } from '../../core/tuner.js'
import type { Cell } from '../cell.js'
import { findScheduler, findSearcher } from '../components.js'
import { type SageMakerPreparation, trialPrice } from './prepare.js'
import { placeOf, somePlace } from './place.js'

export interface PlannedRequests {
  /** The source is uploaded there, unless it is there. */
  readonly upload: { readonly Bucket: string; readonly Key: string; readonly files: number; readonly bytes: number }
  /** Of each run, in the order in which they are made: the jobs with which it begins. Later ones depend on what these report. */
  readonly runs: readonly {
    readonly table: string
    readonly method: string
    readonly seed: number
    /** `CreateTrainingJob`, exact but for the experiment's id, which stands as zeros; values of `environment` as `***`. */
    readonly createTrainingJob: readonly JobRequest[]
  }[]
}

/** Asks the scheduler of every run for its first trials. @throws BenchError for a request that cannot be made */
export async function sageMakerRequests(prepared: SageMakerPreparation): Promise<PlannedRequests> {
  const { plan, config } = prepared
  const source = packSource(config.source)
  const { bucket, key } = s3Location(sourceUri(config.s3, source))
  const names = somePlace(plan.experiment)
  const runs = []
  for (const cell of plan.cells)
    for (const seed of plan.seeds) {
      const place = placeOf(cell, seed, config, names, source)
      const requests: JobRequest[] = []
      await firstTrials(cell, seed, prepared, (trial, trialConfig, trainingSeed) => {
        const purpose = { trial, attempt: 0, restarts: 0, config: trialConfig, seed: trainingSeed, level: 0 }
        requests.push(withoutSecrets(jobRequest(config, place, purpose), config))
      })
      runs.push({ table: cell.table, method: cell.method, seed, createTrainingJob: requests })
    }
  return { upload: { Bucket: bucket, Key: key, files: source.files, bytes: source.archive.byteLength }, runs }
}

type OnTrial = (trial: number, config: Parameters<BackendCommands['start']>[2], seed: number) => void

async function firstTrials(cell: Cell, seed: number, prepared: SageMakerPreparation, onTrial: OnTrial): Promise<void> {
  const random = new RandomStreams(seed)
  const { objectives, maxResource } = cell
  const context = { source: new SpaceSource(cell.space), objectives, maxResource, random }
  const [scheduler, searcherKind] = await Promise.all([
    findScheduler(cell.scheduler.type),
    findSearcher(cell.searcher.type),
  ])
  const { trials } = cell.stop
  let searcher = searcherKind.create(cell.searcher.options, { ...context, defaultConfig: cell.defaultConfig })
  if (trials !== undefined) searcher = limitTrials(searcher, trials)
  let busy = 0
  let usdPerHour = 0
  const backend: BackendCommands = {
    workers: cell.workers,
    get idle() {
      return cell.workers - busy
    },
    get busy() {
      return busy
    },
    get usdPerHour() {
      return usdPerHour
    },
    start(trial, _attempt, config) {
      busy++
      usdPerHour += trialPrice(prepared, config)
      onTrial(trial, config, mix(random.key('training'), trial))
    },
    halt() {},
  }
  const recorder = { start() {}, resume() {}, report() {}, end() {}, ignored() {} }
  const limits = trials === undefined ? {} : { maxTrials: trials }
  const parts = { scheduler: scheduler.create(cell.scheduler.options, { ...context, searcher, ...limits }), searcher }
  new Tuner({ ...parts, backend, recorder, objectives, maxResource, stop: cell.stop }).begin()
}
