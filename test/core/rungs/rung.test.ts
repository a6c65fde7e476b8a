import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bracketProbabilities } from '../../../src/core/rungs/brackets.js'
import { PromotionRung, Rung, passingCount, rungLevels } from '../../../src/core/rungs/rung.js'
import { recordedCases } from '../recorded.js'

describe('rungLevels', () => {
  it.each([
    [1, 3, 27, [1, 3, 9]],
    [1, 3, 81, [1, 3, 9, 27]],
    [1, 3, 100, [1, 3, 9, 27, 81]],
    [1, 3, 200, [1, 3, 9, 27, 81]],
    [1, 3, 243, [1, 3, 9, 27, 81]],
    [2, 3, 50, [2, 6, 18]],
    [5, 3, 50, [5, 15, 45]],
    [1, 2, 16, [1, 2, 4, 8]],
    [1, 2.5, 100, [1, 2, 6, 16, 39, 98]],
    [1, 3, 2, [1]],
    [3, 3, 3, []],
    [9, 3, 4, []],
  ])('from %d by %d below %d', (gracePeriod, eta, max, levels) => {
    expect(rungLevels(gracePeriod, eta, max)).toEqual(levels)
  })

  it('lists no level twice, rising, below the maximum', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 1.01, max: 6, noNaN: true }),
        fc.integer({ min: 1, max: 400 }),
        (gracePeriod, eta, max) => {
          const levels = rungLevels(gracePeriod, eta, max)
          expect(levels.every((level) => Number.isInteger(level) && level < max)).toBe(true)
          expect(levels).toEqual([...new Set(levels)].toSorted((a, b) => a - b))
          expect(levels[0]).toBe(gracePeriod < max ? gracePeriod : undefined)
        },
      ),
    )
  })

  it.each([
    [0, 3, 'gracePeriod must be a whole number >= 1, got 0'],
    [1.5, 3, 'gracePeriod must be a whole number >= 1, got 1.5'],
    [1, 1, 'reductionFactor must be greater than 1, got 1'],
    [1, Number.NaN, 'reductionFactor must be greater than 1, got NaN'],
  ])('refuses %d by %d', (gracePeriod, eta, message) => {
    expect(() => rungLevels(gracePeriod, eta, 27)).toThrow(message)
  })

  it('equals the levels recorded from Syne Tune', (context) => {
    const cases = recordedCases<Record<string, number> & { asha_levels: number[] }>('rung_levels')
    if (cases === undefined) return context.skip('the recorded levels are not here')
    expect(cases.length).toBeGreaterThan(500)
    for (const { max_t: max, grace_period: grace, reduction_factor: eta, asha_levels: levels } of cases)
      expect({ max, grace, eta, levels: rungLevels(grace!, eta!, max!) }).toEqual({ max, grace, eta, levels })
  })
})

describe('passingCount', () => {
  const counts = (...rule: Parameters<typeof passingCount>): number[] => {
    const passing = passingCount(...rule)
    return Array.from({ length: 12 }, (_, i) => passing(i + 1))
  }
  it.each([
    ['exact', 1, 3, 3, [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]],
    ['exact', 1, 2, 2, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]],
    // The gap to the next level counts, not eta: from 81 to 100 nearly all pass.
    ['exact', 81, 100, 3, [1, 1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 9]],
    ['rank', 1, 3, 3, [1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5]],
    ['rank', 1, 2, 2, [1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7]],
    ['paper', 1, 3, 3, [0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4]],
  ] as const)('%s from level %d to %d, eta %d', (rule, level, next, eta, expected) => {
    expect(counts(rule, level, next, eta, 0)).toEqual(expected)
  })

  it('lets at least one pass where trials are stopped', () => {
    expect(counts('paper', 1, 3, 3, 1)).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4])
  })

  it('is exact in integers: no rounding ever moves a count', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        (level, gap, n) => {
          const next = level + gap
          const passing = passingCount('exact', level, next, 3, 0)(n)
          // `passing` entries have at most passing - 1 better ones; the next has `passing`.
          expect(BigInt(passing - 1) * BigInt(next) <= BigInt(n - 1) * BigInt(level)).toBe(true)
          expect(BigInt(passing) * BigInt(next) <= BigInt(n - 1) * BigInt(level)).toBe(false)
        },
      ),
    )
  })
})

/** Many ties, and numbers that rank worst. */
const losses = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: -4, max: 4 }) },
    { weight: 2, arbitrary: fc.double({ min: -10, max: 10, noNaN: true }) },
    { weight: 1, arbitrary: fc.constant(Infinity) },
  ),
  { maxLength: 120 },
)
const gaps = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 60 }))

