/** Schedulers driven by hand, without a backend. */
import { describe, expect, it } from 'vitest'
import { SpaceSource } from '../../src/core/config-source.js'
import type { Goal } from '../../src/core/objective.js'
import { RandomStreams } from '../../src/core/random.js'
import type { Scheduler } from '../../src/core/scheduler.js'
import { schedulers } from '../../src/core/schedulers/index.js'
import { int } from '../../src/core/space.js'

function make(
  type: keyof typeof schedulers,
  maxResource: number,
  options: object = {},
  trials = Infinity,
  goal: Goal = 'min',
): Scheduler {
  let left = trials
  return schedulers[type].create(schedulers[type].options.parse(options) as never, {
    searcher: { suggest: () => (left-- > 0 ? { x: 0 } : undefined) },
    source: new SpaceSource({ x: int(0, 0) }),
    objectives: [{ metric: 'loss', goal, report: 'loss' }],
    maxResource,
    random: new RandomStreams(0),
  })
}

/** Rounds of one report per running trial, in order of start; free workers are filled before each round. */
function rounds(scheduler: Scheduler, bases: readonly number[], maxResource: number, workers: number) {
  const [starts, decisions]: [string[], string[]] = [[], []]
  const reached = bases.map(() => 0)
  let running: number[] = []
  let started = 0
  for (;;) {
    while (running.length < workers) {
      const job = scheduler.next(started)
      if (job === 'wait' || job === 'exhausted') break
      const trial = job.kind === 'start' ? started++ : job.trial
      starts.push(`${trial}:${reached[trial]}->${job.until ?? maxResource}`)
      running.push(trial)
    }
    if (running.length === 0) return { starts, decisions }
    const next: number[] = []
    for (const trial of running) {
      const epoch = ++reached[trial]!
      const decision = scheduler.onReport(trial, epoch, Float64Array.of(bases[trial]! + 1 / epoch))
      if (epoch === maxResource) {
        scheduler.onEnd(trial, 'completed')
        decisions.push(`${trial}@${epoch} completed`)
      } else if (decision === 'continue') next.push(trial)
      else decisions.push(`${trial}@${epoch} ${decision}`)
    }
    running = next
  }
}

const bases = [0.5, 0.3, 0.7, 0.2, 0.6, 0.1, 0.4, 0.25, 0.05]

describe('ASHA on nine trials, three workers, rungs 1 and 3 of 9', () => {
  it('stops', () => {
    const { starts, decisions } = rounds(make('asha-stopping', 9, {}, 9), bases, 9, 3)
    expect(starts).toEqual(bases.map((_, trial) => `${trial}:0->9`))
    expect(decisions.slice(0, 7)).toEqual([
      '2@1 stop',
      '0@9 completed',
      '1@9 completed',
      '3@9 completed',
      '4@1 stop',
      '6@1 stop',
      '7@3 stop',
    ])
    expect(decisions.slice(7).toSorted()).toEqual(['5@9 completed', '8@9 completed'])
  })

  it('promotes', () => {
    const { starts, decisions } = rounds(make('asha-promotion', 9, {}, 9), bases, 9, 3)
    expect(starts.join(' ')).toBe(
      '0:0->1 1:0->1 2:0->1 1:1->3 3:0->1 4:0->1 3:1->3 5:0->1 5:1->3 6:0->1 3:3->9 7:0->1 5:3->9 7:1->3 8:0->1 8:1->3 8:3->9',
    )
    expect(decisions.filter((text) => !/@[13] pause$/.test(text)).toSorted()).toEqual([
      '3@9 completed',
      '5@9 completed',
      '8@9 completed',
    ])
  })
})

