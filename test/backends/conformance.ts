/**
 * What every backend in real time has to do (src/core/backend.ts), whatever trials run on: one suite, on the program
 * test/fixtures/programs/steps.mjs.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BackendEvent, RealTimeBackend } from '../../src/core/backend.js'
import { replayJournal } from '../../src/run/replay-events.js'
import { LEVELS, type Method, fresh, misplaced, run } from './whole-runs.js'

/** Where trials run: something is made before a test and taken down after it. */
export interface BackendWorld {
  /** A backend of the metrics and levels of whole-runs.ts, with checkpoints, that retries nothing. */
  backend(workers: number): RealTimeBackend
  close(): Promise<void>
}

/** Seconds: an event that does not come within them never comes. */
const LONG = 60
/** Milliseconds between two reports that a test can get in between. */
const SLOW = 400

/** An event as text: `report 0/0 @3`, `end 0/0 completed`. */
export function told({ kind, trial, attempt, resource, state }: BackendEvent): string {
  const rest = kind === 'end' ? ` ${state}` : kind === 'report' ? ` @${resource}` : ''
  return `${kind} ${trial}/${attempt}${rest}`
}

export function backendConformance(name: string, world: () => Promise<BackendWorld>): void {
  describe(`${name}, as every backend,`, () => {
    let made: BackendWorld
    beforeEach(async () => void (made = await world()), 60_000)
    afterEach(() => made.close(), 60_000)

    const next = async (backend: RealTimeBackend): Promise<BackendEvent> => {
      const event = await backend.next(backend.now() + LONG)
      if (event === undefined) throw new Error('no event came')
      return { ...event, values: event.values.slice() }
    }
    const until = async (backend: RealTimeBackend, wanted: string): Promise<BackendEvent[]> => {
      const events: BackendEvent[] = []
      while (events.length === 0 || told(events.at(-1)!) !== wanted) events.push(await next(backend))
      return events
    }
    const all = async (backend: RealTimeBackend): Promise<BackendEvent[]> => {
      const events: BackendEvent[] = []
      while (backend.busy > 0) events.push(await next(backend))
      return events
    }

    it('delivers every level once and in order, then the end; times never decrease; the worker is free', async () => {
      const backend = made.backend(2)
      expect([backend.workers, backend.idle, backend.busy]).toEqual([2, 2, 0])
      backend.start(0, 0, { x: 0.1 }, 0, LEVELS)
      backend.start(1, 0, { x: 0.2 }, 0, LEVELS)
      expect([backend.idle, backend.busy]).toEqual([0, 2])
      const events = await all(backend)
      for (const trial of [0, 1])
        expect(events.filter((event) => event.trial === trial).map(told)).toEqual([
          ...[1, 2, 3, 4].map((level) => `report ${trial}/0 @${level}`),
          `end ${trial}/0 completed`,
        ])
      const times = events.map(({ time }) => time)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(times[0]).toBeGreaterThan(0)
      expect(times.at(-1)).toBeLessThanOrEqual(backend.now())
      expect(Array.from(events.find((event) => told(event) === 'report 0/0 @2')!.values)).toEqual([0.952, 0.962])
      expect([backend.idle, backend.busy]).toEqual([2, 0])
      expect(await backend.next(backend.now() + LONG)).toBeUndefined()
    })

    it('takes no trial where no worker is free', () => {
      const backend = made.backend(1)
      backend.start(0, 0, { x: 0.1, step: SLOW }, 0, LEVELS)
      expect(() => backend.start(1, 0, { x: 0.2 }, 0, LEVELS)).toThrow(/free|worker/)
    })

    it('gives up waiting at the deadline', async () => {
      const backend = made.backend(1)
      backend.start(0, 0, { x: 0.1, step: 60_000 }, 0, LEVELS)
      const deadline = backend.now() + 0.05
      expect(await backend.next(deadline)).toBeUndefined()
      expect(backend.now()).toBeGreaterThanOrEqual(deadline)
    })

    it('tells of a failure with a reason, and frees the worker', async () => {
      const backend = made.backend(1)
      backend.start(0, 0, { x: 0.1, fail: 3 }, 0, LEVELS)
      const events = await all(backend)
      expect(events.map(told)).toEqual(['report 0/0 @1', 'report 0/0 @2', 'end 0/0 failed'])
      expect(events.at(-1)!.reason).not.toBe('')
      expect(backend.idle).toBe(1)
    })

    it('fails a trial whose program ends well but never reported, and says how programs report', async () => {
      const backend = made.backend(2)
      backend.start(0, 0, { x: 0.1, mute: LEVELS }, 0, LEVELS)
      backend.start(1, 0, { x: 0.2, mute: LEVELS - 1, epochs: LEVELS }, 0, LEVELS)
      const events = await all(backend)
      expect(events.filter(({ trial }) => trial === 0).map(told)).toEqual(['end 0/0 failed'])
      expect(events.find(({ kind, trial }) => kind === 'end' && trial === 0)!.reason).toBe(
        'ended without a report; programs report by lines like [tune-metric]: {"epoch": 1, "error": 0.5, "size": 0.5}',
      )
      expect(events.filter(({ trial }) => trial === 1).map(told)).toEqual([
        `report 1/0 @${LEVELS}`,
        'end 1/0 completed',
      ])
      expect(backend.idle).toBe(2)
    })

    it('does not take a trial for silent that reported before it was paused', async () => {
      const backend = made.backend(1)
      backend.start(0, 0, { x: 0.1, epochs: 2, step: SLOW }, 0, 1)
      await until(backend, 'report 0/0 @1')
      backend.halt(0, 'pause')
      await all(backend)
      // Of its second level nothing is heard: it ends early, without another report.
      backend.start(0, 1, { x: 0.1, epochs: 2, mute: 2 }, 1, LEVELS)
      expect((await all(backend)).map(told).at(-1)).toBe('end 0/1 completed')
    })

    it('delivers nothing of a stopped attempt but that its worker is free', async () => {
      const backend = made.backend(2)
      backend.start(0, 0, { x: 0.1, step: SLOW }, 0, LEVELS)
      backend.start(1, 0, { x: 0.2, step: SLOW }, 0, LEVELS)
      await until(backend, 'report 0/0 @1')
      backend.halt(0, 'stop')
      const events = await all(backend)
      expect(events.filter(({ trial }) => trial === 0).map(told)).toEqual(['released 0/0'])
      expect(events.filter(({ trial }) => trial === 1).map(told)).toContain('end 1/0 completed')
    })

    it('goes on with a paused trial after its last level; no level is missing, none comes twice', async () => {
      const backend = made.backend(1)
      backend.start(0, 0, { x: 0.1, step: SLOW }, 0, 2)
      await until(backend, 'report 0/0 @2')
      backend.halt(0, 'pause')
      expect((await all(backend)).map(told)).toEqual(['released 0/0'])
      backend.start(0, 1, { x: 0.1, step: SLOW }, 2, LEVELS)
      expect((await all(backend)).map(told)).toEqual(['report 0/1 @3', 'report 0/1 @4', 'end 0/1 completed'])
    })

    it('delivers what a paused program did ahead, also where it has nothing left to do', async () => {
      const backend = made.backend(1)
      backend.start(0, 0, { x: 0.1 }, 0, 1)
      await until(backend, 'report 0/0 @1')
      backend.halt(0, 'pause')
      await all(backend)
      backend.start(0, 1, { x: 0.1 }, 1, LEVELS)
      const rest = [2, 3, 4].map((level) => `report 0/1 @${level}`)
      // Where it was ended between saving a level and reporting it, that level is trained again, which is told as a restart.
      const events = (await all(backend)).filter(({ kind }) => kind !== 'restart')
      expect(events.map(told)).toEqual([...rest, 'end 0/1 completed'])
    })

    it('starts a trial from a copy of the checkpoint of another one that is paused', async () => {
      const backend = made.backend(1)
      backend.start(0, 0, { x: 0.1, step: SLOW }, 0, 2)
      await until(backend, 'report 0/0 @2')
      backend.halt(0, 'pause')
      await all(backend)
      backend.start(1, 0, { x: 0.2 }, 2, LEVELS, 0)
      // The donor may have saved level 3 before it was ended. Nothing is trained that was trained before: nothing is ignored.
      const rest = ['report 1/0 @3', 'report 1/0 @4', 'end 1/0 completed']
      const events = (await all(backend)).map(told)
      expect(events).toEqual(rest.slice(-events.length))
      expect(events.length).toBeGreaterThan(1)
    })

    it('is closed twice without harm, and then has nothing more to say', async () => {
      const backend = made.backend(1)
      backend.start(0, 0, { x: 0.1, step: 60_000 }, 0, LEVELS)
      await Promise.all([backend.close(), backend.close()])
      expect(await backend.next(backend.now() + LONG)).toBeUndefined()
      expect(backend.idle).toBe(0)
    })

    it.each([
      { scheduler: 'asha-stopping', workers: 1 },
      { scheduler: 'asha-promotion', workers: 1 },
      { scheduler: 'mo-asha-stopping', workers: 4 },
      { scheduler: 'population-based-training', workers: 2 },
    ] as Method[])(
      'runs $scheduler on $workers: the journal, replayed, gives every decision',
      async (method) => {
        const events = await run(method, made.backend(method.workers))
        const replay = replayJournal(events, fresh(method))
        expect(replay.difference).toBeUndefined()
        expect(replay.decisions).toBeGreaterThan(15)
        expect(misplaced(events)).toEqual([])
        const copies = events.filter((event) => event.event === 'start' && event.copy !== undefined).length
        expect(copies > 0).toBe(method.scheduler === 'population-based-training')
      },
      240_000,
    )
  })
}
