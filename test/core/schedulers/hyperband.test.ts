/** Synchronous successive halving and Hyperband, traced by hand. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mix, mixedUniform } from '../../../src/core/random.js'
import { make, rounds } from './by-hand.js'

const bases = [0.5, 0.3, 0.7, 0.2, 0.6, 0.1, 0.4, 0.25, 0.05]
const loss = (trial: number, level: number): number => (bases[trial] ?? 1) + 1 / level
const of = (...values: number[]): Float64Array => Float64Array.from(values)

describe('successive halving of 9 to a maximum of 9', () => {
  it('compares a rung when it is full', () => {
    const run = rounds(make('successive-halving', { maxResource: 9, trials: 9 }), { maxResource: 9, workers: 3, loss })
    expect(run.starts).toBe(
      '0:0->1 1:0->1 2:0->1 | 3:0->1 4:0->1 5:0->1 | 6:0->1 7:0->1 8:0->1 | 8:1->3 5:1->3 3:1->3 | 8:3->9',
    )
    expect(run.over.slice(9)).toEqual(['8@3 pause', '5@3 pause', '3@3 pause', '8@9 completed'])
  })

  it('opens the same bracket again for workers without a slot', () => {
    const scheduler = make('successive-halving', { maxResource: 9 })
    const run = rounds(scheduler, { maxResource: 9, workers: 4, loss }, 4)
    expect(run.starts).toBe(
      '0:0->1 1:0->1 2:0->1 3:0->1 | 4:0->1 5:0->1 6:0->1 7:0->1 | 8:0->1 9:0->1 10:0->1 11:0->1 | 8:1->3 5:1->3 3:1->3 12:0->1',
    )
  })

  it('begins with as many trials as it is told, and one gets to the top', () => {
    const options = { trials: 2 }
    const run = rounds(make('successive-halving', { maxResource: 9, options, trials: 2 }), {
      maxResource: 9,
      workers: 1,
      loss,
    })
    expect(run.starts).toBe('0:0->1 | 1:0->1 | 1:1->3 | 1:3->9')
  })
})

describe('Hyperband to a maximum of 3: brackets (3,1)(1,3) and (2,3)', () => {
  it('opens the next bracket for a worker without a slot, and comes back to the oldest', () => {
    const scheduler = make('hyperband', { maxResource: 3 })
    const run = rounds(scheduler, { maxResource: 3, workers: 2, loss }, 6)
    // Trials 3 and 4 are the second bracket; with 5 the first kind begins again.
    expect(run.starts).toBe('0:0->1 1:0->1 | 2:0->1 3:0->3 | 1:1->3 | 4:0->3 5:0->1 | 6:0->1')
  })

  it('or lets it wait', () => {
    const scheduler = make('hyperband', { maxResource: 3, options: { idle: 'wait' } })
    const run = rounds(scheduler, { maxResource: 3, workers: 2, loss }, 9)
    expect(run.starts).toBe('0:0->1 1:0->1 | 2:0->1 | 1:1->3 | 3:0->3 4:0->3 | 5:0->1 6:0->1 | 7:0->1')
  })

  it('runs the smaller bracket that a used-up searcher leaves, up to the top', () => {
    for (const idle of ['wait', 'next-bracket']) {
      const run = rounds(make('hyperband', { maxResource: 3, trials: 2, options: { idle } }), {
        maxResource: 3,
        workers: 2,
        loss,
      })
      expect(run.starts).toBe('0:0->1 1:0->1 | 1:1->3')
    }
  })

  it('ranks equal values in the order of their slots, whoever reports first', () => {
    const scheduler = make('hyperband', { maxResource: 3 })
    for (let trial = 0; trial < 3; trial++) scheduler.next(trial)
    for (const trial of [2, 1, 0]) expect(scheduler.onReport(trial, 1, of(0.5))).toBe('pause')
    expect(scheduler.next(3)).toEqual({ kind: 'resume', trial: 0, until: 3 })
  })

  it('maximises', () => {
    const scheduler = make('hyperband', { maxResource: 3, goal: 'max' })
    for (let trial = 0; trial < 3; trial++) scheduler.next(trial)
    for (let trial = 0; trial < 3; trial++) scheduler.onReport(trial, 1, of(trial))
    expect(scheduler.next(3)).toMatchObject({ kind: 'resume', trial: 2 })
  })
})

describe('trials that are lost', () => {
  it('rank last and never go on, however few are left', () => {
    const scheduler = make('successive-halving', { maxResource: 9, trials: 9 })
    for (let trial = 0; trial < 9; trial++) scheduler.next(trial)
    for (let trial = 0; trial < 5; trial++) scheduler.onEnd(trial, 'failed')
    expect(scheduler.onReport(5, 1, of(Number.NaN))).toBe('stop')
    scheduler.onEnd(6, 'diverged')
    scheduler.onReport(7, 1, of(0.7))
    expect(scheduler.next(9)).toBe('wait')
    scheduler.onReport(8, 1, of(0.6))
    expect(scheduler.next(9)).toEqual({ kind: 'resume', trial: 8, until: 3 })
    expect(scheduler.next(9)).toEqual({ kind: 'resume', trial: 7, until: 3 })
    scheduler.onEnd(8, 'failed')
    scheduler.onReport(7, 3, of(0.9))
    expect(scheduler.next(9)).toEqual({ kind: 'resume', trial: 7, until: 9 })
    scheduler.onReport(7, 9, of(0.9))
    scheduler.onEnd(7, 'completed')
    expect(scheduler.next(9)).toBe('exhausted')
  })

  it('are given up also where they were stopped after they paused, or while they waited for their promotion', () => {
    const scheduler = make('successive-halving', { maxResource: 9, trials: 9 })
    for (let trial = 0; trial < 9; trial++) scheduler.next(trial)
    for (let trial = 0; trial < 9; trial++) scheduler.onReport(trial, 1, of(trial))
    scheduler.onEnd(0, 'stopped')
    expect(scheduler.next(9)).toMatchObject({ trial: 1 })
    scheduler.onEnd(2, 'stopped')
    scheduler.onEnd(8, 'stopped')
    expect(scheduler.next(9)).toMatchObject({ trial: 3 })
    scheduler.onReport(1, 3, of(0.5))
    scheduler.onReport(3, 3, of(0.4))
    expect(scheduler.next(9)).toEqual({ kind: 'resume', trial: 3, until: 9 })
  })

  it('end the bracket where all are lost, also all that waited', () => {
    const scheduler = make('successive-halving', { maxResource: 3, trials: 3 })
    for (let trial = 0; trial < 3; trial++) scheduler.next(trial)
    for (let trial = 0; trial < 3; trial++) scheduler.onReport(trial, 1, of(trial))
    for (let trial = 0; trial < 3; trial++) scheduler.onEnd(trial, 'stopped')
    expect(scheduler.next(3)).toBe('exhausted')
  })
})

it('compares at the first report past a level that was jumped over', () => {
  const scheduler = make('successive-halving', { maxResource: 9 })
  for (let trial = 0; trial < 9; trial++) scheduler.next(trial)
  for (let trial = 0; trial < 9; trial++) expect(scheduler.onReport(trial, 2, of(trial))).toBe('pause')
  expect(scheduler.next(9)).toMatchObject({ trial: 0, until: 3 })
  expect(scheduler.onReport(0, 4, of(0))).toBe('pause')
})

it('explains: who is in, and who passed', () => {
  const scheduler = make('successive-halving', { maxResource: 3 })
  expect(scheduler.explain!()).toBe('no bracket runs')
  for (let trial = 0; trial < 3; trial++) scheduler.next(trial)
  expect(scheduler.explain!()).toMatch(/^bracket 0, rung 0 at level 1: trial 2 is new, 0 slots are left/)
  scheduler.onReport(0, 1, of(0.5))
  scheduler.onReport(1, 1, of(0.25))
  expect(scheduler.explain!()).toBe(
    'bracket 0, rung 0 at level 1: trial 1 is filed with 0.25, 2 of 3 are in, 1 go on when it is full\n0.25 0.5 |',
  )
  scheduler.onReport(2, 1, of(0.75))
  scheduler.next(3)
  expect(scheduler.explain!()).toBe(
    'bracket 0, rung 1 at level 3: trial 1 is among the best 1 of 3 at level 1\n0.25 | 0.5 0.75',
  )
  expect(scheduler.onReport(1, 2, of(0))).toBe('continue')
  expect(scheduler.explain!()).toMatch(/^trial 1 runs on to level 3/)
})

it('a bracket keeps, of every rung, the best of a plain sort', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 6 }), (key, workers) => {
      const value = (trial: number, level: number): number => Math.floor(mixedUniform(mix(key, trial), level) * 8)
      const scheduler = make('successive-halving', { maxResource: 27, trials: 27 })
      const { over } = rounds(scheduler, { maxResource: 27, workers, loss: value })
      let expected = Array.from({ length: 27 }, (_, trial) => trial)
      for (const [level, next] of [
        [1, 9],
        [3, 3],
        [9, 1],
      ] as const) {
        const paused = over.filter((text) => text.endsWith(`@${level} pause`)).map((text) => Number.parseInt(text, 10))
        expect(paused.toSorted((a, b) => a - b)).toEqual(expected.toSorted((a, b) => a - b))
        expected = expected.toSorted((a, b) => value(a, level) - value(b, level)).slice(0, next)
      }
      expect(over.filter((text) => text.endsWith('completed'))).toEqual([`${expected[0]!}@27 completed`])
    }),
  )
})
