import { describe, expect, it } from 'vitest'
import { answerOf } from '../../src/report/answer.js'
import { type Comparison, compareRuns } from '../../src/report/comparison.js'
import { headlineOf } from '../../src/report/headline.js'
import { pairedStatistics } from '../../src/report/paired.js'
import { formatP, testsSentence } from '../../src/report/tests-text.js'
import { type CellOptions, makeRuns } from './runs.js'

const BASE = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]

/** One group: a default of 0.5 in every seed, and methods with these improvements over it. */
function groupOf(gains: Readonly<Record<string, readonly number[]>>) {
  const { manifest, set } = makeRuns([
    { method: 'default', values: BASE.slice(0, Object.values(gains)[0]!.length) },
    ...Object.entries(gains).map(([method, list]): CellOptions => ({ method, values: list.map((g) => 0.5 - g / 2) })),
  ])
  return compareRuns(manifest, set)[0]!
}

function comparisonOf(gains: readonly number[]): Comparison {
  return groupOf({ asha: gains }).comparisons[0]!
}

describe('statistics of pairs', () => {
  it('test the improvements and correct for the number of methods', () => {
    // All of eight positive: p = 2 / 2^8. One negative of rank 1: the sums 0 and 1, so p = 4 / 2^8.
    const [a, b, c] = pairedStatistics([
      { gains: [1, 2, 3, 4, 5, 6, 7, 8], same: false },
      { gains: [-1, 2, 3, 4, 5, 6, 7, 8], same: false },
      { gains: [1, -1, 2, -2, 3, -3, 4, -4], same: false },
    ])
    expect(a!.signedRank).toEqual({ p: 2 / 256, holm: 6 / 256, direction: 1 })
    expect(b!.signedRank).toEqual({ p: 4 / 256, holm: 8 / 256, direction: 1 })
    expect(c!.signedRank).toEqual({ p: 1, holm: 1, direction: 0 })
    expect([a, b, c].map((one) => one!.superiority)).toEqual([1, 7 / 8, 1 / 2])
  })

  it.each([
    [1, 7],
    [3, 7],
    [4, 8],
    [11, 9],
  ])('with %i methods compared take %i seeds', (methods, seeds) => {
    const of = (n: number) =>
      pairedStatistics(
        Array.from({ length: methods }, () => ({ gains: Array.from({ length: n }, (_, i) => i + 1), same: false })),
      )
    expect(of(seeds - 1)[0]).toMatchObject({ signedRank: null, pairsToTest: seeds })
    // With so many pairs, all of one sign, the least of the corrected p-values can reject.
    expect(of(seeds)[0]!.signedRank!.holm).toBeLessThanOrEqual(0.05)
    if (seeds > 7) expect((methods * 2) / 2 ** (seeds - 1)).toBeGreaterThan(0.05)
  })

  it('leave methods on too few seeds out of the correction', () => {
    const [few, tested] = pairedStatistics([
      { gains: [1, 2, 3], same: false },
      { gains: [1, 2, 3, 4, 5, 6, 7], same: false },
    ])
    expect(few!.signedRank).toBeNull()
    expect(tested!.signedRank).toEqual({ p: 2 / 128, holm: 2 / 128, direction: 1 })
  })

  it('test only what can reject: equal pairs are no evidence, and what is not tested corrects nothing', () => {
    const same = false
    const [six, seven, none] = pairedStatistics([
      { gains: [1, 2, 3, 4, 5, 6, 0], same },
      { gains: [1, 2, 3, 4, 5, 6, 7, 0], same },
      { gains: [0, 0, 0, 0, 0, 0, 0, 0], same },
    ])
    // Six pairs that differ come to 2 / 2^6 = 0.031 at best, seven to 2 / 2^7.
    expect([six, none].map((one) => [one!.signedRank, one!.differing])).toEqual([
      [null, 6],
      [null, 0],
    ])
    expect(seven!.signedRank).toEqual({ p: 2 / 128, holm: 2 / 128, direction: 1 })
    // With four tests 2 / 2^7 * 4 = 0.063 cannot reject: the one on seven pairs is left out, and three run.
    const eight = { gains: [1, 2, 3, 4, 5, 6, 7, 8], same }
    const four = pairedStatistics([eight, { gains: [1, 2, 3, 4, 5, 6, 7], same }, eight, eight])
    expect(four.map(({ signedRank }) => signedRank?.holm)).toEqual([6 / 256, undefined, 6 / 256, 6 / 256])
  })

  it('have neither interval nor test where all pairs are the same two trainings', () => {
    expect(pairedStatistics([{ gains: BASE, same: true }])[0]).toEqual({
      bootstrap95: null,
      superiority: 1,
      signedRank: null,
      pairsToTest: 7,
      differing: 8,
    })
    expect(pairedStatistics([{ gains: [], same: false }])[0]).toMatchObject({ bootstrap95: null, superiority: null })
  })

  it('resample the mean improvement, the same way every time', () => {
    const gains = [0.1, 0.2, 0.05, 0.15]
    const [first, again] = [comparisonOf(gains), comparisonOf(gains)]
    expect(again.bootstrap95).toEqual(first.bootstrap95)
    const [low, high] = first.bootstrap95!
    // Within the extremes that a resample can have, around the mean, and narrower than Student's for four pairs.
    const [from, to] = first.relativeImprovement.ci95!
    expect(low).toBeGreaterThan(Math.max(0.05, from))
    expect(high).toBeLessThan(Math.min(0.2, to))
    expect(low).toBeLessThan(0.125)
    expect(high).toBeGreaterThan(0.125)
  })
})

