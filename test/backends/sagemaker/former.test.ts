/** What a runner that is gone left behind, and how the next one goes on with it: backends of one run on one emulator. */
import { afterEach, expect, it } from 'vitest'
import { type World, until, world } from './emulated.js'

let made: World | undefined
const make = async (...args: Parameters<typeof world>): Promise<World> => (made = await world(...args))
afterEach(async () => {
  await made?.close()
  made = undefined
})

/** A journal that knows of no job, though there are some. */
const NOTHING = { jobs: [], trained: new Map<number, number>(), heard: new Set<string>() }
const LEVELS = 9
const reports = (trial: number, attempt: number, from: number): string[] =>
  Array.from({ length: LEVELS - from + 1 }, (_, i) => `report ${trial}/${attempt} @${from + i}`)

it('a job that no journal knows is gone on with, and made once; one that nobody goes on with is stopped', async () => {
  const { backend, emulator } = await make({ requeues: 0 })
  // Nobody listens to it after a while, as if it had been killed.
  const killed = backend()
  killed.start(0, 0, { size: 2, step: 100 }, 0, LEVELS)
  killed.start(1, 0, { size: 2, step: 10_000 }, 0, LEVELS)
  await until(killed, 'report 0/0 @2')
  const second = backend({ former: NOTHING, elapsed: 1 })
  second.start(0, 0, { size: 2, step: 100 }, 2, LEVELS)
  expect(await until(second, 'end 0/0 completed')).toEqual([...reports(0, 0, 3), 'end 0/0 completed'])
  expect(emulator.sagemaker.jobs.size).toBe(2)
  expect(emulator.job('test-x1-c0-s0-t1-a0-r0').status).toMatch(/Stopp/)
})

it('a job of the same name that trains another configuration is left alone, and so is its checkpoint', async () => {
  const { backend, emulator, warnings } = await make()
  const killed = backend()
  killed.start(0, 0, { size: 5 }, 0, LEVELS)
  await until(killed, 'end 0/0 completed')
  const second = backend({ former: NOTHING, elapsed: 1 })
  second.start(0, 0, { size: 2 }, 0, LEVELS)
  expect((await second.next(Infinity))!.values[0]).toBe(2)
  expect(await until(second, 'end 0/0 completed')).toEqual([...reports(0, 0, 2), 'end 0/0 completed'])
  expect([...emulator.sagemaker.jobs.keys()]).toEqual(['test-x1-c0-s0-t0-a0-r0', 'test-x1-c0-s0-t0-a0-r1'])
  expect(warnings.join()).toMatch(/trains another configuration/)
})

it('jobs that were stopped when the run was interrupted go on, and that counts as no loss', async () => {
  const { backend, emulator } = await make({ requeues: 0 })
  const first = backend()
  first.start(0, 0, { size: 2, step: 60 }, 0, LEVELS)
  await until(first, 'report 0/0 @3')
  await first.close()
  expect(emulator.running).toEqual([])
  const second = backend({ former: NOTHING, elapsed: 1 })
  second.start(0, 0, { size: 2, step: 60 }, 3, LEVELS)
  const seen = await until(second, 'end 0/0 completed')
  expect(seen.filter((text) => !text.startsWith('restart'))).toEqual([...reports(0, 0, 4), 'end 0/0 completed'])
})

it('levels that a paused program did ahead are not lost with the runner that had read them', async () => {
  const { backend, emulator } = await make()
  const first = backend()
  // Done before the pause takes effect.
  first.start(0, 0, { size: 2 }, 0, LEVELS)
  await until(first, 'report 0/0 @1')
  first.halt(0, 'pause')
  await until(first, 'released 0/0')
  await expect.poll(() => emulator.running.length, { timeout: 60_000 }).toBe(0)
  await first.close()
  const second = backend({ former: NOTHING, elapsed: 1 })
  second.start(0, 1, { size: 2 }, 1, LEVELS)
  expect(await until(second, 'end 0/1 completed')).toEqual([...reports(0, 1, 2), 'end 0/1 completed'])
})

it('the time of training goes on from job to job, and from runner to runner', async () => {
  const { backend } = await make()
  const metrics = ['loss', 'elapsed_time', 'cost']
  const times: number[] = []
  const trained: number[] = []
  const onJob = (job: { readonly trained: number }): void => void trained.push(job.trained)
  const first = backend({ metrics, onJob })
  const note = async (from: ReturnType<typeof backend>, last: number): Promise<void> => {
    for (let level = 0; level < last;) {
      const event = (await from.next(Infinity))!
      if (event.kind !== 'report') continue
      level = event.resource
      times.push(event.values[1]!)
      expect(event.values[2]).toBeCloseTo((event.values[1]! * 0.36) / 3600, 12)
    }
  }
  const config = { size: 2, step: 100 }
  first.start(0, 0, config, 0, LEVELS)
  await note(first, 2)
  first.halt(0, 'pause')
  await until(first, 'released 0/0')
  first.start(0, 1, config, 2, LEVELS)
  await note(first, 4)
  await first.close()
  const known = new Map([[0, times.at(-1)!]])
  const second = backend({ metrics, onJob, elapsed: 5, former: { ...NOTHING, trained: known } })
  second.start(0, 1, config, 4, LEVELS)
  await note(second, LEVELS)
  expect(times).toHaveLength(LEVELS)
  for (const [i, time] of times.entries()) if (i > 0) expect(time).toBeGreaterThan(times[i - 1]!)
  expect(trained[0]).toBe(0)
  // The time of the levels that were delivered by then, at least.
  expect(trained[1]).toBeGreaterThanOrEqual(times[1]!)
  expect(trained[2]).toBeGreaterThanOrEqual(times[3]!)
})
