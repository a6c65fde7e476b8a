/**
 * The same calls made of the emulator and of moto's server, with the same clients: what comes back is the same, but for
 * what is named here with its reason. moto knows nothing of stopping jobs, so only the calls that it has are compared.
 */
import { CreateLogGroupCommand, CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Clients, connect, disconnect } from './clients.js'
import { Emulator } from './emulator/emulator.js'
import { type MotoServer, startMoto } from './moto-server.js'
import { type Outcome, logCalls, s3Calls, sagemakerCalls } from './same-calls.js'

/** Steps that ended in an error. */
const refusals = (outcomes: Outcome[]): string[] =>
  outcomes
    .filter(([, result]) => typeof result === 'object' && result !== null && 'error' in result)
    .map(([step]) => step)

const program = process.env['RUNGBENCH_MOTO'] ?? ''

describe.skipIf(program === '')("moto's server answers as the emulator does", () => {
  let emulator: Emulator
  let moto: MotoServer
  let ours: Clients
  let theirs: Clients

  beforeAll(async () => {
    emulator = await Emulator.start({ times: { logDelay: [0, 0] } })
    moto = await startMoto(program)
    ours = connect(emulator.clientOptions)
    theirs = connect(moto.clientOptions)
  }, 300_000)

  afterAll(async () => {
    for (const clients of [ours, theirs]) disconnect(clients)
    await emulator.close()
    await moto.close()
  })

  /** What both say, step by step. */
  async function said(calls: (clients: Clients) => Promise<Outcome[]>): Promise<[Outcome[], Outcome[]]> {
    return [await calls(ours), await calls(theirs)]
  }

  it('in S3', async () => {
    const [a, b] = await said(s3Calls)
    expect(a).toEqual(b)
    expect(a.length).toBe(22)
    expect(refusals(a)).toEqual(['put once', 'get past the end', 'get nothing', 'head nothing', 'no bucket'])
  })

  it('in CloudWatch Logs', async () => {
    const now = Date.now() - 300_000
    const written = {
      'x/1': ['a', 'b', 'c'].map((message, i) => ({ message, timestamp: now + i * 1000 })),
      'y/1': [{ message: 'd', timestamp: now + 10_000 }],
    }
    await theirs.logs.send(new CreateLogGroupCommand({ logGroupName: '/same' }))
    for (const [logStreamName, logEvents] of Object.entries(written)) {
      const stream = { logGroupName: '/same', logStreamName }
      await theirs.logs.send(new CreateLogStreamCommand(stream))
      await theirs.logs.send(new PutLogEventsCommand({ ...stream, logEvents }))
      for (const { message, timestamp } of logEvents) emulator.logs.write('/same', logStreamName, message, timestamp)
    }
    const [a, b] = await said(logCalls)
    // The service's model says at least 1; moto does not look.
    const unchecked = 'limit of 0'
    const rest = (outcomes: Outcome[]): Outcome[] => outcomes.filter(([step]) => step !== unchecked)
    expect(rest(a)).toEqual(rest(b))
    expect(rest(a).length).toBe(16)
    expect(refusals(rest(a))).toEqual(['no stream', 'no group', 'wrong token', 'prefix and order'])
  })

  it('in SageMaker', async () => {
    const [a, b] = await said(sagemakerCalls)
    expect(a).toEqual(b)
    expect(a.length).toBe(12)
    expect(refusals(a)).toEqual(['describe nothing'])
  })
})
