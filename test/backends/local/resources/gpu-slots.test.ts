import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { GpuSlots } from '../../../../src/backends/local/resources/gpu-slots.js'
import { Places } from '../../../../src/backends/local/resources/places.js'
import type { Resources } from '../../../../src/backends/local/resources/resources.js'

/** GPUs, GPUs per trial, trials per GPU, and what happens: a trial starts, or the n-th that runs ends. */
const machine = fc
  .integer({ min: 1, max: 9 })
  .chain((gpus) =>
    fc.tuple(
      fc.constant(gpus),
      fc.integer({ min: 1, max: gpus }),
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.oneof(fc.constant('start' as const), fc.nat(30)), { maxLength: 80 }),
    ),
  )

test('never over capacity, always the least-loaded, and never stuck below it', () => {
  fc.assert(
    fc.property(machine, ([gpus, perTrial, perGpu, steps]) => {
      const slots = new GpuSlots(gpus, perTrial, perGpu)
      const capacity = GpuSlots.capacity(gpus, perTrial, perGpu)
      const running: number[][] = []
      const load = new Array<number>(gpus).fill(0)
      for (const step of steps) {
        if (step === 'start') {
          if (running.length === capacity) continue
          const before = [...load]
          const taken = slots.take()
          expect(new Set(taken).size).toBe(perTrial)
          for (const gpu of taken) load[gpu]!++
          // Nobody who was left out had less to do, or as much and a lower number.
          for (const gpu of taken)
            for (let other = 0; other < gpus; other++)
              if (!taken.includes(other))
                expect(before[other]! > before[gpu]! || (before[other] === before[gpu] && other > gpu)).toBe(true)
          running.push(taken)
        } else {
          const [ended] = running.splice(step % Math.max(1, running.length), 1)
          if (ended === undefined) continue
          slots.release(ended)
          for (const gpu of ended) load[gpu]!--
        }
        expect(Array.from(slots.load)).toEqual(load)
        expect(Math.max(...load)).toBeLessThanOrEqual(perGpu)
      }
    }),
  )
})

test('one trial too many, and one given back twice, are faults of the caller', () => {
  const slots = new GpuSlots(1, 1, 1)
  const taken = slots.take()
  expect(() => slots.take()).toThrow('no GPU is free')
  slots.release(taken)
  expect(() => slots.release(taken)).toThrow('given back twice')
})

const resources = (gpus: number, gpusPerTrial: number, trialsPerGpu: number): Resources => ({
  gpus: Array.from({ length: gpus }, (_, i) => ({ id: String(i) })),
  gpusPerTrial,
  trialsPerGpu,
  noGpus: false,
  busOrder: true,
  threads: { threads: 1, given: false },
})

test('shared counts the most others on the same GPU at any moment', () => {
  const places = new Places(resources(2, 1, 2))
  const [a, b, c] = [places.take(), places.take(), places.take()]
  expect([a, b, c].map(({ gpus }) => gpus[0]!.id)).toEqual(['0', '1', '0'])
  places.release(c)
  places.release(c)
  const d = places.take()
  expect(d.gpus).toEqual([{ id: '0' }])
  expect([a, b, c, d].map(({ shared }) => shared)).toEqual([1, 0, 1, 1])
})

test('without GPUs everybody shares the processor', () => {
  const places = new Places(undefined)
  const [a, b] = [places.take(), places.take()]
  places.release(a)
  const c = places.take()
  const d = places.take()
  expect([a, b, c, d].map(({ shared }) => shared)).toEqual([1, 2, 2, 2])
  expect(d.gpus).toEqual([])
})
