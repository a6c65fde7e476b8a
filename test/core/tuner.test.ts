import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { emptyEvent } from '../../src/core/backend.js'
import { nearestName, suggestion } from '../../src/core/nearest-name.js'
import type { Job, Scheduler } from '../../src/core/scheduler.js'
import { Tuner } from '../../src/core/tuner.js'
import { parseOr } from '../../src/core/zod-error.js'

/** A tuner with a scheduler that answers from a list, and a backend that notes what it is told. */
function make(jobs: readonly Job[], decision: 'continue' | 'pause' | 'stop' = 'continue', workers = 1) {
  const told: string[] = []
  const seen: string[] = []
  let at = 0
  const scheduler: Scheduler = {
    next: () => jobs[at++] ?? 'wait',
    onReport: (trial, resource) => {
      seen.push(`report ${trial}@${resource}`)
      return decision
    },
    onEnd: (trial, state) => seen.push(`${state} ${trial}`),
  }
  const backend = {
    workers,
    idle: workers,
    busy: 0,
    start(trial: number, attempt: number, _config: object, from: number) {
      backend.idle--
      backend.busy++
      told.push(`start ${trial}.${attempt} from ${from}`)
    },
    halt(trial: number, how: string) {
      backend.idle++
      backend.busy--
      told.push(`${how} ${trial}`)
    },
  }
  const nothing = (): void => {}
  const recorder = {
    start: nothing,
    resume: nothing,
    report: nothing,
    end: nothing,
    ignored: nothing,
    restart: (...event: unknown[]) => told.push(`restart ${event.join()}`),
  }
  const objectives = [{ metric: 'error', goal: 'min', report: 'error' } as const]
  const tuner = new Tuner({
    scheduler,
    searcher: { suggest: () => undefined },
    backend,
    recorder,
    objectives,
    maxResource: 9,
    stop: {},
  })
  const report = (trial: number, attempt: number, resource: number, time: number): void =>
    tuner.handle(Object.assign(emptyEvent(1), { trial, attempt, resource, time }))
  return { tuner, told, seen, report }
}

const start: Job = { kind: 'start', config: { x: 1 } }

describe('Tuner', () => {
  it('tells the recorder, and nobody else, that a program was started again', () => {
    const { tuner, told, seen } = make([start, 'wait'])
    tuner.begin()
    const before = [...told]
    const event = { kind: 'restart', trial: 0, attempt: 0, resource: 3, time: 5, reason: 'exit code 1' } as const
    tuner.handle(Object.assign(emptyEvent(1), event))
    expect(told.slice(before.length)).toEqual(['restart 5,0,0,3,exit code 1'])
    expect(seen).toEqual([])
    expect(tuner.running).toBe(1)
  })

  it('is an error when the scheduler waits while nothing runs', () => {
    expect(() => make(['wait']).tuner.begin()).toThrow('the scheduler waits while nothing is running')
    const { tuner, report } = make([start, 'wait'], 'stop')
    tuner.begin()
    expect(() => report(0, 0, 1, 5)).toThrow('the scheduler waits while nothing is running')
  })

  it('is an error when a trial is resumed that is not paused', () => {
    const resume: Job = { kind: 'resume', trial: 0 }
    expect(() => make([start, resume], 'continue', 2).tuner.begin()).toThrow('resumed trial 0, which is not paused')
    expect(() => make([resume]).tuner.begin()).toThrow('resumed trial 0, which is not paused')
    const { tuner, report } = make([start, resume], 'stop')
    tuner.begin()
    expect(() => report(0, 0, 1, 5)).toThrow('resumed trial 0, which is not paused')
  })

  it('is an error when a scheduler answers what is no answer', () => {
    const { tuner, report } = make([start], 'STOP' as 'stop')
    tuner.begin()
    expect(() => report(0, 0, 1, 5)).toThrow('the scheduler answered "STOP" to a report of trial 0; it must answer')
    const wrong = { kind: 'begin', config: {} } as unknown as Job
    expect(() => make([wrong]).tuner.begin()).toThrow('to a free worker; it must answer a job')
  })

  it('asks no more once the scheduler is exhausted, and resumes from the level reached', () => {
    const { tuner, told, report } = make([start, { kind: 'resume', trial: 0 }, 'exhausted', start], 'pause')
    tuner.begin()
    report(0, 0, 3, 5)
    report(0, 1, 4, 6)
    expect(told).toEqual(['start 0.0 from 0', 'pause 0', 'start 0.1 from 3', 'pause 0'])
    expect(tuner.trials).toBe(1)
  })

  it('ignores what belongs to an ended attempt', () => {
    const { tuner, seen, report } = make([start, { kind: 'resume', trial: 0 }, 'exhausted'], 'pause')
    tuner.begin()
    report(0, 0, 1, 5)
    report(0, 0, 2, 6)
    tuner.handle(Object.assign(emptyEvent(1), { kind: 'end', trial: 0, attempt: 0, time: 7, state: 'failed' }))
    expect(seen).toEqual(['report 0@1'])
    expect(tuner).toMatchObject({ reports: 1, ended: 0, failures: 0, running: 1, time: 7 })
  })

  it('gives the last report once, and its decision does not matter', () => {
    const { tuner, seen, told, report } = make([start, 'exhausted'], 'stop')
    tuner.begin()
    report(0, 0, 9, 5)
    tuner.handle(Object.assign(emptyEvent(1), { kind: 'end', trial: 0, time: 5 }))
    expect(seen).toEqual(['report 0@9', 'completed 0'])
    expect(told).toEqual(['start 0.0 from 0'])
  })
})

describe('parseOr', () => {
  const schema = z.strictObject({
    workers: z.int().positive().optional(),
    inner: z.strictObject({ learning: z.number() }).optional(),
    budget: z.union([z.number(), z.strictObject({ seconds: z.number().positive() })]).optional(),
  })
  it.each([
    [{ workers: 0 }, 'experiment.workers must be greater than 0, got 0; write a number above 0'],
    [{ worker: 1 }, /^experiment has an unknown entry "worker"; did you mean "workers"\?$/],
    [{ inner: { lerning: 1, learning: 1 } }, /^experiment\.inner has an unknown entry "lerning"/],
    [{ inner: { learning: 'x' } }, 'experiment.inner.learning must be a number, got "x"; write digits'],
    [{ budget: { seconds: -1 } }, 'experiment.budget.seconds must be greater than 0, got -1; write a number above 0'],
  ])('names the path, the value and the rule: %j', (value, message) => {
    expect(() => parseOr(schema, value, 'experiment')).toThrow(message)
  })
})

describe('nearestName', () => {
  const known = ['asha-stopping', 'asha-promotion', 'fifo']
  it.each([
    ['asha-stoping', 'asha-stopping'],
    ['ASHA-Promotion', 'asha-promotion'],
    ['fiof', 'fifo'],
    ['asha', 'asha-stopping'],
    ['hyperband', undefined],
  ])('of %s is %s', (name, expected) => {
    expect(nearestName(name, known)).toBe(expected)
  })

  it('else lists what is known', () => {
    expect(suggestion('hyperband', known)).toBe('; known: asha-stopping, asha-promotion, fifo')
    expect(suggestion('x', [])).toBe('')
  })
})
