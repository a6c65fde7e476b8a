import { describe, expect, it } from 'vitest'
import { SpaceSource } from '../../../src/core/config-source.js'
import { exploreConfig } from '../../../src/core/explore-config.js'
import { RandomStreams } from '../../../src/core/random.js'
import type { StartJob } from '../../../src/core/scheduler.js'
import { populationBasedTraining } from '../../../src/core/schedulers/population-based-training.js'
import { type Space, choice, constant, contains, float, int, ordinal } from '../../../src/core/space.js'
import { make } from './by-hand.js'

const of = (...values: number[]): Float64Array => Float64Array.from(values)

describe('population based training', () => {
  it('replaces the worst quarter by a copy of the best quarter, once there are values to compare', () => {
    const scheduler = make('population-based-training', { maxResource: 9, options: { populationSize: 4 } })
    for (let trial = 0; trial < 4; trial++) expect(scheduler.next(trial)).toMatchObject({ kind: 'start', until: 1 })
    expect(scheduler.next(4)).toBe('wait')
    // A quarter of fewer than four is nobody.
    for (const [trial, value] of [0.4, 0.3, 0.2, 0.1].entries())
      expect(scheduler.onReport(trial, 1, of(value))).toBe('continue')
    expect(scheduler.onReport(1, 2, of(0.35))).toBe('continue')
    expect(scheduler.onReport(0, 2, of(0.38))).toBe('stop')
    expect(scheduler.explain!()).toMatch(
      /^trial 0 at level 2 with 0.38 is 4th of 4, of which the worst 1 are replaced by a copy of trial 3 at level 1/,
    )
    const copy = scheduler.next(4) as StartJob
    expect(copy).toMatchObject({ kind: 'start', copy: { trial: 3, resource: 1 }, until: 2 })
    // 3 / 1024 times 1.2 or 0.8, or drawn anew.
    expect(contains(float(0, 1), copy.config['x'])).toBe(true)
    expect(copy.config['x']).not.toBe(3 / 1024)
    // The copy has no value of its own yet: of three nobody is replaced, however bad.
    expect(scheduler.onReport(1, 3, of(0.99))).toBe('continue')
    // At its first comparison it counts.
    expect(scheduler.onReport(4, 2, of(0.05))).toBe('continue')
    expect(scheduler.onReport(1, 4, of(0.99))).toBe('stop')
    expect(scheduler.next(5)).toMatchObject({ copy: { trial: 4, resource: 2 } })
  })

  it('compares at multiples of the interval, a copy after a whole interval of its own', () => {
    const options = { populationSize: 2, quantile: 0.5, perturbationInterval: 3 }
    const scheduler = make('population-based-training', { maxResource: 12, options })
    expect(scheduler.next(0)).toMatchObject({ until: 3 })
    scheduler.next(1)
    expect(scheduler.onReport(0, 2, of(9))).toBe('continue')
    expect(scheduler.onReport(0, 3, of(0.9))).toBe('continue')
    expect(scheduler.onReport(1, 3, of(0.1))).toBe('continue')
    for (const level of [4, 5]) expect(scheduler.onReport(0, level, of(0.9))).toBe('continue')
    expect(scheduler.onReport(0, 6, of(0.9))).toBe('stop')
    expect(scheduler.next(2)).toMatchObject({ copy: { trial: 1, resource: 3 }, until: 6 })
    for (const level of [4, 5]) expect(scheduler.onReport(2, level, of(0.9))).toBe('continue')
    expect(scheduler.onReport(2, 6, of(0.9))).toBe('stop')
  })

  it('lets members take turns where there are fewer workers', () => {
    const scheduler = make('population-based-training', { maxResource: 2, options: { populationSize: 4 } })
    const ran: string[] = []
    for (let turn = 0; turn < 8; turn++) {
      const job = scheduler.next(turn < 4 ? turn : 99)
      if (typeof job === 'string') throw new Error(job)
      const trial = job.kind === 'resume' ? job.trial : turn
      const level = job.kind === 'resume' ? 2 : 1
      ran.push(`${job.kind} ${trial}`)
      // All equal: nobody is better, so nobody is replaced.
      expect(scheduler.onReport(trial, level, of(0.5))).toBe(level === 2 ? 'continue' : 'pause')
      if (level === 2) scheduler.onEnd(trial, 'completed')
    }
    expect(ran.join(', ')).toBe('start 0, start 1, start 2, start 3, resume 0, resume 1, resume 2, resume 3')
    expect(scheduler.next(4)).toBe('exhausted')
  })

  it('replaces members that failed or diverged, by new ones where nobody can be copied', () => {
    const options = { populationSize: 2, quantile: 0.5 }
    const scheduler = make('population-based-training', { maxResource: 9, options })
    scheduler.next(0)
    scheduler.next(1)
    scheduler.onEnd(0, 'failed')
    expect(scheduler.next(2)).toEqual({ kind: 'start', config: { x: 2 / 1024 }, until: 1 })
    expect(scheduler.onReport(1, 1, of(0.5))).toBe('continue')
    expect(scheduler.onReport(2, 1, of(Number.NaN))).toBe('stop')
    expect(scheduler.next(3)).toMatchObject({ kind: 'start', copy: { trial: 1, resource: 1 } })
    scheduler.onEnd(3, 'diverged')
    expect(scheduler.next(4)).toMatchObject({ kind: 'start', copy: { trial: 1, resource: 1 } })
  })

  it('copies no trial that is complete, and starts no more trials than it may', () => {
    const options = { populationSize: 2, quantile: 0.5 }
    const late = make('population-based-training', { maxResource: 2, options })
    late.next(0)
    late.next(1)
    late.onReport(0, 1, of(0.1))
    expect(late.onReport(0, 2, of(0.1))).toBe('continue')
    late.onEnd(0, 'completed')
    expect(late.onReport(1, 1, of(0.9))).toBe('continue')

    const limited = make('population-based-training', { maxResource: 9, options, maxTrials: 2 })
    limited.next(0)
    limited.next(1)
    limited.onReport(0, 1, of(0.1))
    expect(limited.onReport(1, 1, of(0.9))).toBe('continue')
  })

  it('runs the members that the searcher has configurations for', () => {
    const scheduler = make('population-based-training', { maxResource: 1, trials: 1 })
    scheduler.next(0)
    expect(scheduler.next(1)).toBe('wait')
    scheduler.onReport(0, 1, of(1))
    scheduler.onEnd(0, 'completed')
    expect(scheduler.next(1)).toBe('exhausted')
  })

  it('refuses a population of which a quantile is nobody', () => {
    const { options } = populationBasedTraining
    expect(options.safeParse({ populationSize: 3 }).error?.message).toContain('1 / quantile')
    expect(options.safeParse({ populationSize: 3, quantile: 0.34 }).success).toBe(true)
  })
})

