import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { make, report, start } from './make.js'

/** After how many reports a trial with these values stops; 0 if it does not. */
function stopsAfter(options: object, values: readonly number[]): number {
  const scheduler = make('patient-stopping', options)
  start(scheduler, 1)
  return values.findIndex((value, i) => report(scheduler, 0, i + 1, value) === 'stop') + 1
}

describe('patient-stopping', () => {
  it('stops when the last patience + 1 values are all worse than the best before them', () => {
    expect(stopsAfter({ patience: 0 }, [3, 2, 2, 2.5])).toBe(4)
    expect(stopsAfter({ patience: 1 }, [3, 2, 4, 5])).toBe(4)
    expect(stopsAfter({ patience: 2 }, [3, 2, 4, 5])).toBe(0)
    expect(stopsAfter({ patience: 2 }, [3, 2, 4, 5, 6])).toBe(5)
    // An equal value counts as no worse, and starts the patience anew.
    expect(stopsAfter({ patience: 1 }, [2, 4, 2, 4, 4])).toBe(5)
    expect(stopsAfter({ patience: 1, minDelta: 2 }, [2, 4, 4, 4, 4.5, 4.5])).toBe(6)
  })

  it('takes what is no number for no improvement', () => {
    expect(stopsAfter({ patience: 1 }, [1, Number.NaN, Number.NaN])).toBe(3)
    expect(stopsAfter({ patience: 1 }, [Number.NaN, Number.NaN, Number.NaN, Number.NaN])).toBe(0)
  })

  it('stops only what another rule stops too, which sees every report', () => {
    const scheduler = make('patient-stopping', {
      patience: 0,
      rule: { type: 'median-stopping', gracePopulation: 2, runningAverage: false },
    })
    start(scheduler, 3)
    for (const level of [1, 2, 3])
      for (const trial of [0, 1]) expect(report(scheduler, trial, level, 5 - level)).toBe('continue')
    expect(report(scheduler, 2, 1, 9)).toBe('continue') // worse than both, but new
    expect(report(scheduler, 2, 2, 1)).toBe('continue')
    expect(report(scheduler, 2, 3, 1.5)).toBe('continue') // got worse, but is the best at its level
    expect(scheduler.explain?.()).toMatch(/goes on as the other rule does not stop it\nlevel 3: 0 of 3 entries/)
    expect(report(scheduler, 0, 4, 1)).toBe('continue')
    expect(report(scheduler, 1, 4, 0)).toBe('continue')
    expect(report(scheduler, 2, 4, 2)).toBe('stop')
  })

  it('decides as a naive version does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 }),
        fc.nat(4),
        fc.nat(2),
        (values, patience, minDelta) => {
          const naive = values.findIndex((_, i) => {
            const [before, since] = [
              values.slice(0, Math.max(0, i - patience)),
              values.slice(Math.max(0, i - patience), i + 1),
            ]
            return Math.min(...before) + minDelta < Math.min(...since)
          })
          expect(stopsAfter({ patience, minDelta }, values)).toBe(naive + 1)
        },
      ),
    )
  })

  it('names the path to a fault in the other rule', () => {
    expect(() => make('patient-stopping', { rule: { type: 'median-stopping', rankCutoff: 2 } })).toThrow(
      'options.rule.rankCutoff must be at most 1, got 2; write 1 or less',
    )
    expect(() => make('patient-stopping', { rule: { type: 'median' } })).toThrow(/^options\.rule/)
  })
})
