/** What `bench record --backend sagemaker` needs: the recording with costs, where it runs, and what it may cost. */
import type { SageMakerConfig } from '../../backends/sagemaker/config.js'
import { firstCall } from '../../backends/sagemaker/first-call.js'
import { machineOf } from '../../backends/sagemaker/job-request.js'
import { s3Location } from '../../backends/sagemaker/source.js'
import { ServiceFault } from '../../backends/sagemaker/service-fault.js'
import { type PriceList, priceOf, readPriceList } from '../../instances/price-list.js'
import { SHIPPED_PRICES } from '../../instances/shipped-prices.js'
import { planRecording } from '../../record/plan.js'
import type { Recording } from '../../record/recording.js'
import type { TrainingPlace } from '../../record/training-place.js'
import { connectedCalls } from '../launch/connected-calls.js'
import { notesOn } from '../sagemaker/instance-types.js'
import { checkOutsideSource } from '../sagemaker/outside-source.js'
import { settingsOf } from '../sagemaker/settings.js'
import { sageMakerPlace } from './sagemaker-place.js'
import { withCosts } from './sagemaker-recording.js'

export interface SageMakerRecordOptions {
  /** The path of `sagemaker.json`. */
  readonly config: string
  readonly maxCost?: number | undefined
  /** The table. */
  readonly out: string
  readonly onWarning: (text: string) => void
}

export interface PreparedRecording {
  readonly recording: Recording
  readonly place: TrainingPlace
  readonly region: string
  readonly prices: PriceList
  /** What looks wrong in the configuration and may be right; a line each. */
  readonly notes: readonly string[]
  readonly trainings: number
  /** US dollars, where every training runs as long as a job may, and none is repeated. */
  readonly undisturbed: number
  /** The same where each is repeated as often as it may be. */
  readonly most: number
  /** Tells at once whether there are credentials and a bucket. @throws BenchError */
  readonly check: () => Promise<void>
}

/** Checks all there is to check; makes and sends nothing. @throws BenchError */
export async function prepareRecording(given: Recording, options: SageMakerRecordOptions): Promise<PreparedRecording> {
  const { maxCost, out, onWarning } = options
  const { config } = settingsOf({ sagemaker: { config: options.config, ...(maxCost !== undefined && { maxCost }) } })
  checkOutsideSource(config.source, out, 'the table')
  const prices = config.prices === undefined ? SHIPPED_PRICES : readPriceList(config.prices)
  const recording = withCosts(given, config, prices)
  const { trainings } = planRecording(recording)
  const hours = config.maxRunSeconds / 3600
  const once = trainings.reduce((sum, training) => sum + hours * hourly(training.config, config, prices), 0)
  const within = (usd: number): number => Math.min(maxCost ?? Infinity, usd)
  const calls = await connectedCalls(config, onWarning)
  return {
    recording,
    place: sageMakerPlace({ recording, config, prices, calls, maxCost }),
    region: config.region,
    prices,
    notes: notesOn(config, prices),
    trainings: trainings.length,
    undisturbed: within(once),
    most: within(once * (1 + config.requeues + config.retries)),
    check: async () => {
      const { bucket, key } = s3Location(config.s3)
      await firstCall(calls, 'listObjects', { Bucket: bucket, Prefix: key, MaxKeys: 1 }).catch((error: unknown) => {
        // What it may do there shows when it is done.
        if (!(error instanceof ServiceFault)) throw error
      })
    },
  }
}

function hourly(trial: Recording['defaultConfig'], config: SageMakerConfig, prices: PriceList): number {
  const { type, count } = machineOf(trial, config)
  return priceOf(prices, type)! * count
}
