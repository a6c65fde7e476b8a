import { describe, expect, it } from 'vitest'
import { TableLookup } from '../../../src/backends/simulated/table-lookup.js'
import { type Space, float, int } from '../../../src/core/space.js'
import { NearestConfigurations } from '../../../src/surrogates/nearest.js'
import { SurrogateTable } from '../../../src/surrogates/table.js'
import { type MakeTableOptions, makeTable } from '../../surrogates/make-table.js'
import { drive } from './drive.js'

/** Configuration x has the losses and times of `rows[x]`, one per level. */
function table(
  rows: readonly { readonly loss: readonly number[]; readonly elapsed?: readonly number[] }[],
  more: Partial<MakeTableOptions> = {},
) {
  return makeTable({
    levels: rows[0]!.loss.length,
    configurations: rows.map((_, x) => ({ x })),
    space: { x: int(0, rows.length) },
    repetitions: 1,
    value: ({ configuration, level }) => rows[configuration]!.loss[level - 1]!,
    elapsed: ({ configuration, level }) => rows[configuration]!.elapsed?.[level - 1] ?? 10 * level + configuration,
    ...more,
  })
}

/** Four configurations, three epochs of about ten seconds. */
const four = table([0.5, 0.4, 0.3, 0.2].map((base) => ({ loss: [1, 2, 3].map((epoch) => base + 1 / epoch) })))
const times = (reports: readonly string[]): string => reports.map((text) => text.replace(/ continue$/, '')).join(', ')

describe('time', () => {
  it('jumps from event to event', () => {
    const { reports, values, tuner } = drive(four, { workers: 2 })
    expect(times(reports)).toBe(
      '10 0@1, 11 1@1, 20 0@2, 21 1@2, 30 0@3, 31 1@3, 42 2@1, 44 3@1, 52 2@2, 54 3@2, 62 2@3, 64 3@3',
    )
    expect(values[0]).toEqual([1.5])
    expect(tuner).toMatchObject({ reason: 'exhausted', trials: 4, reports: 12, ended: 4, time: 64 })
    // 30 + 31 + 32 + 33
    expect(tuner.busySeconds).toBe(126)
  })

  it('passes at the pace of a tuner that looks every five seconds', () => {
    const { reports } = drive(four, { workers: 2, simulation: { pollInterval: 5 } })
    expect(times(reports)).toBe(
      '10 0@1, 15 1@1, 20 0@2, 25 1@2, 30 0@3, 35 1@3, 45 2@1, 50 3@1, 55 2@2, 60 3@2, 65 2@3, 70 3@3',
    )
  })

  it('fills the workers of a poll after all of its reports, as Syne Tune does', () => {
    const { all } = drive(four, {
      scheduler: 'asha-promotion',
      options: { reductionFactor: 2 },
      workers: 2,
      simulation: { pollInterval: 5, resultDelay: 0.05, decision: 0.05 },
    })
    // The order in which Syne Tune's own simulator reports: 0@1, 1@1, 1@2, 2@1, 2@2, 3@1, 2@3, 3@2, 3@3.
    expect(all.slice(2)).toEqual([
      '15 0@1 pause',
      '15 1@1 pause',
      '15 resume 1 1',
      '15 start 2',
      '30 1@2 pause',
      '30 2@1 pause',
      '30 resume 2 1',
      '30 start 3',
      '45 2@2 pause',
      '45 3@1 pause',
      '45 resume 2 2',
      '45 resume 3 1',
      '60 2@3 continue',
      '60 completed 2',
      '60 3@2 pause',
      '60 resume 3 2',
      '75 3@3 continue',
      '75 completed 3',
    ])
  })

  it('passes with pauses when trials are promoted', () => {
    const { all } = drive(four, { scheduler: 'asha-promotion', options: { reductionFactor: 2 }, workers: 2 })
    expect(all).toEqual([
      '0 start 0',
      '0 start 1',
      '10 0@1 pause',
      '10 start 2',
      '11 1@1 pause',
      '11 resume 1 1',
      '21 1@2 pause',
      '21 start 3',
      '22 2@1 pause',
      '22 resume 2 1',
      '32 2@2 pause',
      '32 resume 2 2',
      '34 3@1 pause',
      '34 resume 3 1',
      '42 2@3 continue',
      '42 completed 2',
      '44 3@2 pause',
      '44 resume 3 2',
      '54 3@3 continue',
      '54 completed 3',
    ])
  })

  it('resolves equal times by trial, whatever the worker', () => {
    const same = table([1, 2, 3, 4, 5, 6].map((loss) => ({ loss: [loss, loss], elapsed: [1, 2] })))
    const { reports } = drive(same, { workers: 3 })
    expect(times(reports)).toBe('1 0@1, 1 1@1, 1 2@1, 2 0@2, 2 1@2, 2 2@2, 3 3@1, 3 4@1, 3 5@1, 4 3@2, 4 4@2, 4 5@2')
  })
})

