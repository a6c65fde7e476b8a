/** The backend with the real SDK against the emulator. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Calls } from '../../../src/backends/sagemaker/calls.js'
import { connect } from '../../../src/backends/sagemaker/clients.js'
import type { JobRecord } from '../../../src/backends/sagemaker/job-lines.js'
import type { Services } from '../../../src/backends/sagemaker/services.js'
import { type World, until, world } from './emulated.js'
import { chaos } from '../../sagemaker/emulator/faults.js'

let made: World | undefined
const make = async (...args: Parameters<typeof world>): Promise<World> => (made = await world(...args))

afterEach(async () => {
  await made?.close()
  made = undefined
})

const reports = (trial: number, attempt: number, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `report ${trial}/${attempt} @${from + i}`)

describe('a trial', () => {
  it('is a training job: its reports come in order, then its end, then its bill', async () => {
    const ended: JobRecord[] = []
    const { backend, emulator } = await make()
    const one = backend({ onJobEnd: (job) => ended.push(job) })
    one.start(0, 0, { size: 2, instance_type: 'ml.c5.xlarge' }, 0, 9)
    expect(one.usdPerHour).toBe(0.36)
    expect(await until(one, 'end 0/0 completed')).toEqual([...reports(0, 0, 1, 9), 'end 0/0 completed'])
    expect(one.idle).toBe(2)
    expect(ended).toMatchObject([{ job: 'test-x1-c0-s0-t0-a0-r0', instanceType: 'ml.c5.xlarge', status: 'Completed' }])
    expect(ended[0]!.startUp).toBeGreaterThan(0)
    expect(emulator.sagemaker.jobs.size).toBe(1)
  })

  it('gets network, keys, spot machines and tags of its own, in a request that the service takes', async () => {
    const { backend, emulator } = await make({
      vpc: { subnets: ['subnet-0a1b2c'], securityGroups: ['sg-1'] },
      encryption: {
        volumeKey: 'alias/mine',
        outputKey: 'arn:aws:kms:us-east-1:123456789012:key/k',
        betweenInstances: true,
      },
      networkIsolation: true,
      spot: { maxWaitSeconds: 100_000 },
      tags: { 'a team': 'ours' },
    })
    const one = backend()
    one.start(0, 0, { size: 2 }, 0, 9)
    await until(one, 'end 0/0 completed')
    const { request } = emulator.job('test-x1-c0-s0-t0-a0-r0')
    expect(request).toMatchObject({
      VpcConfig: { Subnets: ['subnet-0a1b2c'], SecurityGroupIds: ['sg-1'] },
      ResourceConfig: { VolumeKmsKeyId: 'alias/mine' },
      StoppingCondition: { MaxWaitTimeInSeconds: 100_000 },
      EnableManagedSpotTraining: true,
      EnableNetworkIsolation: true,
    })
  })

  it('that is paused goes on as a new job from its checkpoint; no level is missing, none comes twice', async () => {
    const { backend } = await make()
    const one = backend()
    one.start(0, 0, { size: 2, step: 30 }, 0, 9)
    await until(one, 'report 0/0 @2')
    one.halt(0, 'pause')
    expect(await until(one, 'released 0/0')).toEqual(['released 0/0'])
    one.start(0, 1, { size: 2, step: 30 }, 2, 9)
    expect(await until(one, 'end 0/1 completed')).toEqual([...reports(0, 1, 3, 9), 'end 0/1 completed'])
  })

  it('whose program crashes gets another job, as often as was said, and goes on', async () => {
    const { backend } = await make({ retries: 1 })
    const one = backend()
    one.start(0, 0, { size: 2, crash: 4 }, 0, 9)
    expect(await until(one, 'end 0/0 completed')).toEqual([
      ...reports(0, 0, 1, 4),
      'restart 0/0',
      ...reports(0, 0, 5, 9),
      'end 0/0 completed',
    ])
  })

  it('whose program cannot go on from a torn checkpoint starts over; what it says again is passed over', async () => {
    const { backend, emulator } = await make()
    const one = backend()
    one.start(0, 0, { size: 2, step: 30 }, 0, 9)
    await until(one, 'report 0/0 @2')
    one.halt(0, 'pause')
    await until(one, 'released 0/0')
    const checkpoints = () => emulator.store.list('bucket', 'tests/run/').filter(({ key }) => key.endsWith('/level'))
    expect(checkpoints()).toHaveLength(1)
    await emulator.store.put('bucket', checkpoints()[0]!.key, Buffer.from('to'))
    one.start(0, 1, { size: 2, step: 30 }, 2, 9)
    const events = await until(one, 'end 0/1 completed')
    expect(events).toEqual(['restart 0/1', ...reports(0, 1, 3, 9), 'end 0/1 completed'])
    expect(checkpoints().map(({ key }) => key.split('/').at(-2))).toEqual(['checkpoints-1', 'checkpoints'])
  })

  it('fails where its program crashes for good, with the end of its log but not what the environment holds', async () => {
    const { backend } = await make({ environment: { WITH: 'of luck' } })
    const one = backend()
    one.start(0, 0, { size: 2, crash: 2 }, 0, 9)
    await until(one, 'report 0/0 @2')
    const end = await one.next(Infinity)
    expect(end).toMatchObject({ kind: 'end', state: 'failed' })
    expect(end!.reason).toMatch(/^AlgorithmError: exit code: 3; its log ends: out \*\*\*$/)
  })

  it('on a spot machine that is taken away says so once, by when it was, and its bill counts it', async () => {
    const ended: JobRecord[] = []
    // Streams are named after the second in which a container starts.
    const times = { startUp: [1.1, 1.1] } as const
    const { backend, emulator, warnings } = await make({ spot: { maxWaitSeconds: 100_000 } }, { times })
    const one = backend({ onJobEnd: (job) => ended.push(job) })
    one.start(0, 0, { size: 2, step: 40 }, 0, 9)
    await until(one, 'report 0/0 @3')
    emulator.job('test-x1-c0-s0-t0-a0-r0').interrupt('interrupt')
    await until(one, 'end 0/0 completed')
    expect(ended).toMatchObject([{ status: 'Completed', interruptions: 1 }])
    expect(warnings).toEqual([
      expect.stringMatching(
        /^trial 0: its spot machine was taken away after epoch [3-8]; the service started it again from its checkpoint$/,
      ),
    ])
  })

  it('on a spot machine that is taken away before it reports anything says so at the end of its job', async () => {
    const ended: JobRecord[] = []
    const { backend, emulator, warnings } = await make({ spot: { maxWaitSeconds: 100_000 } })
    emulator.jobFaults.add({ kind: 'interrupt' })
    const one = backend({ onJobEnd: (job) => ended.push(job) })
    one.start(0, 0, { size: 2 }, 0, 9)
    await until(one, 'end 0/0 completed')
    expect(ended).toMatchObject([{ interruptions: 1 }])
    expect(warnings).toEqual([
      'trial 0: its spot machine was taken away; the service started it again from its checkpoint',
    ])
  })

  it('fails where the service refuses its job; what it quotes of the environment is not told, and no job is missed', async () => {
    const message = "1 validation error detected: Value '{HF_TOKEN=hf_supersecret}' at 'environment' failed"
    const fault = { kind: 'refuse', code: 'ValidationException', message } as const
    const ended: JobRecord[] = []
    const { backend } = await make(
      { environment: { HF_TOKEN: 'hf_supersecret' } },
      { faults: [{ operation: 'CreateTrainingJob', fault }] },
    )
    const one = backend({ onJobEnd: (job) => ended.push(job) })
    one.start(0, 0, { size: 2 }, 0, 9)
    const end = await one.next(Infinity)
    expect(end).toMatchObject({ kind: 'end', state: 'failed' })
    expect(end!.reason).toMatch(/Value '\{HF_TOKEN=\*\*\*\}'/)
    await one.close()
    expect(ended).toMatchObject([{ job: 'test-x1-c0-s0-t0-a0-r0', status: 'Deleted', usd: 0 }])
  })

  it('waits for a permission that was given a moment ago', async () => {
    const fault = { kind: 'refuse', code: 'AccessDeniedException' } as const
    const operations = ['CreateTrainingJob', 'ListTrainingJobs', 'GetLogEvents']
    const faults = operations.map((operation) => ({ operation, fault, times: 2 }))
    const { backend, warnings } = await make({}, { faults })
    const one = backend()
    one.start(0, 0, { size: 2 }, 0, 9)
    expect(await until(one, 'end 0/0 completed')).toEqual([...reports(0, 0, 1, 9), 'end 0/0 completed'])
    expect(warnings).toEqual([expect.stringMatching(/AccessDenied.*trying again for two minutes$/)])
  })

  it('fails at once where the quota is none, with what to do', async () => {
    const { backend } = await make({}, { quotas: { 'ml.m5.large for training job usage': 0 } })
    const one = backend()
    one.start(0, 0, { size: 2, instance_type: 'ml.m5.large' }, 0, 9)
    const end = await one.next(Infinity)
    expect(end).toMatchObject({ kind: 'end', state: 'failed' })
    expect(end!.reason).toMatch(/is 0 Instances.*ask for a larger one in the console \(Service Quotas/)
  })

  it('that still waits for a machine when it is stopped leaves no job of which the end is not known', async () => {
    const ended: JobRecord[] = []
    const { backend, warnings } = await make({}, { quotas: { 'ml.m5.large for training job usage': 1 } })
    const one = backend({ onJobEnd: (job) => ended.push(job) })
    const config = { size: 2, step: 1000, instance_type: 'ml.m5.large' }
    one.start(0, 0, config, 0, 9)
    await until(one, 'report 0/0 @1')
    one.start(1, 0, config, 0, 9)
    await vi.waitFor(() => expect(warnings).toHaveLength(1), { timeout: 30_000 })
    expect(warnings[0]).toMatch(/^trial 1 waits for machines: .*ResourceLimitExceeded/)
    await one.close()
    expect(ended.map(({ trial, status }) => `${trial} ${status}`).toSorted()).toEqual(['0 Stopped', '1 Deleted'])
  })

  it('that somebody else stops gets another job', async () => {
    const { backend, emulator, calls } = await make()
    const one = backend()
    one.start(0, 0, { size: 2, step: 50 }, 0, 9)
    await until(one, 'report 0/0 @1')
    await calls.call('stopTrainingJob', 'test-x1-c0-s0-t0-a0-r0')
    const seen = await until(one, 'end 0/0 completed')
    expect(seen.filter((text) => text.startsWith('report'))).toEqual(reports(0, 0, 2, 9))
    expect(seen).toContain('restart 0/0')
    expect([...emulator.sagemaker.jobs.keys()]).toEqual(['test-x1-c0-s0-t0-a0-r0', 'test-x1-c0-s0-t0-a0-r1'])
  })
})

describe('a job that somebody else deletes', () => {
  it('is replaced, and counts as if it had been billed until it was gone', async () => {
    const ended: JobRecord[] = []
    const { backend, emulator, warnings } = await make()
    emulator.jobFaults.add({ kind: 'delete', from: 'Training', seconds: 0.3 })
    const one = backend({ onJobEnd: (job) => ended.push(job) })
    one.start(0, 0, { size: 2, step: 60, instance_type: 'ml.c5.xlarge' }, 0, 9)
    const seen = await until(one, 'end 0/0 completed')
    expect(seen).toContain('restart 0/0')
    const [deleted, last] = ended
    expect(deleted).toMatchObject({ status: 'Deleted (by others)', estimated: true, startUp: null })
    // At 0.36 dollars an hour.
    expect(deleted!.billable).toBeGreaterThan(0.3)
    expect(deleted!.billable).toBeLessThanOrEqual(deleted!.time - deleted!.begun)
    expect(deleted!.usd).toBeCloseTo(deleted!.billable / 10_000, 12)
    expect(last).toMatchObject({ job: 'test-x1-c0-s0-t0-a0-r1', status: 'Completed' })
    expect(one.usdSpent).toBeCloseTo(deleted!.usd! + last!.usd!, 12)
    expect(warnings).toContainEqual('trial 0 gets another job: somebody else deleted its job')
  })
})

describe('a worker', () => {
  it('is free at once, where that is wanted, while the job ends', async () => {
    const { backend } = await make({ refill: 'at-once' })
    const one = backend({ workers: 1 })
    one.start(0, 0, { size: 2, step: 1000 }, 0, 9)
    await until(one, 'report 0/0 @1')
    one.halt(0, 'stop')
    expect(await until(one, 'released 0/0')).toEqual(['released 0/0'])
    one.start(1, 0, { size: 2 }, 0, 9)
    expect(one.usdPerHour).toBeCloseTo(0.72)
    await until(one, 'end 1/0 completed')
  })
})

describe('when a run is over', () => {
  it('nothing is left running', async () => {
    const { backend, emulator } = await make()
    const one = backend()
    one.start(0, 0, { size: 2, step: 10_000 }, 0, 9)
    one.start(1, 0, { size: 2, step: 1 }, 0, 9)
    await until(one, 'report 1/0 @9')
    await one.close()
    expect(
      [...emulator.sagemaker.jobs.values()]
        .map(({ status }) => status)
        .filter((status) => /Progress|Stopping/.test(status)),
    ).toEqual([])
  })
})

describe('when nothing can be done', () => {
  it('a run that is denied its jobs ends at once when it is to end', async () => {
    const fault = { kind: 'refuse', code: 'AccessDeniedException' } as const
    const { backend, config, emulator } = await make(
      {},
      {
        faults: [{ operation: 'CreateTrainingJob', fault, times: Infinity }],
      },
    )
    // A rest of an hour: what waits for it would never end.
    const services = await connect(config.region, config.endpoints)
    const told: string[] = []
    const calls = new Calls(services, { firstRest: 3600, chance: () => 0.99, onWarning: (text) => told.push(text) })
    const one = backend({ calls })
    one.start(0, 0, { size: 2 }, 0, 9)
    await vi.waitFor(() => expect(told).toHaveLength(1), { timeout: 30_000 })
    await one.close()
    expect(emulator.sagemaker.jobs.size).toBe(0)
  })

  it('a run whose connections are never to be trusted fails with the cure; no trial does', async () => {
    const { backend, warnings } = await make()
    let now = 0
    const untrusted = Object.assign(new Error('self-signed certificate'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' })
    const services = new Proxy({} as Services, { get: () => () => Promise.reject(untrusted) })
    const sleep = async (seconds: number): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve))
      now += seconds
    }
    const onWarning = (text: string): void => void warnings.push(text)
    const one = backend({ calls: new Calls(services, { now: () => now, sleep, onWarning }) })
    one.start(0, 0, { size: 2 }, 0, 9)
    await expect(one.next(Infinity)).rejects.toThrow(/for 15 minutes no connection.*NODE_EXTRA_CA_CERTS/)
    await one.close()
    expect(warnings[0]).toMatch(/NODE_EXTRA_CA_CERTS names its; trying again for 15 minutes$/)
  })
})

describe('chaos', () => {
  it('a tenth of all calls fails, lines are late, doubled and shuffled: no report is lost or doubled', async () => {
    const logFaults = { late: 0.1, lateSeconds: 0.5, twice: 0.1, reordered: 0.1 }
    const { backend, calls } = await make({ logSettleSeconds: 2 }, { faults: [chaos(0.1)], logFaults })
    const one = backend({ workers: 4 })
    for (let trial = 0; trial < 4; trial++) one.start(trial, 0, { size: trial + 1, step: 20 }, 0, 9)
    const levels: number[][] = [[], [], [], []]
    while (one.busy > 0) {
      const event = await one.next(Infinity)
      if (event?.kind === 'report') levels[event.trial]!.push(event.resource)
    }
    expect(levels).toEqual(levels.map(() => [1, 2, 3, 4, 5, 6, 7, 8, 9]))
    expect(calls.failed.size).toBeGreaterThan(0)
  })
})

const PAGE = '<html><body>please log in</body></html>'
describe('answers that are not of AWS, or not whole,', () => {
  it('are asked for again: no report is lost, no job made twice', async () => {
    const operations = ['CreateTrainingJob', 'ListTrainingJobs', 'DescribeLogStreams', 'GetLogEvents']
    const answers = [200, 302, 403, 404, 407].map((status) => ({ kind: 'foreign', status, body: PAGE }) as const)
    const nothing = [200, 404].map((status) => ({ kind: 'foreign', status, body: '' }) as const)
    const faults = operations.flatMap((operation) =>
      [...answers, ...nothing, { kind: 'truncate' } as const].map((fault) => ({ operation, fault })),
    )
    const { backend, emulator } = await make({}, { faults })
    const one = backend()
    one.start(0, 0, { size: 2 }, 0, 9)
    expect(await until(one, 'end 0/0 completed')).toEqual([...reports(0, 0, 1, 9), 'end 0/0 completed'])
    expect(emulator.sagemaker.jobs.size).toBe(1)
  })
})
