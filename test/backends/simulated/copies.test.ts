/** Trials that start from a copy of another trial's checkpoint, on a table. */
import { describe, expect, it } from 'vitest'
import type { Job, Scheduler } from '../../../src/core/scheduler.js'
import { RunLog } from '../../../src/store/run-log.js'
import { makeTable } from '../../surrogates/make-table.js'
import { drive } from './drive.js'

const configs = [0, 1].map((lr) => ({ lr, model: 'small' }))
const table = makeTable({
  levels: 4,
  repetitions: 1,
  configurations: configs,
  startup: 0.5,
  // Configuration 0: 1, 2, 3, 4 s; configuration 1: 10, 20, 30, 40 s.
  elapsed: ({ configuration, level }) => level * (configuration === 0 ? 1 : 10),
  value: ({ configuration, level }) => configuration + level / 10,
})

/** Stops trial 0 at level 2, then starts the copy. */
function copier(copy: { trial: number; resource: number }): Scheduler {
  const jobs: Job[] = [
    { kind: 'start', config: configs[0]! },
    { kind: 'start', config: configs[1]!, copy },
  ]
  return {
    next: () => jobs.shift() ?? 'exhausted',
    onReport: (trial, resource) => (trial === 0 && resource === 2 ? 'stop' : 'continue'),
    onEnd() {},
  }
}

describe('a copy', () => {
  it('goes on at the next level of its own configuration, with the time that has left', () => {
    const { all, values } = drive(table, { scheduler: copier({ trial: 0, resource: 2 }) })
    expect(all).toEqual([
      '0 start 0',
      '1.5 0@1 continue',
      '2.5 0@2 stop',
      '2.5 start 1',
      '13 1@3 continue',
      '23 1@4 continue',
      '23 completed 1',
    ])
    expect(values).toEqual([[0.1], [0.2], [1.3], [1.4]])
  })

  it('may be of an earlier level, and takes the time to restore a checkpoint', () => {
    const simulation = { checkpointRestore: 4 }
    const { reports } = drive(table, { scheduler: copier({ trial: 0, resource: 1 }), simulation })
    expect(reports.slice(2)).toEqual(['17 1@2 continue', '27 1@3 continue', '37 1@4 continue'])
  })

  it.each([
    [{ trial: 0, resource: 3 }, 'the trial reached 2 of 4'],
    [{ trial: 0, resource: 0 }, 'has no checkpoint'],
    [{ trial: 1, resource: 1 }, 'the trial reached 0 of 4'],
    [{ trial: -1, resource: 1 }, 'the trial reached 0 of 4'],
  ])('of %j is an error', (copy, message) => {
    expect(() => drive(table, { scheduler: copier(copy) })).toThrow(message)
  })

  it('is an error without checkpoints', () => {
    const simulation = { checkpoints: false }
    expect(() => drive(table, { scheduler: copier({ trial: 0, resource: 2 }), simulation })).toThrow(
      'simulation.checkpoints is false',
    )
  })

  it('is in the log: of which trial, and at which level', () => {
    const log = new RunLog(1)
    log.beginRun()
    log.start(0, 0, configs[0]!)
    log.start(2, 1, configs[1]!, { trial: 0, resource: 2 })
    const { kind, trial, resource, time } = log.columns
    expect([...kind]).toEqual([0, 8, 0])
    expect([...trial]).toEqual([0, 0, 1])
    expect([...resource]).toEqual([0, 2, 2])
    expect([...time]).toEqual([0, 2, 2])
  })
})

describe('population based training on a table', () => {
  it('runs rows only, from levels that were reached, and ends', () => {
    const many = makeTable({ levels: 9, configurations: 30 })
    for (const workers of [1, 3, 10]) {
      const { all, tuner } = drive(many, { scheduler: 'population-based-training', workers, seed: workers })
      expect(tuner.reason).toBe('exhausted')
      expect(tuner.trials).toBeGreaterThan(8)
      // Every member of the population ends complete.
      expect(all.filter((text) => text.includes('completed'))).toHaveLength(8)
    }
  })
})