describe('ASHA, stopping', () => {
  it('judges a level that was jumped over at the first report past it', () => {
    const scheduler = make('asha-stopping', 9)
    for (let trial = 0; trial < 3; trial++) scheduler.next(trial)
    expect(scheduler.onReport(0, 1, Float64Array.of(0.1))).toBe('continue')
    expect(scheduler.onReport(1, 2, Float64Array.of(0.2))).toBe('stop')
    // Filed at both rungs: the best at each.
    expect(scheduler.onReport(2, 4, Float64Array.of(0.05))).toBe('continue')
    expect(scheduler.onReport(0, 3, Float64Array.of(0.06))).toBe('stop')
  })

  it('asks for a report at no level twice', () => {
    const scheduler = make('asha-stopping', 9)
    for (let trial = 0; trial < 2; trial++) scheduler.next(trial)
    expect(scheduler.onReport(0, 1, Float64Array.of(0.5))).toBe('continue')
    expect(scheduler.onReport(1, 1, Float64Array.of(0.4))).toBe('continue')
    // Worse than trial 1 now, but between rungs nobody is judged.
    expect(scheduler.onReport(0, 2, Float64Array.of(9))).toBe('continue')
  })

  it('maximises', () => {
    const scheduler = make('asha-stopping', 9, {}, Infinity, 'max')
    for (let trial = 0; trial < 2; trial++) scheduler.next(trial)
    expect(scheduler.onReport(0, 1, Float64Array.of(0.5))).toBe('continue')
    expect(scheduler.onReport(1, 1, Float64Array.of(0.4))).toBe('stop')
  })
})

describe('ASHA, promotion', () => {
  it('waits while a trial runs that could make another promotable, then is exhausted', () => {
    const scheduler = make('asha-promotion', 3, {}, 2)
    expect(scheduler.next(0)).toMatchObject({ kind: 'start', until: 1 })
    expect(scheduler.next(1)).toMatchObject({ kind: 'start', until: 1 })
    expect(scheduler.next(2)).toBe('wait')
    expect(scheduler.onReport(0, 1, Float64Array.of(0.2))).toBe('pause')
    expect(scheduler.next(2)).toBe('wait')
    expect(scheduler.onReport(1, 1, Float64Array.of(0.1))).toBe('pause')
    expect(scheduler.next(2)).toEqual({ kind: 'resume', trial: 1, until: 3 })
    expect(scheduler.next(2)).toBe('wait')
    expect(scheduler.onReport(1, 3, Float64Array.of(0.1))).toBe('continue')
    scheduler.onEnd(1, 'completed')
    expect(scheduler.next(2)).toBe('exhausted')
  })

  it('ends a trial without a number and never promotes it', () => {
    const scheduler = make('asha-promotion', 3, { rule: 'rank', reductionFactor: 2 }, 2)
    scheduler.next(0)
    scheduler.next(1)
    expect(scheduler.onReport(0, 1, Float64Array.of(Number.NaN))).toBe('stop')
    expect(scheduler.onReport(1, 1, Float64Array.of(0.1))).toBe('pause')
    expect(scheduler.next(2)).toMatchObject({ kind: 'resume', trial: 1 })
    scheduler.onEnd(1, 'failed')
    expect(scheduler.next(2)).toBe('exhausted')
  })

  it('looks for promotions from the top rung down', () => {
    const scheduler = make('asha-promotion', 9)
    for (let trial = 0; trial < 4; trial++) scheduler.next(trial)
    for (let trial = 0; trial < 4; trial++) scheduler.onReport(trial, 1, Float64Array.of(trial))
    expect(scheduler.next(4)).toMatchObject({ trial: 0, until: 3 })
    expect(scheduler.next(4)).toMatchObject({ trial: 1, until: 3 })
    scheduler.onReport(0, 3, Float64Array.of(1))
    scheduler.onReport(1, 3, Float64Array.of(0))
    expect(scheduler.next(4)).toMatchObject({ trial: 1, until: 9 })
    expect(scheduler.next(4)).toMatchObject({ kind: 'start' })
  })

  it('explains itself, rung by rung from the top down', () => {
    const scheduler = make('asha-promotion', 9)
    for (let trial = 0; trial < 2; trial++) scheduler.next(trial)
    expect(scheduler.explain!()).toBe('rung 3: empty\nrung 1: empty')
    scheduler.onReport(0, 1, Float64Array.of(5))
    expect(scheduler.explain!()).toBe('rung 1: trial 0 is filed with 5 and waits\n5 |')
    scheduler.next(2)
    expect(scheduler.explain!()).toBe('rung 3: empty\nrung 1: nobody to promote among 5 |')
    scheduler.onReport(1, 1, Float64Array.of(4))
    scheduler.next(3)
    expect(scheduler.explain!()).toBe('rung 1: trial 1 is the best that waits and passes\n4 | 5')
    scheduler.onReport(1, 2, Float64Array.of(4))
    expect(scheduler.explain!()).toBe('trial 1 is at no rung (1, 3)')
  })
})

