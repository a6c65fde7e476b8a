import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromUnit } from '../../../src/core/encoding.js'
import { type Random, randomStream } from '../../../src/core/random.js'
import {
  crossed,
  mutated,
  polynomialMutation,
  simulatedBinaryCrossover,
} from '../../../src/core/searchers/variation.js'
import { type Domain, choice, constant, contains, domainSize, float, int, ordinal } from '../../../src/core/space.js'

const unit = fc.double({ min: 0, max: 1, noNaN: true })
const index = fc.constantFrom(1, 5, 20)
/** A stream that gives these numbers. */
const given = (...numbers: number[]): Random => ({ uniform: () => numbers.shift()!, int: () => 0 })

describe('simulatedBinaryCrossover', () => {
  it('stays in [0, 1], and at the parents where they are equal', () => {
    fc.assert(
      fc.property(unit, unit, index, fc.string(), (a, b, eta, seed) => {
        const child = simulatedBinaryCrossover(a, b, eta, randomStream(seed))
        expect(child >= 0 && child <= 1).toBe(true)
        expect(simulatedBinaryCrossover(a, a, eta, randomStream(seed))).toBe(a)
      }),
    )
  })

  it('without bounds in the way, spreads two children evenly about the parents by the polynomial of the index', () => {
    // beta = (2u)^(1 / (eta + 1)) for u <= 1/2, else (1 / (2 (1 - u)))^(1 / (eta + 1)); bounds far off change little
    for (const [u, eta] of [
      [0.1, 20],
      [0.3, 20],
      [0.7, 20],
      [0.8, 15],
    ] as const) {
      const beta = u <= 0.5 ? (2 * u) ** (1 / (eta + 1)) : (1 / (2 * (1 - u))) ** (1 / (eta + 1))
      expect(simulatedBinaryCrossover(0.45, 0.55, eta, given(u, 0.9))).toBeCloseTo(0.5 - 0.05 * beta, 6)
      expect(simulatedBinaryCrossover(0.55, 0.45, eta, given(u, 0.1))).toBeCloseTo(0.5 + 0.05 * beta, 6)
    }
  })

  it('reaches the bound at the end of the stream and no further', () => {
    expect(simulatedBinaryCrossover(0.2, 0.8, 3, given(1 - 2 ** -53, 0.1))).toBeCloseTo(1, 9)
    expect(simulatedBinaryCrossover(0.2, 0.8, 3, given(1 - 2 ** -53, 0.9))).toBeCloseTo(0, 9)
    expect(simulatedBinaryCrossover(0, 0.8, 3, given(0.999, 0.9))).toBeCloseTo(0.4 * (1 - 0.999 ** 0.25), 9)
  })
})

describe('polynomialMutation', () => {
  it('stays in [0, 1], does nothing in the middle of the stream, and reaches the bounds at its ends', () => {
    fc.assert(
      fc.property(unit, index, unit, (x, eta, u) => {
        const moved = polynomialMutation(x, eta, given(u))
        expect(moved >= 0 && moved <= 1).toBe(true)
        if (u < 0.5) expect(moved).toBeLessThanOrEqual(x)
        else expect(moved).toBeGreaterThanOrEqual(x)
        expect(polynomialMutation(x, eta, given(0.5))).toBeCloseTo(x, 12)
        expect(polynomialMutation(x, eta, given(0))).toBeCloseTo(0, 9)
        expect(polynomialMutation(x, eta, given(1))).toBeCloseTo(1, 9)
      }),
    )
  })

  it('takes smaller steps with a larger index', () => {
    const random = randomStream('steps')
    const mean = (eta: number): number => {
      let sum = 0
      for (let i = 0; i < 5000; i++) sum += Math.abs(polynomialMutation(0.5, eta, random) - 0.5)
      return sum / 5000
    }
    // The mean step of the unbounded operator is 1 / (eta + 2).
    expect(mean(20)).toBeGreaterThan(0.04)
    expect(mean(20)).toBeLessThan(0.05)
    expect(mean(5)).toBeGreaterThan(0.11)
  })
})

describe('mutated and crossed', () => {
  const domains: Domain[] = [
    float(1e-4, 1, { scale: 'log' }),
    int(1, 4),
    int(1, 1000, { scale: 'log' }),
    ordinal([8, 16, 32]),
    choice(['a', 'b', 'c']),
  ]
  it('always change what is not real, stay in the domain, and reach every value', () => {
    const random = randomStream('mutated')
    for (const domain of domains) {
      const start = fromUnit(domain, 0)
      const seen = new Set<unknown>()
      let value = start
      for (let i = 0; i < 2000; i++) {
        const next = mutated(domain, value, 20, random)
        expect(contains(domain, next)).toBe(true)
        expect(next === value && domain.type !== 'float').toBe(false)
        seen.add((value = next))
      }
      expect(seen.size).toBeGreaterThanOrEqual(Math.min(domainSize(domain), 100))
    }
  })

  it('leave alone what has one value', () => {
    const random = randomStream('one')
    expect(mutated(constant(3), 3, 20, random)).toBe(3)
    expect(mutated(int(3, 3), 3, 20, random)).toBe(3)
    expect(mutated(float(3, 3), 3, 20, random)).toBe(3)
    expect(mutated(ordinal(['x']), 'x', 20, random)).toBe('x')
    expect(mutated(choice(['x']), 'x', 20, random)).toBe('x')
  })

  it('give a choice of either parent as often, and values in the domain', () => {
    const random = randomStream('crossed')
    const kinds = Array.from({ length: 2000 }, () => crossed(choice(['a', 'b', 'c']), 'a', 'c', 20, random))
    expect(new Set(kinds)).toEqual(new Set(['a', 'c']))
    expect(Math.abs(kinds.filter((kind) => kind === 'a').length - 1000)).toBeLessThan(100)
    for (let i = 0; i < 500; i++) {
      expect(contains(int(1, 9), crossed(int(1, 9), 2, 9, 2, random))).toBe(true)
      expect(contains(ordinal([8, 16, 32]), crossed(ordinal([8, 16, 32]), 8, 32, 2, random))).toBe(true)
    }
  })
})