describe('costs of the machinery', () => {
  const two = table([
    { loss: [3, 3], elapsed: [10, 20] },
    { loss: [4, 4], elapsed: [10, 20] },
    { loss: [2, 2], elapsed: [10, 20] },
  ])

  it('start-up: recorded or given', () => {
    const recorded = table([{ loss: [1, 1], elapsed: [10, 20] }], { startup: 7 })
    expect(drive(recorded).reports).toEqual(['17 0@1 continue', '27 0@2 continue'])
    expect(drive(recorded, { simulation: { startup: 0.5 } }).reports[0]).toBe('10.5 0@1 continue')
  })

  it('stop delay: the worker stays busy, nobody else waits', () => {
    const { all, tuner } = drive(two, { scheduler: 'asha-stopping', workers: 2, simulation: { stopDelay: 100 } })
    expect(all).toEqual([
      '0 start 0',
      '0 start 1',
      '10 0@1 continue',
      '10 1@1 stop',
      '20 0@2 continue',
      '20 completed 0',
      '20 start 2',
      '30 2@1 continue',
      '40 2@2 continue',
      '40 completed 2',
    ])
    // Two workers up to 40, and one that goes on stopping until 110.
    expect(tuner.time).toBe(110)
    expect(tuner.busySeconds).toBe(40 + 110)
  })

  it('result delay: reports come late, the training goes on meanwhile', () => {
    const { all } = drive(two, { simulation: { resultDelay: 3 } })
    expect(all.slice(0, 5)).toEqual(['0 start 0', '13 0@1 continue', '23 0@2 continue', '23 completed 0', '23 start 1'])
  })

  it('decision time: every start waits for it', () => {
    const { reports } = drive(two, { simulation: { decision: 1 } })
    expect(times(reports)).toBe('11 0@1, 21 0@2, 32 1@1, 42 1@2, 53 2@1, 63 2@2')
    let clock = 0
    const measured = drive(two, { simulation: { decision: 'measured' }, wallClock: () => (clock += 0.25) })
    expect(measured.reports[0]).not.toBe('10 0@1 continue')
  })

  it('checkpoints: saved at a pause, restored at a resumption', () => {
    const { all } = drive(two, {
      scheduler: 'asha-promotion',
      options: { reductionFactor: 2 },
      configs: [{ x: 0 }, { x: 1 }],
      simulation: { checkpointSave: 2, checkpointRestore: 5, stopDelay: 1, startup: 4 },
    })
    // 4 + 10; free at 14 + 3; 17 + 4 + 10; free at 34; resumed: 34 + 4 + 5 + 10.
    expect(all).toEqual([
      '0 start 0',
      '14 0@1 pause',
      '17 start 1',
      '31 1@1 pause',
      '34 resume 0 1',
      '53 0@2 continue',
      '53 completed 0',
    ])
  })

  it('without checkpoints a resumed trial starts over and reports only what is new', () => {
    const { all } = drive(two, {
      scheduler: 'asha-promotion',
      options: { reductionFactor: 2 },
      configs: [{ x: 0 }, { x: 1 }],
      simulation: { checkpoints: false, checkpointRestore: 5 },
    })
    expect(all.slice(-3)).toEqual(['20 resume 0 1', '40 0@2 continue', '40 completed 0'])
  })
})

