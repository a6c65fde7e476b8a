/** Two hundred jobs at a time, on a clock of the test's own: how often the services are called. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ManyJobs } from '../../../benchmarks/many-jobs.js'
import { Calls } from '../../../src/backends/sagemaker/calls.js'
import { sageMakerSchema } from '../../../src/backends/sagemaker/config-schema.js'
import type { SageMakerConfig } from '../../../src/backends/sagemaker/config.js'
import { SageMakerBackend } from '../../../src/backends/sagemaker/sagemaker-backend.js'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }))
afterEach(() => void vi.useRealTimers())

const JOBS = 200
const EPOCHS = 9
const EPOCH = 60
/** A second, per account and region; what is published or reported, and for the others what is taken to be safe. See RATES. */
const LIMITS = {
  getLogEvents: 10,
  describeLogStreams: 25,
  createTrainingJob: 2,
  describeTrainingJob: 8,
  listTrainingJobs: 2,
  stopTrainingJob: 4,
}

/** The most of these moments (milliseconds, in order) that fall into any second. */
function busiestSecond(times: readonly number[]): number {
  let most = 0
  for (let first = 0, last = 0; last < times.length; last++) {
    while (times[last]! - times[first]! >= 1000) first++
    most = Math.max(most, last - first + 1)
  }
  return most
}

it('stays below the limits of the services, and every report comes, within a minute', async () => {
  const made = new Map<string, number[]>()
  const jobs = new ManyJobs({
    startUp: 120,
    epoch: EPOCH,
    epochs: EPOCHS,
    onCall: (name) => made.set(name, [...(made.get(name) ?? []), performance.now()]),
  })
  const config = sageMakerSchema.parse({
    role: 'arn:aws:iam::123456789012:role/training',
    region: 'us-east-1',
    s3: 's3://bucket/tests',
    image: 'any',
    source: '.',
    entryPoint: 'train.py',
    instanceTypes: ['ml.m5.large'],
  }) as SageMakerConfig
  const backend = new SageMakerBackend({
    config,
    run: { prefix: 'x-c0-s0-', id: 'x', s3: 's3://bucket/run', sourceUri: 's3://bucket/source', checkpoints: true },
    calls: new Calls(jobs.services),
    workers: JOBS,
    resource: 'epoch',
    maxResource: EPOCHS,
    metrics: ['loss'],
    usdPerHourOf: () => 0.1,
    elapsedMetric: 'elapsed_time',
    costMetric: 'cost',
  })
  for (let trial = 0; trial < JOBS; trial++) backend.start(trial, 0, {}, 0, EPOCHS)
  const levels: number[][] = Array.from({ length: JOBS }, () => [])
  let longest = 0
  const driven = (async () => {
    while (backend.busy > 0) {
      const event = (await backend.next(Infinity))!
      if (event.kind !== 'report') continue
      longest = Math.max(longest, backend.now() - event.time)
      levels[event.trial]!.push(event.resource)
    }
    await backend.close()
  })()
  const clock = { runs: true }
  const stopClock = driven.finally(() => (clock.runs = false))
  while (clock.runs) await vi.advanceTimersByTimeAsync(10_000)
  await stopClock
  expect(levels).toEqual(levels.map(() => Array.from({ length: EPOCHS }, (_, i) => i + 1)))
  const exceeded = Object.entries(LIMITS).filter(([name, limit]) => busiestSecond(made.get(name) ?? []) > limit)
  expect(exceeded).toEqual([])
  expect(made.get('createTrainingJob')).toHaveLength(JOBS)
  expect(longest).toBeLessThan(60)
}, 120_000)