describe('where tests and intervals disagree', () => {
  /** Student's interval excludes 0 only for the second: one large gain widens the first, and moves no rank. */
  const tested = [-0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.9]
  const claimed = [-0.001, -0.002, -0.003, 0.05, 0.051, 0.052, 0.053, 0.054]

  it('the answer says so, and claims by the interval alone', () => {
    const group = groupOf({ tested, claimed })
    expect(group.comparisons.map(({ signedRank }) => signedRank!.holm)).toEqual([
      expect.closeTo((2 * 4) / 256, 12),
      // Ranks 1, 2 and 3 are against it: of 2^8 signs 14 have so small a sum.
      expect.closeTo(28 / 256, 12),
    ])
    const answer = answerOf(group)
    expect(answer).toMatch(
      /^claimed lowers test_error by .* \(95.%.interval [^)]*, not confirmed: signed-rank p = 0.11\)/,
    )
    expect(answer).toMatch(/no difference from default is shown for tested \([^)]*, but signed-rank p = 0.031\)/)
    expect(testsSentence([group])).toContain('0 of 2 agree with the intervals')
    expect(headlineOf([group, group], [])).toContain('but signed-rank p = 0.031')
  })

  it('and nothing where they agree', () => {
    const group = groupOf({ asha: [0.1, 0.12, 0.09, 0.11, 0.1, 0.13, 0.1, 0.08] })
    expect(answerOf(group)).not.toContain('signed-rank')
    expect(testsSentence([group])).toContain('1 of 1 agree with the intervals')
  })

  it('a report on few seeds says how many a test takes', () => {
    const gains = [0.1, 0.2, 0.15, 0.12]
    expect(testsSentence([groupOf({ a: gains, b: gains, c: gains, d: gains })])).toMatch(/it takes 8\./)
    const { manifest, set } = makeRuns([{ method: 'default', values: BASE }])
    expect(testsSentence(compareRuns(manifest, set))).toBeUndefined()
  })
})

describe('p-values', () => {
  it('are short', () => {
    expect([1, 0.0546875, 0.03125, 0.00099].map(formatP)).toEqual(['p = 1', 'p = 0.055', 'p = 0.031', 'p < 0.001'])
  })
})
