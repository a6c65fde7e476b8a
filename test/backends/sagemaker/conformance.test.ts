/** Training jobs, held to what every backend has to do; and whole runs in which a tenth of all calls fails. */
import { afterEach, describe, expect, it } from 'vitest'
import { replayJournal } from '../../../src/run/replay-events.js'
import type { EmulatorOptions } from '../../sagemaker/emulator/options.js'
import { chaos } from '../../sagemaker/emulator/faults.js'
import { type BackendWorld, backendConformance } from '../conformance.js'
import { LEVELS, METRICS, type Method, fresh, misplaced, reached, run, withoutTimes } from '../whole-runs.js'
import { type World, world } from './emulated.js'

type StepsWorld = BackendWorld & Pick<World, 'emulator'>

/** On the program steps.mjs. */
async function steps(given: object = {}, options: EmulatorOptions = {}): Promise<StepsWorld> {
  const made = await world({ entryPoint: 'steps.mjs', ...given }, options)
  return {
    emulator: made.emulator,
    backend: (workers) => made.backend({ workers, maxResource: LEVELS, metrics: METRICS }),
    close: () => made.close(),
  }
}

backendConformance('the SageMaker backend', () => steps())

describe('a tenth of all calls fails in every way, lines are late, doubled and shuffled, jobs are lost:', () => {
  let made: StepsWorld | undefined
  afterEach(async () => made?.close(), 60_000)
  const logFaults = { late: 0.1, lateSeconds: 0.15, twice: 0.1, reordered: 0.1 }
  const rough = async (given: object = {}) => {
    const one = await steps({ logSettleSeconds: 0.5, ...given }, { faults: [chaos(0.1)], logFaults })
    // And jobs are lost: no machines, taken back, stopped or deleted by others.
    one.emulator.jobFaults.add(
      { kind: 'capacity', after: 1, times: 2 },
      { kind: 'interrupt', from: 'Training', after: 3, times: 2 },
      { kind: 'stop', from: 'Training', after: 5, times: 2 },
      { kind: 'delete', from: 'Training', after: 7, times: 2 },
    )
    return one
  }

  it.each(['asha-stopping', 'asha-promotion'] as const)(
    '%s on one worker decides as in calm',
    async (scheduler) => {
      const method: Method = { scheduler, workers: 1 }
      made = await steps()
      const calm = await run(method, made.backend(1))
      await made.close()
      made = await rough()
      const wild = await run(method, made.backend(1))
      expect(withoutTimes(wild)).toEqual(withoutTimes(calm))
      expect(reached(calm).length).toBeGreaterThan(10)
      expect(wild.some(({ event }) => event === 'restart')).toBe(true)
      expect(made.emulator.calls.calls.filter(({ fault }) => fault !== undefined).length).toBeGreaterThan(5)
    },
    240_000,
  )

  it.each([
    { scheduler: 'mo-asha-stopping', workers: 4 },
    { scheduler: 'population-based-training', workers: 2 },
  ] as Method[])(
    '$scheduler on $workers workers: the journal, replayed, gives every decision; no report is lost or doubled',
    async (method) => {
      // Slow enough that there is something left to train after a copy.
      made = await rough({ hyperparameters: { step: 400 } })
      const events = await run(method, made.backend(method.workers))
      const replay = replayJournal(events, fresh(method))
      expect(replay.difference).toBeUndefined()
      const levels = reached(events)
      // Of a population of four one member is complete, and each has reported: how much copies leave to train is chance.
      expect(levels.length).toBeGreaterThanOrEqual(method.scheduler === 'population-based-training' ? 7 : 11)
      expect(misplaced(events)).toEqual([])
      await made.close()
      expect(made.emulator.running).toEqual([])
    },
    240_000,
  )
})
