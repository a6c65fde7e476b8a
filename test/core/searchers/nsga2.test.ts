import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hypervolume } from '../../../src/core/pareto/hypervolume.js'
import { randomStream } from '../../../src/core/random.js'
import { crowdedOrder } from '../../../src/core/searchers/crowded-order.js'
import { TrialMemory } from '../../../src/core/searchers/trial-memory.js'
import { type Config, type Space, choice, float, int } from '../../../src/core/space.js'
import { learn, mean, zdt1, zdt1Space } from './learn.js'
import { makeSearcher, objectives, rows, take } from './make.js'

const names = Object.keys(zdt1Space)
/** With six variables more that do not matter. */
const wide: Space = { ...zdt1Space, ...Object.fromEntries(names.map((name) => [`other ${name}`, float(0, 1)])) }

describe('nsga2', () => {
  it('breeds from the best of each generation, whatever the order in which trials end', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 12 }), (seed, workers) => {
        // Without crossover a child shares most values with its one parent.
        const options = { populationSize: 6, crossoverProbability: 0, draws: 'with-replacement' }
        const searcher = makeSearcher('nsga2', options, wide, { seed, objectives: 2 })
        const ended: number[] = []
        const configs: Config[] = []
        const memory = new TrialMemory(objectives(2), 1)
        let parents: number[] = []
        const random = randomStream(`order ${seed}`)
        const running: number[] = []
        for (let step = 0; step < 60; step++) {
          while (running.length < workers) {
            const [config] = take(searcher, 1)
            const shared = parents.map(
              (p) => Object.keys(wide).filter((name) => configs[p]![name] === config![name]).length,
            )
            // With probability (1/12)^12 all twelve are mutated.
            expect(parents.length === 0 || Math.max(...shared) > 0).toBe(true)
            running.push(configs.push(config!) - 1)
            searcher.onStart!(configs.length - 1, config!, 1)
            memory.start(configs.length - 1, config!)
          }
          const [trial] = running.splice(random.int(running.length), 1)
          const values = Float64Array.from(zdt1(configs[trial!]!))
          for (const hooks of [searcher.onReport!.bind(searcher), memory.report.bind(memory)]) hooks(trial!, 1, values)
          searcher.onEnd!(trial!, 'completed')
          memory.end(trial!, 'completed')
          ended.push(trial!)
          if (ended.length % 6 === 0) {
            const candidates = [...parents, ...ended.slice(-6)]
            parents = crowdedOrder(candidates, memory)
              .slice(0, 6)
              .map((ranked) => ranked.trial)
          }
        }
      }),
      { numRuns: 30 },
    )
  })

  it('gives the same children when a generation ended in another order', () => {
    const children = (order: readonly number[]): Config[] => {
      const searcher = makeSearcher('nsga2', { populationSize: 5 }, zdt1Space, { objectives: 2 })
      const configs = take(searcher, 5)
      for (const [trial, config] of configs.entries()) searcher.onStart!(trial, config, 1)
      for (const trial of order) {
        searcher.onReport!(trial, 1, Float64Array.from(zdt1(configs[trial]!)))
        searcher.onEnd!(trial, 'completed')
      }
      return take(searcher, 10)
    }
    expect(children([3, 1, 4, 0, 2])).toEqual(children([0, 1, 2, 3, 4]))
  })

  it('never waits: with more workers than a generation has trials it draws and breeds on', () => {
    const searcher = makeSearcher('nsga2', { populationSize: 4 }, zdt1Space, { objectives: 2 })
    expect(take(searcher, 30)).toHaveLength(30)
    expect(
      learn(makeSearcher('nsga2', { populationSize: 4 }, zdt1Space, { objectives: 2 }), zdt1, 200, 40),
    ).toHaveLength(200)
  })

  it('remembers failed and diverged trials as worst: they are not bred from while there are others', () => {
    const searcher = makeSearcher(
      'nsga2',
      { populationSize: 3, crossoverProbability: 0, draws: 'with-replacement' },
      zdt1Space,
      { objectives: 2 },
    )
    const configs = take(searcher, 6)
    for (const [trial, config] of configs.entries()) searcher.onStart!(trial, config, 9)
    const report = (trial: number, values: number[], state: 'failed' | 'diverged' | 'stopped'): void => {
      searcher.onReport!(trial, 1, Float64Array.from(values))
      searcher.onEnd!(trial, state)
    }
    report(0, [0, 0], 'failed')
    report(1, [Number.NaN, 0], 'diverged')
    report(2, [5, 5], 'stopped')
    report(3, [0, Infinity], 'diverged')
    report(4, [6, 4], 'stopped')
    report(5, [4, 6], 'stopped')
    for (const child of take(searcher, 50)) {
      const parent = configs.filter((config) => names.some((name) => config[name] === child[name]))
      for (const config of parent) expect([2, 4, 5]).toContain(configs.indexOf(config))
    }
  })

  it('covers more of the objective space than random search, with one and with several workers', () => {
    for (const workers of [1, 8]) {
      let wins = 0
      for (let seed = 0; seed < 10; seed++) {
        const volume = (name: 'random' | 'nsga2'): number => {
          const trials = learn(makeSearcher(name, {}, zdt1Space, { seed, objectives: 2 }), zdt1, 300, workers)
          return hypervolume(
            trials.map(({ values }) => values),
            [1, 10],
          )
        }
        if (volume('nsga2') > volume('random')) wins++
      }
      expect(wins).toBeGreaterThan(8)
    }
  })

  it('works with one objective, on mixed spaces and on rows', () => {
    const space: Space = { ...zdt1Space, n: int(1, 9), kind: choice(['x', 'y', 'z']) }
    const loss = (config: Config): number[] => [
      Math.abs((config['a'] as number) - 0.3) +
        Math.abs((config['b'] as number) - 0.6) +
        Math.abs((config['n'] as number) - 7) / 9 +
        (config['kind'] === 'y' ? 0 : 0.3),
    ]
    const table = rows(space, take(makeSearcher('random', {}, space, { seed: 'rows' }), 1000))
    for (const source of [space, table]) {
      const best = (name: 'random' | 'nsga2'): number =>
        mean(20, (seed) =>
          Math.min(...learn(makeSearcher(name, {}, source, { seed }), loss, 200, 4).map(({ values }) => values[0]!)),
        )
      expect(best('nsga2')).toBeLessThan(0.8 * best('random'))
    }
  })
})
