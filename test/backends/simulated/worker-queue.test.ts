import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { WorkerQueue } from '../../../src/backends/simulated/worker-queue.js'
import { NumberHeap } from '../../../src/core/collections/heap.js'

it('hands over workers by (time, trial, attempt), like a list that is sorted each time', () => {
  const step = fc.record({
    what: fc.constantFrom('push', 'push', 'replace', 'remove'),
    time: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(Infinity)),
  })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.array(step, { maxLength: 80 }), (workers, steps) => {
      const queue = new WorkerQueue(workers)
      let model: { worker: number; time: number; id: number }[] = []
      // Falling ids, two attempts a trial, so that the order of pushing is not the order of trials.
      let id = 1000
      for (const { what, time } of steps) {
        const free = Array.from({ length: workers }, (_, i) => i).find((i) => model.every(({ worker }) => worker !== i))
        if (what === 'push' && free !== undefined) {
          id--
          queue.push(free, time, id >> 1, id & 1)
          model.push({ worker: free, time, id })
        } else if (what === 'replace' && model.length > 0) {
          id--
          queue.replaceFirst(time, id >> 1, id & 1)
          model = [{ worker: model[0]!.worker, time, id }, ...model.slice(1)]
        } else if (what === 'remove' && model.length > 0) {
          queue.removeFirst()
          model = model.slice(1)
        }
        // Infinity - Infinity is not a number, which `||` skips like 0.
        model = model.toSorted((a, b) => a.time - b.time || a.id - b.id)
        expect(queue.size).toBe(model.length)
        expect(model.length === 0 ? undefined : queue.first).toBe(model[0]?.worker)
        for (const { worker, time } of model) expect(queue.time(worker)).toBe(time)
      }
    }),
  )
})

it('NumberHeap gives numbers back smallest first', () => {
  const number = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom(Infinity, -Infinity))
  fc.assert(
    fc.property(fc.array(number, { maxLength: 100 }), fc.array(number, { maxLength: 20 }), (values, more) => {
      const heap = new NumberHeap()
      expect(heap.top).toBeNaN()
      expect(heap.pop()).toBeNaN()
      for (const value of values) heap.push(value)
      let model = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
      for (const value of values.length > 0 ? more : []) {
        expect(heap.replace(value)).toBe(model[0])
        model = [value, ...model.slice(1)].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
      }
      expect(heap.size).toBe(model.length)
      expect(model.map(() => heap.pop())).toEqual(model)
      expect(heap.size).toBe(0)
    }),
  )
})
