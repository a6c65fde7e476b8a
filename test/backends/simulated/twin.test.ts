/** The simulator against its twin: the same reports at the same times with the same decisions. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mix, mixedUniform } from '../../../src/core/random.js'
import { int } from '../../../src/core/space.js'
import { makeTable } from '../../surrogates/make-table.js'
import { drive, listSearcher, makeScheduler } from './drive.js'
import { type NaiveCurve, simulateNaively } from './naive.js'

interface Case {
  readonly key: number
  readonly levels: number
  readonly configurations: number
  readonly workers: number
  readonly grain: number
  readonly startup: number
  readonly seconds: number
  readonly stopDelay: number
  readonly divergence: number
  readonly brackets: number
}

const cases: fc.Arbitrary<Case> = fc.record({
  key: fc.nat(),
  levels: fc.integer({ min: 1, max: 10 }),
  configurations: fc.integer({ min: 1, max: 25 }),
  workers: fc.integer({ min: 1, max: 5 }),
  // Coarse times and values make equal times and ties common.
  grain: fc.constantFrom(1, 4, 64),
  startup: fc.constantFrom(0, 0.5),
  seconds: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(1e9)),
  stopDelay: fc.constantFrom(0, 0.25),
  divergence: fc.constantFrom(0, 0.15),
  brackets: fc.integer({ min: 1, max: 3 }),
})

function curveOf(one: Case, configuration: number): NaiveCurve {
  const u = (level: number, purpose: number): number => mixedUniform(mix(mix(one.key, configuration), purpose), level)
  const rounded = (x: number): number => Math.ceil(x * one.grain) / one.grain
  const elapsed: number[] = []
  const values: number[] = []
  for (let level = 1; level <= one.levels; level++) {
    elapsed.push((elapsed.at(-1) ?? 0) + rounded(0.01 + u(level, 1)))
    values.push(u(level, 3) < one.divergence / one.levels ? Number.NaN : rounded(u(0, 2) + u(level, 4) / level))
  }
  return { startup: one.startup, elapsed, values }
}

describe.each(['fifo', 'asha-stopping', 'asha-promotion'] as const)('%s', (type) => {
  it('does what the twin does', () => {
    let compared = 0
    fc.assert(
      fc.property(cases, (one) => {
        const curves = Array.from({ length: one.configurations }, (_, i) => curveOf(one, i))
        const configs = curves.map((_, x) => ({ x }))
        const table = makeTable({
          levels: one.levels,
          configurations: configs,
          space: { x: int(0, one.configurations) },
          repetitions: 1,
          startup: one.startup,
          value: ({ configuration, level }) => curves[configuration]!.values[level - 1]!,
          elapsed: ({ configuration, level }) => curves[configuration]!.elapsed[level - 1]!,
        })
        const options = type === 'fifo' ? {} : { reductionFactor: 2, brackets: one.brackets }
        const scheduler = makeScheduler(type, options, listSearcher(configs), one.levels, one.key)
        const expected = simulateNaively(
          scheduler,
          ({ x }) => curves[x as number]!,
          one.workers,
          one.seconds,
          one.stopDelay,
        )
        const { reports, tuner } = drive(table, {
          scheduler: type,
          options,
          workers: one.workers,
          seed: one.key,
          simulation: { stopDelay: one.stopDelay },
          stop: { seconds: one.seconds },
        })
        expect(reports).toEqual(expected)
        expect(tuner.reports).toBe(expected.length)
        compared += reports.length
      }),
      { numRuns: 250 },
    )
    expect(compared).toBeGreaterThan(2000)
  })
})
