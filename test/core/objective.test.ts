import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comparable } from '../../src/core/objective.js'
import type { Scheduler } from '../../src/core/scheduler.js'
import { drive } from '../backends/simulated/drive.js'
import { makeTable } from '../surrogates/make-table.js'

describe('what methods compare', () => {
  it('is the value, the value per level, or the value projected to the full training', () => {
    expect(comparable(6, 3, undefined, 9)).toBe(6)
    expect(comparable(6, 3, 'per-level', 9)).toBe(2)
    expect(comparable(6, 3, 'projected', 9)).toBe(18)
  })

  it('is the same at every level for what grows evenly, and the value itself at the end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 81 }), fc.integer({ min: 1, max: 1000 }), (levels, pace) => {
        for (let level = 1; level <= levels; level++) {
          expect(comparable(level * pace, level, 'per-level', levels)).toBe(pace)
          expect(comparable(level * pace, level, 'projected', levels)).toBe(pace * levels)
        }
      }),
    )
  })

  it('is shown to schedulers; recorded values and targets stay as reported', () => {
    const seen: number[][] = []
    const scheduler: Scheduler = {
      next: (trial) => (trial === 0 ? { kind: 'start', config: { lr: 0, model: 'small' } } : 'exhausted'),
      onReport: (_trial, _resource, values) => {
        seen.push([...values])
        return 'continue'
      },
      onEnd: () => {},
    }
    const table = makeTable({ configurations: 1, repetitions: 1, levels: 3, elapsed: ({ level }) => level ** 2 })
    const options = { scheduler, metrics: ['error', 'elapsed_time'], objectives: 2 }
    const { values } = drive(table, { ...options, accumulates: [undefined, 'projected'] })
    expect(values.map(([, seconds]) => seconds)).toEqual([1, 4, 9])
    expect(seen.map(([, seconds]) => seconds)).toEqual([3, 6, 9])
    expect(seen.map(([error]) => error)).toEqual(values.map(([error]) => error))
    seen.length = 0
    const stop = { target: { metric: 'elapsed_time', value: 1 } }
    expect(drive(table, { ...options, accumulates: [undefined, 'per-level'], stop }).tuner.reason).toBe('target')
    expect(seen.map(([, seconds]) => seconds)).toEqual([1])
  })
})