describe('exploring', () => {
  const space: Space = {
    rate: float(1e-3, 1, { scale: 'log' }),
    width: int(1, 8),
    batch: ordinal([8, 16, 32]),
    kind: choice(['a', 'b', 'c']),
    fixed: constant(7),
  }
  const config = { rate: 0.5, width: 5, batch: 16, kind: 'b', fixed: 7 }
  const source = new SpaceSource(space)
  const random = new RandomStreams(1).stream('explore')
  const explored = (resampleProbability: number) =>
    Array.from({ length: 400 }, () =>
      exploreConfig(source, config, { resampleProbability, factors: [1.2, 0.8] }, random),
    )

  it('perturbs numbers by the factors and ordinals by one, and leaves choices alone', () => {
    const values = (name: string) => [...new Set(explored(0).map((one) => one[name]))].toSorted()
    expect(values('rate')).toEqual([0.4, 0.6])
    expect(values('width')).toEqual([4, 6])
    expect(values('batch')).toEqual([32, 8])
    expect(values('kind')).toEqual(['b'])
    expect(values('fixed')).toEqual([7])
  })

  it('draws anew with the given probability, and stays inside the space', () => {
    const drawn = explored(0.25)
    const moved = drawn.filter(
      ({ rate }) => Math.abs((rate as number) - 0.4) > 1e-9 && Math.abs((rate as number) - 0.6) > 1e-9,
    )
    expect(moved.length / drawn.length).toBeGreaterThan(0.17)
    expect(moved.length / drawn.length).toBeLessThan(0.33)
    const extremes = { ...config, rate: 0.95, width: 8, batch: 32 }
    for (let i = 0; i < 200; i++) {
      const one = exploreConfig(source, extremes, { resampleProbability: 0.25, factors: [1.2, 0.8] }, random)
      for (const [name, domain] of Object.entries(space)) expect(contains(domain, one[name])).toBe(true)
    }
  })
})