describe('limits', () => {
  it('counts an event at the deadline and none after it', () => {
    const { reports, all, tuner } = drive(four, { workers: 2, stop: { seconds: 20 } })
    expect(times(reports)).toBe('10 0@1, 11 1@1, 20 0@2')
    expect(all.slice(0, 2)).toEqual(['0 start 0', '0 start 1'])
    expect(tuner).toMatchObject({ reason: 'seconds', time: 20, running: 2, busySeconds: 40 })
    const earlier = drive(four, { workers: 2, stop: { seconds: 19.999 } })
    expect(times(earlier.reports)).toBe('10 0@1, 11 1@1')
    expect(earlier.tuner.time).toBe(19.999)
  })

  it('starts a trial at the deadline, which then runs for no time', () => {
    const { all, tuner } = drive(four, { stop: { seconds: 30 } })
    expect(all.slice(-2)).toEqual(['30 completed 0', '30 start 1'])
    expect(tuner).toMatchObject({ reason: 'seconds', time: 30, running: 1 })
  })

  it('on trials: those that run go on', () => {
    // The limit itself is in the searcher; the tuner names it.
    const { tuner } = drive(four, { workers: 2, configs: [{ x: 0 }, { x: 1 }], stop: { trials: 2 } })
    expect(tuner).toMatchObject({ reason: 'trials', trials: 2, ended: 2, time: 31 })
  })

  it('on evaluations: completed, stopped, diverged or failed', () => {
    const { tuner, all } = drive(four, { workers: 2, stop: { evaluations: 3 } })
    expect(tuner).toMatchObject({ reason: 'evaluations', ended: 3, time: 62 })
    expect(all.at(-1)).toBe('62 completed 2')
    const stopping = drive(four, { scheduler: 'asha-stopping', goal: 'max', workers: 4, stop: { evaluations: 2 } })
    expect(stopping.all.at(-1)).toBe('12 2@1 stop')
  })

  it('on reports', () => {
    const { tuner } = drive(four, { workers: 2, stop: { reports: 5 } })
    expect(tuner).toMatchObject({ reason: 'reports', reports: 5, time: 30 })
  })

  it('on a target, in the direction of the goal', () => {
    const low = drive(four, { stop: { target: { metric: 'error', value: 1 } } })
    expect(low.tuner).toMatchObject({ reason: 'target', time: 20 })
    const high = drive(four, { goal: 'max', stop: { target: { metric: 'error', value: 1.4 } } })
    expect(high.tuner).toMatchObject({ reason: 'target', time: 10 })
    expect(() => drive(four, { stop: { target: { metric: 'eror', value: 1 } } })).toThrow(
      'the target\'s metric "eror" is not an objective of the experiment',
    )
  })

  it('on cost: worker seconds times the price', () => {
    // 50 worker seconds; two workers use them up at 25.
    const { tuner, reports } = drive(four, { workers: 2, stop: { cost: 0.5 }, pricePerHour: 36 })
    expect(tuner).toMatchObject({ reason: 'cost', time: 25, busySeconds: 50 })
    expect(reports.length).toBe(4)
    expect(() => drive(four, { stop: { cost: 1 } })).toThrow('a limit on cost needs a price')
  })

  it('on cost, with workers that are idle at the end', () => {
    // Three trials on two workers: 30 + 31 + 32 = 93; at 31 one worker is left, 61 are used; 80 are at 31 + 19 - 1.
    const { tuner } = drive(four, {
      workers: 2,
      configs: [{ x: 0 }, { x: 1 }, { x: 2 }],
      stop: { cost: 80 },
      pricePerHour: 3600,
    })
    expect(tuner).toMatchObject({ reason: 'cost', time: 49, busySeconds: 80 })
  })

  it('on cost, also while a worker is stopping a trial', () => {
    const { tuner } = drive(four, {
      scheduler: 'asha-stopping',
      goal: 'max',
      configs: [{ x: 0 }, { x: 1 }],
      simulation: { stopDelay: 30 },
      stop: { cost: 65 },
      pricePerHour: 3600,
    })
    // 30 for the first, 11 for the second until it is stopped, 24 of 30 for stopping it.
    expect(tuner).toMatchObject({ reason: 'cost', time: 65, busySeconds: 65 })
  })
})

