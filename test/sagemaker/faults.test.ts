/** What the emulator can be told to do wrong, as the real SDK sees it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  ListTrainingJobsCommand,
} from '@aws-sdk/client-sagemaker'
import { afterEach, describe, expect, it } from 'vitest'
import { type Clients, connect, disconnect, jobRequest, reached, uploadProgram } from './clients.js'
import { Emulator } from './emulator/emulator.js'
import { type Fault, chaos } from './emulator/faults.js'
import type { EmulatorOptions } from './emulator/options.js'

let emulator: Emulator
let clients: Clients

async function started(options: EmulatorOptions = {}, attempts = 1): Promise<void> {
  emulator = await Emulator.start(options)
  clients = connect(emulator.clientOptions, attempts)
}

afterEach(async () => {
  disconnect(clients)
  await emulator.close()
})

const create = (...given: Parameters<typeof jobRequest>) =>
  clients.sagemaker.send(new CreateTrainingJobCommand(jobRequest(...given)))
const list = () => clients.sagemaker.send(new ListTrainingJobsCommand({}))
const put = () => clients.s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'a', Body: 'a' }))

describe('calls', () => {
  it.each([
    [{ kind: 'throttle' }, { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } }],
    [{ kind: 'expired' }, { name: 'ExpiredTokenException' }],
    [
      { kind: 'refuse', code: 'AccessDeniedException', message: 'not you' },
      { name: 'AccessDeniedException', message: 'not you' },
    ],
    [
      { kind: 'broken', status: 500 },
      { name: 'InternalFailure', $metadata: { httpStatusCode: 500 } },
    ],
    [
      { kind: 'broken', status: 503 },
      { name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } },
    ],
    [{ kind: 'drop', when: 'before' }, { code: 'ECONNRESET' }],
  ] as [Fault, object][])('are struck by %o, once', async (fault, error) => {
    await started({ faults: [{ operation: 'ListTrainingJobs', after: 1, fault }] })
    await list()
    await expect(list()).rejects.toMatchObject(error)
    await list()
  })

  it('of S3 fail in its own way', async () => {
    await started({ faults: [{ service: 's3', fault: { kind: 'throttle' } }] })
    await expect(put()).rejects.toMatchObject({ name: 'SlowDown', $metadata: { httpStatusCode: 503 } })
    await put()
  })

  it('that lose their answer had their effect, those that never arrived had none', async () => {
    await started({
      faults: [
        { operation: 'CreateTrainingJob', fault: { kind: 'drop', when: 'before' } },
        { operation: 'CreateTrainingJob', fault: { kind: 'drop', when: 'after' } },
      ],
    })
    await expect(create('a')).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(emulator.sagemaker.jobs.size).toBe(0)
    await expect(create('a')).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect([...emulator.sagemaker.jobs.keys()]).toEqual(['a'])
    await expect(create('a')).rejects.toMatchObject({ name: 'ResourceInUse' })
  })

  it("are repeated by the SDK's own rules, and all are counted", async () => {
    await started({ faults: [{ operation: 'ListTrainingJobs', times: 2, fault: { kind: 'broken', status: 500 } }] }, 3)
    await list()
    expect(emulator.calls.count('ListTrainingJobs')).toBe(3)
    expect(emulator.calls.calls.map(({ status }) => status)).toEqual([500, 500, 200])
    expect(emulator.calls.busiest(3600)).toBe(3)
    expect(emulator.calls.busiest(3600, 'CreateTrainingJob')).toBe(0)
  })

  it('fail at a rate, the same ones for the same seed', async () => {
    const struck = async (seed: number): Promise<string> => {
      await started({ seed, faults: [chaos(0.3)] })
      for (let i = 0; i < 60; i++) await list().catch(() => {})
      const kinds = emulator.calls.calls.map(({ fault }) => fault ?? '-').join(' ')
      disconnect(clients)
      await emulator.close()
      return kinds
    }
    const [first, again, other] = [await struck(1), await struck(1), await struck(2)]
    expect(again).toBe(first)
    expect(other).not.toBe(first)
    const share = first.split(' ').filter((kind) => kind !== '-').length / 60
    expect(share).toBeGreaterThan(0.1)
    expect(share).toBeLessThan(0.5)
  })

  it('are recorded as they went over the wire, without what is secret', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'recorded-'))
    try {
      const file = join(folder, 'calls.jsonl')
      await started({ record: file })
      await create('recorded')
      await put()
      const text = readFileSync(file, 'utf8')
      expect(text).not.toMatch(/authorization|AWS4-HMAC|emulator\//i)
      const [first, second] = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, string>)
      expect(first).toMatchObject({ service: 'sagemaker', operation: 'CreateTrainingJob', status: 200, fault: null })
      expect(JSON.parse(first!['requestBody']!)).toEqual(jobRequest('recorded'))
      expect(second).toMatchObject({ service: 's3', operation: 'PutObject', requestBody: null, requestLength: 1 })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('jobs', () => {
  const WAITS = `setInterval(() => {}, 1000)`

  it('fail for want of capacity', async () => {
    await started()
    emulator.jobFaults.add({ kind: 'capacity', name: /^c/ })
    await create('c')
    const job = await reached(clients, 'c', 'Failed')
    expect(job.FailureReason).toMatch(/^CapacityError: Unable to provision requested ML compute capacity/)
    expect(job.BillableTimeInSeconds).toBeUndefined()
  })

  it('are stopped or deleted by somebody else', async () => {
    await started()
    await uploadProgram(clients, WAITS)
    emulator.jobFaults.add(
      { kind: 'stop', name: /stopped/, from: 'Training' },
      { kind: 'delete', name: /deleted/, from: 'Training' },
    )
    await create('stopped')
    await create('deleted')
    await reached(clients, 'stopped', 'Stopped')
    await expect(reached(clients, 'deleted', 'nothing')).rejects.toThrow('Requested resource not found')
    const gone = clients.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'deleted' }))
    await expect(gone).rejects.toMatchObject({ name: 'ValidationException' })
  })
})

it('leaves no process behind when it is closed', async () => {
  await started()
  await uploadProgram(clients, `console.log(process.pid); process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`)
  await create('runs')
  const pid = (): number =>
    Number(emulator.logs.streams('/aws/sagemaker/TrainingJobs')?.[0]?.events[0]?.message ?? Number.NaN)
  await expect.poll(pid).toBeGreaterThan(0)
  const process_ = pid()
  await emulator.close()
  expect(() => process.kill(process_, 0)).toThrow('ESRCH')
})
