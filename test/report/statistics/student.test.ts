import * as fc from 'fast-check'
import { jStat } from 'jstat'
import { describe, expect, it } from 'vitest'
import { mean, sampleStd, summarise, tQuantile } from '../../../src/report/statistics/student.js'

describe('quantiles of the t distribution', () => {
  // Published two-sided 95 % and 99 % points, e.g. NIST/SEMATECH e-Handbook of Statistical Methods, section 1.3.6.7.2.
  it.each([
    [1, 12.706, 63.657],
    [2, 4.303, 9.925],
    [3, 3.182, 5.841],
    [4, 2.776, 4.604],
    [9, 2.262, 3.25],
    [29, 2.045, 2.756],
    [100, 1.984, 2.626],
    [1e6, 1.96, 2.576],
  ])('with %d degrees of freedom are the published ones', (df, at95, at99) => {
    expect(tQuantile(0.975, df)).toBeCloseTo(at95, 3)
    expect(tQuantile(0.995, df)).toBeCloseTo(at99, 3)
  })

  it('has the closed forms of 1 and 2 degrees of freedom', () => {
    for (const p of [0.6, 0.9, 0.975, 0.999, 0.999_99]) {
      expect(tQuantile(p, 1) / Math.tan(Math.PI * (p - 0.5))).toBeCloseTo(1, 11)
      const a = 4 * p * (1 - p)
      expect(tQuantile(p, 2) / (2 * (p - 0.5) * Math.sqrt(2 / a))).toBeCloseTo(1, 11)
    }
  })

  it('agrees with jstat to seven digits', () => {
    for (const df of [1, 2, 3, 4, 5, 6, 8, 11, 19, 49, 199, 999])
      for (const p of [0.55, 0.8, 0.95, 0.975, 0.995, 0.9995])
        expect(tQuantile(p, df) / jStat.studentt.inv(p, df)).toBeCloseTo(1, 7)
  })

  it('is odd about one half', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 0.9999, noNaN: true }), fc.integer({ min: 1, max: 300 }), (p, df) => {
        expect(tQuantile(1 - p, df)).toBeCloseTo(-tQuantile(p, df), 6)
      }),
    )
    expect(tQuantile(0.5, 7)).toBe(0)
  })

  it('is accurate and quick for as many degrees of freedom as there can be seeds', () => {
    // Cornish-Fisher expansion about the normal quantile; its error is of the order of df^-3.
    const z = 1.959_963_984_540_054
    for (const df of [10_000, 100_000, 1_000_000])
      expect(tQuantile(0.975, df)).toBeCloseTo(z + (z ** 3 + z) / (4 * df), 7)
  })

  it.each([
    [0, 3],
    [1, 3],
    [Number.NaN, 3],
    [0.9, 0],
    [0.9, -1],
  ])('refuses p = %d with %d degrees of freedom', (p, df) => {
    expect(() => tQuantile(p, df)).toThrow(RangeError)
  })
})

describe('summaries', () => {
  it('agree with jstat', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 30 }),
        (values) => {
          const summary = summarise(values)!
          expect(summary.mean).toBeCloseTo(jStat.mean(values), 8)
          expect(summary.std!).toBeCloseTo(jStat.stdev(values, true), 8)
          const [low, high] = jStat.tci(summary.mean, 0.05, values) as [number, number]
          expect(summary.ci95![0]).toBeCloseTo(low, 4)
          expect(summary.ci95![1]).toBeCloseTo(high, 4)
        },
      ),
    )
  })

  it('have no spread and no interval for one number, and do not exist for none', () => {
    expect(summarise([0.3])).toEqual({ n: 1, mean: 0.3, std: null, ci95: null })
    expect(summarise([])).toBeNull()
    // Their sum overflows.
    expect(summarise([1e308, 1.5e308])).toEqual({ n: 2, mean: Infinity, std: null, ci95: null })
    expect(mean([])).toBeNaN()
  })

  it.each([1e-300, 1e-160, 1e160, 1e300])('have the spread of numbers of which squares are no numbers (%d)', (unit) => {
    // The sample deviation of 1, 2, 3 is 1.
    expect(sampleStd([unit, 2 * unit, 3 * unit])! / unit).toBeCloseTo(1, 10)
  })

  it('see no spread in equal numbers', () => {
    expect(sampleStd(new Array<number>(1000).fill(0.1))).toBe(0)
  })

  it('keep small spreads far from zero', () => {
    expect(sampleStd([1e9 + 1, 1e9 + 2, 1e9 + 3])).toBeCloseTo(1, 12)
  })
})
