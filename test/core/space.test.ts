import { drawConfig, drawValue } from '../../src/core/encoding.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SpaceSource, UniqueDraws } from '../../src/core/config-source.js'
import { type Random, RandomStreams } from '../../src/core/random.js'
import {
  type Domain,
  type Space,
  checkConfig,
  checkSpace,
  choice,
  configKey,
  constant,
  contains,
  enumerateSpace,
  float,
  int,
  ordinal,
  spaceSize,
} from '../../src/core/space.js'

const random = (seed: number): Random => new RandomStreams(seed).stream('test')

describe('checkSpace', () => {
  it.each<[Domain, string]>([
    [float(2, 1), 'space.x needs finite bounds with low <= high, got [2,1]'],
    [float(0, Infinity), 'space.x needs finite bounds with low <= high'],
    [int(0.5, 2), 'space.x needs whole-number bounds, got [0.5,2]'],
    [
      float(0, 1, { scale: 'log' }),
      'space.x needs a positive lower bound on the log scale, got [0,1]; raise low or use scale "linear"',
    ],
    [int(0, 4, { scale: 'log' }), 'space.x needs a positive lower bound on the log scale'],
    [choice([]), 'space.x needs at least one value, got []'],
    [choice(['a', 'b', 'a']), 'space.x lists a value twice, got ["a","b","a"]'],
    [ordinal([1, Number.NaN]), 'space.x must be finite, got "NaN"'],
    [constant(Infinity), 'space.x must be finite, got "Infinity"'],
    [{ type: 'real' } as unknown as Domain, 'space.x.type must be float, int, choice, ordinal or constant, got "real"'],
    [
      { type: 'int', low: 0, high: 1, scale: 'ln' } as unknown as Domain,
      'space.x.scale must be "linear" or "log", got "ln"',
    ],
  ])('refuses %j', (domain, message) => {
    expect(() => checkSpace({ x: domain })).toThrow(message)
  })

  it('refuses a space without hyperparameters and passes others', () => {
    expect(() => checkSpace({}, 'experiment.space')).toThrow(
      'experiment.space has no hyperparameters; give at least one',
    )
    checkSpace({ a: float(1, 1), b: int(-3, 3), c: choice([true]), d: ordinal([1, 2]), e: constant('x') })
  })
})

describe('checkConfig', () => {
  const space = { learning_rate: float(0, 1), layers: int(1, 3), kind: choice(['a', 'b']) }
  it.each([
    [{ learning_rate: 0.5, layers: 2 }, 'configuration lacks the hyperparameter "kind" (one of "a", "b")'],
    [
      { learning_rat: 0.5, layers: 2, kind: 'a' },
      'configuration has an unknown hyperparameter "learning_rat"; did you mean "learning_rate"?',
    ],
    [{ learning_rate: 0.5, layers: 2.5, kind: 'a' }, 'configuration.layers must be int in [1, 3], got 2.5'],
    [{ learning_rate: 2, layers: 2, kind: 'a' }, 'configuration.learning_rate must be float in [0, 1], got 2'],
    [{ learning_rate: 0, layers: 2, kind: 'c' }, 'configuration.kind must be one of "a", "b", got "c"'],
  ])('refuses %j', (config, message) => {
    expect(() => checkConfig(space, config)).toThrow(message)
  })
})

/** How often each value came in `n` draws. */
function shares(domain: Domain, n: number): Map<unknown, number> {
  const stream = random(3)
  const counts = new Map<unknown, number>()
  for (let i = 0; i < n; i++) {
    const value = drawValue(domain, stream)
    counts.set(value, (counts.get(value) ?? 0) + 1 / n)
  }
  return counts
}

