import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { make, report, start } from './make.js'

describe('median-stopping', () => {
  it('compares means of all reports with those at the same level', () => {
    const scheduler = make('median-stopping', { gracePopulation: 3, graceTime: 2 })
    start(scheduler, 4)
    for (const [trial, value] of [1, 2, 3, 4].entries()) report(scheduler, trial, 1, value)
    // Means at 2: 1, 2 (not judged, two entries only), then 2.5 of 3 and 2: two of three are better.
    expect(report(scheduler, 0, 2, 1)).toBe('continue')
    expect(report(scheduler, 1, 2, 2)).toBe('continue')
    expect(report(scheduler, 2, 2, 2)).toBe('stop')
    // The last value is the best, the mean (4 + 0) / 2 ties with the second: one of four is better.
    expect(report(scheduler, 3, 2, 0)).toBe('continue')
    expect((scheduler.explain as () => string)()).toBe(
      'level 2: 1 of 4 entries are better than trial 3 with the mean 2; 0.25 <= 0.5, it goes on',
    )
  })

  it('compares last values if asked to, at the rank asked for, from the level asked for', () => {
    const options = { runningAverage: false, gracePopulation: null, graceTime: 2, rankCutoff: 0 }
    const scheduler = make('median-stopping', options)
    start(scheduler, 3)
    expect([1, 2, 3].map((value, trial) => report(scheduler, trial, 1, value))).toEqual(Array(3).fill('continue'))
    expect([2, 2, 3].map((value, trial) => report(scheduler, trial, 2, value))).toEqual([
      'continue',
      'continue',
      'stop',
    ])
  })

  it('maximises', () => {
    const scheduler = make('median-stopping', { gracePopulation: 1, graceTime: null }, { goal: 'max' })
    start(scheduler, 2)
    expect(report(scheduler, 0, 1, 1)).toBe('continue')
    expect(report(scheduler, 1, 1, 2)).toBe('continue')
    start(scheduler, 3)
    expect(report(scheduler, 2, 1, 0)).toBe('stop')
    expect(scheduler.explain?.()).toBe(
      `level 1: 2 of 3 entries are better than trial 2 with the mean 0; ${2 / 3} > 0.5, it is stopped`,
    )
  })

  it('counts what is no number as an entry that is worst, from there on in the mean', () => {
    const scheduler = make('median-stopping', { gracePopulation: 2 })
    start(scheduler, 3)
    expect(report(scheduler, 0, 1, Number.NaN)).toBe('continue')
    expect(report(scheduler, 1, 1, 1)).toBe('continue')
    expect(report(scheduler, 2, 1, 2)).toBe('continue')
    expect(report(scheduler, 1, 2, 1)).toBe('continue')
    expect(report(scheduler, 2, 2, 1)).toBe('continue')
    expect(report(scheduler, 0, 2, -100)).toBe('stop')
  })

  it('decides as a naive version does', () => {
    const row = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 12 }),
        fc.boolean(),
        fc.nat(6),
        (rows, runningAverage, gracePopulation) => {
          const scheduler = make('median-stopping', { runningAverage, gracePopulation, graceTime: 2 })
          start(scheduler, rows.length)
          const entered: number[][] = []
          for (const [trial, values] of rows.entries())
            for (const [i, value] of values.entries()) {
              // Small whole numbers: means are exact enough to tie as fractions do.
              const mine = runningAverage ? values.slice(0, i + 1).reduce((a, b) => a + b) / (i + 1) : value
              const level = (entered[i] ??= [])
              level.push(mine)
              const better = level.filter((other) => other < mine).length
              const stops = level.length >= gracePopulation && i + 1 >= 2 && better / level.length > 0.5
              expect(report(scheduler, trial, i + 1, value)).toBe(stops ? 'stop' : 'continue')
              if (stops) break
              if (stops) break
            }
        },
      ),
    )
  })
})
