/**
 * Memory of a runner that watches 200 training jobs at a time, one after another until there were 4,000: what is kept must
 * not grow with what is over. The jobs are answers of a service in memory; calls are not limited, so that it takes a minute.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Calls } from '../src/backends/sagemaker/calls.js'
import { RATES } from '../src/backends/sagemaker/rates.js'
import { sageMakerSchema } from '../src/backends/sagemaker/config-schema.js'
import type { SageMakerConfig } from '../src/backends/sagemaker/config.js'
import { SageMakerBackend } from '../src/backends/sagemaker/sagemaker-backend.js'
import { ManyJobs } from './many-jobs.js'

const JOBS = 200
const TRIALS = 4000
const EPOCHS = 27

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)

const jobs = new ManyJobs({ startUp: 0.2, epoch: 0.05, epochs: EPOCHS })
const config = sageMakerSchema.parse({
  role: 'arn:aws:iam::123456789012:role/training',
  region: 'us-east-1',
  s3: 's3://bucket/benchmark',
  image: 'any',
  source: '.',
  entryPoint: 'train.py',
  instanceTypes: ['ml.m5.large'],
  pollSeconds: 0.1,
  logSettleSeconds: 0.2,
}) as SageMakerConfig
const rates = Object.fromEntries(Object.keys(RATES).map((name) => [name, 1e6]))
const backend = new SageMakerBackend({
  config,
  run: { prefix: 'x-c0-s0-', id: 'x', s3: 's3://bucket/run', sourceUri: 's3://bucket/source', checkpoints: true },
  calls: new Calls(jobs.services, { rates }),
  workers: JOBS,
  resource: 'epoch',
  maxResource: EPOCHS,
  metrics: ['loss'],
  usdPerHourOf: () => 0.1,
  elapsedMetric: 'elapsed_time',
  costMetric: 'cost',
})

let trial = 0
let reports = 0
let ended = 0
const begun = performance.now()
while (backend.idle > 0) backend.start(trial++, 0, {}, 0, EPOCHS)
while (backend.busy > 0) {
  const event = await backend.next(Infinity)
  if (event?.kind === 'report') reports++
  if (event?.kind !== 'end') continue
  if (trial < TRIALS) backend.start(trial++, 0, {}, 0, EPOCHS)
  jobs.forget(`x-c0-s0-t${event.trial}-a0-r0`)
  if (++ended % 500 > 0) continue
  collect()
  const { heapUsed, rss } = process.memoryUsage()
  console.log(
    `${String(ended).padStart(5)} jobs over, ${reports} reports: ${mebibytes(heapUsed)} MiB of heap, ${mebibytes(rss)} MiB resident`,
  )
}
await backend.close()
console.log(`${((performance.now() - begun) / 1000).toFixed(0)} s; every level came: ${reports === TRIALS * EPOCHS}`)
