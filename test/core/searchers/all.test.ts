/** What holds for every searcher that proposes without repeats: the ends of finite spaces, restriction to rows, streams. */
import { drawConfig } from '../../../src/core/encoding.js'
import { describe, expect, it } from 'vitest'
import { SpaceSource } from '../../../src/core/config-source.js'
import { randomStream } from '../../../src/core/random.js'
import { schedulers } from '../../../src/core/schedulers/index.js'
import type { Searcher } from '../../../src/core/searcher.js'
import { searchers } from '../../../src/core/searchers/index.js'
import {
  type Config,
  type Space,
  checkConfig,
  choice,
  configKey,
  constant,
  float,
  int,
  ordinal,
} from '../../../src/core/space.js'
import { SurrogateTable } from '../../../src/surrogates/table.js'
import { TableSource } from '../../../src/surrogates/table-source.js'
import { drive } from '../../backends/simulated/drive.js'
import { makeTable } from '../../surrogates/make-table.js'
import { makeSearcher, rows, take } from './make.js'

const finite: Space = {
  width: int(1, 5),
  kind: choice(['a', 'b', 'c']),
  batch: ordinal([8, 16]),
  fixed: constant(true),
}
const mixed: Space = { rate: float(1e-4, 1, { scale: 'log' }), ...finite, steps: int(1, 50, { scale: 'log' }) }
const names = (Object.keys(searchers) as (keyof typeof searchers)[]).filter((name) => name !== 'fixed')
const sample = (space: Space, count: number) => {
  const random = randomStream('rows')
  const configs = Array.from({ length: count }, () => drawConfig(space, random))
  return [...new Map(configs.map((config) => [configKey(config), config])).values()]
}

describe.each(names)('%s', (name) => {
  it('gives every configuration of a finite space once, and then ends', () => {
    for (const seed of [1, 2, 3]) {
      const searcher = makeSearcher(name, {}, finite, { seed })
      const configs = take(searcher, 40)
      expect(new Set(configs.map(configKey)).size).toBe(30)
      expect(configs).toHaveLength(30)
      expect(searcher.suggest()).toBeUndefined()
      for (const config of configs) checkConfig(finite, config)
    }
  })

  it('stays in a space with numbers, without repeats, and starts with what is to be tried first, once', () => {
    const defaultConfig = { rate: 0.1, width: 3, kind: 'b', batch: 8, fixed: true, steps: 7 }
    const options = { initial: ['default', { width: 4 }, 'default'] }
    const configs = take(makeSearcher(name, options, mixed, { defaultConfig }), 300)
    expect(configs.slice(0, 2)).toEqual([defaultConfig, { ...defaultConfig, width: 4 }])
    expect(configs).toHaveLength(300)
    expect(new Set(configs.map(configKey)).size).toBe(300)
    for (const config of configs) {
      checkConfig(mixed, config)
      expect(Object.keys(config)).toEqual(Object.keys(mixed))
    }
  })

  it('gives rows of a table only, each once', () => {
    const table = rows(mixed, sample(mixed, 60))
    const configs = take(makeSearcher(name, {}, table, { seed: 5 }), 100)
    const keys = configs.map((config) => table.key(config))
    expect(keys.every((key) => typeof key === 'number')).toBe(true)
    expect(new Set(keys).size).toBe(keys.length)
    // a grid ends with its points
    expect(keys.length === 60 || name === 'grid').toBe(true)
    expect(keys.length).toBeGreaterThan(30)
  })

  it('gives the one configuration of a space in which nothing varies', () => {
    expect(take(makeSearcher(name, {}, { a: constant(1), b: float(2, 2), c: int(3, 3) }), 5)).toEqual([
      { a: 1, b: 2, c: 3 },
    ])
  })

  it('gives other configurations with another seed, the same with the same', () => {
    const first = (seed: number): string => JSON.stringify(take(makeSearcher(name, {}, mixed, { seed }), 20))
    expect(first(1)).toBe(first(1))
    expect(first(1)).not.toBe(first(2))
  })

  it('refuses a configuration to try first that is not in the space', () => {
    expect(() => makeSearcher(name, { initial: [{ width: 9 }] }, finite)).toThrow(
      'initial[0].width must be int in [1, 5]',
    )
  })
})

describe.each(['random', 'grid', 'sobol', 'halton'] as const)('%s, which does not learn,', (name) => {
  it('gives the same configurations in the same order under every scheduler, with any number of workers', () => {
    const table = makeTable({ space: mixed, configurations: sample(mixed, 60), levels: 9, repetitions: 1 })
    const given = (scheduler: keyof typeof schedulers, workers: number): string[] => {
      const searcher = makeSearcher(name, {}, new TableSource(new SurrogateTable(table)), { seed: 3 })
      const configs: string[] = []
      const watched: Searcher = {
        suggest: () => {
          const suggestion = searcher.suggest()
          if (suggestion !== undefined) configs.push(configKey(suggestion as Config))
          return suggestion
        },
      }
      drive(table, { scheduler, searcher: watched, workers })
      return configs
    }
    const expected = given('fifo', 1)
    expect(expected.length).toBeGreaterThan(30)
    for (const scheduler of ['fifo', 'asha-stopping', 'asha-promotion'] as const)
      expect(given(scheduler, 4)).toEqual(expected)
  })
})

describe.each(names.filter((name) => name !== 'grid'))('%s with replacement', (name) => {
  it('never ends', () => {
    const searcher = makeSearcher(name, { draws: 'with-replacement', initial: ['default', 'default'] }, finite)
    const configs = take(searcher, 200)
    expect(configs).toHaveLength(200)
    expect(configs[0]).toEqual(configs[1])
    const one = new SpaceSource({ a: constant(1) })
    expect(take(makeSearcher(name, { draws: 'with-replacement' }, one), 3)).toEqual([{ a: 1 }, { a: 1 }, { a: 1 }])
  })
})
