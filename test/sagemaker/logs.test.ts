/** The emulator's log service, through the real SDK, on lines that a test writes at moments of its own. */
import {
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { afterEach, expect, it } from 'vitest'
import { type Clients, connect, disconnect } from './clients.js'
import { Emulator } from './emulator/emulator.js'
import type { EmulatorOptions } from './emulator/options.js'

const GROUP = '/aws/sagemaker/TrainingJobs'
let emulator: Emulator
let clients: Clients

async function started(options: EmulatorOptions = {}): Promise<void> {
  emulator = await Emulator.start({ times: { logDelay: [0, 0] }, ...options })
  clients = connect(emulator.clientOptions)
}

afterEach(async () => {
  disconnect(clients)
  await emulator.close()
})

const write = (...messages: string[]): void => {
  for (const message of messages) emulator.logs.write(GROUP, 'job/algo-1', message)
}
const get = async (more: object = {}) => {
  const page = await clients.logs.send(
    new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: 'job/algo-1', startFromHead: true, ...more }),
  )
  return {
    messages: page.events!.map(({ message }) => message),
    forward: page.nextForwardToken,
    backward: page.nextBackwardToken,
  }
}

it('reads forward in pages; the same token again is the end, until more comes', async () => {
  await started()
  write('a', 'b', 'c')
  const first = await get({ limit: 2 })
  expect(first.messages).toEqual(['a', 'b'])
  const second = await get({ limit: 2, nextToken: first.forward })
  expect(second.messages).toEqual(['c'])
  const end = await get({ limit: 2, nextToken: second.forward })
  expect(end).toMatchObject({ messages: [], forward: second.forward })
  write('d')
  expect((await get({ nextToken: end.forward })).messages).toEqual(['d'])
  expect((await get({ nextToken: second.backward })).messages).toEqual(['a', 'b'])
})

it('reads from the tail where it is not told otherwise', async () => {
  await started()
  write('a', 'b', 'c')
  const tail = await get({ startFromHead: false, limit: 2 })
  expect(tail.messages).toEqual(['b', 'c'])
  const before = await get({ nextToken: tail.backward, limit: 2 })
  expect(before.messages).toEqual(['a'])
  expect((await get({ nextToken: before.backward })).messages).toEqual([])
})

it('keeps a page below a mebibyte', async () => {
  await started()
  write(...Array.from({ length: 3 }, (_, i) => String(i).repeat(500_000)))
  const first = await get()
  expect(first.messages.length).toBe(2)
  expect((await get({ nextToken: first.forward })).messages.length).toBe(1)
})

it('shows a late line behind the token that was given out before', async () => {
  await started({ logFaults: { late: 1, lateSeconds: 3600 } })
  write('late')
  emulator.logs.faults = {}
  write('in time')
  const before = await get()
  expect(before.messages).toEqual(['in time'])
  emulator.clock.skip(3600)
  expect((await get({ nextToken: before.forward })).messages).toEqual([])
  expect((await get()).messages).toEqual(['late', 'in time'])
})

it('delivers twice, and with times that go back, where it is told to', async () => {
  await started({ logFaults: { twice: 1, reordered: 0.5 } })
  const written = Array.from({ length: 40 }, (_, i) => `line ${i}`)
  write(...written)
  const { messages } = await get()
  expect(messages.length).toBe(80)
  expect(new Set(messages)).toEqual(new Set(written))
  expect(messages).not.toEqual(written.flatMap((one) => [one, one]))
})

it('knows nothing of groups and streams that have not written', async () => {
  await started()
  await expect(get()).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  })
  write('a')
  const none = clients.logs.send(new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: 'other' }))
  await expect(none).rejects.toThrow('The specified log stream does not exist.')
  await expect(get({ nextToken: 'nonsense' })).rejects.toMatchObject({ name: 'InvalidParameterException' })
  await expect(get({ limit: 10_001 })).rejects.toMatchObject({ name: 'InvalidParameterException' })
})

it('lists streams by prefix, in pages', async () => {
  await started()
  const names = Array.from({ length: 7 }, (_, i) => `job-${i}/algo-1`)
  for (const name of [...names, 'else']) emulator.logs.write(GROUP, name, 'x')
  const found: string[] = []
  for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
    const page = await clients.logs.send(
      new DescribeLogStreamsCommand({ logGroupName: GROUP, logStreamNamePrefix: 'job-', limit: 3, nextToken: token }),
    )
    found.push(...page.logStreams!.map(({ logStreamName }) => logStreamName!))
    token = page.nextToken
  }
  expect(found).toEqual(names)
  const ordered = new DescribeLogStreamsCommand({
    logGroupName: GROUP,
    orderBy: 'LastEventTime',
    logStreamNamePrefix: 'j',
  })
  await expect(clients.logs.send(ordered)).rejects.toThrow('Cannot order by LastEventTime')
  const { logGroups } = await clients.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/' }))
  expect(logGroups!.map(({ logGroupName }) => logGroupName)).toEqual([GROUP])
})

it('filters all streams at once, each event once', async () => {
  await started()
  for (const [i, name] of ['a', 'b', 'a', 'c'].entries())
    emulator.logs.write(GROUP, `job-${name}/algo-1`, `[tune-metric]: ${i}`)
  emulator.logs.write(GROUP, 'job-a/algo-1', 'noise')
  const filter = (more: object) =>
    clients.logs.send(new FilterLogEventsCommand({ logGroupName: GROUP, filterPattern: '"[tune-metric]:"', ...more }))
  const first = await filter({ logStreamNamePrefix: 'job-', limit: 3 })
  expect(first.events!.map(({ message }) => message)).toEqual([0, 1, 2].map((i) => `[tune-metric]: ${i}`))
  const second = await filter({ logStreamNamePrefix: 'job-', limit: 3, nextToken: first.nextToken })
  expect(second.events!.map(({ message }) => message)).toEqual(['[tune-metric]: 3'])
  expect(second.nextToken).toBeUndefined()
  const ids = [...first.events!, ...second.events!].map(({ eventId }) => eventId)
  expect(new Set(ids).size).toBe(4)
  const one = await filter({ logStreamNames: ['job-b/algo-1'] })
  expect(one.events!.map(({ logStreamName }) => logStreamName)).toEqual(['job-b/algo-1'])
})
