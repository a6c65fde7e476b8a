import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { make, report, start } from './make.js'

/** Runs trials one after the other; each is given as its values, and completes unless it is stopped. @returns lengths */
function oneByOne(options: object, trials: readonly (readonly number[])[]): number[] {
  const scheduler = make('percentile-stopping', options)
  return trials.map((values, trial) => {
    scheduler.next(trial)
    for (const [i, value] of values.entries()) if (report(scheduler, trial, i + 1, value) === 'stop') return i + 1
    scheduler.onEnd(trial, 'completed')
    return values.length
  })
}

describe('percentile-stopping', () => {
  it('compares the best so far with the percentile of completed trials', () => {
    const completed = [
      [4, 1],
      [2, 2],
      [3, 3],
    ]
    const options = { startupTrials: 3 }
    // At level 1 the median is 3, at level 2 it is 2. An equal value goes on.
    expect(oneByOne(options, [...completed, [3.5, 0]])).toEqual([2, 2, 2, 1])
    expect(oneByOne(options, [...completed, [3, 2.5]])).toEqual([2, 2, 2, 2])
    expect(oneByOne(options, [...completed, [3, 2]])).toEqual([2, 2, 2, 2])
    // The best so far counts, not the last value.
    expect(oneByOne(options, [...completed, [1.5, 9]])).toEqual([2, 2, 2, 2])
    // The 25th percentile of 2, 3, 4 is 2.5.
    expect(oneByOne({ ...options, percentile: 25 }, [...completed, [2.6, 0]])).toEqual([2, 2, 2, 1])
    expect(oneByOne({ ...options, percentile: 25 }, [...completed, [2.5, 0]])).toEqual([2, 2, 2, 2])
    // Enough trials, but not at this level.
    expect(oneByOne({ ...options, minTrials: 4 }, [...completed, [9, 9]])).toEqual([2, 2, 2, 2])
    expect(oneByOne({ startupTrials: 4 }, [...completed, [9, 9]])).toEqual([2, 2, 2, 2])
  })

  it('does not count trials that run, were stopped or failed', () => {
    const scheduler = make('percentile-stopping', { startupTrials: 2 })
    start(scheduler, 5)
    for (const trial of [0, 1]) report(scheduler, trial, 1, 5)
    scheduler.onEnd(0, 'completed')
    scheduler.onEnd(1, 'failed')
    expect(report(scheduler, 2, 1, 9)).toBe('continue')
    scheduler.onEnd(2, 'completed')
    expect(report(scheduler, 3, 1, 8)).toBe('stop')
    expect(scheduler.explain?.()).toBe(
      'level 1: the best of trial 3 is 8, the percentile 50 of 2 completed trials 7; it is stopped',
    )
    expect(report(scheduler, 4, 1, 7)).toBe('continue')
  })

  it('explains why it does not judge', () => {
    const scheduler = make('percentile-stopping', { startupTrials: 1, warmupSteps: 1, minTrials: 2 })
    start(scheduler, 2)
    report(scheduler, 1, 1, 3)
    expect(scheduler.explain?.()).toBe('level 1: the best of trial 1 is 3; not judged before 1 trials completed')
    report(scheduler, 0, 1, 5)
    scheduler.onEnd(0, 'completed')
    report(scheduler, 1, 2, 4)
    expect(scheduler.explain?.()).toBe('level 2: the best of trial 1 is 3; 0 < 2 completed trials to compare with')
    const late = make('percentile-stopping', { warmupSteps: 2 })
    start(late, 1)
    report(late, 0, 1, 5)
    expect(late.explain?.()).toBe('level 1: the best of trial 0 is 5; not judged at this level')
  })

  it('judges from the warm-up on, and at intervals', () => {
    const reference = [Array(12).fill(1) as number[]]
    const bad = (options: object, values: number[]): number =>
      oneByOne({ startupTrials: 1, ...options }, [...reference, values])[1]!
    const twos = Array(12).fill(2) as number[]
    expect(bad({}, twos)).toBe(1)
    expect(bad({ warmupSteps: 4 }, twos)).toBe(4)
    // Checkpoints 3, 7, 11: good enough at 3, worse ever since is not possible, as the best counts; so judge by warm-up.
    expect(bad({ warmupSteps: 3, intervalSteps: 4 }, twos)).toBe(3)
    // The first report is at 1, past the checkpoint 0.
    expect(bad({ intervalSteps: 5 }, twos)).toBe(1)
    const scheduler = make('percentile-stopping', { startupTrials: 1, warmupSteps: 3, intervalSteps: 4 })
    start(scheduler, 2)
    for (let level = 1; level <= 12; level++) report(scheduler, 0, level, 10 - level)
    scheduler.onEnd(0, 'completed')
    // 5 is good enough at 3 (7) and 4, 5 (5); at 6 it is worse, but the next checkpoint is 7, and the next report 8.
    const decisions = [3, 4, 5, 6, 8].map((level) => report(scheduler, 1, level, 5))
    expect(decisions).toEqual(['continue', 'continue', 'continue', 'continue', 'stop'])
  })

  it('counts what is no number as worst; a trial without any number stops', () => {
    expect(oneByOne({ startupTrials: 2 }, [[Number.NaN], [1], [100], [Number.NaN]])).toEqual([1, 1, 1, 1])
    const scheduler = make('percentile-stopping', { startupTrials: 1 })
    start(scheduler, 3)
    report(scheduler, 0, 1, Number.NaN)
    scheduler.onEnd(0, 'completed')
    expect(report(scheduler, 1, 1, 1e9)).toBe('continue')
    expect(report(scheduler, 2, 1, Number.NaN)).toBe('stop')
  })

  it('decides as a naive version does, mirrored too', () => {
    const curve = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 8 })
    const options = fc.record({
      percentile: fc.constantFrom(0, 25, 50, 75, 100),
      startupTrials: fc.nat(3),
      warmupSteps: fc.nat(4),
      intervalSteps: fc.integer({ min: 1, max: 3 }),
      minTrials: fc.integer({ min: 1, max: 3 }),
    })
    fc.assert(
      fc.property(fc.array(curve, { maxLength: 10 }), options, fc.constantFrom('min', 'max'), (curves, given, goal) => {
        const scheduler = make('percentile-stopping', given, { goal: goal as 'min' | 'max' })
        start(scheduler, curves.length)
        const completed: number[][] = []
        for (const [trial, values] of curves.entries()) {
          let stopped = false
          for (let i = 0; i < values.length && !stopped; i++) {
            const there = completed.flatMap((other) => other.slice(i, i + 1)).sort((a, b) => a - b)
            const at = ((there.length - 1) * given.percentile) / 100
            const [low, high] = [there[Math.floor(at)]!, there[Math.ceil(at)]!]
            const bound = low + (high - low) * (at - Math.floor(at))
            const checkpoints = Array.from({ length: 20 }, (_, k) => given.warmupSteps + k * given.intervalSteps)
            stopped =
              checkpoints.some((checkpoint) => checkpoint <= i + 1 && checkpoint > (i === 0 ? -1 : i)) &&
              completed.length >= Math.max(1, given.startupTrials) &&
              there.length >= given.minTrials &&
              Math.min(...values.slice(0, i + 1)) > bound
            const value = goal === 'min' ? values[i]! : -values[i]!
            expect(report(scheduler, trial, i + 1, value)).toBe(stopped ? 'stop' : 'continue')
          }
          if (stopped) continue
          scheduler.onEnd(trial, 'completed')
          completed.push(values)
        }
      }),
    )
  })
})
