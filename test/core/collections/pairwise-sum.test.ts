import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pairwiseSum } from '../../../src/core/collections/pairwise-sum.js'

const sum = (values: readonly number[]): number => pairwiseSum(Float64Array.from(values), 0, values.length)

describe('pairwiseSum', () => {
  it('adds whole numbers exactly, of any count', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 700 })
    fc.assert(
      fc.property(values, (some) => {
        expect(sum(some)).toBe(some.reduce((a, b) => a + b, 0))
      }),
    )
  })

  it('takes the order of numpy', () => {
    // Below 8 from left to right: 1 is lost beside 1e16.
    expect(sum([1e16, 1, 1])).toBe(1e16)
    // 8 and more in eight sums, paired: (1e16 + 1) + (1 + 1) keeps the 2; the 17th number is added last.
    expect(sum([1e16, 1, 1, 1, 0, 0, 0, 0])).toBe(1e16 + 2)
    expect(sum([1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1e16])).toBe(1e16 + 2)
    // 129 numbers are 64 and 65: the ones of the second half meet before they meet 1e16.
    const many = Array.from({ length: 129 }, (_, i) => (i === 0 ? 1e16 : i < 64 ? 0 : i % 8 === 0 ? 1 : 0))
    expect(sum(many)).toBe(1e16 + 8)
  })

  it('sums a part', () => {
    expect(pairwiseSum(Float64Array.of(1, 2, 4, 8), 1, 3)).toBe(6)
    expect(pairwiseSum(Float64Array.of(1, 2), 1, 1)).toBe(0)
  })
})
