/** Laws of every scheduler with every searcher, generated from the registries: a new entry is held to them at once. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SpaceSource } from '../../src/core/config-source.js'
import { limitTrials } from '../../src/core/limited-searcher.js'
import type { Goal } from '../../src/core/objective.js'
import { RandomStreams, mix, mixedUniform } from '../../src/core/random.js'
import type { Scheduler } from '../../src/core/scheduler.js'
import { type SchedulerDefinition, schedulers } from '../../src/core/schedulers/index.js'
import { type SearcherDefinition, searchers } from '../../src/core/searchers/index.js'
import { type Config, type Space, choice, float, int } from '../../src/core/space.js'
import { makeTable } from '../surrogates/make-table.js'
import { drive } from '../backends/simulated/drive.js'

const space: Space = { rate: float(1e-4, 1, { scale: 'log' }), width: int(1, 3), kind: choice(['a', 'b']) }
const defaultConfig: Config = { rate: 0.01, width: 2, kind: 'a' }

const entries = Object.entries(schedulers as unknown as Record<string, SchedulerDefinition>).flatMap(
  ([scheduler, definition]) =>
    [{}, ...(definition.variants ?? [])].map((options: object) => ({ scheduler, definition, options })),
)
const isDefault = (options: object): boolean => Object.keys(options).length === 0
// Every scheduler with every searcher and every variant of it, and every variant of a scheduler with random search.
const pairs = entries.flatMap((entry) =>
  Object.entries(searchers as unknown as Record<string, SearcherDefinition>)
    .filter(([searcher]) => isDefault(entry.options) || searcher === 'random')
    .flatMap(([searcher, definition]) =>
      [{}, ...(isDefault(entry.options) ? (definition.variants ?? []) : [])].map((options: object) => ({
        scheduler: entry.scheduler,
        definition: entry.definition,
        options: entry.options,
        searcher,
        searcherDefinition: definition,
        searcherOptions: options,
      })),
    ),
)

interface Setting {
  readonly key: number
  readonly maxResource: number
  readonly workers: number
  readonly trials: number
  readonly grain: number
}
const settings: fc.Arbitrary<Setting> = fc.record({
  key: fc.nat(),
  maxResource: fc.integer({ min: 1, max: 12 }),
  workers: fc.integer({ min: 1, max: 4 }),
  trials: fc.integer({ min: 1, max: 25 }),
  grain: fc.constantFrom(4, 1 << 20),
})

interface Turn {
  readonly text: string
  readonly trial: number
  readonly resource: number
  readonly decision: string
}

/** Values of one trial at one level: rounded, so that ties occur. */
function valueOf({ key, grain }: Setting, trial: number, level: number): number {
  const u = mixedUniform(mix(mix(key, trial), 5), 0) + mixedUniform(mix(mix(key, trial), 6), level) / level
  return (1 + Math.round(u * grain)) / grain
}

function makeSearcher(pair: (typeof pairs)[number], setting: Setting, goal: Goal) {
  return pair.searcherDefinition.create(pair.searcherDefinition.options.parse(pair.searcherOptions), {
    source: new SpaceSource(space),
    defaultConfig,
    objectives: [{ metric: 'error', goal, report: 'error' }],
    maxResource: setting.maxResource,
    random: new RandomStreams(setting.key),
  })
}

