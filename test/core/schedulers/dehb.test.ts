import { drawConfig } from '../../../src/core/encoding.js'
import { describe, expect, it } from 'vitest'
import { RandomStreams } from '../../../src/core/random.js'
import type { Job } from '../../../src/core/scheduler.js'
import { type Config, float } from '../../../src/core/space.js'
import { make, rounds } from './by-hand.js'

const of = (...values: number[]): Float64Array => Float64Array.from(values)
const loss = (trial: number, level: number): number => ((trial * 7) % 11) + 1 / level

/** One worker; every job runs to its level. */
function play(jobs: number, lossOf: (config: Config, trial: number) => number, limits = {}) {
  const space = { x: float(0, 1), y: float(0, 1) }
  const random = new RandomStreams(5).stream('searcher')
  const given = new Set<Config>()
  const searcher = {
    suggest() {
      const config = drawConfig(space, random)
      given.add(config)
      return config
    },
  }
  const scheduler = make('dehb', { maxResource: 9, space, searcher, ...limits })
  const ran: { kind: string; trial: number; until: number; decision: string; suggested: boolean; loss: number }[] = []
  const configs: Config[] = []
  for (let i = 0; i < jobs; i++) {
    const job: Job = scheduler.next(configs.length)
    if (typeof job === 'string') break
    const trial = job.kind === 'start' ? configs.push(job.config) - 1 : job.trial
    const until = job.until!
    const value = lossOf(configs[trial]!, trial)
    const decision = scheduler.onReport(trial, until, of(value))
    if (until === 9) scheduler.onEnd(trial, 'completed')
    ran.push({ kind: job.kind, trial, until, decision, suggested: given.has(configs[trial]!), loss: value })
  }
  return { ran, scheduler, configs }
}

describe('the first bracket', () => {
  it('is successive halving of the configurations of the searcher', () => {
    const turns = { maxResource: 9, workers: 1, loss }
    const given = { maxResource: 9, trials: 9 }
    expect(rounds(make('dehb', given), turns, 40).over.slice(0, 13)).toEqual(
      rounds(make('hyperband', given), turns, 40).over.slice(0, 13),
    )
  })
})

describe('later brackets', () => {
  const { ran } = play(31, (_, trial) => loss(trial, 1))

  it('run new trials from the beginning to the level of each rung, and stop them there', () => {
    // (9,1)(3,3)(1,9), then (5,3)(1,9), then (3,9), then again (9,1)(3,3)(1,9)
    const levels = (from: number, to: number) =>
      ran
        .slice(from, to)
        .map(({ kind, until }) => `${kind[0]!}${until}`)
        .join(' ')
    expect(levels(0, 13)).toBe('s1 s1 s1 s1 s1 s1 s1 s1 s1 r3 r3 r3 r9')
    expect(levels(13, 22)).toBe('s3 s3 s3 s3 s3 s9 s9 s9 s9')
    expect(levels(22, 31)).toBe('s1 s1 s1 s1 s1 s1 s1 s1 s1')
    expect(ran.slice(13, 18).map(({ decision }) => decision)).toEqual(['stop', 'stop', 'stop', 'stop', 'stop'])
  })

  it('run children where there is a target, and configurations of the searcher where there is none', () => {
    // At level 3 three of five places are taken by those that were promoted.
    expect(ran.slice(13, 18).map(({ suggested }) => suggested)).toEqual([true, true, false, false, false])
    expect(ran.slice(22).some(({ suggested }) => suggested)).toBe(false)
  })

  it('never run a configuration twice', () => {
    const { configs } = play(200, ({ x }) => x as number)
    expect(new Set(configs.map((config) => JSON.stringify(config))).size).toBe(configs.length)
  })
})

it('children are better than what the searcher began with', () => {
  const { ran } = play(400, ({ x, y }) => ((x as number) - 0.3) ** 2 + ((y as number) - 0.7) ** 2)
  const mean = (part: typeof ran) => part.reduce((sum, one) => sum + one.loss, 0) / part.length
  expect(mean(ran.slice(-100))).toBeLessThan(mean(ran.slice(0, 9)) / 4)
})

describe('the end', () => {
  it('comes when no trial may start any more; who is promoted goes on', () => {
    const { ran, scheduler } = play(100, (_, trial) => trial, { maxTrials: 4 })
    expect(ran.map(({ kind, trial, until }) => `${kind[0]!}${trial}@${until}`).join(' ')).toBe(
      's0@1 s1@1 s2@1 s3@1 r0@3 r1@3 r2@3 r0@9',
    )
    expect(scheduler.next(4)).toBe('exhausted')
  })

  it('waits for what runs', () => {
    const scheduler = make('dehb', { maxResource: 3, trials: 2 })
    scheduler.next(0)
    scheduler.next(1)
    expect(scheduler.next(2)).toBe('wait')
    scheduler.onReport(0, 1, of(1))
    expect(scheduler.next(2)).toBe('wait')
    scheduler.onEnd(1, 'failed')
    expect(scheduler.next(2)).toMatchObject({ kind: 'resume', trial: 0 })
    scheduler.onEnd(0, 'failed')
    expect(scheduler.next(2)).toBe('exhausted')
  })

  it('never promotes a trial that was stopped after it paused', () => {
    const scheduler = make('dehb', { maxResource: 9, trials: 9 })
    for (let trial = 0; trial < 9; trial++) scheduler.next(trial)
    for (let trial = 0; trial < 9; trial++) scheduler.onReport(trial, 1, of(trial))
    scheduler.onEnd(0, 'stopped')
    expect(scheduler.next(9)).toMatchObject({ kind: 'resume', trial: 1, until: 3 })
    scheduler.onEnd(2, 'stopped')
    expect(scheduler.next(9)).toMatchObject({ kind: 'resume', trial: 3 })
    expect(scheduler.next(9)).toBe('wait')
  })
})

it('explains where a trial comes from and what became of it', () => {
  const scheduler = make('dehb', { maxResource: 3 })
  expect(scheduler.explain!()).toBe('nothing ran yet')
  for (let trial = 0; trial < 3; trial++) scheduler.next(trial)
  expect(scheduler.explain!()).toBe('bracket 0, level 1: trial 2 is a configuration of the searcher')
  for (let trial = 0; trial < 3; trial++) scheduler.onReport(trial, 1, of(trial))
  expect(scheduler.explain!()).toBe('bracket 0, level 1: trial 2 with 2 becomes the 3rd of 3 individuals')
  scheduler.next(3)
  expect(scheduler.explain!()).toBe('bracket 0, level 3: trial 0 is among the best 1 of the rung before')
  scheduler.onReport(0, 3, of(1))
  scheduler.onEnd(0, 'completed')
  scheduler.next(3)
  scheduler.next(4)
  scheduler.next(5)
  expect(scheduler.explain!()).toMatch(/^bracket 2, level 1: trial 5 is a child of the 1st of 3 individuals/)
})
