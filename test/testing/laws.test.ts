/** The laws themselves: each breach is noticed, by the law that is meant for it. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { BenchError } from '../../src/core/errors.js'
import { type Goal, toLoss } from '../../src/core/objective.js'
import { type Scheduler, type SchedulerContext, startJob } from '../../src/core/scheduler.js'
import { type SchedulerDefinition, schedulers } from '../../src/core/schedulers/index.js'
import { type SearcherDefinition, searchers } from '../../src/core/searchers/index.js'
import { lawsOf } from '../../src/testing/index.js'

type Make = (context: SchedulerContext) => Partial<Scheduler>

const holds = { dominance: true, monotone: true, mirror: true } as const

/** A scheduler that runs everything to the end, but for what is given. */
function made(make: Make, more: Partial<SchedulerDefinition> = {}): SchedulerDefinition {
  return {
    summary: '',
    reference: '',
    options: z.strictObject({}),
    laws: holds,
    create: (_options, context) => ({
      next: () => startJob(context.searcher.suggest()),
      onReport: () => 'continue',
      onEnd() {},
      ...make(context),
    }),
    ...more,
  }
}

/** Stops whoever is worse than the best so far at its level, by a measure. */
function keepsTheBest(measure: (values: Float64Array, context: SchedulerContext) => number): Make {
  return (context) => {
    const best = new Map<number, number>()
    return {
      onReport(_trial, level, values) {
        const loss = measure(values, context)
        const before = best.get(level) ?? Infinity
        best.set(level, Math.min(before, loss))
        return loss <= before ? 'continue' : 'stop'
      },
    }
  }
}
const first = keepsTheBest((values, { objectives }) => toLoss(values[0]!, objectives[0]!.goal))

/** Pauses at the first level and resumes one after the other; `forgets` decides which ends it does not heed. */
function takesTurns(forgets: (state: string) => boolean): Make {
  return ({ searcher, maxResource }) => {
    const paused: number[] = []
    return {
      next() {
        const job = startJob(searcher.suggest())
        const trial = job === 'exhausted' ? paused.shift() : undefined
        return trial === undefined ? job : { kind: 'resume', trial }
      },
      onReport(trial, level, [value]) {
        if (level > 1 || maxResource === 1) return 'continue'
        if (!Number.isFinite(value)) return 'stop'
        paused.push(trial)
        return 'pause'
      },
      onEnd(trial, state) {
        if (!forgets(state) && paused.includes(trial)) paused.splice(paused.indexOf(trial), 1)
      },
    }
  }
}

/** The laws that are broken, of those whose name begins so, with what is said about it. */
function failures(definition: SchedulerDefinition, law = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const { name, skipped, run } of lawsOf(definition, { runs: 100 }))
    try {
      if (skipped === undefined && name.startsWith(law)) run()
    } catch (error) {
      found.set(name.split(':')[0]!, (error as Error).message)
    }
  return found
}

describe('schedulers that obey the laws', () => {
  it.each([
    ['one that keeps the best', made(first)],
    [
      'one that pauses and resumes',
      made(
        takesTurns(() => false),
        { laws: { ...holds, dominance: 'it resumes in turn' } },
      ),
    ],
    [
      'one that ranks by three objectives',
      made(
        (context) => {
          const seen = new Map<number, number[][]>()
          return {
            onReport(_trial, level, values) {
              const losses = Array.from(values, (value, i) => toLoss(value, context.objectives[i]!.goal))
              const others = seen.get(level) ?? []
              seen.set(level, [...others, losses])
              return others.some((other) => other.every((loss, i) => loss < losses[i]!)) ? 'stop' : 'continue'
            },
          }
        },
        { objectives: 'all' },
      ),
    ],
  ])('%s', (_name, definition) => {
    expect([...failures(definition)]).toEqual([])
  })
})