/** Drives a scheduler; which of the running trials reports next is mixed from the setting. */
function play(
  pair: (typeof pairs)[number],
  setting: Setting,
  value: (trial: number, level: number) => number = (trial, level) => valueOf(setting, trial, level),
  goal: Goal = 'min',
): Turn[] {
  const searcher = limitTrials(makeSearcher(pair, setting, goal), setting.trials)
  const scheduler: Scheduler = pair.definition.create(pair.definition.options.parse(pair.options), {
    searcher,
    source: new SpaceSource(space),
    maxTrials: setting.trials,
    objectives: [{ metric: 'error', goal, report: 'error' }],
    maxResource: setting.maxResource,
    random: new RandomStreams(setting.key),
  })
  const turns: Turn[] = []
  const reached: number[] = []
  const running: number[] = []
  for (let step = 0; ; step++) {
    while (running.length < setting.workers) {
      const job = scheduler.next(reached.length)
      if (typeof job === 'string') {
        if (job === 'wait' && running.length === 0) throw new Error('waits while nothing runs')
        break
      }
      if (job.kind === 'start' && job.copy !== undefined && !(job.copy.resource <= reached[job.copy.trial]!))
        throw new Error(`copied trial ${job.copy.trial} at a level that it did not reach`)
      const from = job.kind === 'start' ? (job.copy?.resource ?? 0) : 0
      const trial = job.kind === 'start' ? reached.push(from) - 1 : job.trial
      if (running.includes(trial)) throw new Error(`started the running trial ${trial}`)
      const config = job.kind === 'start' ? JSON.stringify(job.config) : ''
      turns.push({ text: `${job.kind} ${trial} ${config}`, trial, resource: reached[trial]!, decision: job.kind })
      running.push(trial)
      const until = job.until ?? setting.maxResource
      if (job.kind === 'start') searcher.onStart?.(trial, job.config, until)
      else searcher.onResume?.(trial, until)
    }
    if (running.length === 0) return turns
    const at = Math.floor(mixedUniform(mix(setting.key, 99), step) * running.length)
    const trial = running[at]!
    const level = ++reached[trial]!
    const reported = value(trial, level)
    const complete = level === setting.maxResource
    const asked = scheduler.onReport(trial, level, Float64Array.of(reported))
    searcher.onReport?.(trial, level, Float64Array.of(reported))
    const diverged = !complete && asked !== 'stop' && !Number.isFinite(reported)
    const decision = complete ? 'complete' : diverged ? 'stop' : asked
    if (complete) scheduler.onEnd(trial, 'completed')
    else if (diverged && asked === 'continue') scheduler.onEnd(trial, 'diverged')
    turns.push({ text: `${trial}@${level} ${decision}`, trial, resource: level, decision })
    if (decision !== 'continue')
      searcher.onEnd?.(
        trial,
        complete ? 'completed' : diverged ? 'diverged' : decision === 'pause' ? 'paused' : 'stopped',
      )
    if (decision !== 'continue') running.splice(at, 1)
  }
}

const texts = (turns: readonly Turn[]): string[] => turns.map(({ text }) => text)

