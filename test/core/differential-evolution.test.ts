import { drawConfig } from '../../src/core/encoding.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Individual, Subpopulation, UnitCube, crossover, mutate } from '../../src/core/differential-evolution.js'
import { RandomStreams } from '../../src/core/random.js'
import { type Space, choice, constant, float, int, ordinal } from '../../src/core/space.js'

const stream = (seed: number) => new RandomStreams(seed).stream('evolution')
const point = (...values: number[]): Float64Array => Float64Array.from(values)
const parent = (...values: number[]): Individual => ({ point: point(...values), loss: 0 })
const nobody = (): Individual[] => []

describe('mutation', () => {
  it('is a + F (b - c) of three distinct parents that are not the target', () => {
    const parents = [0.4, 0.5, 0.6].map((x) => parent(x))
    const target = parent(0.9)
    // a = .4: .4 +- .05; a = .5: .5 +- .1; a = .6: .6 +- .05.
    for (const given of [parents, [...parents, target]]) {
      const seen = new Set<string>()
      for (let seed = 0; seed < 100; seed++)
        seen.add(mutate(target.point, given, nobody, 0.5, stream(seed))[0]!.toFixed(9))
      expect([...seen].map(Number).toSorted()).toEqual([0.35, 0.4, 0.45, 0.55, 0.6, 0.65])
    }
  })

  it('draws a coordinate anew that left the cube', () => {
    const parents = [parent(0, 0.5), parent(0, 0.5), parent(1, 0.5)]
    const inside = Array.from({ length: 200 }, (_, seed) => mutate(point(0, 0), parents, nobody, 0.5, stream(seed)))
    for (const [x, y] of inside) {
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x).toBeLessThanOrEqual(1)
      expect(y).toBe(0.5)
    }
    // -.5 is drawn anew; otherwise only 0, .5 and 1 are possible.
    const anew = inside.filter(([x]) => ![0, 0.5, 1].includes(x!))
    expect(anew.length / inside.length).toBeGreaterThan(0.2)
    expect(anew.length / inside.length).toBeLessThan(0.5)
  })

  it('takes others where there are fewer than three parents, then random points', () => {
    const [one, other, target] = [parent(0.5), parent(0.5), point(0.1)]
    expect(mutate(target, [one, parent(0.5)], () => [other], 0.5, stream(0))).toEqual(point(0.5))
    const values = Array.from({ length: 50 }, (_, seed) => mutate(target, [one], () => [one], 0.5, stream(seed))[0]!)
    expect(new Set(values).size).toBe(50)
  })
})

describe('crossover', () => {
  it('takes at least one coordinate of the mutant, and all or one at the extremes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(),
        (d, p, seed) => {
          const child = crossover(new Float64Array(d), new Float64Array(d).fill(1), p, stream(seed))
          const taken = child.reduce((sum, x) => sum + x, 0)
          expect(taken).toBeGreaterThanOrEqual(1)
          if (p === 1) expect(taken).toBe(d)
          if (p === 0) expect(taken).toBe(1)
        },
      ),
    )
  })
})

describe('a subpopulation', () => {
  it('keeps the better of target and child, the child of equals, and never one without a number', () => {
    const population = new Subpopulation(2)
    expect(population.offer(0, { point: point(0), loss: Infinity })).toBe(false)
    expect(population.offer(0, { point: point(1), loss: 2 })).toBe(true)
    expect(population.offer(0, { point: point(2), loss: 3 })).toBe(false)
    expect(population.offer(0, { point: point(3), loss: 2 })).toBe(true)
    expect(population.at(1)).toBeUndefined()
    expect(population.individuals).toEqual([{ point: point(3), loss: 2 }])
  })

  it('gives its slots in turn', () => {
    const population = new Subpopulation(2)
    const turns = Array.from({ length: 5 }, () => {
      population.endTurn()
      return population.turn
    })
    expect(turns).toEqual([1, 0, 1, 0, 1])
  })
})

it('a configuration is the one at its point', () => {
  const space: Space = {
    rate: float(1e-4, 1, { scale: 'log' }),
    fixed: constant('x'),
    width: int(1, 9),
    batch: ordinal([8, 16, 32]),
    kind: choice(['a', 'b', 'c']),
  }
  const cube = new UnitCube(space)
  const random = stream(1)
  for (let i = 0; i < 100; i++) {
    const config = drawConfig(space, random)
    const at = cube.pointOf(config)
    expect(at).toHaveLength(4)
    const { rate, ...rest } = cube.configAt(at)
    const { rate: given, ...others } = config
    expect(rest).toEqual(others)
    expect((rate as number) / (given as number)).toBeCloseTo(1, 9)
  }
})
