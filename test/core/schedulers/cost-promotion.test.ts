import { describe, expect, it } from 'vitest'
import { makeTable } from '../../surrogates/make-table.js'
import { drive, makeScheduler } from '../../backends/simulated/drive.js'
import { make } from './by-hand.js'
import { RandomStreams } from '../../../src/core/random.js'
import { costPromotion } from '../../../src/core/schedulers/cost-promotion.js'
import { SpaceSource } from '../../../src/core/config-source.js'

const of = (...values: number[]): Float64Array => Float64Array.from(values)
const loss = { metric: 'loss', goal: 'min', report: 'loss' } as const
const time = { metric: 'elapsed_time', goal: 'min', report: 'elapsed_time' } as const

describe('promotion by cost', () => {
  it('adds up the costs of a rung, which go on adding up over resumptions', () => {
    const scheduler = make('cost-promotion', { maxResource: 9, objectives: [loss, time], options: { cost: 1 } })
    for (let trial = 0; trial < 4; trial++) scheduler.next(trial)
    scheduler.onReport(0, 1, of(0.1, 4))
    scheduler.onReport(1, 1, of(0.2, 1))
    // 4 of 5 is more than a third.
    expect(scheduler.next(4)).toMatchObject({ kind: 'start', until: 1 })
    scheduler.onReport(2, 1, of(0.3, 7))
    expect(scheduler.next(5)).toMatchObject({ kind: 'resume', trial: 0, until: 3 })
    // 5 of 12 is more than a third; with the next trial it is 5 of 15.
    expect(scheduler.next(5)).toMatchObject({ kind: 'start' })
    scheduler.onReport(3, 1, of(0.4, 3))
    expect(scheduler.next(6)).toMatchObject({ kind: 'resume', trial: 1, until: 3 })
    // At level 3: what both cost since they began.
    scheduler.onReport(0, 3, of(0.1, 20))
    scheduler.onReport(1, 3, of(0.05, 9))
    expect(scheduler.explain!()).toContain('0.05 | 0.1')
    // 9 of 29 is less than a third.
    expect(scheduler.next(6)).toMatchObject({ kind: 'resume', trial: 1, until: 9 })
  })

  it('prefers cheap trials where plain ASHA does not look', () => {
    const values = [of(0.2, 1), of(0.1, 50), of(0.3, 50)]
    const promoted = (['asha-promotion', 'cost-promotion'] as const).map((type) => {
      const options = type === 'cost-promotion' ? { cost: 1 } : { rule: 'paper' }
      const scheduler = make(type, { maxResource: 9, objectives: [loss, time], options })
      for (const [trial, value] of values.entries()) {
        scheduler.next(trial)
        scheduler.onReport(trial, 1, value)
      }
      return scheduler.next(3)
    })
    expect(promoted[0]).toMatchObject({ kind: 'resume', trial: 1 })
    expect(promoted[1]).toMatchObject({ kind: 'start' })
  })

  it('is ASHA by the rule of the paper where all trials of a rung cost the same', () => {
    const table = makeTable({ levels: 9, configurations: 30, elapsed: ({ level }) => level })
    const paper = drive(table, { scheduler: 'asha-promotion', options: { rule: 'paper' }, workers: 3 }).all
    expect(drive(table, { scheduler: 'cost-promotion', workers: 3 }).all).toEqual(paper)
  })

  it('does not depend on increasing transforms of the ranked objective', () => {
    const run = (f: (x: number) => number) =>
      drive(makeTable({ levels: 9, configurations: 30, value: ({ row, level }) => f(1 + ((row * 7) % 13) / level) }), {
        scheduler: 'cost-promotion',
        workers: 2,
      }).all
    expect(run((x) => Math.log(x) - 3)).toEqual(run((x) => x))
  })

  it('needs the objective that is its cost', () => {
    const options = costPromotion.options.parse({ cost: 1 })
    const context = {
      searcher: { suggest: () => undefined },
      source: new SpaceSource({}),
      objectives: [loss],
      maxResource: 9,
      random: new RandomStreams(0),
    }
    expect(() => costPromotion.create(options, context)).toThrow(
      /^cost must be the index of one of the 1 objectives, got 1/,
    )
    expect(() => makeScheduler('cost-promotion', {}, context.searcher, 9)).not.toThrow()
  })
})

describe('elapsed_time on the simulator', () => {
  it('is what training took so far, also after a pause', () => {
    const table = makeTable({ levels: 9, configurations: 6, startup: 5 })
    const { values, reports } = drive(table, {
      scheduler: 'asha-promotion',
      metrics: ['error', 'elapsed_time'],
      objectives: 2,
    })
    const resumed = reports.findIndex((text) => text.includes('@2 '))
    const trial = Number(/ (\d+)@/.exec(reports[resumed]!)![1])
    // The table's: level * (1 + configuration / 10); trial i is configuration i.
    expect(values[resumed]![1]).toBe(2 * (1 + trial / 10))
    expect(resumed).toBeGreaterThan(1)
  })
})
