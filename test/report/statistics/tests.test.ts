/** Tests and intervals against values that SciPy 1.17 and published tables give. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mix, mixedUniform } from '../../../src/core/random.js'
import { bootstrapInterval } from '../../../src/report/statistics/bootstrap.js'
import { holm } from '../../../src/report/statistics/holm.js'
import { normalUpperTail } from '../../../src/report/statistics/normal.js'
import { quantile, quartiles } from '../../../src/report/statistics/quantiles.js'
import { nemenyi, rankTest, ranksOf } from '../../../src/report/statistics/ranks.js'
import { pairsToReject, signedRankTest } from '../../../src/report/statistics/signed-rank.js'
import { mean } from '../../../src/report/statistics/student.js'
import { normalisedRegret, superiority } from '../../../src/report/statistics/superiority.js'
import { timeToTarget } from '../../../src/report/statistics/time-to-target.js'

describe("Wilcoxon's signed-rank test", () => {
  it.each([
    [[0.8, 0.1, -0.3, 1.2, 0.5, 0.9, -0.2, 0.7], 5, 0.078125],
    [[1, 2, -1.5, 3, 4, 5, 6, -0.5, 7, 8, 9, 10], 4, 0.00341796875],
    // Ties: every assignment of signs, as by SciPy's PermutationMethod.
    [[1, 1, 2, -1, 3, 3, -2, 4], 6.5, 0.140625],
    // Equal pairs are left out.
    [[0, 1, 2, -3, 4, 0, 5, 6, 7.5, 8], 3, 0.0390625],
    [[0, 0], 0, 1],
    [[], 0, 1],
  ])('of %j', (differences, statistic, p) => {
    const test = signedRankTest(differences)
    expect(Math.min(test.positive, test.negative)).toBe(statistic)
    expect(test.p).toBeCloseTo(p, 12)
  })

  it('by the normal approximation for many pairs', () => {
    const many = Array.from({ length: 400 }, (_, i) => Math.sin(i * i) + 0.08)
    expect(signedRankTest(many).p).toBeCloseTo(0.0025602811641379317, 9)
    const tied = many.map((d) => Math.round(d * 10) / 10)
    expect(signedRankTest(tied).p).toBeCloseTo(0.0026204056845809676, 9)
  })

  it('is symmetric, and never below what so many pairs allow', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 12 }), (differences) => {
        const { n, p, positive, negative } = signedRankTest(differences)
        expect(signedRankTest(differences.map((d) => -d)).p).toBeCloseTo(p, 12)
        expect(positive + negative).toBe((n * (n + 1)) / 2)
        expect(p).toBeGreaterThanOrEqual(Math.min(1, 2 / 2 ** n) - 1e-12)
      }),
    )
  })

  it('counts the signs one by one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 9 }), (differences) => {
        const sizes = differences.filter((d) => d !== 0).map(Math.abs)
        const ranks = ranksOf(sizes)
        const total = ranks.reduce((sum, rank) => sum + rank, 0)
        const { positive, negative, p } = signedRankTest(differences)
        const smaller = Math.min(positive, negative)
        let below = 0
        for (let signs = 0; signs < 2 ** sizes.length; signs++) {
          const sum = ranks.reduce((s, rank, i) => s + ((signs >> i) & 1 ? rank : 0), 0)
          if (sum <= smaller || sum >= total - smaller) below++
        }
        expect(p).toBeCloseTo(Math.min(1, below / 2 ** sizes.length), 10)
      }),
    )
  })

  it('says how many pairs it takes', () => {
    expect([pairsToReject(0.05), pairsToReject(0.05, 3), pairsToReject(0.05, 10)]).toEqual([6, 7, 9])
    for (const m of [1, 2, 3, 5, 10]) {
      const n = pairsToReject(0.05, m)
      expect(2 / 2 ** n).toBeLessThanOrEqual(0.05 / m)
      expect(2 / 2 ** (n - 1)).toBeGreaterThan(0.05 / m)
    }
  })
})

describe("Holm's correction", () => {
  it('multiplies by how many are left and never decreases', () => {
    // The example of R's p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm").
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02])
    expect(holm([0.5, 0.6])).toEqual([1, 1])
    expect(holm([])).toEqual([])
  })
})

describe('the normal distribution', () => {
  it.each([
    [0, 0.5],
    [1, 0.158655253931457],
    [1.959963984540054, 0.025],
    [2.999, 0.0013543365337271057],
    [3.5, 0.000232629079036],
    [6, 9.8658764503769e-10],
    [-1, 0.841344746068543],
  ])('above %d', (z, p) => expect(normalUpperTail(z) / p).toBeCloseTo(1, 7))
})

describe('quantiles', () => {
  it('are those of type 7', () => {
    expect(quartiles([4, 1, 3, 2])).toEqual({ low: 1.75, median: 2.5, high: 3.25 })
    expect(quantile([5], 0.9)).toBe(5)
    expect(quantile([1, Infinity, Infinity], 0.75)).toBe(Infinity)
    expect(quantile([], 0.5)).toBeNaN()
  })
})

describe('bootstrap intervals', () => {
  const sample = Array.from({ length: 40 }, (_, i) => mixedUniform(3, i))

  it('are the same every time, and move with the seed', () => {
    const interval = bootstrapInterval(sample, mean)
    expect(bootstrapInterval(sample, mean)).toEqual(interval)
    expect(bootstrapInterval(sample, mean, { seed: 1 })).not.toEqual(interval)
  })

  it('cover the mean of 40 uniforms about as often as they say', () => {
    let covered = 0
    for (let trial = 0; trial < 200; trial++) {
      const values = Array.from({ length: 40 }, (_, i) => mixedUniform(mix(11, trial), i))
      const [low, high] = bootstrapInterval(values, mean, { resamples: 400 })!
      if (low <= 0.5 && 0.5 <= high) covered++
    }
    expect(covered).toBeGreaterThan(176)
    expect(covered).toBeLessThan(200)
  })

  it('need two numbers', () => expect(bootstrapInterval([1], mean)).toBeNull())
})

describe('ranks', () => {
  it('share the mean where values are equal', () => expect(ranksOf([3, 1, 3, 2])).toEqual([3.5, 1, 3.5, 2]))

  it('of 14 data sets and 4 methods, as SciPy has them', () => {
    const accuracies = [
      [0.763, 0.768, 0.771, 0.798],
      [0.599, 0.591, 0.59, 0.569],
      [0.954, 0.971, 0.968, 0.967],
      [0.628, 0.661, 0.654, 0.657],
      [0.882, 0.888, 0.886, 0.898],
      [0.936, 0.931, 0.916, 0.931],
      [0.661, 0.668, 0.609, 0.685],
      [0.583, 0.583, 0.563, 0.625],
      [0.775, 0.838, 0.866, 0.875],
      [1, 1, 1, 1],
      [0.94, 0.962, 0.965, 0.962],
      [0.619, 0.666, 0.614, 0.669],
      [0.972, 0.981, 0.975, 0.975],
      [0.957, 0.978, 0.946, 0.97],
    ]
    const test = rankTest(accuracies.map((row) => row.map((value) => -value)))
    expect(test.averageRanks.map((rank) => Math.round(rank * 1000) / 1000)).toEqual([3.143, 2, 2.929, 1.929])
    expect(test.chiSquare).toBeCloseTo(10.952380952380956, 9)
    // Demšar (2006) gives 1.25 for 14 data sets and four methods.
    expect(test.criticalDifference).toBeCloseTo(1.25, 2)
    expect(test.p).toBeLessThan(0.05)
  })

  it('have the F distribution of Iman and Davenport', () => {
    // Without ties: the paper's 9.28 for n = 14, k = 4 gives F = 3.69, and SciPy's f.sf(3.69, 3, 39) = 0.01974.
    const f = (13 * 9.28) / (14 * 3 - 9.28)
    expect(f).toBeCloseTo(3.69, 2)
    const columns = [0, 1, 2]
    const strict = Array.from({ length: 6 }, (_, i) => columns.map((j) => (j + (i < 4 ? 0 : i)) % 3))
    const { chiSquare, p } = rankTest(strict)
    expect(chiSquare).toBeGreaterThan(0)
    expect(p).toBeGreaterThan(0)
    expect(
      rankTest([
        [1, 1],
        [2, 2],
      ]).p,
    ).toBe(1)
    expect(
      rankTest([
        [1, 2],
        [1, 2],
      ]).p,
    ).toBe(0)
  })

  it.each([
    [2, 1.9599639845],
    [3, 2.3437005864],
    [4, 2.5690317725],
    [5, 2.7277743709],
    [10, 3.1636835771],
    [20, 3.5437991318],
  ])("Nemenyi's q of %d methods", (k, q) => expect(nemenyi(k)).toBeCloseTo(q, 6))

  it('need two methods and two blocks', () => {
    expect(() => rankTest([[1, 2]])).toThrow(RangeError)
    expect(() => rankTest([[1], [2]])).toThrow(RangeError)
  })
})

describe('time to target', () => {
  it('with every run there: mean and median of the times', () => {
    const attempts = [3, 1, 2, 5].map((time) => ({ time, reached: true }))
    expect(timeToTarget(attempts)).toEqual({ runs: 4, reached: 4, median: 2, restrictedMean: 2.75, horizon: 5 })
  })

  it('of the published remission times (Freireich et al. 1963, drug group)', () => {
    const reached = [6, 6, 6, 7, 10, 13, 16, 22, 23].map((time) => ({ time, reached: true }))
    const censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map((time) => ({ time, reached: false }))
    const result = timeToTarget([...reached, ...censored])!
    // The median published for this group is 23 weeks, and R's survfit gives 23.29 for the mean restricted to 35.
    expect(result).toMatchObject({ runs: 21, reached: 9, median: 23, horizon: 35 })
    expect(result.restrictedMean).toBeCloseTo(23.287, 2)
  })

  it('says nothing about the median when most runs were cut off', () => {
    expect(
      timeToTarget([
        { time: 5, reached: false },
        { time: 2, reached: true },
        { time: 5, reached: false },
      ]),
    ).toEqual({
      runs: 3,
      reached: 1,
      median: null,
      restrictedMean: 4,
      horizon: 5,
    })
    expect(timeToTarget([])).toBeNull()
  })
})

describe('superiority and regret', () => {
  it('count equal pairs half', () => expect(superiority([1, 2, 3, 4], [2, 2, 2, 2])).toBe(0.375))
  it('are 0 at the optimum and 1 at the reference', () => {
    expect([normalisedRegret(1, 1, 3), normalisedRegret(3, 1, 3), normalisedRegret(2, 1, 3)]).toEqual([0, 1, 0.5])
    expect(normalisedRegret(1, 1, 1)).toBeNull()
  })
})
