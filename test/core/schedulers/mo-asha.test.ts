import { describe, expect, it } from 'vitest'
import { SpaceSource } from '../../../src/core/config-source.js'
import type { Goal } from '../../../src/core/objective.js'
import { RandomStreams } from '../../../src/core/random.js'
import type { Scheduler } from '../../../src/core/scheduler.js'
import { type SchedulerDefinition, schedulers } from '../../../src/core/schedulers/index.js'
import { constant } from '../../../src/core/space.js'
import { recordedCases } from '../recorded.js'

function make(
  type: 'mo-asha-stopping' | 'mo-asha-promotion' | 'asha-stopping' | 'asha-promotion',
  options: object = {},
  { goals = ['min', 'min'] as Goal[], maxResource = 9, trials = Infinity } = {},
): Scheduler {
  let left = trials
  const definition = schedulers[type] as unknown as SchedulerDefinition
  return definition.create(definition.options.parse(options), {
    searcher: { suggest: () => (left-- > 0 ? { x: 0 } : undefined) },
    source: new SpaceSource({ x: constant(0) }),
    objectives: goals.map((goal, j) => ({ metric: `m${j}`, goal, report: `m${j}` })),
    maxResource,
    random: new RandomStreams(0),
  })
}

/** Starts a trial for each vector, then reports each at level 1. */
function atFirstRung(scheduler: Scheduler, vectors: readonly number[][]): string[] {
  for (const trial of vectors.keys()) scheduler.next(trial)
  return vectors.map((vector, trial) => scheduler.onReport(trial, 1, Float64Array.from(vector)))
}

describe('MO-ASHA, stopping', () => {
  it('lets a newcomer go on that dominates all, where the index list of Syne Tune stops it', () => {
    const vectors = [5, 4, 3, 2, 1].map((x) => [6 - x, 6 - x])
    expect(atFirstRung(make('mo-asha-stopping'), [...vectors, [0, 0]]).at(-1)).toBe('continue')
    expect(atFirstRung(make('mo-asha-stopping', { compat: 'syne-tune' }), [...vectors, [0, 0]]).at(-1)).toBe('stop')
    const smallest = [
      [2, 5],
      [2, 8],
      [8, 8],
      [0, 0],
    ]
    expect(atFirstRung(make('mo-asha-stopping', { compat: 'syne-tune' }), smallest)).toEqual([
      'continue',
      'stop',
      'stop',
      'stop',
    ])
    expect(atFirstRung(make('mo-asha-stopping'), smallest)).toEqual(['continue', 'stop', 'stop', 'continue'])
  })

  it('is not moved by units, unless it is told to', () => {
    // Along the trade-off, seconds or milliseconds decide whether the third or the fourth is the farther from both ends.
    const front = [
      [0, 10],
      [10, 0],
      [1, 9],
      [9, 6],
      [5, 8],
    ]
    const decisions = (factor: number, scale: string): string[] =>
      atFirstRung(
        make('mo-asha-stopping', { scale, reductionFactor: 2 }),
        front.map(([x, y]) => [x! * factor, y!]),
      )
    for (const factor of [1024, 2 ** -20]) expect(decisions(factor, 'range')).toEqual(decisions(1, 'range'))
  })

  it('turns each objective to its goal', () => {
    const mixed = make('mo-asha-stopping', {}, { goals: ['max', 'min'] })
    expect(
      atFirstRung(mixed, [
        [1, 5],
        [0.5, 6],
        [2, 4],
      ]),
    ).toEqual(['continue', 'stop', 'continue'])
  })

  it('with one objective decides as ASHA by rank', () => {
    const values = Array.from({ length: 60 }, (_, i) => [(i * 37) % 23])
    const one = { goals: ['min'] as Goal[] }
    // Distinct: equal ones stand in the order of entry here, where ASHA lets all of them pass.
    const distinct = values.map(([x], i) => [x! + i / 1000])
    for (const priority of ['nondominated', 'crowding', 'linear', 'chebyshev', 'random-weights', 'fixed']) {
      const [mine, asha] = [make('mo-asha-stopping', { priority }, one), make('asha-stopping', { rule: 'rank' }, one)]
      expect(atFirstRung(mine, distinct)).toEqual(atFirstRung(asha, distinct))
      const promoting = [
        make('mo-asha-promotion', { priority }, { ...one, trials: 60 }),
        make('asha-promotion', { rule: 'rank' }, { ...one, trials: 60 }),
      ].map((scheduler) => {
        atFirstRung(scheduler, distinct)
        return Array.from({ length: 25 }, () => scheduler.next(60))
      })
      expect(promoting[0]).toEqual(promoting[1])
    }
  })

  it('explains itself', () => {
    const scheduler = make('mo-asha-stopping')
    atFirstRung(scheduler, [
      [1, 2],
      [2, 1],
      [3, 3],
    ])
    expect(scheduler.explain!()).toBe(
      'rung 1: trial 2 is 3rd of 3: 1st of 1 in front 2 of 2\n2 of 3 pass, so it is stopped',
    )
    scheduler.onReport(0, 2, Float64Array.of(1, 1))
    expect(scheduler.explain!()).toBe('trial 0 is at no rung (1, 3)')
  })

  it.each([
    [{ priority: 'fixed', objective: 2 }, 'objective must be the index of one of the 2 objectives, from 0, got 2'],
    [{ objective: 1 }, 'objective has no meaning with priority "nondominated", got 1; use fixed'],
    [{ weights: [1, 1] }, 'weights have no meaning with priority "nondominated", got [1,1]; use linear or chebyshev'],
    [{ priority: 'linear', weights: [1] }, 'weights must be one number for each of the 2 objectives, got [1]'],
    [{ priority: 'linear', weights: [0, 0] }, 'weights must have one that is greater than 0, got [0,0]'],
    [
      { priority: 'linear', compat: 'syne-tune' },
      'compat goes with priority "nondominated" only, got "syne-tune"; leave priority or compat out',
    ],
  ])('refuses %j', (options, message) => {
    expect(() => make('mo-asha-stopping', options)).toThrow(message)
  })
})

