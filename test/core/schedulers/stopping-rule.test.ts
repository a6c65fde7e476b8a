/** What all rules have in common: the scheduler around which they are. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SpaceSource } from '../../../src/core/config-source.js'
import { BenchError } from '../../../src/core/errors.js'
import { RuleAround } from '../../../src/core/schedulers/stopping-rule.js'
import { RandomStreams, mix, mixedUniform } from '../../../src/core/random.js'
import type { Decision, Scheduler } from '../../../src/core/scheduler.js'
import { crossOptions } from '../../../src/run/cross.js'
import { schedulers } from '../../../src/core/schedulers/index.js'
import { make, report, start } from './make.js'

/** A rule that stops at values of 10 and more around a scheduler that answers as told; what both hear is written down. */
function around(answers: readonly Decision[]) {
  const heard: string[] = []
  const left = [...answers]
  const inner: Scheduler = {
    next: (trial) => {
      heard.push(`next ${trial}`)
      return 'wait'
    },
    onReport: (trial, resource, values) => {
      heard.push(`report ${trial}@${resource} ${values[0]}`)
      return left.shift()!
    },
    onEnd: (trial, state) => heard.push(`end ${trial} ${state}`),
    explain: () => 'inner',
  }
  const scheduler = new RuleAround(
    {
      stops: (trial, resource, loss) => {
        heard.push(`rule ${trial}@${resource} ${loss}`)
        return loss >= 10
      },
      onEnd: (trial, state) => heard.push(`rule end ${trial} ${state}`),
      explain: () => 'rule',
    },
    inner,
    {
      searcher: { suggest: () => undefined },
      source: new SpaceSource({}),
      objectives: [{ metric: 'loss', goal: 'min', report: 'loss' }],
      maxResource: 3,
      random: new RandomStreams(0),
    },
  )
  return { scheduler, heard }
}

describe('a rule around a scheduler', () => {
  it('tells the inner one of every report, and of a stop that was not its own', () => {
    const { scheduler, heard } = around(['continue', 'continue', 'pause', 'stop', 'stop'])
    expect(report(scheduler, 0, 1, 1)).toBe('continue')
    expect(report(scheduler, 0, 2, 10)).toBe('stop')
    expect(report(scheduler, 1, 1, 11)).toBe('stop')
    expect(report(scheduler, 2, 1, 12)).toBe('stop')
    expect(report(scheduler, 3, 1, 1)).toBe('stop')
    expect(heard.filter((text) => !text.startsWith('rule'))).toEqual([
      'report 0@1 1',
      'report 0@2 10',
      'end 0 stopped',
      'report 1@1 11',
      'end 1 stopped',
      'report 2@1 12',
      'report 3@1 1',
    ])
    expect(heard.filter((text) => text.startsWith('rule'))).toEqual([
      'rule 0@1 1',
      'rule 0@2 10',
      'rule end 0 stopped',
      'rule 1@1 11',
      'rule end 1 stopped',
      'rule 2@1 12',
      'rule end 2 stopped',
      'rule 3@1 1',
      'rule end 3 stopped',
    ])
  })

  it('ends a trial at the maximum resource once, by the end that comes', () => {
    const { scheduler, heard } = around(['continue'])
    report(scheduler, 0, 3, 99)
    scheduler.onEnd(0, 'completed')
    expect(heard).toEqual(['report 0@3 99', 'rule 0@3 99', 'end 0 completed', 'rule end 0 completed'])
  })

  it('passes on what is asked and explains both', () => {
    const { scheduler, heard } = around(['continue'])
    expect(scheduler.next(0)).toBe('wait')
    expect(scheduler.explain?.()).toBe('inner')
    report(scheduler, 0, 1, 1)
    expect(scheduler.explain?.()).toBe('rule\ninner')
    expect(heard[0]).toBe('next 0')
  })

  it('a paused trial that it stops is not promoted any more', () => {
    const scheduler = make('threshold-stopping', {
      lower: 0.5,
      scheduler: { type: 'asha-promotion', reductionFactor: 2 },
    })
    start(scheduler, 4)
    const decisions = [0.6, 0.4, 0.7, 0.8].map((value, trial) => report(scheduler, trial, 1, value))
    expect(decisions).toEqual(['pause', 'stop', 'pause', 'pause'])
    // Trial 1 is the best entry, and counts, but trial 0 is promoted.
    expect(scheduler.next(4)).toMatchObject({ kind: 'resume', trial: 0 })
    expect(scheduler.next(4)).toMatchObject({ kind: 'start' })
  })

  it('nests', () => {
    const scheduler = make('threshold-stopping', {
      upper: 5,
      scheduler: { type: 'patient-stopping', patience: 0, scheduler: { type: 'fifo' } },
    })
    start(scheduler, 2)
    expect([1, 2].map((value, i) => report(scheduler, 0, i + 1, value))).toEqual(['continue', 'stop'])
    expect(report(scheduler, 1, 1, 6)).toBe('stop')
  })
})