describe('trials that diverge', () => {
  const diverging = table([
    { loss: [3, Number.NaN, Number.NaN] },
    { loss: [2, 2, 2] },
    { loss: [4, 1, Number.POSITIVE_INFINITY] },
  ])

  it('are stopped', () => {
    const { all, tuner } = drive(diverging)
    expect(all.slice(0, 4)).toEqual(['0 start 0', '10 0@1 continue', '20 0@2 stop', '20 start 1'])
    // At the last level there is nothing to stop.
    expect(all.slice(-2)).toEqual(['83 2@3 continue', '83 completed 2'])
    expect(tuner).toMatchObject({ ended: 3, failures: 0 })
  })

  it('or go on', () => {
    const { all } = drive(diverging, { diverged: 'continue' })
    expect(all.slice(2, 5)).toEqual(['20 0@2 continue', '30 0@3 continue', '30 completed 0'])
  })

  it('because of any objective, and are never promoted', () => {
    const metrics = {
      error: { goal: 'min', unit: '', split: 'validation', kind: 'curve' },
      seconds: { goal: 'min', unit: 's', split: 'validation', kind: 'curve' },
    } as const
    const data = table([{ loss: [1, 1, 1] }, { loss: [2, 2, 2] }, { loss: [3, 3, 3] }], {
      metrics,
      value: ({ metric, configuration }) =>
        metric === 'error' ? configuration : configuration === 0 ? Number.NaN : configuration,
    })
    const { all, tuner } = drive(data, { scheduler: 'asha-promotion', metrics: ['error', 'seconds'], objectives: 2 })
    expect(all[1]).toBe('10 0@1 stop')
    expect(all.filter((text) => text.includes('resume 0'))).toEqual([])
    expect(tuner.reason).toBe('exhausted')
  })
})

