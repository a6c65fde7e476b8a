import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../src/core/random.js'
import { HaltonSequence } from '../../../src/core/searchers/halton-sequence.js'
import { float } from '../../../src/core/space.js'
import { makeSearcher, take } from './make.js'

const BASES = [2, 3, 5, 7, 11, 13]

function points(dimensions: number, count: number, seed?: string): number[][] {
  const sequence = new HaltonSequence(dimensions, seed === undefined ? undefined : randomStream(seed))
  const out = new Float64Array(dimensions)
  return Array.from({ length: count }, () => {
    sequence.next(out)
    return [...out]
  })
}

describe('HaltonSequence', () => {
  it('is the radical inverse when it is not scrambled', () => {
    const inverse = (n: number, base: number): number =>
      n === 0 ? 0 : ((n % base) + inverse(Math.floor(n / base), base)) / base
    for (const [n, point] of points(6, 300).entries())
      for (const [d, x] of point.entries()) expect(x).toBeCloseTo(inverse(n, BASES[d]!), 12)
  })

  it('hits every interval of length 1/b^m once with b^m points, scrambled too', () => {
    fc.assert(
      fc.property(fc.option(fc.string(), { nil: undefined }), fc.integer({ min: 1, max: 2 }), (seed, m) => {
        for (const [d, base] of BASES.entries()) {
          const count = base ** m
          // In the middle of an interval that rounding cannot leave.
          const hit = points(6, count, seed).map((point) => Math.floor(point[d]! * count + 1e-9))
          expect(new Set(hit).size).toBe(count)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('hits every box of 1/4 by 1/9 twice with 72 points', () => {
    const boxes = new Map<string, number>()
    for (const [x, y] of points(2, 72, 'boxes')) {
      const box = `${Math.floor(x! * 4 + 1e-9)} ${Math.floor(y! * 9 + 1e-9)}`
      boxes.set(box, (boxes.get(box) ?? 0) + 1)
    }
    expect([...boxes.values()]).toEqual(Array.from({ length: 36 }, () => 2))
  })

  it('stays below 1 and is uniform over scrambles', () => {
    const first = Array.from({ length: 4000 }, (_, i) => points(3, 1, `seed ${i}`)[0]!)
    for (const d of [0, 1, 2]) {
      const mean = first.reduce((sum, point) => sum + point[d]!, 0) / first.length
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.02)
      expect(first.every((point) => point[d]! >= 0 && point[d]! < 1)).toBe(true)
    }
  })
})

describe('halton', () => {
  it('takes any number of hyperparameters', () => {
    const space = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`x${i}`, float(0, 1)]))
    expect(take(makeSearcher('halton', {}, space), 20)).toHaveLength(20)
  })
})
