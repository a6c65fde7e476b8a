import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawConfig, encodeConfig, encodedLength } from '../../src/core/encoding.js'
import { randomStream } from '../../src/core/random.js'
import { type Config, choice, constant, float, int, ordinal } from '../../src/core/space.js'
import { NearestConfigurations, finalValues, leaveOneOutError } from '../../src/surrogates/nearest.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { makeTable } from './make-table.js'

const space = {
  lr: float(1e-4, 1, { scale: 'log' }),
  units: int(1, 9),
  model: choice(['a', 'b', 'c']),
  batch: ordinal([8, 16, 32]),
  seed: constant(3),
}

function randomTable(seed: number, count: number): SurrogateTable {
  const random = randomStream(`table ${seed}`)
  const configurations = Array.from({ length: count }, () => drawConfig(space, random))
  return new SurrogateTable(makeTable({ space, configurations, repetitions: 1, levels: 2 }))
}

function encoded(config: Config): Float64Array {
  const out = new Float64Array(encodedLength(space))
  encodeConfig(space, config, out)
  return out
}

function bruteForce(table: SurrogateTable, config: Config, k: number): number[] {
  const query = encoded(config)
  const distance = (i: number): number =>
    encoded(table.configuration(i)).reduce((sum, x, d) => sum + (x - query[d]!) ** 2, 0)
  return Array.from({ length: table.configurations }, (_, i) => i)
    .map((i) => [i, table.indexOf(config) === i ? -1 : distance(i)] as const)
    .sort((a, b) => a[1] - b[1] || a[0] - b[0])
    .slice(0, k)
    .map(([i]) => i)
}

describe('NearestConfigurations', () => {
  test('agrees with sorting all distances', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 8 }), (seed, count, k) => {
        const table = randomTable(seed, count)
        const nearest = new NearestConfigurations(table, k)
        const random = randomStream(`query ${seed}`)
        const out = new Int32Array(k)
        for (const config of [drawConfig(space, random), table.configuration(random.int(count))]) {
          const found = nearest.find(config, out)
          expect([...out.subarray(0, found)]).toEqual(bruteForce(table, config, k))
        }
      }),
      { numRuns: 60 },
    )
  })

  test('agrees where rows lie on a grid, fill many leaves and tie', () => {
    const grid = { a: ordinal([1, 2, 3, 4]), b: choice(['p', 'q', 'r']), c: int(0, 4), d: choice([true, false]) }
    const configurations = grid.a.values.flatMap((a) =>
      grid.b.values.flatMap((b) => [0, 1, 2, 3, 4].flatMap((c) => [true, false].map((d) => ({ a, b, c, d })))),
    )
    // Every fourth is missing, so that some queries are answered by others; they are all at equal distances.
    const kept = configurations.filter((_, i) => i % 4 !== 2)
    const table = new SurrogateTable(makeTable({ space: grid, configurations: kept, repetitions: 1, levels: 2 }))
    const points = kept.map((config) => {
      const point = new Float64Array(encodedLength(grid))
      encodeConfig(grid, config, point)
      return point
    })
    const nearest = new NearestConfigurations(table, 5)
    const out = new Int32Array(5)
    const query = new Float64Array(encodedLength(grid))
    for (const config of configurations) {
      encodeConfig(grid, config, query)
      const distances = points.map((point) => point.reduce((sum, x, j) => sum + (x - query[j]!) ** 2, 0))
      const expected = distances
        .map((distance, i) => [i, distance] as const)
        .sort((a, b) => a[1] - b[1] || a[0] - b[0])
        .slice(0, 5)
        .map(([i]) => i)
      expect(nearest.find(config, out)).toBe(5)
      expect([...out]).toEqual(expected)
    }
  })

  test('an exact hit comes first, equal distances by index, and only fixed values count', () => {
    const line = { x: float(0, 4), m: choice(['p', 'q']) }
    const configurations = [4, 0, 2, 3, 1].flatMap((x) => [
      { x, m: 'p' },
      { x, m: 'q' },
    ])
    const table = new SurrogateTable(makeTable({ space: line, configurations, repetitions: 1 }))
    const out = new Int32Array(3)
    const nearest = new NearestConfigurations(table, 3, { m: 'q' })
    expect(nearest.find({ x: 2, m: 'q' }, out)).toBe(3)
    expect([...out].map((i) => table.configuration(i))).toEqual([
      { x: 2, m: 'q' },
      { x: 3, m: 'q' },
      { x: 1, m: 'q' },
    ])
    expect(new NearestConfigurations(table, 7, { x: 0 }).find({ x: 0.1, m: 'q' }, new Int32Array(7))).toBe(2)
  })

  test('incomplete configurations never stand in', () => {
    const data = makeTable({
      repetitions: 1,
      end: (row) => (row === 2 ? { ended: 'failed', reached: 0 } : { ended: 'completed', reached: 4 }),
    })
    const table = new SurrogateTable(data)
    const out = new Int32Array(6)
    expect(new NearestConfigurations(table, 6).find(table.configuration(2), out)).toBe(5)
    expect([...out.subarray(0, 5)]).not.toContain(2)
  })

  test('k must be a whole number', () => {
    expect(() => new NearestConfigurations(randomTable(1, 2), 0)).toThrow(/k must be a whole number, 1 or more, got 0/u)
  })
})

describe('leaveOneOutError', () => {
  test('is the mean absolute error of the neighbours, by hand', () => {
    const configurations = [0, 1, 2, 4].map((x) => ({ x }))
    const data = makeTable({
      space: { x: float(0, 4) },
      configurations,
      value: ({ config, repetition }) => (config['x'] as number) * 10 + repetition,
    })
    const table = new SurrogateTable(data)
    expect([...finalValues(table, 'error')]).toEqual([0.5, 10.5, 20.5, 40.5])
    // neighbours of 0, 1, 2, 4: 1, 0 (by index), 1, 2
    expect(leaveOneOutError(table, 1, 'error')).toBeCloseTo((10 + 10 + 10 + 20) / 4)
    // two neighbours: (1, 2), (0, 2), (1, and 0 before 4), (2, 1)
    expect(leaveOneOutError(table, 2, 'error')).toBeCloseTo((15 + 0 + 15 + 25) / 4)
  })

  test('skips diverged trainings and needs two configurations', () => {
    const data = makeTable({
      configurations: 2,
      end: (row) => ({ ended: row === 3 ? 'diverged' : 'completed', reached: 4 }),
      value: ({ row, level }) => (row === 3 && level === 4 ? Number.NaN : row),
    })
    expect(leaveOneOutError(new SurrogateTable(data), 1, 'error')).toBeNaN()
    expect(() => leaveOneOutError(new SurrogateTable(data), 1, 'erorr')).toThrow(/did you mean "error"/u)
  })
})
