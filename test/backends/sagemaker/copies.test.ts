/** Trials that begin with copies of others' checkpoints, and trials that cannot go on from their own. */
import { afterEach, describe, expect, it } from 'vitest'
import type { JournalledJobs } from '../../../src/backends/sagemaker/former-jobs.js'
import type { SageMakerBackend } from '../../../src/backends/sagemaker/sagemaker-backend.js'
import { type World, until, world } from './emulated.js'

let made: World | undefined
const make = async (...args: Parameters<typeof world>): Promise<World> => (made = await world(...args))
afterEach(async () => {
  await made?.close()
  made = undefined
}, 60_000)

const reports = (trial: number, attempt: number, from: number): string[] =>
  Array.from({ length: 9 - from + 1 }, (_, i) => `report ${trial}/${attempt} @${from + i}`)
const DONOR = { size: 2, step: 60 }
const COPY = { size: 1, step: 10 }

/** Trains trial 0 up to level 2 and pauses it. */
async function pausedDonor(backend: SageMakerBackend, config: typeof DONOR = DONOR): Promise<void> {
  backend.start(0, 0, config, 0, 9)
  await until(backend, 'report 0/0 @2')
  backend.halt(0, 'pause')
  await until(backend, 'released 0/0')
}

/** Folder and text of the stored levels of a trial, by the order of their names. */
function stored({ emulator }: World, trial: number): string[] {
  return emulator.store
    .list('bucket', `tests/run/${trial}-`)
    .filter(({ key }) => /\/checkpoints[^/]*\/level$/.test(key))
    .map(({ key }) => key.split('/').at(-2)!)
}

const copiesOf = ({ emulator }: World): number =>
  emulator.calls.calls.filter(({ operation }) => operation === 'CopyObject').length

describe('a trial that begins with a copy', () => {
  it('goes on after the level of the donor, under the key that is wanted; its job is made when the copy is there', async () => {
    const copied: unknown[] = []
    const it = await make({ encryption: { outputKey: 'alias/mine' } })
    const one = it.backend({ onCopied: (...about) => copied.push(about) })
    await pausedDonor(one)
    const level = it.emulator.store.list('bucket', 'tests/run/0-').find(({ key }) => key.endsWith('/level'))
    await it.emulator.store.put('bucket', level!.key.replace('level', 'deep/extra'), Buffer.from('extra'))
    one.start(1, 0, COPY, 2, 9, 0)
    const seen = await until(one, 'end 1/0 completed')
    // The donor may have saved more than it had reported by then.
    const first = Number(seen[0]!.split('@')[1])
    expect(first).toBeGreaterThan(2)
    expect(seen).toEqual([...reports(1, 0, first), 'end 1/0 completed'])
    expect(copied).toEqual([[1, 0, undefined]])
    const names = it.emulator.calls.calls.map(({ operation }) => operation)
    expect(names.lastIndexOf('CopyObject')).toBeLessThan(names.lastIndexOf('CreateTrainingJob'))
    const [at] = it.emulator.sagemaker.jobs
      .get('test-x1-c0-s0-t1-a0-r0')!
      .request.CheckpointConfig!.S3Uri!.split('/')
      .slice(-1)
    expect([at, stored(it, 1)]).toEqual(['checkpoints', ['checkpoints']])
    const extra = it.emulator.store.list('bucket', 'tests/run/1-').find(({ key }) => key.endsWith('/deep/extra'))!
    expect(extra.headers).toMatchObject({
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'alias/mine',
    })
  })

  it('of a donor that goes on', async () => {
    const it = await make()
    const one = it.backend()
    one.start(0, 0, { size: 2, step: 400 }, 0, 9)
    await until(one, 'report 0/0 @2')
    one.start(1, 0, COPY, 2, 9, 0)
    const seen = (await until(one, 'end 1/0 completed')).filter((text) => text.includes(' 1/0'))
    expect(seen).toEqual([...reports(1, 0, Number(seen[0]!.split('@')[1])), 'end 1/0 completed'])
    expect(copiesOf(it)).toBeGreaterThan(0)
  })

  it('of a donor that keeps none starts over, and says so', async () => {
    const copied: unknown[] = []
    const it = await make()
    const one = it.backend({ onCopied: (...about) => copied.push(about) })
    one.start(1, 0, COPY, 2, 9, 0)
    // What the donor had trained counts already.
    expect(await until(one, 'end 1/0 completed')).toEqual([...reports(1, 0, 3), 'end 1/0 completed'])
    expect(copied).toEqual([[1, 0, 0]])
    expect(it.warnings).toEqual(['trial 1: trial 0 has no checkpoint that it could start from, so it starts over'])
  })

  it('that is torn gets another one, and then begins with nothing', async () => {
    const it = await make()
    const one = it.backend()
    await pausedDonor(one)
    const donor = it.emulator.store.list('bucket', 'tests/run/0-').find(({ key }) => key.endsWith('/level'))
    await it.emulator.store.put('bucket', donor!.key, Buffer.from('to'))
    one.start(1, 0, COPY, 2, 9, 0)
    expect(await until(one, 'end 1/0 completed')).toEqual([
      'restart 1/0',
      'restart 1/0',
      ...reports(1, 0, 3),
      'end 1/0 completed',
    ])
    expect(stored(it, 1)).toEqual(['checkpoints-1', 'checkpoints-2', 'checkpoints'])
    expect(it.warnings.map((text) => text.split('; ').at(-1))).toEqual([
      "again from another copy of trial 0's checkpoint",
      'again from nothing',
    ])
  })
})