describe('a breach is noticed', () => {
  let calls = 0
  it.each<[breach: string, law: string, message: string, definition: SchedulerDefinition]>([
    [
      'decides by chance of its own',
      'same seed, same decisions, whether explained or not',
      'decided',
      made(() => ({ onReport: () => (++calls % 3 === 0 ? 'stop' : 'continue') })),
    ],
    [
      'explain() draws',
      'same seed, same decisions, whether explained or not',
      'explain() changes what is decided',
      made(({ random }) => {
        const stream = random.stream('mine')
        return {
          onReport: () => (stream.uniform() < 0.2 ? 'stop' : 'continue'),
          explain: () => String(stream.uniform()),
        }
      }),
    ],
    [
      'resumes a trial that a rule around it stopped',
      'a trial that was stopped, failed or completed never runs again',
      'which is not paused',
      made(takesTurns((state) => state === 'stopped')),
    ],
    [
      'starts more than was announced',
      'at most the announced number of trials run, and something does',
      'were announced',
      made(({ source, random }) => {
        const stream = random.stream('mine')
        return { next: () => startJob(source.draw(stream)) }
      }),
    ],
    [
      'starts nothing',
      'at most the announced number of trials run, and something does',
      '0 of',
      made(() => ({ next: () => 'exhausted' })),
    ],
    [
      'waits while nothing runs',
      'at most the announced number of trials run, and something does',
      'it should answer "exhausted"',
      made(() => ({ next: () => 'wait' })),
    ],
    [
      'pauses though it said that it never does',
      'a scheduler that says it never pauses a trial never does',
      'a trial is paused',
      made(
        takesTurns(() => false),
        { pauses: false },
      ),
    ],
    [
      'takes NaN for the best',
      'a number never loses to NaN',
      'is judged worse because trial',
      made(
        keepsTheBest((values, { objectives }) =>
          Number.isNaN(values[0]!) ? -9 : toLoss(values[0]!, objectives[0]!.goal),
        ),
      ),
    ],
    [
      'resumes a trial after NaN',
      'a trial that reports no number never goes on',
      'which is not paused',
      made(({ searcher }) => {
        const paused: number[] = []
        return {
          next() {
            const job = startJob(searcher.suggest())
            return job === 'exhausted' && paused.length > 0 ? { kind: 'resume', trial: paused.shift()! } : job
          },
          onReport(trial, level) {
            if (level === 1) paused.push(trial)
            return level === 1 ? 'pause' : 'continue'
          },
        }
      }),
    ],
    [
      'keeps the worst',
      'dominance',
      'is better than every other and is stopped',
      made(keepsTheBest((values, { objectives }) => -toLoss(values[0]!, objectives[0]!.goal))),
    ],
    [
      'leaves the best paused',
      'dominance',
      'stays paused at level 1 for good',
      made(() => ({ onReport: () => 'pause' })),
    ],
    [
      'compares with a number',
      'monotone',
      'of an objective changes a decision',
      made(() => ({ onReport: (_trial, _level, [value]) => (Math.abs(value!) > 1 ? 'stop' : 'continue') })),
    ],
    [
      'heeds no goal',
      'mirror',
      'turning an objective round changes a decision',
      made(keepsTheBest(([value]) => value!)),
    ],
    [
      'adds objectives up',
      'rescale',
      'changes a decision',
      made(
        keepsTheBest((values, { objectives }) =>
          values.reduce((sum, value, i) => sum + toLoss(value, objectives[i]!.goal), 0),
        ),
        { objectives: 'all', laws: { dominance: true, monotone: 'it adds values up', mirror: true, rescale: true } },
      ),
    ],
    [
      'looks at the last objective',
      'ranks by the first objective only',
      'a second objective changes a decision',
      made(keepsTheBest((values, { objectives }) => toLoss(values.at(-1)!, objectives.at(-1)!.goal))),
    ],
    ...(
      [
        ['stops at a large second value', (second: number) => second > 0.5],
        ['stops at a small second value', (second: number) => second < -0.5],
        ['stops at a second value near zero', (second: number) => Math.abs(second) < 0.01],
        ['stops where the second is to be minimised', (_: number, goal: Goal) => goal === 'min'],
        ['stops where the second is to be maximised', (_: number, goal: Goal) => goal === 'max'],
      ] as const
    ).map(
      ([breach, stops]) =>
        [
          breach,
          'ranks by the first objective only',
          'a second objective changes a decision',
          made(({ objectives }) => ({
            onReport: (_trial, _level, values) =>
              values.length > 1 && stops(values[1]!, objectives[1]!.goal) ? 'stop' : 'continue',
          })),
        ] as [breach: string, law: string, message: string, definition: SchedulerDefinition],
    ),
  ])('%s', (_breach, law, message, definition) => {
    const found = failures(definition, law)
    expect([...found.keys()]).toEqual([law])
    expect(found.get(law)).toContain(message)
  })
})

