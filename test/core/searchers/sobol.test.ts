import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../src/core/random.js'
import { SOBOL_DIMENSIONS, SobolSequence } from '../../../src/core/searchers/sobol-sequence.js'
import { choice, float, int } from '../../../src/core/space.js'
import { makeSearcher, take } from './make.js'

/** Point 201 as SciPy 1.17 gives it from the file of Joe and Kuo, times 256. */
const VECTOR = [
  181, 227, 233, 23, 81, 15, 135, 121, 213, 31, 127, 23, 207, 23, 153, 49, 35, 89, 63, 173, 221, 205, 93, 197, 145, 225,
  185, 73, 139, 7, 99, 151,
]

function points(dimensions: number, count: number, seed?: string): number[][] {
  const sequence = new SobolSequence(dimensions, seed === undefined ? undefined : randomStream(seed))
  const out = new Float64Array(dimensions)
  return Array.from({ length: count }, () => {
    sequence.next(out)
    return [...out]
  })
}

/** Every box of volume 2^-m, 2^-a by 2^-(m-a), holds exactly one of 2^m points. */
function isNet(xs: readonly number[], ys: readonly number[], m: number): boolean {
  return Array.from({ length: m + 1 }, (_, a) => a).every((a) => {
    const boxes = xs.map((x, i) => Math.floor(x * 2 ** a) * 2 ** (m - a) + Math.floor(ys[i]! * 2 ** (m - a)))
    return new Set(boxes).size === 2 ** m
  })
}

const column = (list: readonly number[][], d: number): number[] => list.map((point) => point[d]!)

describe('SobolSequence', () => {
  it('begins as published when it is not scrambled', () => {
    expect(points(6, 8)).toEqual([
      [0, 0, 0, 0, 0, 0],
      [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25, 0.25, 0.75, 0.75],
      [0.25, 0.75, 0.75, 0.75, 0.25, 0.25],
      [0.375, 0.375, 0.625, 0.875, 0.375, 0.125],
      [0.875, 0.875, 0.125, 0.375, 0.875, 0.625],
      [0.625, 0.125, 0.875, 0.625, 0.625, 0.875],
      [0.125, 0.625, 0.375, 0.125, 0.125, 0.375],
    ])
  })

  it('is in all dimensions that of the published direction numbers', () => {
    expect(points(SOBOL_DIMENSIONS, 202)[201]!.map((x) => x * 256)).toEqual(VECTOR)
  })

  it('hits every dyadic interval of every dimension once, scrambled too', () => {
    for (const seed of [undefined, 'a', 'b']) {
      for (const m of [1, 3, 6, 10]) {
        const list = points(SOBOL_DIMENSIONS, 2 ** m, seed)
        for (let d = 0; d < SOBOL_DIMENSIONS; d++)
          expect(new Set(column(list, d).map((x) => Math.floor(x * 2 ** m))).size).toBe(2 ** m)
      }
    }
  })

  it('is a (0, m, 2)-net in the first two dimensions, also from any multiple of 2^m on', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 7 }), fc.nat(3), (seed, m, block) => {
        const list = points(2, 2 ** m * (block + 1), seed).slice(-(2 ** m))
        expect(isNet(column(list, 0), column(list, 1), m)).toBe(true)
      }),
    )
  })

  it('stratifies pairs of the first ten dimensions: every square of side 1/4 gets 16 of 256 points', () => {
    const list = points(10, 256, 'pairs')
    for (let a = 0; a < 10; a++)
      for (let b = 0; b < a; b++) {
        const squares = new Map<number, number>()
        for (const point of list) {
          const square = Math.floor(point[a]! * 4) * 4 + Math.floor(point[b]! * 4)
          squares.set(square, (squares.get(square) ?? 0) + 1)
        }
        expect([...squares.values()]).toEqual(Array.from({ length: 16 }, () => 16))
      }
  })

  it('is uniform over scrambles: the first point lies anywhere', () => {
    const first = Array.from({ length: 4000 }, (_, i) => points(2, 2, `seed ${i}`))
    for (const at of [0, 1])
      for (const d of [0, 1]) {
        const mean = first.reduce((sum, list) => sum + list[at]![d]!, 0) / first.length
        expect(Math.abs(mean - 0.5)).toBeLessThan(0.02)
      }
    // the second point is in the other half, but not at a fixed distance
    expect(new Set(first.map((list) => (list[1]![0]! - list[0]![0]!).toFixed(3))).size).toBeGreaterThan(500)
  })
})

describe('sobol', () => {
  it('spreads evenly over log scales, integers and choices', () => {
    const space = { rate: float(1e-4, 1, { scale: 'log' }), n: int(1, 4), kind: choice(['a', 'b']) }
    const configs = take(makeSearcher('sobol', {}, space), 64)
    const count = (has: (config: (typeof configs)[number]) => boolean): number => configs.filter(has).length
    for (const low of [1e-4, 1e-3, 1e-2, 1e-1])
      expect(count(({ rate }) => (rate as number) >= low && (rate as number) < low * 10)).toBe(16)
    for (const n of [1, 2, 3, 4]) expect(count((config) => config['n'] === n)).toBe(16)
    expect(count(({ kind }) => kind === 'a')).toBe(32)
  })

  it('does not give what varies not a dimension, and says how many it has', () => {
    const space = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, float(0, 1)]))
    expect(take(makeSearcher('sobol', {}, { ...space(32), point: float(1, 1) }), 5)).toHaveLength(5)
    expect(() => makeSearcher('sobol', {}, space(33))).toThrow(
      'searcher sobol has direction numbers for 32 hyperparameters, but 33 vary; use random or halton',
    )
  })
})
