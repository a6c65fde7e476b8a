/** Runs the trainings of a recording as training jobs of SageMaker, each on a machine of its own. */
import { randomBytes } from 'node:crypto'
import type { Calls } from '../../backends/sagemaker/calls.js'
import type { SageMakerConfig } from '../../backends/sagemaker/config.js'
import { experimentPrefix } from '../../backends/sagemaker/job-name.js'
import { stoppingCost } from '../../backends/sagemaker/estimate.js'
import { machineOf } from '../../backends/sagemaker/job-request.js'
import { SageMakerBackend } from '../../backends/sagemaker/sagemaker-backend.js'
import { stopJobs } from '../../backends/sagemaker/stop-jobs.js'
import { packSource, sourceUri, uploadSource } from '../../backends/sagemaker/source.js'
import { BenchError } from '../../core/errors.js'
import { type PriceList, priceOf } from '../../instances/price-list.js'
import { machineName } from '../../record/job-costs.js'
import type { Machine } from '../../record/machine.js'
import type { Training } from '../../record/plan.js'
import { type Recording, recordingKey } from '../../record/recording.js'
import type { FinishedTraining } from '../../record/run-trainings.js'
import type { PlaceOptions, TrainingPlace } from '../../record/training-place.js'
import { ELAPSED_TIME } from '../../surrogates/elapsed-metric.js'
import { COST } from '../../surrogates/instance-factor.js'
import { JobTraining } from './job-training.js'
import { trainingSettings } from '../sagemaker/training-settings.js'
import { typesOf } from '../sagemaker/instance-types.js'
import { configFor } from './sagemaker-recording.js'

/** Seconds between two looks at what the recording has cost. */
const LOOK_SECONDS = 5

export interface SageMakerRecording {
  /** With costs; see `withCosts`. */
  readonly recording: Recording
  readonly config: SageMakerConfig
  readonly prices: PriceList
  readonly calls: Calls
  /** US dollars that this session may cost, what is running included; then it ends, and what is finished is kept. */
  readonly maxCost?: number | undefined
}

/** @throws BenchError for what does not go together */
export function sageMakerPlace(options: SageMakerRecording): TrainingPlace {
  const { recording, prices } = options
  const config = configFor(recording, options.config)
  const { endpoints } = config
  const source = packSource(config.source)
  const id = randomBytes(5).toString('hex')
  return {
    header: {
      journal: 'rungbench-recording',
      version: 1,
      recording: recording.name,
      key: recordingKey(recording),
      program: source.sha256,
      data: {},
      jobs: id,
      settings: trainingSettings({ ...config, instanceTypes: [...typesOf(recording.space, config, prices)] }, prices),
      endpoints,
    },
    machine: machineText(recording, config, prices),
    run: async (trainings, given, onFinished) => {
      // What a killed recorder left in progress.
      if (given.session > 0) await stopJobs(options.calls, experimentPrefix(recording.name, given.header.jobs!))
      const uri = sourceUri(config.s3, source)
      await options.calls.until(given.signal, () => uploadSource(options.calls, uri, source))
      await new JobRecorder({ ...options, config }, given, uri, trainings).run(onFinished)
    },
  }
}

/** What the machines are called in the provenance; a core for every two vCPUs. */
function machineText(recording: Recording, config: SageMakerConfig, prices: PriceList): Machine {
  const names = typesOf(recording.space, config, prices)
  const of = prices.types.find(({ name }) => name === machineOf(recording.defaultConfig, config).type)
  const { region, image } = config
  const usdPerHour = Object.fromEntries(names.map((name) => [name, priceOf(prices, name)]))
  const about = { sagemaker: { region, image, usdPerHour, prices: { source: prices.source, date: prices.date } } }
  return {
    hardware: {
      cpu: `Amazon SageMaker ${names.join(', ')}`,
      cores: (of?.vcpus ?? 0) / 2,
      memoryGiB: of?.memoryGiB ?? 0,
      platform: `training jobs in ${region}`,
      ...about,
    },
    versions: {},
  }
}

interface Running {
  readonly training: Training
  readonly collected: JobTraining
  readonly startedAt: string
  readonly worker: number
}

