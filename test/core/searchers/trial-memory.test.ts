import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crowdingDistance } from '../../../src/core/pareto/crowding-distance.js'
import { crowdedOrder } from '../../../src/core/searchers/crowded-order.js'
import { TrialMemory } from '../../../src/core/searchers/trial-memory.js'
import { objectives } from './make.js'

/** Trials that report once at a level and end. */
function remember(trials: readonly { level: number; values: readonly number[] }[], count = 1): TrialMemory {
  const memory = new TrialMemory(objectives(count), 9)
  for (const [trial, { level, values }] of trials.entries()) {
    memory.start(trial, { trial })
    if (level > 0) memory.report(trial, level, Float64Array.from(values))
    memory.end(trial, 'stopped')
  }
  return memory
}

describe('TrialMemory', () => {
  it('compares by level first, then by loss', () => {
    const memory = remember([
      { level: 3, values: [0.5] },
      { level: 3, values: [0.4] },
      { level: 1, values: [0.1] },
    ])
    expect([memory.better(1, 0), memory.better(0, 1)]).toEqual([true, false])
    expect([memory.better(0, 2), memory.better(2, 0)]).toEqual([true, false])
    expect(memory.better(1, 1)).toBe(false)
  })

  it('holds failed trials, those without a finite number and those without a report for worse than any other', () => {
    const memory = remember([
      { level: 1, values: [100] },
      { level: 9, values: [Number.NaN] },
      { level: 0, values: [] },
      { level: 9, values: [-Infinity] },
      { level: 9, values: [0] },
    ])
    memory.end(4, 'failed')
    for (const bad of [1, 2, 3, 4]) {
      expect(memory.better(0, bad)).toBe(true)
      expect(memory.better(bad, 0)).toBe(false)
      expect(memory.better(bad, (bad % 4) + 1)).toBe(false)
    }
  })

  it('takes the last report, a later finite one too, and what completed early as complete', () => {
    const memory = new TrialMemory(objectives(1), 9)
    for (const trial of [0, 1]) memory.start(trial, {})
    memory.report(0, 1, Float64Array.of(Number.NaN))
    memory.report(0, 2, Float64Array.of(0.5))
    expect(memory.level(0)).toBe(2)
    memory.report(1, 9, Float64Array.of(0.6))
    expect(memory.better(1, 0)).toBe(true)
    expect(memory.end(0, 'completed')).toBe(true)
    expect(memory.better(0, 1)).toBe(true)
  })

  it('says once that a trial became known, and follows it when it is resumed', () => {
    const memory = remember([
      { level: 1, values: [0.5] },
      { level: 2, values: [0.5] },
    ])
    expect(memory.end(0, 'paused')).toBe(false)
    memory.report(0, 3, Float64Array.of(0.9))
    expect(memory.better(0, 1)).toBe(true)
  })

  it('turns goals round, and needs all objectives to be finite', () => {
    const memory = new TrialMemory(
      [
        { metric: 'a', goal: 'max', report: 'a' },
        { metric: 'b', goal: 'min', report: 'b' },
      ],
      9,
    )
    const values = [
      [0.9, 1],
      [0.8, 1],
      [0.9, Number.NaN],
    ]
    for (const [trial, pair] of values.entries()) {
      memory.start(trial, {})
      memory.report(trial, 1, Float64Array.from(pair))
    }
    expect([memory.better(0, 1), memory.better(1, 0), memory.better(1, 2)]).toEqual([true, false, true])
    expect([...memory.losses(0)]).toEqual([-0.9, 1])
  })

  it('keeps more trials than it first had room for', () => {
    const memory = remember(
      Array.from({ length: 500 }, (_, i) => ({ level: 1, values: [i, -i] })),
      2,
    )
    for (const trial of [0, 63, 64, 499]) expect([...memory.losses(trial)]).toEqual([trial, -trial])
  })
})

describe('crowdedOrder', () => {
  const trial = fc.record({
    level: fc.integer({ min: 0, max: 2 }),
    values: fc.tuple(fc.nat(5), fc.oneof(fc.nat(5), fc.constant(Number.NaN))),
  })
  it('is the order of front and crowding distance that plain comparison gives', () => {
    fc.assert(
      fc.property(fc.array(trial, { minLength: 1, maxLength: 25 }), (trials) => {
        const memory = remember(trials, 2)
        const ids = trials.map((_, i) => i)
        const order = crowdedOrder(ids, memory)
        expect(order.map((ranked) => ranked.trial).toSorted((a, b) => a - b)).toEqual(ids)
        // fronts by peeling
        let left = ids
        for (let front = 0; left.length > 0; front++) {
          const first = left.filter((a) => !left.some((b) => memory.better(b, a)))
          const members = order.filter((ranked) => ranked.front === front)
          expect(members.map((ranked) => ranked.trial).toSorted((a, b) => a - b)).toEqual(first)
          if (memory.level(first[0]!) > 0) {
            const distances = crowdingDistance(
              first.map((i) => memory.losses(i)),
              first.map((_, i) => i),
            )
            for (const { trial: id, crowding } of members) expect(crowding).toBe(distances[first.indexOf(id)])
          }
          left = left.filter((id) => !first.includes(id))
        }
        for (const [i, { front, crowding }] of order.slice(1).entries()) {
          const before = order[i]!
          expect(before.front < front || (before.front === front && before.crowding >= crowding)).toBe(true)
        }
      }),
    )
  })
})