describe.each(Object.keys(schedulers))('a rule around %s', (type) => {
  it('no trial that it stopped runs again, and the run ends', () => {
    let stops = 0
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 4 }), (key, workers) => {
        const options = { upper: 0.8, scheduler: { type } }
        const scheduler = make('threshold-stopping', options, { maxResource: 9, trials: 20 })
        const [reached, stopped]: [number[], Set<number>] = [[], new Set()]
        let running: number[] = []
        for (let step = 0; ; step++) {
          while (running.length < workers) {
            const job = scheduler.next(reached.length)
            if (typeof job === 'string') {
              expect(job === 'wait' && running.length === 0).toBe(false)
              break
            }
            if (job.kind === 'start') reached.push(job.copy?.resource ?? 0)
            const trial = job.kind === 'start' ? reached.length - 1 : job.trial
            expect(stopped.has(trial)).toBe(false)
            running.push(trial)
          }
          if (running.length === 0) break
          const trial = running[Math.floor(mixedUniform(key, step) * running.length)]!
          const level = ++reached[trial]!
          const value = mixedUniform(mix(key, trial), level)
          const decision = report(scheduler, trial, level, value)
          if (value > 0.8 && level < 9) expect(decision).toBe('stop')
          if (level === 9) scheduler.onEnd(trial, 'completed')
          else if (decision === 'stop') stopped.add(trial)
          if (level === 9 || decision !== 'continue') running = running.filter((other) => other !== trial)
        }
        stops += stopped.size
      }),
      { numRuns: 60 },
    )
    // In a single short run every value may be below the threshold.
    expect(stops).toBeGreaterThan(0)
  })
})

describe('the option scheduler', () => {
  const planned = (options: object): unknown =>
    crossOptions(schedulers['median-stopping'].options, { ...options }, 'methods.m.scheduler')

  it('is fifo unless given, and filled in with the defaults of its type', () => {
    expect(planned({})).toMatchObject([{ options: { scheduler: { type: 'fifo' } } }])
    expect(planned({ scheduler: { type: 'asha-promotion', brackets: 2 } })).toMatchObject([
      { options: { scheduler: { type: 'asha-promotion', brackets: 2, reductionFactor: 3 } } },
    ])
  })

  it('may be a list', () => {
    const some = planned({ scheduler: [{ type: 'fifo' }, { type: 'asha-stopping' }] })
    expect(some).toMatchObject([
      { label: 'scheduler={"type":"fifo"}' },
      { label: 'scheduler={"type":"asha-stopping"}', options: { scheduler: { gracePeriod: 1 } } },
    ])
  })

  it.each([
    [
      { type: 'asha-stoping' },
      'methods.m.scheduler.scheduler.type: must be the name of a scheduler; did you mean "asha-stopping"? (got "asha-stoping")',
    ],
    [{ type: 'fifo', x: 1 }, 'methods.m.scheduler.scheduler.x: fifo has no such option (got 1)'],
    [
      { type: 'asha-stopping', reductionfactor: 3 },
      'methods.m.scheduler.scheduler.reductionfactor: asha-stopping has no such option; did you mean "reductionFactor"? (got 3)',
    ],
    [{ type: 'asha-stopping', gracePeriod: 0 }, /^methods\.m\.scheduler\.scheduler\.gracePeriod: .* \(got 0\)$/],
    [
      { type: 'patient-stopping', scheduler: { type: 'asha-stopping', brackts: 0 } },
      'methods.m.scheduler.scheduler.scheduler.brackts: asha-stopping has no such option; did you mean "brackets"? (got 0)',
    ],
    [{ reductionFactor: 3 }, /^methods\.m\.scheduler\.scheduler\.type must be /],
    ['fifo', /^methods\.m\.scheduler\.scheduler must be an object, got/],
  ])('names the fault in %j', (scheduler, message) => {
    expect(() => planned({ scheduler })).toThrow(BenchError)
    expect(() => planned({ scheduler })).toThrow(message)
  })
})
