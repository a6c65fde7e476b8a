import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { RandomStreams } from '../../../src/core/random.js'
import { allocate, drawn, inTurn } from '../../../src/run/verify/stratified.js'

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

it('gives every stratum its share, what is left to the largest remainders', () => {
  expect(allocate([50, 30, 20], 10)).toEqual([5, 3, 2])
  // One each, then 5 of 97: quotas 3.81, 0.98 and 0.21.
  expect(allocate([75, 20, 5], 8)).toEqual([5, 2, 1])
  expect(allocate([100, 1, 1], 3)).toEqual([1, 1, 1])
  expect(allocate([100, 1, 1], 2)).toEqual([2, 0, 0])
  expect(allocate([4, 0, 2], 100)).toEqual([4, 0, 2])
  expect(allocate([], 3)).toEqual([])
})

it('gives what was asked for, never more than there is, and at least one each where there is enough', () => {
  const property = fc.property(fc.array(fc.nat(50), { maxLength: 12 }), fc.nat(200), (sizes, count) => {
    const given = allocate(sizes, count)
    expect(sum(given)).toBe(Math.min(count, sum(sizes)))
    for (const [i, size] of sizes.entries()) {
      expect(given[i]).toBeLessThanOrEqual(size)
      if (size > 0 && count >= sizes.filter((one) => one > 0).length) expect(given[i]).toBeGreaterThan(0)
    }
  })
  expect(() => fc.assert(property)).not.toThrow()
})

it('draws without repeats, the same for the same seed', () => {
  const items = Array.from({ length: 20 }, (_, i) => i)
  const draw = (seed: number): number[] => drawn(items, 7, new RandomStreams(seed).stream('verify'))
  expect(new Set(draw(1)).size).toBe(7)
  expect(draw(1)).toEqual(draw(1))
  expect(draw(1)).not.toEqual(draw(2))
})

it('takes from lists in turn', () => {
  expect(inTurn([[1, 2, 3], [], [4], [5, 6]])).toEqual([1, 4, 5, 2, 6, 3])
})
