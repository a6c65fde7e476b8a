import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choice, float, int, ordinal } from '../../../src/core/space.js'
import { makeSearcher, rows, take } from './make.js'

describe('grid', () => {
  it('takes cell centres of numbers on their scale, all of a short integer, and choices whole, in order', () => {
    const space = { x: float(0, 1), k: int(1, 2), kind: choice(['a', 'b']) }
    const configs = take(makeSearcher('grid', { points: 2, order: 'given' }, space), 99)
    expect(configs.map(({ x, k, kind }) => `${x} ${k} ${kind}`)).toEqual([
      '0.25 1 a',
      '0.25 1 b',
      '0.25 2 a',
      '0.25 2 b',
      '0.75 1 a',
      '0.75 1 b',
      '0.75 2 a',
      '0.75 2 b',
    ])
  })

  it('has five points per number by default, on the log scale too, and other counts by name', () => {
    const space = { rate: float(1e-5, 1, { scale: 'log' }), n: int(1, 100), size: ordinal([1, 2, 4]) }
    const all = take(makeSearcher('grid', { order: 'given', points: { n: 4 } }, space), 999)
    expect(all).toHaveLength(5 * 4 * 3)
    const values = (name: string): number[] => [...new Set(all.map((config) => config[name] as number))]
    expect(values('rate').map((rate) => Math.log10(rate).toFixed(6))).toEqual(
      [-4.5, -3.5, -2.5, -1.5, -0.5].map((x) => x.toFixed(6)),
    )
    expect(values('n')).toEqual([13, 38, 63, 88])
  })

  it('counts integers once whose cells on the log scale have one centre', () => {
    const configs = take(makeSearcher('grid', { order: 'given', points: 9 }, { n: int(1, 10, { scale: 'log' }) }), 99)
    const values = configs.map(({ n }) => n as number)
    expect(new Set(values).size).toBe(values.length)
    expect(values).toEqual(values.toSorted((a, b) => a - b))
    expect(values[0]).toBe(1)
  })

  it('is shuffled by the seed: the same points, each once', () => {
    const space = { x: float(0, 1), y: float(0, 1), kind: choice(['a', 'b', 'c']) }
    const given = take(makeSearcher('grid', { order: 'given' }, space), 99).map((config) => JSON.stringify(config))
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const shuffled = take(makeSearcher('grid', {}, space, { seed }), 99).map((config) => JSON.stringify(config))
        expect(shuffled).not.toEqual(given)
        expect(shuffled.toSorted()).toEqual(given.toSorted())
      }),
      { numRuns: 20 },
    )
  })

  it('draws from a grid that is too large to list', () => {
    const space = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`x${i}`, float(0, 1)]))
    expect(take(makeSearcher('grid', {}, space), 50)).toHaveLength(50)
    expect(() => makeSearcher('grid', { points: 1000 }, space)).toThrow(
      /^the grid has 1\.0e\+60 points, .*give fewer points$/,
    )
  })

  it('takes the recorded row nearest to each point, once', () => {
    const table = rows(
      { x: float(0, 1), kind: choice(['a', 'b']) },
      [0.05, 0.3, 0.31, 0.9, 0.95].map((x) => ({ x, kind: 'a' })),
    )
    const configs = take(makeSearcher('grid', { points: 4, order: 'given' }, table), 99)
    // 1/8 -> 0.05, 3/8 -> 0.31, 5/8 -> 0.9, 7/8 -> 0.9 again; nothing is recorded of b
    expect(configs.map(({ x }) => x)).toEqual([0.05, 0.31, 0.9])
  })

  it('refuses points for what has none', () => {
    const space = { rate: float(0, 1), kind: choice(['a', 'b']) }
    expect(() => makeSearcher('grid', { points: { rat: 3 } }, space)).toThrow(
      'searcher.points has an unknown hyperparameter "rat"; did you mean "rate"?',
    )
    expect(() => makeSearcher('grid', { points: { kind: 3 } }, space)).toThrow(
      'searcher.points.kind must be left out: kind is no number and takes part whole, got 3',
    )
  })
})