describe('when the runner dies', () => {
  const former = (trained: readonly (readonly [number, number])[] = []): JournalledJobs => ({
    jobs: [],
    trained: new Map(trained),
    heard: new Set(),
    configs: [DONOR, COPY],
  })

  it('before the copy is whole, it is made again elsewhere, and one job gets it', async () => {
    const it = await make({ requeues: 0 })
    const first = it.backend()
    await pausedDonor(first)
    it.emulator.faults.add({ operation: 'CopyObject', rate: 1, fault: { kind: 'drop', when: 'after' } })
    first.start(1, 0, COPY, 2, 9, 0)
    await expect.poll(() => stored(it, 1), { timeout: 60_000 }).toEqual(['checkpoints'])
    const closed = first.close()
    it.emulator.faults.clear()
    await closed
    const second = it.backend({ former: former(), elapsed: 1 })
    second.start(1, 0, COPY, 2, 9, 0)
    const seen = await until(second, 'end 1/0 completed')
    expect(seen).toEqual([...reports(1, 0, Number(seen[0]!.split('@')[1])), 'end 1/0 completed'])
    expect(stored(it, 1)).toEqual(['checkpoints-1', 'checkpoints'])
    const jobs = [...it.emulator.sagemaker.jobs.values()].filter(({ name }) => name.includes('-t1-'))
    expect(jobs.map(({ name }) => name)).toEqual(['test-x1-c0-s0-t1-a0-r0'])
    expect(jobs[0]!.request.CheckpointConfig!.S3Uri).toMatch(/\/checkpoints-1$/)
  })

  it('with the job there, it is gone on with, and nothing is copied again', async () => {
    const it = await make({ requeues: 0 })
    const first = it.backend()
    await pausedDonor(first)
    const config = { ...COPY, step: 150 }
    first.start(1, 0, config, 2, 9, 0)
    await first.next(Infinity)
    const copies = copiesOf(it)
    const second = it.backend({ former: { ...former(), configs: [DONOR, config] }, elapsed: 1 })
    second.start(1, 0, config, 2, 9, 0)
    const seen = await until(second, 'end 1/0 completed')
    expect(seen.slice(0, -1)).toEqual(reports(1, 0, Number(seen[0]!.split('@')[1])))
    expect(copiesOf(it)).toBe(copies)
    expect([...it.emulator.sagemaker.jobs.keys()].filter((name) => name.includes('-t1-'))).toHaveLength(1)
  })

  it('a trial that had left a torn checkpoint stays where it is', async () => {
    const it = await make()
    const first = it.backend()
    await pausedDonor(first)
    const torn = it.emulator.store.list('bucket', 'tests/run/0-').find(({ key }) => key.endsWith('/level'))
    await it.emulator.store.put('bucket', torn!.key, Buffer.from('to'))
    first.start(0, 1, DONOR, 2, 9)
    await until(first, 'report 0/1 @4')
    await first.close()
    const second = it.backend({ former: former(), elapsed: 1 })
    second.start(0, 1, DONOR, 4, 9)
    const seen = (await until(second, 'end 0/1 completed')).filter((text) => !text.startsWith('restart'))
    expect(seen).toEqual([...reports(0, 1, 5), 'end 0/1 completed'])
    const places = [...it.emulator.sagemaker.jobs.values()].map(({ request }) => request.CheckpointConfig!.S3Uri!)
    expect(places.map((uri) => uri.split('/').at(-1))).toEqual([
      'checkpoints',
      'checkpoints',
      'checkpoints-1',
      'checkpoints-1',
    ])
  })
})

describe('a level that was saved and not reported', () => {
  it('is trained again where the program does not say it again', async () => {
    const it = await make()
    const one = it.backend({ workers: 1 })
    const config = { size: 2, stuck: 3, mute: 1 }
    one.start(0, 0, config, 0, 9)
    await until(one, 'report 0/0 @2')
    const level = (): string[] =>
      it.emulator.store
        .list('bucket', 'tests/run/0-')
        .flatMap(({ key, size }) => (key.endsWith('/level') ? [`${size}`] : []))
    await expect.poll(level, { timeout: 60_000 }).toEqual(['1'])
    one.halt(0, 'pause')
    await until(one, 'released 0/0')
    one.start(0, 1, config, 2, 9)
    expect(await until(one, 'end 0/1 completed')).toEqual(['restart 0/1', ...reports(0, 1, 3), 'end 0/1 completed'])
    expect(it.warnings).toEqual([
      'trial 0 gets another job: epoch 3 was trained before, but its report was lost; again from nothing',
    ])
  })
})
