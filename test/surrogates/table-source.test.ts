import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SpaceSource, UniqueDraws } from '../../src/core/config-source.js'
import { drawConfig, encodeConfig, encodedLength } from '../../src/core/encoding.js'
import { randomStream } from '../../src/core/random.js'
import { type Config, type Space, choice, configKey, constant, float, int, ordinal } from '../../src/core/space.js'
import { TableSource } from '../../src/surrogates/table-source.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { makeTable } from './make-table.js'

/** 30 rows of model a, 3 of model b (one of them incomplete), 1 of model c (incomplete): rows favour a. */
function lopsided(): SurrogateTable {
  const configurations = Array.from({ length: 34 }, (_, i) => ({
    lr: i / 40,
    model: i < 30 ? 'a' : i < 33 ? 'b' : 'c',
  }))
  const space = { lr: float(0, 1), model: choice(['a', 'b', 'c', 'd']) }
  return new SurrogateTable(
    makeTable({
      space,
      configurations,
      repetitions: 1,
      end: (row) => (row >= 32 ? { ended: 'stopped', reached: 2 } : { ended: 'completed', reached: 4 }),
    }),
  )
}

describe('TableSource', () => {
  test('draws choices by the prior, whatever the number of rows, among complete configurations', () => {
    const table = lopsided()
    const source = new TableSource(table)
    expect(source.size).toBe(32)
    expect([...source.configurationIndices]).toEqual(Array.from({ length: 32 }, (_, i) => i))
    const random = randomStream('prior')
    const counts = new Float64Array(table.configurations)
    const draws = 20_000
    for (let i = 0; i < draws; i++) counts[table.indexOf(source.draw(random))]!++
    const a = counts.slice(0, 30)
    expect(Math.abs(a.reduce((x, y) => x + y) / draws - 0.5)).toBeLessThan(0.02)
    for (const count of a) expect(Math.abs(count / draws - 0.5 / 30)).toBeLessThan(0.005)
    for (const count of counts.slice(30, 32)) expect(Math.abs(count / draws - 0.25)).toBeLessThan(0.02)
    expect(counts.slice(32)).toEqual(new Float64Array(2))
  })

  test('ordinals are no categories: all rows are equally likely', () => {
    const configurations = [1, 2, 3, 4, 5].map((n) => ({ n, size: n < 5 ? 8 : 16 }))
    const table = new SurrogateTable(
      makeTable({ space: { n: int(1, 5), size: ordinal([8, 16]) }, configurations, repetitions: 1 }),
    )
    const random = randomStream('ordinal')
    const source = new TableSource(table)
    let large = 0
    for (let i = 0; i < 10_000; i++) if (source.draw(random)['size'] === 16) large++
    expect(large / 10_000).toBeCloseTo(0.2, 1)
  })

  test('gives the table objects, keyed by index', () => {
    const table = lopsided()
    const source = new TableSource(table)
    const config = source.draw(randomStream('x'))
    expect(source.key(config)).toBe(table.indexOf(config))
    expect(table.configuration(table.indexOf(config))).toBe(config)
    expect(source.key({ ...config })).toBe(source.key(config))
    expect(source.key({ lr: 0.99, model: 'a' })).toBe(new SpaceSource(table.space).key({ lr: 0.99, model: 'a' }))
    expect([...source.all()]).toHaveLength(source.size)
  })

  test('unique draws give every configuration once and then end', () => {
    const table = lopsided()
    const draws = new UniqueDraws(new TableSource(table), randomStream('unique'))
    const seen = new Set<number>()
    for (let config = draws.next(); config !== undefined; config = draws.next()) seen.add(table.indexOf(config))
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 32 }, (_, i) => i))
    expect(draws.next()).toBeUndefined()
  })

  test('holds hyperparameters fixed', () => {
    const source = new TableSource(lopsided(), { model: 'b' })
    expect(source.size).toBe(2)
    expect(source.space['model']).toEqual(constant('b'))
    for (const config of source.all()) expect(config['model']).toBe('b')
  })

  test('refuses what it cannot hold fixed', () => {
    const table = lopsided()
    expect(() => new TableSource(table, { modle: 'b' })).toThrow(/no hyperparameter "modle".*did you mean "model"/u)
    expect(() => new TableSource(table, { model: 'z' })).toThrow(/fixed value of model must be one of.*got "z"/u)
    expect(() => new TableSource(table, { model: 'd' })).toThrow(/no configuration with model = "d" all of whose/u)
  })

  describe('nearest', () => {
    const space: Space = {
      rate: float(1e-4, 1, { scale: 'log' }),
      width: int(1, 4),
      kind: choice(['a', 'b', 'c']),
      size: ordinal([8, 16, 32]),
    }

    test('is the free row at the least encoded distance among those with the same choices, ties by index', () => {
      fc.assert(
        fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), fc.nat(3), (seed, count, share) => {
          const random = randomStream(seed)
          // few distinct rates, so that distances tie
          const draw = (): Config => ({ ...drawConfig(space, random), rate: 10 ** -random.int(3) })
          const configs = [...new Map(Array.from({ length: count }, draw).map((c) => [configKey(c), c])).values()]
          const table = new SurrogateTable(makeTable({ space, configurations: configs, repetitions: 1 }))
          const source = new TableSource(table)
          const place = (config: Config): Float64Array => {
            const out = new Float64Array(encodedLength(space))
            encodeConfig(space, config, out)
            return out
          }
          for (let query = 0; query < 5; query++) {
            const config = drawConfig(space, random)
            const taken = new Set(configs.map((_, i) => i).filter(() => random.int(4) < share))
            const free = configs.map((_, i) => i).filter((i) => !taken.has(i))
            const same = free.filter((i) => configs[i]!['kind'] === config['kind'])
            const distance = (i: number): number => {
              const [a, b] = [place(config), place(configs[i]!)]
              return a.reduce((sum, x, d) => sum + (x - b[d]!) ** 2, 0)
            }
            const expected = (same.length > 0 ? same : free).toSorted((i, j) => distance(i) - distance(j) || i - j)[0]
            const found = source.nearest(config, (key) => !taken.has(key))
            expect(found).toBe(expected === undefined ? undefined : table.configuration(expected))
          }
        }),
      )
    })

    test('is the row itself for a recorded configuration, and another one where that is taken', () => {
      const table = lopsided()
      const source = new TableSource(table)
      const config = table.configuration(3)
      expect(source.nearest({ ...config })).toBe(config)
      expect([2, 4]).toContain(table.indexOf(source.nearest(config, (key) => key !== 3)!))
      expect(source.nearest(config, () => false)).toBeUndefined()
    })

    test('works where nothing varies', () => {
      const table = lopsided()
      const { lr, model } = table.configuration(7)
      const source = new TableSource(table, { lr: lr!, model: model! })
      expect(source.nearest({ lr: lr!, model: model! })).toBe(table.configuration(7))
      expect(source.nearest({ lr: lr!, model: model! }, () => false)).toBeUndefined()
    })

    test('gives only what may be drawn: complete, with the fixed values', () => {
      const table = lopsided()
      expect(new TableSource(table).nearest({ lr: 0.9, model: 'c' })!['model']).not.toBe('c')
      expect(new TableSource(table, { model: 'b' }).nearest({ lr: 0, model: 'b' })).toBe(table.configuration(30))
    })
  })
})
