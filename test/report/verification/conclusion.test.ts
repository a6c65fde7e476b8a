import { describe, expect, it } from 'vitest'
import type { Comparison } from '../../../src/report/comparison.js'
import type { Interval } from '../../../src/report/statistics/student.js'
import { type ComparedConclusion, overall, standingOf } from '../../../src/report/verification/conclusion.js'

function comparison(mean: number | null, ci95: Interval | null, seeds = 5): Comparison {
  const noResult = { method: 0, baseline: 0, seeds: 10 }
  return { seeds, noResult, relativeImprovement: { mean, std: null, ci95 } } as unknown as Comparison
}

describe('a conclusion', () => {
  const better = comparison(0.2, [0.1, 0.3])
  const open = comparison(0.05, [-0.1, 0.2])
  it.each([
    ['the same claim', better, comparison(0.1, [0.05, 0.15]), 'stands'],
    ['the opposite one', better, comparison(-0.1, [-0.15, -0.05]), 'contradicted'],
    ['none, and what was found is excluded', better, comparison(0.02, [-0.05, 0.09]), 'contradicted'],
    ['none, and what was found is possible', better, comparison(0.1, [-0.1, 0.3]), 'cannot be said'],
    ['no interval', better, comparison(0.2, null, 1), 'cannot be said'],
    ['no run', better, undefined, 'cannot be said'],
    ['nothing either way', open, comparison(0, [-0.1, 0.1]), 'stands'],
    ['a claim where it was open, within its interval', open, comparison(0.15, [0.1, 0.25]), 'stands'],
    ['a claim where it was open, outside its interval', open, comparison(0.4, [0.3, 0.5]), 'contradicted'],
  ] as const)('with %s', (_, simulated, real, standing) => {
    expect(standingOf(simulated, real)[0]).toBe(standing)
  })

  it('mirrors: worse is judged as better is', () => {
    const worse = comparison(-0.2, [-0.3, -0.1])
    expect(standingOf(worse, comparison(-0.15, [-0.2, -0.1]))[0]).toBe('stands')
    expect(standingOf(worse, better)[0]).toBe('contradicted')
  })

  it('says why, with the numbers', () => {
    expect(standingOf(better, comparison(0.1, [-0.1, 0.3], 3))[1]).toBe(
      'the real interval over 3 seeds holds both 0 and the simulated +20.0 %',
    )
    expect(standingOf(better, comparison(0.2, null, 1))[1]).toBe('no interval over 1 real seed')
  })
})

it('all conclusions together are contradicted if one is, and unknown if one is', () => {
  const of = (...standings: ComparedConclusion['standing'][]) =>
    overall(standings.map((standing) => ({ standing }) as ComparedConclusion))
  expect(of('stands', 'stands')).toBe('stands')
  expect(of('stands', 'cannot be said')).toBe('cannot be said')
  expect(of('stands', 'cannot be said', 'contradicted')).toBe('contradicted')
  expect(of()).toBe('cannot be said')
})