describe('what is checked', () => {
  it('leaves out what a definition declares not to hold, with its reason', () => {
    const laws = { dominance: 'it keeps nobody', monotone: 'it compares values', mirror: true } as const
    const skipped = lawsOf(made(first, { laws })).flatMap((check) =>
      check.skipped ? [[check.name.split(':')[0], check.skipped]] : [],
    )
    expect(skipped).toEqual([
      ['dominance', 'it keeps nobody'],
      ['monotone', 'it compares values'],
      ['rescale', 'it compares values'],
    ])
  })

  it('every variant, and every searcher that is given', () => {
    const groups = new Set(lawsOf(schedulers['asha-stopping']).map(({ group }) => group))
    expect([...groups]).toContain('{"rule":"rank"}')
    expect(groups.size).toBe(1 + schedulers['asha-stopping'].variants!.length)
    const given = lawsOf(schedulers.fifo, { searchers: { fixed: searchers.fixed as unknown as SearcherDefinition } })
    const withFixed = given.filter(({ group }) => group.startsWith('with the searcher fixed'))
    expect(withFixed.map(({ group }) => group)).toContain('with the searcher fixed {"times":3}')
    expect(withFixed.length).toBe(1 + searchers.fixed.variants!.length)
  })

  it.each<[given: unknown, message: string]>([
    [{}, 'got {} without options (a zod schema), laws, create()'],
    [undefined, 'got nothing without options'],
    ['fifo', 'got "fifo" without options'],
    [{ default: made(first) }, 'without options (a zod schema), laws, create()'],
    [{ ...made(first), laws: undefined }, 'without laws; give what defineScheduler returns'],
  ])('is refused in one line if it is no definition (%#)', (given, message) => {
    const refused = (): unknown => lawsOf(given as SchedulerDefinition)
    expect(refused).toThrow(BenchError)
    expect(refused).toThrow(message)
    expect(refused).toThrow(/^lawsOf needs the definition of a scheduler, got .+$/)
  })

  it('draws a failure again from its seed', () => {
    const worst = made(keepsTheBest((values, { objectives }) => -toLoss(values[0]!, objectives[0]!.goal)))
    const failure = (seed?: number): string => {
      const check = lawsOf(worst, { ...(seed !== undefined && { seed }) }).find(({ name }) =>
        name.startsWith('dominance'),
      )
      try {
        check!.run()
      } catch (error) {
        return (error as Error).message
      }
      return 'none'
    }
    const message = failure()
    expect(message).toMatch(/^trial \d+ is better than every other and is stopped\n/)
    expect(failure(Number(/\{ seed: (-?\d+) \}/.exec(message)![1]))).toBe(message)
  })

  it('holds on the simulator too', () => {
    const late = made(({ searcher }) => {
      let asked = 0
      return { next: () => (asked++ > 40 ? 'exhausted' : startJob(searcher.suggest() ?? { x: 0 })) }
    })
    expect([...failures(late, 'on the simulator').keys()]).toContain('on the simulator')
  })
})
