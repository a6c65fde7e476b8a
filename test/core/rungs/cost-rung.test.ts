import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CostRung } from '../../../src/core/rungs/cost-rung.js'
import { EntryHeap } from '../../../src/core/collections/entry-heap.js'

interface Entry {
  readonly loss: number
  readonly cost: number
}

/** A rung whose trials are numbered in order of filing. */
function filed(entries: readonly Entry[], level = 1, next = 3): CostRung {
  let cost = 0
  const rung = new CostRung(level, next, () => cost)
  for (const [trial, entry] of entries.entries()) {
    cost = entry.cost
    rung.file(trial, entry.loss)
  }
  return rung
}

/** Read off the definition: sort, add up, compare. */
function naive(entries: readonly Entry[], promoted: ReadonlySet<number>, level: number, next: number): number {
  const order = entries.map((_, i) => i).sort((a, b) => entries[a]!.loss - entries[b]!.loss || a - b)
  const total = entries.reduce((sum, { cost }) => sum + cost, 0)
  let spent = 0
  for (const i of order) {
    spent += entries[i]!.cost
    if (promoted.has(i)) continue
    return entries.length > 1 && spent * next <= level * total ? i : -1
  }
  return -1
}

describe('a rung by cost', () => {
  it('promotes the best whose costs are at most the share of all', () => {
    // A third of 1 + 2 + 3 + 6 = 12 is 4: the best (2) and the next (2 + 1 = 3), not the third (3 + 3 = 6).
    const rung = filed([
      { loss: 0.2, cost: 1 },
      { loss: 0.1, cost: 2 },
      { loss: 0.3, cost: 3 },
      { loss: 0.4, cost: 6 },
    ])
    expect(rung.cutoff).toBe(0.2)
    for (const trial of [1, 0]) {
      expect(rung.promotable()).toBe(trial)
      rung.take()
    }
    expect(rung.promotable()).toBe(-1)
  })

  it('lets an expensive best wait until others have cost enough', () => {
    const expensive = { loss: 0.1, cost: 10 }
    const others = (n: number): Entry[] => Array.from({ length: n }, () => ({ loss: 1, cost: 5 }))
    expect(filed([expensive, ...others(3)]).promotable()).toBe(-1)
    expect(filed([expensive, ...others(4)]).promotable()).toBe(0)
  })

  it('passes floor(n / eta) at equal costs', () => {
    const rung = filed(Array.from({ length: 11 }, (_, i) => ({ loss: i, cost: 7 })))
    expect(rung.cutoff).toBe(2)
  })

  it('needs two entries, and never promotes what has no number or was withdrawn', () => {
    expect(filed([{ loss: 0.1, cost: 0 }]).promotable()).toBe(-1)
    expect(
      filed([
        { loss: Infinity, cost: 0 },
        { loss: Infinity, cost: 9 },
      ]).promotable(),
    ).toBe(-1)
    const rung = filed([
      { loss: 0.1, cost: 1 },
      { loss: 0.2, cost: 1 },
      { loss: 0.3, cost: 9 },
    ])
    rung.withdraw(0)
    expect(rung.promotable()).toBe(1)
  })

  it('is the definition, for whole-number costs and any losses', () => {
    const entry = fc.record({ loss: fc.integer({ min: 0, max: 8 }), cost: fc.integer({ min: 0, max: 20 }) })
    fc.assert(
      fc.property(
        fc.array(entry, { minLength: 1, maxLength: 60 }),
        fc.constantFrom([1, 3], [3, 9], [2, 5], [81, 100]),
        fc.integer({ min: 1, max: 5 }),
        (entries, [level, next], every) => {
          let cost = 0
          const rung = new CostRung(level!, next!, () => cost)
          const promoted = new Set<number>()
          for (const [trial, one] of entries.entries()) {
            cost = one.cost
            rung.file(trial, one.loss)
            const expected = naive(entries.slice(0, trial + 1), promoted, level!, next!)
            expect(rung.promotable()).toBe(expected)
            if (expected < 0 || trial % every !== 0) continue
            rung.take()
            promoted.add(expected)
          }
          expect([...rung.sorted()]).toEqual(entries.map(({ loss }) => loss).toSorted((a, b) => a - b))
        },
      ),
    )
  })
})

it('a heap gives entries in the order of its function', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 100 }), (values) => {
      const heap = new EntryHeap((a, b) => values[a]! < values[b]! || (values[a] === values[b] && a < b))
      for (const i of values.keys()) heap.push(i)
      const order: number[] = []
      while (heap.size > 0) {
        order.push(heap.pop())
      }
      expect(order).toEqual([...values.keys()].sort((a, b) => values[a]! - values[b]! || a - b))
    }),
  )
})
