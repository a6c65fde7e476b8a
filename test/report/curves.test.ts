import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GRID_POINTS, incumbentCurves, sample } from '../../src/report/curves.js'
import { type IncumbentSteps, joinSteps } from '../../src/store/incumbent-steps.js'
import { makeRuns } from './runs.js'

function steps(...changes: readonly (readonly [time: number, value: number])[]): IncumbentSteps {
  return {
    offsets: Uint32Array.of(0, changes.length),
    time: Float64Array.from(changes, ([time]) => time),
    value: Float64Array.from(changes, ([, value]) => value),
  }
}

describe('sample', () => {
  it('is the last value with time <= t, and NaN before the first', () => {
    const sampled = sample(steps([1, 5], [3, 4]), 0, Float64Array.of(0, 0.999, 1, 2.9, 3, 100))
    expect([...sampled]).toEqual([Number.NaN, Number.NaN, 5, 5, 4, 4])
  })

  it('agrees with looking every time up', () => {
    const change = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 9 }))
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), fc.array(fc.integer({ min: 0, max: 25 })), (changes, grid) => {
        const sorted = changes.toSorted(([a], [b]) => a - b)
        const times = Float64Array.from(grid).sort()
        const naive = Array.from(times, (t) => sorted.findLast(([time]) => time <= t)?.[1] ?? Number.NaN)
        expect([...sample(steps(...sorted), 0, times)]).toEqual(naive)
      }),
    )
  })
})

describe('incumbentCurves', () => {
  it('have the mean, the sample deviation and the quartiles of the runs at each time', () => {
    const { manifest, set } = makeRuns([{ values: [0.1, 0.2, 0.6] }])
    const [group] = incumbentCurves(manifest, set)
    const { times, curves } = group!
    expect([times.length, times[0], times.at(-1)]).toEqual([GRID_POINTS, 0, 363])
    const [curve] = curves
    expect(curve).toMatchObject({ method: 'default', seeds: 3, withoutResult: 0 })
    // Twice the final values from a quarter of the time on, the final ones from half of it on.
    const early = times.findIndex((time) => time >= 363 / 4)
    expect(curve!.mean[early - 1]).toBeNaN()
    expect(curve!.mean[early]).toBeCloseTo(0.6, 12)
    expect(curve!.mean.at(-1)).toBeCloseTo(0.3, 12)
    expect(curve!.std.at(-1)).toBeCloseTo(Math.sqrt((0.04 + 0.01 + 0.09) / 2), 12)
    expect(curve!.median.at(-1)).toBe(0.2)
    expect(curve!.lowerQuartile.at(-1)).toBeCloseTo(0.15, 12)
    expect(curve!.upperQuartile.at(-1)).toBeCloseTo(0.4, 12)
  })

  it('begin where every run has a value, and leave out runs that never have one', () => {
    const { manifest, set } = makeRuns([{ values: [0.1, 0.2, null] }])
    const late = joinSteps([steps([300, 0.1]), steps([10, 0.2]), steps()])
    const [group] = incumbentCurves(manifest, { ...set, details: { incumbents: late, rowsUsed: {} } })
    const [curve] = group!.curves
    expect(curve).toMatchObject({ seeds: 2, withoutResult: 1 })
    for (const [k, time] of group!.times.entries())
      expect([time, Number.isFinite(curve!.mean[k])]).toEqual([time, time >= 300])
  })

  it('have no spread with one seed, and are empty without runs', () => {
    const { manifest, set } = makeRuns([{ values: [0.1] }, { method: 'asha', values: [] }])
    const [one, none] = incumbentCurves(manifest, set)[0]!.curves
    expect(one!.mean.at(-1)).toBe(0.1)
    expect(one!.std.at(-1)).toBeNaN()
    expect(none).toMatchObject({ seeds: 0, withoutResult: 0 })
    expect(none!.mean.at(-1)).toBeNaN()
  })

  it('go to the end of the longest run where the budget does not limit time', () => {
    const { manifest, set } = makeRuns([
      { values: [0.1], budget: { trials: 3 }, runs: { simulatedSeconds: 50 } },
      { method: 'asha', values: [0.1], budget: { trials: 3 }, runs: { simulatedSeconds: 80 } },
    ])
    const cells = manifest.cells.map(({ seconds: _seconds, ...cell }) => cell)
    expect(incumbentCurves({ ...manifest, cells }, set)[0]!.times.at(-1)).toBe(80)
  })

  it('are grouped by table, workers and budget, in plan order', () => {
    const { manifest, set } = makeRuns([
      { values: [0.1] },
      { method: 'asha', values: [0.1] },
      { table: 'other', values: [0.1] },
      { workers: 4, values: [0.1] },
    ])
    const groups = incumbentCurves(manifest, set)
    expect(groups.map(({ table, cell, curves }) => [table, cell, curves.length])).toEqual([
      ['toy', 0, 2],
      ['other', 2, 1],
      ['toy', 3, 1],
    ])
  })
})