class JobRecorder {
  readonly #options: SageMakerRecording
  readonly #given: PlaceOptions
  readonly #backend: SageMakerBackend
  readonly #queue: Training[]
  readonly #running = new Map<number, Running>()

  constructor(options: SageMakerRecording, given: PlaceOptions, uri: string, trainings: readonly Training[]) {
    const { recording, config, prices, calls } = options
    const { resource, metrics } = recording
    const byIndex = new Map(trainings.map((training) => [training.index, training]))
    const id = given.header.jobs!
    this.#options = options
    this.#given = given
    this.#queue = trainings.toReversed()
    this.#backend = new SageMakerBackend({
      config,
      run: {
        // Names are used once, and no session takes a job of another for its own.
        prefix: `${experimentPrefix(recording.name, id)}s${given.session}-`,
        id,
        s3: `${config.s3}/${id}`,
        sourceUri: uri,
        checkpoints: false,
      },
      calls,
      workers: given.workers,
      metrics: Object.keys(metrics).filter((name) => metrics[name]!.kind === 'curve' && name !== COST),
      resource: resource.name,
      maxResource: resource.levels,
      seedOf: (trial) => byIndex.get(trial)!.seed,
      usdPerHourOf: (type) => priceOf(prices, type),
      elapsedMetric: ELAPSED_TIME,
      costMetric: COST,
      onReport: (trial, report, timestamp, job) => this.#running.get(trial)?.collected.add(report, timestamp, job),
      onJobEnd: (job) => this.#running.get(job.trial)?.collected.end(job),
      ...(given.onWarning && { onWarning: given.onWarning }),
    })
  }

  async run(onFinished: (finished: FinishedTraining) => void): Promise<void> {
    const { signal } = this.#given
    const backend = this.#backend
    const aborted = (): boolean => signal?.aborted === true
    const abort = (): void => void backend.close()
    signal?.addEventListener('abort', abort, { once: true })
    try {
      this.#lookAtCosts()
      while (!aborted()) {
        while (backend.idle > 0 && this.#queue.length > 0) this.#begin(this.#queue.pop()!)
        if (this.#running.size === 0) break
        const event = await backend.next(backend.now() + LOOK_SECONDS)
        if (event?.kind === 'end') this.#finish(event.trial, event.state === 'failed' ? event.reason : '', onFinished)
        this.#lookAtCosts()
      }
    } finally {
      signal?.removeEventListener('abort', abort)
      await backend.close()
    }
  }

  #begin(training: Training): void {
    const used = new Set([...this.#running.values()].map(({ worker }) => worker))
    let worker = 0
    while (used.has(worker)) worker++
    this.#running.set(training.index, {
      training,
      collected: new JobTraining(this.#options.recording),
      startedAt: new Date().toISOString(),
      worker,
    })
    const { index, config } = training
    this.#backend.start(index, 0, config, 0, this.#options.recording.resource.levels)
  }

  #finish(trial: number, failure: string, onFinished: (finished: FinishedTraining) => void): void {
    const { training, collected, startedAt, worker } = this.#running.get(trial)!
    this.#running.delete(trial)
    const { config, prices } = this.#options
    const { type, count } = machineOf(training.config, config)
    onFinished({
      training,
      result: collected.result(failure, priceOf(prices, type)! * count),
      data: undefined,
      startedAt,
      endedAt: new Date().toISOString(),
      worker,
      load: [Number.NaN, Number.NaN],
      shared: 0,
      device: machineName(type, count),
      directory: `the log of the training job ${collected.job}`,
      running: this.#running.size,
    })
  }

  /** @throws BenchError when nothing more may be spent, what it takes to stop included */
  #lookAtCosts(): void {
    const { maxCost, recording, config, prices } = this.#options
    if (maxCost === undefined) return
    const dearest =
      Math.max(...typesOf(recording.space, config, prices).map((type) => priceOf(prices, type)!)) * config.instanceCount
    const reserve = stoppingCost(this.#given, { most: dearest }, {})
    if (this.#backend.usdSpent + reserve < maxCost) return
    throw new BenchError(
      `--max-cost ${maxCost} USD is spent, with the ${reserve.toFixed(2)} that it may cost to stop ${this.#given.workers} jobs; everything recorded is kept, the same command goes on with what is left`,
      { exitCode: 1 },
    )
  }
}