describe('Rung', () => {
  it('judges every entry like a re-count of all of them, in integers', () => {
    fc.assert(
      fc.property(losses, gaps, (values, [level, gap]) => {
        const next = level + gap
        const rung = new Rung(level, passingCount('exact', level, next, 3, 1))
        const seen: number[] = []
        for (const loss of values) {
          const passes = rung.file(loss)
          seen.push(loss)
          const better = seen.filter((other) => other < loss).length
          expect(passes).toBe(better * next <= (seen.length - 1) * level)
          expect(rung.entries).toBe(seen.length)
          const k = Math.floor(((seen.length - 1) * level) / next) + 1
          expect(rung.cutoff).toBe(seen.toSorted((a, b) => a - b)[k - 1])
        }
      }),
      { numRuns: 200 },
    )
  })

  it('judges by rank like a re-count', () => {
    fc.assert(
      fc.property(losses, fc.integer({ min: 2, max: 6 }), (values, eta) => {
        const rung = new Rung(1, passingCount('rank', 1, eta, eta, 1))
        const seen: number[] = []
        for (const loss of values) {
          seen.push(loss)
          const better = seen.filter((other) => other < loss).length
          expect(rung.file(loss)).toBe(!(better * eta > seen.length))
        }
      }),
    )
  })

  it('lets the top floor(n / eta) pass by the rule of the paper, ties included', () => {
    fc.assert(
      fc.property(
        losses,
        fc.integer({ min: 2, max: 6 }),
        fc.constantFrom(0 as const, 1 as const),
        (all, eta, least) => {
          const rung = new Rung(1, passingCount('paper', 1, eta, eta, least))
          const seen: number[] = []
          for (const loss of all) {
            seen.push(loss)
            const better = seen.filter((other) => other < loss).length
            expect(rung.file(loss)).toBe(better < Math.max(least, Math.floor(seen.length / eta)))
          }
        },
      ),
    )
  })

  it('lets ties with the cut-off pass', () => {
    const rung = new Rung(1, passingCount('exact', 1, 3, 3, 1))
    expect([5, 5, 5, 4, 6, 5].map((loss) => rung.file(loss))).toEqual([true, true, true, true, false, true])
    const flipped = new Rung(1, passingCount('exact', 1, 3, 3, 1))
    expect([5, 5, 5, 4, 6, 5].map((value) => flipped.file(-value))).toEqual([true, true, true, false, true, true])
  })
})

describe('PromotionRung', () => {
  it('promotes like a re-count: the best that waits, ties first in, never one without a number', () => {
    const steps = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: losses.filter((some) => some.length > 0).map((some) => some[0]!) },
        { weight: 2, arbitrary: fc.constant('promote' as const) },
      ),
      { maxLength: 150 },
    )
    fc.assert(
      fc.property(steps, gaps, (all, [level, gap]) => {
        const next = level + gap
        const rung = new PromotionRung(level, passingCount('exact', level, next, 3, 0))
        const entries: { trial: number; loss: number; promoted: boolean }[] = []
        for (const step of all) {
          if (step !== 'promote') {
            // Ids that do not follow the order of filing, so that ties by id would show.
            const trial = 1000 - entries.length
            entries.push({ trial, loss: step, promoted: false })
            rung.file(trial, step)
          }
          const waiting = entries.filter(({ promoted }) => !promoted)
          const least = Math.min(...waiting.map(({ loss }) => loss))
          const best = waiting.find(({ loss }) => loss === least)
          const better = entries.filter(({ loss }) => loss < least).length
          const passes =
            best !== undefined &&
            entries.length >= 2 &&
            least < Infinity &&
            better * next <= (entries.length - 1) * level
          expect(rung.promotable()).toBe(passes ? best.trial : -1)
          if (step === 'promote' && passes) {
            rung.take()
            best.promoted = true
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  it('promotes nobody while there is one entry only', () => {
    const rung = new PromotionRung(1, passingCount('rank', 1, 3, 3, 0))
    rung.file(0, 0.5)
    expect(rung.promotable()).toBe(-1)
    rung.file(1, 0.6)
    expect(rung.promotable()).toBe(0)
  })
})

describe('bracketProbabilities', () => {
  it.each([
    [27, 4, [0.551, 0.2449, 0.1224, 0.0816]],
    [200, 6, [0.5856, 0.2342, 0.0976, 0.0434, 0.0217, 0.0176]],
    [81, 3, [0.6243, 0.2601, 0.1156]],
    [27, 99, [0.551, 0.2449, 0.1224, 0.0816]],
  ])('up to %d, %d brackets', (max, brackets, expected) => {
    const found = bracketProbabilities(rungLevels(1, 3, max), max, brackets)
    expect(found.map((p) => p.toFixed(4))).toEqual(expected.map((p) => p.toFixed(4)))
    expect(found.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12)
  })
})