describe.each(pairs)('$scheduler $options with $searcher $searcherOptions', (pair) => {
  const { laws } = pair.definition
  const check = (law: (setting: Setting) => void): void => {
    const property = fc.property(settings, (setting) => {
      law(setting)
    })
    fc.assert(property, { numRuns: 40 })
  }

  it('same seed, same decisions', () => {
    check((setting) => expect(texts(play(pair, setting))).toEqual(texts(play(pair, setting))))
  })

  it('a stopped trial never runs again, a complete one neither', () => {
    check((setting) => {
      const ended = new Set<number>()
      for (const { trial, decision } of play(pair, setting)) {
        expect(ended.has(trial)).toBe(false)
        if (decision === 'stop' || decision === 'complete') ended.add(trial)
      }
    })
  })

  it('at most the announced number of trials run, and something does', () => {
    check((setting) => {
      const started = play(pair, setting).filter(({ decision }) => decision === 'start')
      expect(started.length).toBeGreaterThan(0)
      expect(started.length).toBeLessThanOrEqual(setting.trials)
      expect(started.map(({ trial }) => trial)).toEqual(started.map((_, i) => i))
    })
  })

  it('all trials that run report every level once, in order', () => {
    check((setting) => {
      const last: number[] = []
      for (const { trial, resource, decision } of play(pair, setting)) {
        // A copy starts at the level of what it copies.
        const copied = pair.definition.copies === true && resource < setting.maxResource ? resource : 0
        expect(resource).toBe(decision === 'start' ? copied : decision === 'resume' ? last[trial] : last[trial]! + 1)
        last[trial] = resource
      }
    })
  })

  it('a number never loses to NaN: up to where a trial is ended for it, its NaN changes no decision for the worse', () => {
    // Until the first decision that differs both runs are the same but for the values of one trial, and that trial is
    // the one that turned worst; whoever is judged first after it can only be judged as before or better.
    const better = ['stop', 'pause', 'continue', 'complete']
    check((setting) => {
      const broken = setting.key % setting.trials
      const before = play(pair, setting)
      const after = play(pair, setting, (trial, level) =>
        trial === broken ? Number.NaN : valueOf(setting, trial, level),
      )
      const at = before.findIndex(({ text }, i) => text !== after[i]?.text)
      const [was, is] = [before[at], after[at]]
      const judged =
        was !== undefined &&
        is !== undefined &&
        was.trial === is.trial &&
        was.trial !== broken &&
        better.includes(is.decision)
      expect(judged && better.indexOf(is.decision) < better.indexOf(was.decision)).toBe(false)
    })
  })

  it('a trial that reports no number never completes where there are levels before the last', () => {
    check((setting) => {
      const turns = play(pair, { ...setting, maxResource: setting.maxResource + 1 }, (trial, level) =>
        trial % 2 === 0 ? Number.NaN : valueOf(setting, trial, level),
      )
      // The only level of a copy may be the last.
      const late = new Set(
        turns.flatMap(({ trial, resource, decision }) =>
          decision === 'start' && resource === setting.maxResource ? [trial] : [],
        ),
      )
      expect(
        turns.filter(
          ({ trial, decision }) => trial % 2 === 0 && !late.has(trial) && decision !== 'start' && decision !== 'stop',
        ),
      ).toEqual([])
    })
  })

  it('dominance: a trial better than every other at every level is never stopped', (context) => {
    if (laws.dominance !== true) context.skip(laws.dominance)
    check((setting) => {
      const best = setting.key % setting.trials
      const turns = play(pair, setting, (trial, level) => (trial === best ? -level : valueOf(setting, trial, level)))
      expect(turns.filter(({ trial, decision }) => trial === best && decision === 'stop')).toEqual([])
      const mine = turns.findLast(({ trial }) => trial === best)
      // Where few others came to its rung it may stay paused (by the rule of the paper: fewer than eta entries).
      const others = turns.filter(
        ({ trial, resource, decision }) => trial !== best && resource === mine?.resource && decision === 'pause',
      )
      const few = 'rule' in pair.options && pair.options.rule === 'paper' ? 2 : 0
      expect(mine?.decision === 'pause' && others.length > few).toBe(false)
    })
  })

  it('monotone: decisions do not change under an increasing transform', (context) => {
    if (laws.monotone !== true) context.skip(laws.monotone)
    check((setting) => {
      const before = texts(play(pair, setting))
      expect(texts(play(pair, setting, (trial, level) => Math.log(valueOf(setting, trial, level)) * 3 - 7))).toEqual(
        before,
      )
      expect(texts(play(pair, setting, (trial, level) => valueOf(setting, trial, level) ** 3))).toEqual(before)
    })
  })

  it('mirror: decisions do not change when metric and goal are turned round', (context) => {
    if (laws.mirror !== true) context.skip(laws.mirror)
    check((setting) => {
      const mirrored = play(pair, setting, (trial, level) => -valueOf(setting, trial, level), 'max')
      expect(texts(mirrored)).toEqual(texts(play(pair, setting)))
    })
  })
})

describe.each(entries)('$scheduler $options on the simulator', ({ scheduler, definition, options }) => {
  it('ends every trial it stops, runs every configuration at most once, and ends', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 5 }), (seed, workers) => {
        const table = makeTable({
          levels: 9,
          configurations: 20,
          value: ({ configuration, repetition, level }) =>
            mixedUniform(mix(seed, configuration * 10 + repetition), level),
        })
        const { tuner, all } = drive(table, { scheduler: scheduler as keyof typeof schedulers, options, workers, seed })
        // Schedulers that copy trials run further configurations, and need not come to all of these.
        if (definition.copies !== true) expect(tuner.trials).toBe(20)
        expect(tuner.reason).toBe('exhausted')
        expect(tuner.running).toBe(0)
        const over = all.filter((text) => / completed | stop$/.test(text)).length
        expect(tuner.ended).toBe(over)
      }),
      { numRuns: 20 },
    )
  })
})
