/** What reports warn of. */
import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../src/report/comparison.js'
import { warningsOf } from '../../src/report/notes.js'
import { type CellOptions, makeRuns } from './runs.js'

function warnings(...cells: readonly CellOptions[]): string[] {
  const { manifest, set } = makeRuns(cells)
  return warningsOf(manifest, set, compareRuns(manifest, set))
}

describe('warnings', () => {
  it('of a table on which all runs end alike name those without a result', () => {
    expect(
      warnings(
        { values: [null, null] },
        { method: 'asha', values: [0.5, 0.5] },
        { method: 'random', values: [0.5, 0.5] },
      ),
    ).toEqual([
      'toy: every run that has a result of every method ends with test_error 0.5, whatever it trained; this table cannot ' +
        'tell methods apart',
      'toy: 2 of 2 runs of default ended without a finite test_error',
    ])
  })

  it('of such a table speak of the first objective alone where there are several', () => {
    const objectives = ['error', 'latency'].map((metric) => ({ metric, report: metric, goal: 'min' as const }))
    const alike = (method: string): CellOptions => ({ method, values: [0.5, 0.5], objectives })
    expect(warnings(alike('default'), alike('asha'))).toEqual([
      'toy: every run of every method ends with error 0.5, whatever it trained; by error this table cannot tell methods apart',
    ])
  })

  it('of seeds that comparisons lack are one sentence for all methods that lack as many', () => {
    const found = warnings(
      { values: [0.5, 0.4, undefined] },
      { method: 'asha', values: [0.3, 0.4, 0.3] },
      { method: 'random', values: [0.2, 0.4, 0.3] },
      { method: 'grid', values: [0.3, undefined, 0.3] },
    )
    expect(found).toEqual([
      'toy: asha and random are compared without 1 seed that lacks a result',
      'toy: grid is compared without 2 seeds that lack a result',
    ])
  })
})