describe('brackets', () => {
  it('start trials at higher rungs, in the shares that were published', () => {
    const scheduler = make('asha-promotion', 27, { brackets: 4 })
    const counts = new Map<number, number>()
    for (let trial = 0; trial < 4000; trial++) {
      const job = scheduler.next(trial)
      if (typeof job === 'string') throw new Error(job)
      counts.set(job.until!, (counts.get(job.until!) ?? 0) + 1)
    }
    expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual([1, 3, 9, 27])
    for (const [until, share] of [
      [1, 0.551],
      [3, 0.2449],
      [9, 0.1224],
      [27, 0.0816],
    ] as const)
      expect(Math.abs(counts.get(until)! / 4000 - share)).toBeLessThan(0.03)
  })
})

describe('ASHA, a level that was jumped over', () => {
  const reports = [
    [0, 1, 0.5],
    [1, 2, 0.4],
    [1, 3, 0.35],
    [2, 4, 0.9],
    [0, 4, 0.3],
    [0, 5, 0.8],
  ] as const
  function decisions(options: object): string[] {
    const scheduler = make('asha-stopping', 9, options)
    for (let trial = 0; trial < 3; trial++) scheduler.next(trial)
    return reports.map(([trial, level, value]) => {
      const decision = scheduler.onReport(trial, level, Float64Array.of(value))
      return `${decision} ${/^rung (\d+)/.exec(scheduler.explain!())?.[1] ?? '-'}`
    })
  }

  it('judge: at the first report past it, with that value', () =>
    expect(decisions({})).toEqual(['continue 1', 'continue 1', 'continue 3', 'stop 1', 'continue 3', 'continue -']))
  it('ignore: nowhere', () =>
    expect(decisions({ skipped: 'ignore' })).toEqual([
      'continue 1',
      'continue -',
      'continue 3',
      'continue -',
      'continue -',
      'continue -',
    ]))
  it('late: one level per report, the highest first', () =>
    expect(decisions({ skipped: 'late', rule: 'rank' })).toEqual([
      'continue 1',
      'continue 1',
      'continue 3',
      'stop 3',
      'continue 3',
      'continue -',
    ]))
  it('late: the last value is filed once more at the end, at a level still open', () => {
    const alone = (refileLast: boolean): string => {
      const scheduler = make('asha-stopping', 9, { skipped: 'late', rule: 'rank', refileLast })
      for (let trial = 0; trial < 2; trial++) scheduler.next(trial)
      scheduler.onReport(0, 4, Float64Array.of(0.1))
      scheduler.onEnd(0, 'completed')
      return scheduler.onReport(1, 1, Float64Array.of(0.3))
    }
    expect([alone(false), alone(true)]).toEqual(['continue', 'stop'])
  })
})

describe('ASHA, the worked example of the paper', () => {
  // Li et al. 2020, table 1 and figure 2: nine configurations, r = 1, R = 9, eta = 3, one worker. 1, 6 and 8 are promoted
  // to rung 1, and 8 to the top, each as soon as it is among the best third of its rung.
  const loss = [0.3, 0.7, 0.6, 0.8, 0.9, 0.2, 0.75, 0.1, 0.85]

  it('promotes as soon as it can', () => {
    const { starts } = rounds(make('asha-promotion', 9, { rule: 'paper' }, 9), loss, 9, 1)
    expect(starts.map((text) => text.replace(/^\d/, (trial) => String(Number(trial) + 1))).join(' ')).toBe(
      '1:0->1 2:0->1 3:0->1 1:1->3 4:0->1 5:0->1 6:0->1 6:1->3 7:0->1 8:0->1 8:1->3 8:3->9 9:0->1',
    )
  })
})
