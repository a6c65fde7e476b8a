/** Schedulers driven by hand, without a backend. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Goal } from '../../src/core/objective.js'
import { RandomStreams } from '../../src/core/random.js'
import type { Scheduler } from '../../src/core/scheduler.js'
import { schedulers } from '../../src/core/schedulers/index.js'

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

/** Decisions recorded from Syne Tune. */
describe.each(['asha_stopping', 'asha_promotion'] as const)('recorded decisions: %s', (kind) => {
  interface Case {
    readonly id: string
    readonly params: { readonly [name: string]: unknown }
    readonly events: readonly (readonly [string, ...unknown[]])[]
  }
  const path = fileURLToPath(new URL(`../../../shared/reference/traces/${kind}.jsonl.gz`, import.meta.url))

  it('nearly all runs equal ours, event by event', (context) => {
    if (!existsSync(path)) context.skip(`the recorded decisions are not here: ${path}`)
    const cases = gunzipSync(readFileSync(path))
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Case)
      .filter(({ params }) => params['skips_epochs'] === false && Number(params['reduction_factor']) >= 2)
    let equal = 0
    for (const one of cases) if (replay(kind === 'asha_stopping' ? 'asha-stopping' : 'asha-promotion', one)) equal++
    expect(cases.length).toBeGreaterThan(10)
    // The rest differ by the reference's floating-point cut-off, which the rule `exact` does not imitate.
    expect(equal / cases.length).toBeGreaterThan(0.8)
  })

  function replay(type: 'asha-stopping' | 'asha-promotion', { params, events }: Case): boolean {
    const max = params['max_t'] as number
    const options = { gracePeriod: params['grace_period'], reductionFactor: params['reduction_factor'] }
    const scheduler = make(type, max, options, Infinity, params['mode'] as Goal)
    for (const [event, ...rest] of events)
      if (event === 's') {
        const [id, resumed, until] = rest as [number, number | null, number]
        const job = scheduler.next(id)
        if (typeof job === 'string') return false
        if (job.kind === 'resume' ? job.trial !== resumed : resumed !== null) return false
        if ((job.until ?? max) !== until) return false
      } else if (event === 'r') {
        const [id, epoch, value, decision] = rest as [number, number, number, string]
        const ours = scheduler.onReport(id, epoch, Float64Array.of(value))
        // The reference stops a trial at the maximum resource; here it completes.
        if (epoch < max && ours.charAt(0).toUpperCase() !== decision) return false
        if (epoch === max) scheduler.onEnd(id, 'completed')
      } else scheduler.onEnd(rest[0] as number, event === 'e' ? 'failed' : 'completed')
    return true
  }
})
