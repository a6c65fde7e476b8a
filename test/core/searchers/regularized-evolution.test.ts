import { describe, expect, it } from 'vitest'
import { hypervolume } from '../../../src/core/pareto/hypervolume.js'
import { type Config, type Space, choice, float, int } from '../../../src/core/space.js'
import { learn, mean, zdt1, zdt1Space } from './learn.js'
import { makeSearcher, rows, take } from './make.js'

const space: Space = {
  a: float(0, 1),
  b: float(1e-4, 1, { scale: 'log' }),
  n: int(1, 9),
  kind: choice(['x', 'y', 'z']),
}
const loss = ({ a, b, n, kind }: Config): number =>
  ((a as number) - 0.3) ** 2 +
  ((Math.log10(b as number) + 2) / 4) ** 2 +
  ((n as number) / 9 - 0.48) ** 2 +
  (kind === 'y' ? 0 : 0.3)
const differences = (a: Config, b: Config): string[] => Object.keys(space).filter((name) => a[name] !== b[name])

describe('regularized-evolution', () => {
  it('begins as random search does, until the population is full', () => {
    const searcher = makeSearcher('regularized-evolution', { populationSize: 10 }, space, { seed: 4 })
    const trials = learn(searcher, (config) => [loss(config)], 30)
    const random = take(makeSearcher('random', {}, space, { seed: 4 }), 11)
    expect(trials.slice(0, 10).map(({ config }) => config)).toEqual(random.slice(0, 10))
    expect(trials[10]!.config).not.toEqual(random[10])
  })

  it('mutates one hyperparameter of the best of the youngest trials', () => {
    // A sample of 200 of 5 leaves none out.
    const options = { populationSize: 5, sampleSize: 200, draws: 'with-replacement' }
    const trials = learn(makeSearcher('regularized-evolution', options, space), (config) => [loss(config)], 60)
    for (let trial = 5; trial < trials.length; trial++) {
      const youngest = trials.slice(trial - 5, trial)
      const best = youngest.toSorted((p, q) => p.values[0]! - q.values[0]!)[0]!
      expect(differences(trials[trial]!.config, best.config)).toHaveLength(1)
    }
  })

  it('has no parents among trials that are still running, and does not confuse who ended first', () => {
    const options = { populationSize: 2, sampleSize: 50, draws: 'with-replacement' }
    const searcher = makeSearcher('regularized-evolution', options, space)
    const configs = take(searcher, 3)
    for (const [trial, config] of configs.entries()) {
      searcher.onStart!(trial, config, 9)
      searcher.onReport!(trial, 1, Float64Array.of([0, 5, 4][trial]!))
    }
    searcher.onEnd!(2, 'paused')
    searcher.onEnd!(1, 'stopped')
    // 0 is the best and runs on; of 1 and 2 the latter is better.
    for (const config of take(searcher, 20)) expect(differences(config, configs[2]!)).toHaveLength(1)
    searcher.onReport!(1, 2, Float64Array.of(5))
    // Trained further.
    for (const config of take(searcher, 20)) expect(differences(config, configs[1]!)).toHaveLength(1)
    searcher.onEnd!(0, 'failed')
    // The oldest, 2, is out, and a failed trial is no rival.
    for (const config of take(searcher, 20)) expect(differences(config, configs[1]!)).toHaveLength(1)
  })

  it('finds better configurations than random search, with one and with several workers, also among rows', () => {
    const sample = take(makeSearcher('random', {}, space, { seed: 'rows' }), 1000)
    for (const source of [space, rows(space, sample)])
      for (const workers of [1, 8]) {
        const best = (name: 'random' | 'regularized-evolution', options: object): number =>
          mean(20, (seed) => {
            const searcher = makeSearcher(name, options, source, { seed })
            const trials = learn(searcher, (config) => [loss(config)], 150, workers)
            return Math.min(...trials.map(({ values }) => values[0]!))
          })
        const evolved = best('regularized-evolution', { populationSize: 20, sampleSize: 5 })
        expect(evolved).toBeLessThan(0.7 * best('random', {}))
      }
  })
})

describe('mutation', () => {
  it('ends where an interval is narrower than rounding', () => {
    const narrow: Space = { a: float(1, 1 + 2 ** -52, { scale: 'log' }) }
    const options = { populationSize: 2, draws: 'with-replacement' }
    const trials = learn(makeSearcher('regularized-evolution', options, narrow), () => [1], 20)
    expect(trials).toHaveLength(20)
  })
})

describe('mo-regularized-evolution', () => {
  const two = (config: Config): number[] => [loss(config), config['a'] as number]

  it('is regularized-evolution with one objective', () => {
    const options = { populationSize: 5, sampleSize: 3 }
    const configs = (name: 'regularized-evolution' | 'mo-regularized-evolution'): Config[] =>
      learn(makeSearcher(name, options, space), (config) => [loss(config)], 50, 3).map(({ config }) => config)
    expect(configs('mo-regularized-evolution')).toEqual(configs('regularized-evolution'))
  })

  it('takes parents that none of the sample dominates', () => {
    const options = { populationSize: 6, sampleSize: 200, draws: 'with-replacement' }
    const searcher = makeSearcher('mo-regularized-evolution', options, space, { objectives: 2 })
    const trials = learn(searcher, two, 80)
    for (let trial = 6; trial < trials.length; trial++) {
      const youngest = trials.slice(trial - 6, trial)
      const front = youngest.filter(
        ({ values: [p, q] }) => !youngest.some(({ values: [r, s] }) => r! <= p! && s! <= q! && (r! < p! || s! < q!)),
      )
      expect(front.some(({ config }) => differences(trials[trial]!.config, config).length === 1)).toBe(true)
    }
  })

  it('covers more of the objective space than random search', () => {
    const volume = (name: 'random' | 'mo-regularized-evolution', options: object, seed: number): number => {
      const searcher = makeSearcher(name, options, zdt1Space, { seed, objectives: 2 })
      return hypervolume(
        learn(searcher, zdt1, 200, 4).map(({ values }) => values),
        [1, 10],
      )
    }
    const options = { populationSize: 20, sampleSize: 10 }
    const seeds = Array.from({ length: 10 }, (_, seed) => seed)
    const wins = seeds.filter((seed) => volume('mo-regularized-evolution', options, seed) > volume('random', {}, seed))
    expect(wins.length).toBeGreaterThan(7)
  })
})
