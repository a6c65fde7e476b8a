import { jStat } from 'jstat'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rankCorrelation } from '../../../src/report/statistics/correlation.js'

describe('rank correlation', () => {
  it('of Kendall and Spearman, with ties, by hand', () => {
    // Ranks of b: 2, 1, 3.5, 3.5. Pairs: 4 concordant, 1 discordant, 1 tied in b only.
    const { spearman, kendall } = rankCorrelation([1, 2, 3, 4], [20, 10, 30, 30])
    expect(kendall).toBeCloseTo((4 - 1) / Math.sqrt(6 * 5), 12)
    expect(spearman).toBeCloseTo(3.5 / Math.sqrt(5 * 4.5), 12)
  })

  it('is 1 for the same order, -1 for the opposite one, and then has no interval', () => {
    const numbers = Array.from({ length: 12 }, (_, i) => i)
    const same = rankCorrelation(numbers, numbers.map(Math.exp))
    expect(same).toMatchObject({ n: 12, kendall: 1, spearman95: null, kendall95: null })
    expect(same.spearman).toBeCloseTo(1, 12)
    expect(rankCorrelation(numbers, numbers.toReversed()).kendall).toBe(-1)
  })

  it('says nothing of too few pairs, and nothing where nothing varies', () => {
    expect(rankCorrelation([1, 2, 3], [1, 2, 3])).toMatchObject({ n: 3, spearman: null, kendall: null })
    expect(rankCorrelation([1, 1, 1, 1], [1, 2, 3, 4])).toMatchObject({ spearman: null, kendall: null })
    const few = rankCorrelation([1, 2, 3, 4, 5], [2, 1, 3, 4, 5])
    expect(few.kendall).toBeCloseTo(0.8, 12)
    expect(few.kendall95).toBeNull()
  })

  it('has intervals by Fisher’s z from ten pairs on', () => {
    const a = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    const { spearman, spearman95, kendall, kendall95 } = rankCorrelation(a, [2, 1, 4, 3, 6, 5, 8, 7, 10, 9])
    expect(spearman).toBeCloseTo(1 - (6 * 10) / 990, 12)
    expect(kendall).toBeCloseTo(35 / 45, 12)
    const half = 1.96 * Math.sqrt(1.06 / 7)
    expect(spearman95![0]).toBeCloseTo(Math.tanh(Math.atanh(spearman!) - half), 4)
    expect(spearman95![1]).toBeCloseTo(Math.tanh(Math.atanh(spearman!) + half), 4)
    expect(kendall95![1]).toBeCloseTo(Math.tanh(Math.atanh(kendall!) + 1.96 * Math.sqrt(0.437 / 6)), 4)
  })

  it('agrees with jstat', () => {
    const pair = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }))
    const property = fc.property(fc.array(pair, { minLength: 4, maxLength: 30 }), (pairs) => {
      const [a, b] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)]
      const { spearman } = rankCorrelation(a, b)
      if (spearman !== null) expect(spearman).toBeCloseTo(jStat.spearmancoeff(a, b), 10)
    })
    expect(() => fc.assert(property)).not.toThrow()
  })
})
