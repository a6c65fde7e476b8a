import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../src/report/comparison.js'
import { namesByPlace } from '../../src/report/method-places.js'
import { makeRuns } from './runs.js'

/** Methods m0, m1, ... on two tables; on both the later ones are better. */
function places(methods: number): string[] {
  const cells = ['one', 'two'].flatMap((table) =>
    Array.from({ length: methods }, (_, m) => ({ table, method: `m${m}`, values: [10 - m, 10.5 - m] })),
  )
  const { manifest, set } = makeRuns(cells, { manifest: { baseline: 'm2' } })
  return namesByPlace(manifest, compareRuns(manifest, set), [])
}

describe('the places of methods in charts', () => {
  it('are those of the plan, after the baseline', () => {
    expect(places(4)).toEqual(['m2', 'm0', 'm1', 'm3'])
  })

  it('go by rank where there are more methods than colours', () => {
    expect(places(9)).toEqual(['m2', 'm8', 'm7', 'm6', 'm5', 'm4', 'm3', 'm1', 'm0'])
  })
})