describe('MO-ASHA, promotion', () => {
  const three = [
    [1, 3],
    [3, 1],
    [2, 2],
  ]

  it('promotes from the front in its order, from the top rung down', () => {
    const scheduler = make('mo-asha-promotion', { reductionFactor: 2 }, { trials: 4 })
    expect(atFirstRung(scheduler, [...three, [4, 4]])).toEqual(['pause', 'pause', 'pause', 'pause'])
    expect(scheduler.next(4)).toEqual({ kind: 'resume', trial: 0, until: 2 })
    expect(scheduler.explain!()).toBe('rung 1: trial 0 is the best that waits and passes (3 of 4 pass)')
    expect(scheduler.next(4)).toMatchObject({ trial: 1 })
    expect(scheduler.onReport(0, 2, Float64Array.of(1, 1))).toBe('pause')
    expect(scheduler.onReport(1, 2, Float64Array.of(0, 2))).toBe('pause')
    expect(scheduler.next(4)).toEqual({ kind: 'resume', trial: 1, until: 4 })
  })

  it('never resumes a paused trial that was stopped from outside', () => {
    const scheduler = make('mo-asha-promotion', { reductionFactor: 2 }, { trials: 3 })
    atFirstRung(scheduler, three)
    scheduler.onEnd(0, 'stopped')
    expect(scheduler.next(3)).toMatchObject({ kind: 'resume', trial: 1 })
    expect(scheduler.next(3)).toBe('wait')
    scheduler.onEnd(1, 'failed')
    expect(scheduler.next(3)).toBe('exhausted')
  })

  it('never promotes a vector with something that is not a number, but counts it', () => {
    const scheduler = make('mo-asha-promotion', { rule: 'paper', reductionFactor: 2 }, { trials: 2 })
    expect(
      atFirstRung(scheduler, [
        [0, Number.NaN],
        [1, 1],
      ]),
    ).toEqual(['stop', 'pause'])
    expect(scheduler.next(2)).toMatchObject({ kind: 'resume', trial: 1 })
    scheduler.onEnd(1, 'failed')
    expect(scheduler.next(2)).toBe('exhausted')
  })
})

interface TraceCase {
  readonly id: string
  readonly params: {
    readonly mode: Goal[]
    readonly max_t: number
    readonly grace_period: number
    readonly reduction_factor: number
    readonly priority: string
  }
  readonly events: [kind: string, trial: number, epoch: number, values: number[], decision: string][]
}

const SETTINGS: Readonly<Record<string, object>> = {
  nondominated: { compat: 'syne-tune' },
  nondominated_ranked: { priority: 'nondominated', scale: 'none' },
  linear: { priority: 'linear', scale: 'none' },
  fixed0: { priority: 'fixed' },
}

describe.each(['moasha', 'moasha_ranked'])('the decisions recorded in %s', (name) => {
  const cases = recordedCases<TraceCase>(name)
  it('are made again', (context) => {
    if (cases === undefined) return context.skip('the recorded decisions are not here')
    expect(cases.length).toBeGreaterThan(10)
    for (const { id, params, events } of cases) {
      const scheduler = make(
        'mo-asha-stopping',
        {
          gracePeriod: params.grace_period,
          reductionFactor: params.reduction_factor,
          skipped: 'late',
          refileLast: true,
          ...SETTINGS[params.priority],
        },
        { goals: params.mode, maxResource: params.max_t },
      )
      for (const [kind, trial, epoch, values, decision] of events)
        if (kind === 's') scheduler.next(trial)
        else if (kind === 'e') scheduler.onEnd(trial, 'failed')
        else if (kind === 'c') scheduler.onEnd(trial, 'completed')
        else {
          const mine = scheduler.onReport(trial, epoch, Float64Array.from(values))
          if (epoch >= params.max_t) scheduler.onEnd(trial, 'completed')
          else
            expect({ id, trial, epoch, decision: mine }).toEqual({
              id,
              trial,
              epoch,
              decision: decision === 'C' ? 'continue' : 'stop',
            })
        }
    }
  })
})
