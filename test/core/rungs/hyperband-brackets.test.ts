/** The sizes of Hyperband's brackets, against the paper's table and a reference system. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BRACKET_SIZES, type BracketSizes, hyperbandBrackets } from '../../../src/core/rungs/hyperband-brackets.js'

const text = (sizes: BracketSizes, grace: number, eta: number, max: number): string[] =>
  hyperbandBrackets(sizes, grace, eta, max).map((rungs) =>
    rungs.map(({ trials, level }) => `(${trials},${level})`).join(''),
  )

describe('table 1 of the paper, R = 81 and eta = 3', () => {
  it('is `table`', () => {
    expect(text('table', 1, 3, 81)).toEqual([
      '(81,1)(27,3)(9,9)(3,27)(1,81)',
      '(27,3)(9,9)(3,27)(1,81)',
      '(9,9)(3,27)(1,81)',
      '(6,27)(2,81)',
      '(5,81)',
    ])
  })

  it('differs from `algorithm`, which rounds up', () => {
    expect(text('algorithm', 1, 3, 81)).toEqual([
      '(81,1)(27,3)(9,9)(3,27)(1,81)',
      '(34,3)(11,9)(3,27)(1,81)',
      '(15,9)(5,27)(1,81)',
      '(8,27)(2,81)',
      '(5,81)',
    ])
  })
})

describe('the brackets of Syne Tune', () => {
  it('for a maximum of 27', () => {
    expect(text('syne-tune', 1, 3, 27)).toEqual([
      '(27,1)(9,3)(3,9)(1,27)',
      '(12,3)(4,9)(2,27)',
      '(6,9)(2,27)',
      '(4,27)',
    ])
  })

  it('for a maximum of 200, no power of 3', () => {
    expect(text('syne-tune', 1, 3, 200)).toEqual([
      '(243,1)(81,3)(27,9)(9,27)(3,81)(1,200)',
      '(98,3)(33,9)(11,27)(4,81)(2,200)',
      '(41,9)(14,27)(5,81)(2,200)',
      '(18,27)(6,81)(2,200)',
      '(9,81)(3,200)',
      '(6,200)',
    ])
  })
})

describe('the number of brackets', () => {
  it('is right for powers, where logarithms may not be: 3^5 = 243, 10^3 = 1000', () => {
    for (const sizes of BRACKET_SIZES) {
      expect(hyperbandBrackets(sizes, 1, 3, 243)).toHaveLength(6)
      expect(hyperbandBrackets(sizes, 1, 10, 1000)).toHaveLength(4)
    }
  })

  it('is one where the least level is the maximum or past it', () => {
    expect(text('algorithm', 5, 3, 5)).toEqual(['(1,5)'])
    expect(text('algorithm', 9, 3, 5)).toEqual(['(1,5)'])
    expect(text('syne-tune', 9, 3, 5)).toEqual(['(1,5)'])
  })

  it('counts levels down from a maximum that is no power, up for Syne Tune', () => {
    expect(text('algorithm', 1, 3, 100)[0]).toBe('(81,1)(27,4)(9,11)(3,33)(1,100)')
    expect(text('syne-tune', 1, 3, 100)[0]).toBe('(243,1)(81,3)(27,9)(9,27)(3,81)(1,100)')
  })
})

it('levels grow up to the maximum, rungs shrink but are never empty', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...BRACKET_SIZES),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom(2, 2.5, 3, 3.7, 4),
      fc.integer({ min: 1, max: 300 }),
      (sizes, grace, eta, max) => {
        const brackets = hyperbandBrackets(sizes, grace, eta, max)
        for (const [i, rungs] of brackets.entries()) {
          expect(rungs).toHaveLength(brackets.length - i)
          expect(rungs.at(-1)!.level).toBe(max)
          for (const [j, { trials, level }] of rungs.entries()) {
            expect(trials).toBeGreaterThanOrEqual(1)
            expect(level).toBeGreaterThanOrEqual(Math.min(grace, max))
            if (j > 0) expect(level).toBeGreaterThan(rungs[j - 1]!.level)
            if (j > 0) expect(trials).toBeLessThanOrEqual(rungs[j - 1]!.trials)
          }
        }
      },
    ),
  )
})

it('refuses what makes no brackets', () => {
  expect(() => hyperbandBrackets('algorithm', 0, 3, 9)).toThrow(/gracePeriod/)
  expect(() => hyperbandBrackets('algorithm', 1, 1.5, 9)).toThrow(/reductionFactor/)
})