describe('drawValue', () => {
  it('never halves the ends of whole numbers', () => {
    const counts = shares(int(1, 5), 50_000)
    expect(counts.size).toBe(5)
    for (const share of counts.values()) expect(Math.abs(share - 0.2)).toBeLessThan(0.01)
  })

  it('draws whole numbers on the log scale from [low - 1/2, high + 1/2]', () => {
    const counts = shares(int(1, 4, { scale: 'log' }), 50_000)
    for (const value of [1, 2, 3, 4]) {
      const expected = Math.log((value + 0.5) / (value - 0.5)) / Math.log(4.5 / 0.5)
      expect(Math.abs(counts.get(value)! - expected)).toBeLessThan(0.01)
    }
    expect([...counts.entries()].toSorted().map(([, share]) => share.toFixed(1))).toEqual(['0.5', '0.2', '0.2', '0.1'])
  })

  it('draws categories equally, and logarithms uniformly', () => {
    for (const domain of [choice(['a', 'b', 'c', 'd']), ordinal([8, 16, 32, 64])]) {
      const counts = shares(domain, 20_000)
      expect(counts.size).toBe(4)
      for (const share of counts.values()) expect(Math.abs(share - 0.25)).toBeLessThan(0.02)
    }
    const stream = random(1)
    let below = 0
    for (let i = 0; i < 20_000; i++)
      if ((drawValue(float(1e-6, 1e-2, { scale: 'log' }), stream) as number) < 1e-4) below++
    expect(Math.abs(below / 20_000 - 0.5)).toBeLessThan(0.02)
  })

  it('stays in its domain, at the ends of the stream too', () => {
    const domain = fc.oneof(
      fc
        .tuple(fc.double({ min: 1e-9, max: 1e9, noNaN: true }), fc.double({ min: 1e-9, max: 1e9, noNaN: true }))
        .map(([a, b]): Domain => float(Math.min(a, b), Math.max(a, b), { scale: a < 1 ? 'log' : 'linear' })),
      fc
        .tuple(fc.integer({ min: 1, max: 1000 }), fc.nat(1000), fc.constantFrom('log' as const, 'linear' as const))
        .map(([low, width, scale]): Domain => int(low, low + width, { scale })),
    )
    const uniform = fc.oneof(
      fc.constantFrom(0, 1 - 2 ** -53),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    )
    fc.assert(
      fc.property(domain, uniform, (domain, u) => {
        const value = drawValue(domain, { uniform: () => u, int: (n) => Math.floor(u * n) })
        expect(contains(domain, value)).toBe(true)
      }),
    )
  })

  it('uses one number per hyperparameter that varies: an added one moves only later ones', () => {
    const before = drawConfig({ a: float(0, 1), c: float(0, 1) }, random(5))
    const after = drawConfig({ a: float(0, 1), k: constant(1), c: float(0, 1), d: int(1, 9) }, random(5))
    expect(after).toMatchObject(before)
  })
})

describe('configKey', () => {
  it('is one text per configuration, whatever the order of its keys', () => {
    expect(configKey({ a: 1, b: 'x' })).toBe(configKey({ b: 'x', a: 1 }))
    expect(configKey({ a: 0 })).toBe(configKey({ a: -0 }))
    expect(configKey({ a: 1 })).not.toBe(configKey({ a: '1' }))
    expect(configKey({ a: true })).not.toBe(configKey({ a: 'true' }))
  })
})

describe('finite spaces', () => {
  const space: Space = { a: int(1, 20), b: choice(['x', 'y', 'z', 'u', 'v']), c: ordinal([1, 2, 4, 8]), d: int(1, 5) }

  it('are counted and listed', () => {
    expect(spaceSize(space)).toBe(2000)
    const keys = new Set([...enumerateSpace(space)].map(configKey))
    expect(keys.size).toBe(2000)
    expect(spaceSize({ ...space, e: float(0, 1) })).toBe(Infinity)
    expect(spaceSize({ e: float(1, 1) })).toBe(1)
    expect(() => enumerateSpace({ e: float(0, 1) }).next()).toThrow('cannot be enumerated')
  })

  it('are drawn until every configuration was drawn exactly once', () => {
    const draws = new UniqueDraws(new SpaceSource(space), random(0))
    const seen = new Set<string>()
    for (let config = draws.next(); config !== undefined; config = draws.next()) seen.add(configKey(config))
    expect(seen.size).toBe(2000)
    expect(draws.next()).toBeUndefined()
  })

  it('leave out what was taken before', () => {
    const draws = new UniqueDraws(new SpaceSource({ a: int(1, 3) }), random(0))
    expect(draws.take({ a: 2 })).toBe(true)
    expect(draws.take({ a: 2 })).toBe(false)
    expect([draws.next()!['a'], draws.next()!['a']].toSorted()).toEqual([1, 3])
    expect(draws.next()).toBeUndefined()
  })

  it('give every first configuration the same chance, also when few are left', () => {
    const last = new Map<unknown, number>()
    for (let seed = 0; seed < 3000; seed++) {
      const draws = new UniqueDraws(new SpaceSource({ a: int(1, 4) }), random(seed))
      const order = [draws.next(), draws.next(), draws.next(), draws.next()].map((config) => config!['a'])
      last.set(order[3], (last.get(order[3]) ?? 0) + 1)
    }
    for (const count of last.values()) expect(Math.abs(count / 3000 - 0.25)).toBeLessThan(0.04)
    expect(last.size).toBe(4)
  })
})