describe('faults', () => {
  const ten = table(Array.from({ length: 10 }, (_, x) => ({ loss: [x, x, x, x], elapsed: [1, 2, 3, 4] })))
  const ends = (all: readonly string[], state: string): number[] =>
    all.filter((text) => text.includes(` ${state} `)).map((text) => Number(text.split(' ')[2]))

  it('strike the trials named, which then fail', () => {
    const { all, tuner } = drive(ten, { simulation: { faults: { trials: [2, 5] } } })
    expect(ends(all, 'failed')).toEqual([2, 5])
    expect(ends(all, 'completed')).toEqual([0, 1, 3, 4, 6, 7, 8, 9])
    expect(tuner).toMatchObject({ failures: 2, ended: 10, reason: 'exhausted' })
    expect(tuner.busySeconds).toBe(tuner.time)
  })

  it('strike at a rate, each seed its own', () => {
    const failures = Array.from({ length: 60 }, (_, seed) =>
      ends(drive(ten, { seed, simulation: { faults: { rate: 0.3 } } }).all, 'failed'),
    )
    const share = failures.flat().length / 600
    expect(Math.abs(share - 0.3)).toBeLessThan(0.07)
    expect(new Set(failures.map((trials) => trials.join())).size).toBeGreaterThan(30)
    expect(ends(drive(ten, { simulation: { faults: { rate: 1 } } }).all, 'failed').length).toBe(10)
  })

  it('do not depend on the number of workers', () => {
    const struck = [1, 2, 3].map((workers) =>
      ends(drive(ten, { workers, simulation: { faults: { rate: 0.4 } } }).all, 'failed').toSorted((a, b) => a - b),
    )
    expect(struck[1]).toEqual(struck[0])
    expect(struck[2]).toEqual(struck[0])
    expect(struck[0]!.length).toBeGreaterThan(0)
  })

  it('strike anywhere between the levels already reached and the last', () => {
    const reached = new Set<number>()
    for (let seed = 0; seed < 60; seed++)
      reached.add(drive(ten, { seed, configs: [{ x: 0 }], simulation: { faults: { rate: 1 } } }).reports.length)
    expect([...reached].toSorted()).toEqual([0, 1, 2, 3])
  })

  it('lost: the worker comes back later, and costs meanwhile', () => {
    const { all, tuner } = drive(ten, {
      configs: [{ x: 0 }, { x: 1 }],
      simulation: { faults: { trials: [0], kind: 'lost', replaceSeconds: 100 } },
    })
    const failed = Number(all.find((text) => text.includes('failed'))!.split(' ')[0])
    expect(all).toContain(`${failed + 100} start 1`)
    expect(tuner.busySeconds).toBe(failed + 104)
  })

  it('hang: the worker is never free again', () => {
    const { all, tuner } = drive(ten, {
      workers: 2,
      stop: { seconds: 100 },
      simulation: { faults: { trials: [0], kind: 'hang' } },
    })
    expect(ends(all, 'completed')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(tuner).toMatchObject({ reason: 'seconds', time: 100, running: 1, busySeconds: 136 })
  })

  it('are an error when all hang and nothing limits the time', () => {
    expect(() => drive(ten, { workers: 2, simulation: { faults: { rate: 1, kind: 'hang' } } })).toThrow(
      'every running trial hangs and the run has no limit in seconds',
    )
  })

  it('give the run up after too many', () => {
    expect(() => drive(ten, { maxFailures: 1, simulation: { faults: { trials: [1, 3] } } })).toThrow(
      '2 trials failed, more than the 1 allowed; the last: injected fault: fail',
    )
    expect(drive(ten, { maxFailures: 2, simulation: { faults: { trials: [1, 3] } } }).tuner.failures).toBe(2)
  })
})

describe('lookup', () => {
  const space: Space = { x: float(0, 10) }
  const points = table([{ loss: [1, 10] }, { loss: [2, 20] }, { loss: [6, 60] }, { loss: [9, Number.NaN] }], {
    space,
    configurations: [{ x: 0 }, { x: 1 }, { x: 3 }, { x: 10 }],
  })

  it('takes the mean of the k nearest, of values and of times', () => {
    const { values, reports, backend } = drive(points, {
      configs: [{ x: 0.9 }, { x: 1 }],
      simulation: { lookup: { nearest: 3 } },
    })
    // Rows 1, 0, 2: (2 + 1 + 6) / 3; times (11 + 10 + 12) / 3.
    expect(values).toEqual([[3], [30], [3], [30]])
    expect(reports[0]).toBe('11 0@1 continue')
    expect([...backend.trials.rows.subarray(0, 6)]).toEqual([1, 0, 2, 1, 0, 2])
  })

  it('leaves out farther rows without a number; where the nearest has none, nor has the mean', () => {
    const near = drive(points, {
      configs: [{ x: 3 }, { x: 9 }],
      diverged: 'continue',
      simulation: { lookup: { nearest: 4 } },
    })
    expect(near.values[1]).toEqual([30])
    expect(near.values[3]).toEqual([Number.NaN])
  })

  it('replays static metrics at every level', () => {
    const data = table([{ loss: [1, 2] }], {
      metrics: {
        error: { goal: 'min', unit: '', split: 'validation', kind: 'curve' },
        size: { goal: 'none', unit: '', split: 'none', kind: 'static' },
      } as NonNullable<MakeTableOptions['metrics']>,
      value: ({ metric, level }) => (metric === 'size' ? 77 : level),
    })
    expect(drive(data, { metrics: ['error', 'size'] }).values).toEqual([
      [1, 77],
      [2, 77],
    ])
  })

  it('refuses a configuration that the table does not have', () => {
    expect(() => drive(points, { configs: [{ x: 0.5 }] })).toThrow(
      'the table "synthetic" has no training of {"x":0.5}; draw from its rows, or allow simulation.lookup { nearest: k }',
    )
  })

  it('gives further trials of a configuration its other repetitions, and the first the same in every run', () => {
    const data = new SurrogateTable(makeTable({ configurations: 3, repetitions: 4 }))
    const config = data.configuration(1)
    for (const seed of [0, 1, 2, 3, 17]) {
      const lookup = new TableLookup(data, seed, 'exact', {})
      const rows = new Int32Array(8)
      for (let i = 0; i < 8; i++) lookup.find(config, rows, i)
      expect(new Set(rows.subarray(0, 4)).size).toBe(4)
      for (const row of rows) expect(data.configurationOf[row]).toBe(1)
      const other = new TableLookup(data, seed, 'exact', {})
      const again = new Int32Array(2)
      other.find(data.configuration(0), again, 0)
      other.find(config, again, 1)
      expect(again[1]).toBe(rows[0])
    }
  })

  it('counts neighbours with the fixed values only', () => {
    const data = new SurrogateTable(makeTable())
    const nearest = new NearestConfigurations(data, 2, { model: 'large' })
    const found = new Int32Array(2)
    nearest.find({ lr: 0, model: 'large' }, found)
    expect([...found].map((i) => data.configuration(i)['model'])).toEqual(['large', 'large'])
  })
})
