import { describe, expect, it } from 'vitest'
import { make, report, start } from './make.js'

describe('threshold-stopping', () => {
  it('stops outside the bounds, which are allowed themselves, whatever the goal', () => {
    for (const goal of ['min', 'max'] as const) {
      const scheduler = make('threshold-stopping', { lower: -1, upper: 2 }, { goal })
      start(scheduler, 5)
      const decisions = [-1, 2, -1.5, 2.5, Number.NaN].map((value, trial) => report(scheduler, trial, 1, value))
      expect(decisions).toEqual(['continue', 'continue', 'stop', 'stop', 'stop'])
      expect(scheduler.explain?.()).toBe('level 1: trial 4 has no number; not within -1 and 2')
    }
  })

  it('stops only what is no number without bounds', () => {
    const scheduler = make('threshold-stopping')
    start(scheduler, 3)
    const decisions = [1e300, -1e300, -Infinity].map((value, trial) => report(scheduler, trial, 1, value))
    expect(decisions).toEqual(['continue', 'continue', 'stop'])
  })

  it('judges from the warm-up on, and at intervals', () => {
    const scheduler = make('threshold-stopping', { upper: 1, warmupSteps: 2, intervalSteps: 3 })
    start(scheduler, 1)
    const values = [9, 1, 9, 9, 1, 9, 9, 9]
    expect(values.map((value, i) => report(scheduler, 0, i + 1, value)).indexOf('stop')).toBe(7)
  })

  it('refuses bounds out of order', () => {
    expect(() => make('threshold-stopping', { lower: 2, upper: 1 })).toThrow(
      'options.lower: must not be above upper (got 2)',
    )
  })
})
