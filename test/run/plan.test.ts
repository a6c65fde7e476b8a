import { describe, expect, it } from 'vitest'
import type { Experiment } from '../../src/core/experiment.js'
import { schedulers } from '../../src/core/schedulers/index.js'
import { searchers } from '../../src/core/searchers/index.js'
import { crossOptions } from '../../src/run/cross.js'
import { planExperiment } from '../../src/run/plan.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { makeTable } from '../surrogates/make-table.js'

const table = new SurrogateTable(makeTable({ name: 'toy', levels: 4, startup: 2 }))
const experiment = {
  name: 'toy-experiment',
  question: 'Which?',
  tables: ['toy'],
  objectives: [{ metric: 'error' }],
  methods: { random: { scheduler: { type: 'fifo' } }, asha: { scheduler: { type: 'asha-stopping' } } },
  budget: { fullEvaluations: 3 },
} as const satisfies Experiment
const plan = (change: object, overrides = {}) =>
  planExperiment({ ...experiment, ...change } as Experiment, [table], [0], process.cwd(), overrides)

describe('planExperiment', () => {
  it.each<[object, string]>([
    [
      { methods: { a: { scheduler: { type: 'asha-stoping' } } } },
      'unknown scheduler "asha-stoping"; did you mean "asha-stopping"?',
    ],
    [
      { methods: { a: { scheduler: { type: 'fifo' }, searcher: { type: 'randm' } } } },
      'unknown searcher "randm"; did you mean "random"?',
    ],
    [{ methods: { a: { scheduler: { type: 'fifo', eta: 3 } } } }, 'methods.a.scheduler has an unknown option "eta"'],
    [{ objectives: [{ metric: 'eror' }] }, '"eror"'],
    [{ objectives: [{ metric: 'error', report: 'tset_error' }] }, '"tset_error"'],
    [{ baseline: 'asah' }, 'experiment.baseline names no method: "asah"; did you mean "asha"?'],
    [
      { fixed: { modell: 'small' } },
      'experiment.fixed: the table "toy" has no hyperparameter "modell"; did you mean "model"?',
    ],
    [{ fixed: { model: 'huge' } }, 'experiment.fixed.model must be one of "small", "large", got "huge"'],
    [
      { budgetByTable: { toi: { trials: 1 } } },
      'experiment.budgetByTable names a table that is not in tables: "toi"; did you mean "toy"?',
    ],
    [{ budget: {} }, 'needs at least one limit'],
    [
      { simulation: { stopdelay: 1 } },
      'experiment.simulation has an unknown entry "stopdelay"; did you mean "stopDelay"?',
    ],
  ])('refuses %j in one line', async (change, message) => {
    const error = await plan(change).then(
      () => new Error('planned'),
      (error: unknown) => error as Error,
    )
    expect(error.message).toContain(message)
    expect(error.message).not.toContain('\n')
  })

  it('knows the training time of every table as an objective to be minimised', async () => {
    const [cell] = (await plan({ objectives: [{ metric: 'error' }, { metric: 'elapsed_time' }] })).cells
    expect(cell!.objectives[1]).toEqual({ metric: 'elapsed_time', goal: 'min', report: 'elapsed_time' })
    expect(cell!.metrics).toEqual(['error', 'elapsed_time'])
    // One level of the fastest configuration, four of the slowest.
    expect(cell!.ranges![1]!.steering).toEqual({ ideal: 1, nadir: 6 })
  })

  it('resolves budgets in full evaluations by the mean full training of the default, start-up included', async () => {
    const [cell] = (await plan({})).cells
    expect(cell).toMatchObject({ fullSeconds: 6, stop: { seconds: 18 } })
    const [given] = (await plan({ simulation: { startup: 1 } })).cells
    expect(given).toMatchObject({ fullSeconds: 5, stop: { seconds: 15 } })
    const [both] = (await plan({ budget: { fullEvaluations: 3, seconds: 10 } })).cells
    expect(both!.stop).toEqual({ seconds: 10 })
  })

  it('crosses workers, budgets and methods, and takes what is set from outside', async () => {
    const { cells } = await plan({ workers: [1, 2], budget: [{ trials: 1 }, { trials: 2 }] })
    expect(cells.map(({ index, workers, stop, method }) => [index, stop.trials, workers, method].join())).toEqual(
      ['1,1,random', '1,1,asha', '1,2,random', '1,2,asha', '2,1,random', '2,1,asha', '2,2,random', '2,2,asha'].map(
        (text, i) => `${i},${text}`,
      ),
    )
    const over = await plan({}, { methods: ['asha'], workers: [7], budget: { reports: 5 } })
    expect(over.cells.map(({ method, workers, stop }) => ({ method, workers, stop }))).toEqual([
      { method: 'asha', workers: 7, stop: { reports: 5 } },
    ])
    await expect(plan({}, { methods: ['ahsa'] })).rejects.toThrow('did you mean "asha"?')
  })
})

describe('crossOptions', () => {
  it('makes a method of every combination of lists', () => {
    const found = crossOptions(
      schedulers['asha-stopping'].options,
      { reductionFactor: [2, 3], rule: ['exact', 'rank'], brackets: 2 },
      'm',
    )
    expect(found.map(({ label }) => label)).toEqual([
      'reductionFactor=2,rule=exact',
      'reductionFactor=2,rule=rank',
      'reductionFactor=3,rule=exact',
      'reductionFactor=3,rule=rank',
    ])
    expect(found[1]!.options).toMatchObject({ gracePeriod: 1, reductionFactor: 2, brackets: 2, rule: 'rank' })
  })

  it('takes a list that is a value as one value', () => {
    const found = crossOptions(searchers.random.options, { initial: ['default'] }, 'm')
    expect(found).toEqual([{ options: { initial: ['default'], draws: 'unique' }, label: '' }])
  })

  it('refuses empty lists and wrong values', () => {
    const { options } = schedulers['asha-stopping']
    expect(() => crossOptions(options, { rule: [] }, 'm')).toThrow('m.rule is an empty list; give at least one value')
    expect(() => crossOptions(options, { reductionFactor: [2, 1] }, 'm')).toThrow(
      'm.reductionFactor must be at least 2, got 1; write 2 or more',
    )
  })
})
