import { describe, expect, it } from 'vitest'
import { scaledLoss } from '../../../src/core/pareto/scaling.js'

describe('a scaled loss', () => {
  it('is 0 at the ideal and 1 at the nadir, for small and for large values being good', () => {
    for (const range of [
      { ideal: 2, nadir: 6 },
      { ideal: 6, nadir: 2 },
    ]) {
      expect(scaledLoss(range.ideal, range)).toBe(0)
      expect(scaledLoss(range.nadir, range)).toBe(1)
      expect(scaledLoss(4, range)).toBe(0.5)
    }
  })

  it('is not below 0, and above 1 for what is worse than the nadir', () => {
    expect(scaledLoss(-5, { ideal: 0, nadir: 1 })).toBe(0)
    expect(scaledLoss(3, { ideal: 0, nadir: 1 })).toBe(3)
  })

  it('is infinite for what is not finite', () => {
    for (const value of [Number.NaN, Infinity, -Infinity])
      for (const range of [
        { ideal: 0, nadir: 1 },
        { ideal: 1, nadir: 1 },
      ])
        expect(scaledLoss(value, range)).toBe(Infinity)
  })

  it('is 0 where all values are the same', () => {
    expect(scaledLoss(1, { ideal: 1, nadir: 1 })).toBe(0)
    expect(scaledLoss(7, { ideal: 1, nadir: 1 })).toBe(0)
  })
})
