import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { make, report, start } from './make.js'

const decisions = (type: 'rush-stopping' | 'asha-stopping', options: object, losses: readonly number[]): string[] => {
  const scheduler = make(type, options, { maxResource: 9 })
  start(scheduler, losses.length)
  return losses.map((loss, trial) => report(scheduler, trial, 1, loss))
}

describe('rush-stopping', () => {
  it('stops what is worse than the best candidate, even if it passes the rung', () => {
    // With rule rank and eta 2 about half pass: ASHA alone stops 6 only.
    const options = { rule: 'rank', reductionFactor: 2 }
    const losses = [2, 5, 6, 1, 4, 3]
    const asha = ['continue', 'continue', 'stop', 'continue', 'continue', 'continue']
    expect(decisions('asha-stopping', options, losses)).toEqual(asha)
    expect(decisions('rush-stopping', { ...options, candidates: 1 }, losses)).toEqual([
      'continue',
      'stop',
      'stop',
      'continue',
      'stop',
      'stop',
    ])
    // Two candidates: the best of them counts, and they only have to pass the rung. An equal value goes on.
    expect(decisions('rush-stopping', { ...options, candidates: 2 }, [5, 2, 6, 3, 2])).toEqual([
      'continue',
      'continue',
      'stop',
      'stop',
      'continue',
    ])
  })

  it('is ASHA without candidates', () => {
    const losses = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 30 })
    fc.assert(
      fc.property(losses, (some) => {
        expect(decisions('rush-stopping', { candidates: 0 }, some)).toEqual(decisions('asha-stopping', {}, some))
      }),
    )
  })

  it('goes on iff ASHA does, and no candidate filed so far is better', () => {
    const losses = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 30 })
    fc.assert(
      fc.property(losses, fc.nat(5), (some, candidates) => {
        const asha = decisions('asha-stopping', {}, some)
        const expected = some.map((loss, trial) =>
          asha[trial] === 'stop' || (trial >= candidates && some.slice(0, candidates).some((best) => best < loss))
            ? 'stop'
            : 'continue',
        )
        expect(decisions('rush-stopping', { candidates }, some)).toEqual(expected)
      }),
    )
  })

  it('a candidate that fails the rung sets a threshold, but not with compat', () => {
    const last = (compat: object): string[] => {
      const scheduler = make('rush-stopping', { candidates: 1, ...compat }, { maxResource: 9 })
      start(scheduler, 15)
      for (let trial = 1; trial < 4; trial++) report(scheduler, trial, 1, trial)
      const candidate = report(scheduler, 0, 1, 5)
      for (let trial = 4; trial < 14; trial++) report(scheduler, trial, 1, 100)
      // Fifth of 15 passes a third, and is worse than the candidate.
      return [candidate, report(scheduler, 14, 1, 6)]
    }
    expect(last({})).toEqual(['stop', 'stop'])
    expect(last({ compat: 'syne-tune-0.13' })).toEqual(['stop', 'continue'])
  })

  it('explains the threshold', () => {
    const scheduler = make('rush-stopping', { candidates: 1 }, { maxResource: 9, goal: 'max' })
    start(scheduler, 2)
    report(scheduler, 1, 1, 0.5)
    expect(scheduler.explain?.()).toMatch(/\nno candidate has set a threshold here$/)
    report(scheduler, 0, 1, 0.7)
    expect(scheduler.explain?.()).toMatch(/\nthe candidates set the threshold 0\.7$/)
  })
})

describe('rush-promotion', () => {
  it('passes over what is worse than the best candidate', () => {
    const scheduler = make('rush-promotion', { candidates: 2, reductionFactor: 2 }, { maxResource: 4 })
    start(scheduler, 6)
    for (const [trial, loss] of [4, 7, 5, 6, 3, 9].entries()) report(scheduler, trial, 1, loss)
    // Of 3 4 5 | 6 7 9 the trial with 5 passes but is worse than the candidate's 4.
    expect(scheduler.next(6)).toMatchObject({ kind: 'resume', trial: 4, until: 2 })
    expect(scheduler.next(6)).toMatchObject({ kind: 'resume', trial: 0, until: 2 })
    expect(scheduler.next(6)).toMatchObject({ kind: 'start' })
    // With more entries the candidate with 7 passes too: it need not be the best candidate.
    start(scheduler, 14)
    for (let trial = 6; trial < 14; trial++) report(scheduler, trial, 1, 20)
    expect(scheduler.next(14)).toMatchObject({ kind: 'resume', trial: 1, until: 2 })
    expect(scheduler.explain?.()).toMatch(/the candidates set the threshold 4/)
    expect(scheduler.next(14)).toMatchObject({ kind: 'start' })
  })

  it('a threshold does not depend on when workers were free; with compat it does', () => {
    const promoted = (compat: object): unknown => {
      const scheduler = make('rush-promotion', { candidates: 1, reductionFactor: 2, ...compat }, { maxResource: 4 })
      start(scheduler, 3)
      // The candidate, trial 0, is the second best: a walk that ends at the best one does not come to it.
      for (const [trial, loss] of [2, 1, 3].entries()) report(scheduler, trial, 1, loss)
      scheduler.next(3)
      return /threshold .*|no candidate .*/.exec(scheduler.explain!())?.[0]
    }
    expect(promoted({})).toBe('threshold 2')
    expect(promoted({ compat: 'syne-tune-0.13' })).toBe('no candidate has set a threshold here')
  })
})
