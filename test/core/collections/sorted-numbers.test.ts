import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mixedUniform } from '../../../src/core/random.js'
import { SortedNumbers } from '../../../src/core/collections/sorted-numbers.js'

const value = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(Infinity), fc.double({ noNaN: true }))

describe('SortedNumbers', () => {
  it('ranks and reads as a sorted array', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 80 }), value, (values, other) => {
        const sorted = new SortedNumbers()
        const naive: number[] = []
        for (const one of values) {
          expect(sorted.insert(one)).toBe(naive.filter((entry) => entry < one).length)
          naive.push(one)
          naive.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
        }
        expect(sorted.size).toBe(naive.length)
        expect(sorted.below(other)).toBe(naive.filter((entry) => entry < other).length)
        for (const [i, entry] of naive.entries()) expect(sorted.at(i) === entry).toBe(true)
      }),
    )
  })

  it.each(['mixed', 'ascending', 'descending', 'tied'] as const)('stays sorted over many blocks: %s', (order) => {
    const n = 9000
    const numbers = Array.from({ length: n }, (_, i) =>
      order === 'mixed' ? mixedUniform(7, i) : order === 'tied' ? i % 3 : order === 'ascending' ? i : -i,
    )
    const sorted = new SortedNumbers()
    for (const number of numbers) sorted.insert(number)
    const naive = Float64Array.from(numbers).sort()
    expect(Float64Array.from({ length: n }, (_, i) => sorted.at(i))).toEqual(naive)
    for (let i = 0; i < n; i += 97) expect(sorted.below(naive[i]!)).toBe(naive.indexOf(naive[i]!))
  })

  it('interpolates quantiles', () => {
    const sorted = new SortedNumbers()
    expect(sorted.quantile(0.5)).toBeNaN()
    for (const number of [4, 1, 2]) sorted.insert(number)
    expect([0, 0.25, 0.5, 0.75, 1].map((q) => sorted.quantile(q))).toEqual([1, 1.5, 2, 3, 4])
    sorted.insert(Infinity)
    expect([0.5, 1].map((q) => sorted.quantile(q))).toEqual([3, Infinity])
    expect(sorted.quantile(0.9)).toBe(Infinity)
    sorted.insert(Infinity)
    expect(sorted.quantile(0.9)).toBe(Infinity)
  })
})
