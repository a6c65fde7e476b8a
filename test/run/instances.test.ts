/** Experiments on modelled instance types, on costs, and with hyperparameters that methods hold fixed. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Experiment } from '../../src/core/experiment.js'
import { schedulers } from '../../src/core/schedulers/index.js'
import { resultDocument } from '../../src/report/result-document.js'
import { reportOf } from '../../src/report/sections.js'
import { renderReport } from '../../src/report/tables.js'
import { unknownPrices } from '../../src/report/unknown-prices.js'
import { execute } from '../../src/run/execute.js'
import { manifestOf } from '../../src/run/manifest-of.js'
import { planExperiment } from '../../src/run/plan.js'
import { runExperiment } from '../../src/run/run-experiment.js'
import type { InstanceTypes } from '../../src/surrogates/instance-factor.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { expand } from '../surrogates/expand.js'
import { makeTable } from '../surrogates/make-table.js'

const TYPES: InstanceTypes['types'] = [
  { name: 'cheap', speed: 1, usdPerHour: 1 },
  { name: 'fast', speed: 2.5, usdPerHour: 4 },
]

function tableWith(types: InstanceTypes['types']) {
  return makeTable({
    name: 'typed',
    configurations: 30,
    levels: 9,
    startup: 0.25,
    metadata: {
      provenance: { kind: 'modelled', from: 'synthetic', rule: 'a rule' },
      instances: { hyperparameter: 'instance_type', types, scaled: [] },
    },
  })
}

const experiment: Experiment = {
  name: 'types',
  question: 'Which?',
  tables: ['typed'],
  objectives: [
    { metric: 'error', report: 'test_error' },
    { metric: 'cost', accumulates: 'projected' },
  ],
  methods: {
    random: { scheduler: { type: 'fifo' } },
    asha: { scheduler: { type: 'asha-stopping' } },
    fast: { scheduler: { type: 'fifo' }, fixed: { instance_type: 'fast' } },
  },
  workers: 3,
  budget: { fullEvaluations: 6 },
}
const plan = (change: object = {}, table = new SurrogateTable(tableWith(TYPES))) =>
  planExperiment({ ...experiment, ...change }, [table], [0, 1, 2], '.')

describe('a run on modelled instance types', () => {
  it('is that on the expanded copy, on any number of threads', async () => {
    const table = new SurrogateTable(tableWith(TYPES))
    const naive = new SurrogateTable(expand(tableWith(TYPES)))
    const here = await execute(await plan({}, table), [table], { threads: 0 })
    const copied = await execute(await plan({}, naive), [naive], { threads: 0 })
    const threaded = await execute(await plan({}, table), [table], { threads: 2 })
    expect(here.runs.map(({ digest }) => digest)).toEqual(copied.runs.map(({ digest }) => digest))
    expect(threaded).toEqual(here)
    for (const [i, { best, pareto, usd }] of here.runs.entries()) {
      expect(best!.config).toEqual(copied.runs[i]!.best!.config)
      expect(best!.row).toBe(Math.floor(copied.runs[i]!.best!.row / TYPES.length))
      expect(pareto!.reported.final).toBeCloseTo(copied.runs[i]!.pareto!.reported.final, 12)
      expect(usd).toBeGreaterThan(0)
    }
  })

  it('compares trials by what their whole training would cost', async () => {
    const table = new SurrogateTable(tableWith(TYPES))
    const { runs } = await execute(await plan({}, table), [table], { threads: 0 })
    for (const { pareto } of runs)
      for (const { config, steering } of pareto!.set) {
        const { levels } = table
        const row = table.rowOrder[table.rowStart[table.indexOf(config)]!]!
        const type = TYPES.find(({ name }) => name === config['instance_type'])!
        // Seconds grow evenly in this table, so that the projection is exact at every level.
        const full = table.data.elapsed[row * levels + levels - 1]! / type.speed
        expect(steering[1]).toBeCloseTo((full * type.usdPerHour!) / 3600, 12)
      }
  })

  it('ends when its dollars are spent', async () => {
    const table = new SurrogateTable(tableWith(TYPES))
    const { runs } = await execute(await plan({ budget: { cost: 0.01 } }, table), [table], { threads: 0 })
    for (const { reason, usd } of runs) {
      expect(reason).toBe('cost')
      expect(usd).toBeCloseTo(0.01, 12)
    }
  })
})

describe('a price that is not known', () => {
  const unknown = new SurrogateTable(tableWith([...TYPES, { name: 'odd', speed: 1, usdPerHour: null }]))

  it('is refused where dollars are a budget, and as a metric where no price at all is known', async () => {
    const byError = { objectives: [{ metric: 'error' }] }
    await expect(plan({ ...byError, budget: { cost: 1 } }, unknown)).rejects.toThrow(
      'a budget in dollars needs the price of every instance type, and the table "typed" has none of odd; derive it without them, or with --prices',
    )
    const message = /the metric "cost" needs prices, and the table "typed" has none of odd; derive it with --prices/
    const methods = { random: { scheduler: { type: 'fifo' } } }
    await expect(plan({ methods, fixed: { instance_type: 'odd' } }, unknown)).rejects.toThrow(message)
    const none = new SurrogateTable(tableWith([{ name: 'odd', speed: 1, usdPerHour: null }]))
    await expect(plan({ methods }, none)).rejects.toThrow(message)
  })

  it.each(Object.keys(schedulers))('is an unknown cost as an objective, with %s', async (type) => {
    const settings = { ...schedulers[type as keyof typeof schedulers].variants?.[0], type } as { type: string }
    const methods = { one: { scheduler: settings } }
    const given = { ...(await plan({ methods, workers: 4 }, unknown)) }
    const { runs, failures } = await execute(given, [unknown], { threads: 0 })
    expect(failures).toEqual([])
    const shown: string[] = []
    for (const { pareto, trials } of runs) {
      expect(trials).toBeGreaterThan(0)
      for (const { config, steering } of pareto!.set) {
        shown.push(String(config['instance_type']))
        expect(steering.every(Number.isFinite)).toBe(true)
      }
    }
    expect(shown).not.toContain('odd')
    expect(shown.length).toBeGreaterThan(0)
  })

  it('is named once, in what the terminal, reports and scripts say', async () => {
    const planned = await plan({}, unknown)
    const manifest = manifestOf(planned, [unknown], 'simulated')
    const set = await execute(planned, [unknown], { threads: 0 })
    const warning =
      'typed: no price is known of odd, so that the cost of a trial there is unknown: it ranks last, is in no Pareto set ' +
      'and is stopped at its first report; derive the table with --prices, or without such types'
    const { warnings, tables } = resultDocument(manifest, set, { directory: undefined, elapsedSeconds: 1 })
    expect(tables).toEqual([{ name: 'typed', provenance: 'modelled' }])
    expect(warnings!.filter((text) => text.includes('price'))).toEqual([warning])
    const report = reportOf(manifest, set, { repeat: undefined, elapsedSeconds: 1 })
    expect(report.warnings.filter((text) => text.includes('price'))).toEqual([`${warning}.`])
    const said = renderReport(manifest, set, { directory: undefined, elapsedSeconds: 1, repeat: '', colors: false })
    expect(said.replaceAll(/\s+/g, ' ').split(warning)).toHaveLength(2)
    const fine = [
      await plan({ objectives: [{ metric: 'error' }] }, unknown),
      await plan({ methods: { fast: { scheduler: { type: 'fifo' }, fixed: { instance_type: 'fast' } } } }, unknown),
      await plan(),
    ]
    for (const each of fine) expect(unknownPrices(manifestOf(each, [unknown], 'simulated'))).toEqual([])
    const on = manifestOf(await plan({ diverged: 'continue' }, unknown), [unknown], 'simulated')
    expect(unknownPrices(on)[0]).not.toContain('stopped')
  })

  it('does not matter where the type is not searched, nor for anything but costs', async () => {
    const priced = { ...experiment.methods, fast: { scheduler: { type: 'fifo' } } }
    await plan({ fixed: { instance_type: 'cheap' }, methods: priced }, unknown)
    const { cells } = await plan({ objectives: [{ metric: 'error' }] }, unknown)
    const { runs } = await execute(
      { ...(await plan({ objectives: [{ metric: 'error' }] }, unknown)), cells },
      [unknown],
      {
        threads: 0,
      },
    )
    expect(runs.some(({ usd }) => usd === undefined)).toBe(true)
  })

  it('of a table without types is refused with what to do', async () => {
    const plain = new SurrogateTable(makeTable({ name: 'typed' }))
    const methods = { random: { scheduler: { type: 'fifo' } } }
    await expect(plan({ methods }, plain)).rejects.toThrow(/the table "typed" has no price.*pricePerHour/)
    const { cells } = await plan({ methods, pricePerHour: 2 }, plain)
    expect(cells[0]!.ranges![1]!.steering.ideal).toBeCloseTo((4 * 2) / 3600, 12)
  })
})

describe('what a method holds fixed', () => {
  it('narrows its space and its default, not the budget', async () => {
    const { cells } = await plan()
    const [random, , fast] = cells
    expect(fast!.fixed).toEqual({ instance_type: 'fast' })
    expect(fast!.space['instance_type']).toEqual({ type: 'constant', value: 'fast' })
    expect(fast!.defaultConfig).toEqual({ ...random!.defaultConfig, instance_type: 'fast' })
    expect(random!.fixed).toEqual({})
    expect(fast!.stop).toEqual(random!.stop)
    const table = new SurrogateTable(tableWith(TYPES))
    const { runs } = await execute(await plan({}, table), [table], { threads: 0 })
    for (const run of runs.filter(({ method }) => method === 'fast'))
      expect(run.best!.config['instance_type']).toBe('fast')
  })

  it('is refused where it is unknown or contradicts the experiment', async () => {
    const method = (fixed: object) => ({ methods: { m: { scheduler: { type: 'fifo' }, fixed } } })
    await expect(plan(method({ instance: 'fast' }))).rejects.toThrow(
      /methods\.m\.fixed: the table "typed" has no hyperparameter "instance"; did you mean "instance_type"/,
    )
    await expect(plan(method({ instance_type: 'slow' }))).rejects.toThrow(
      /methods\.m\.fixed\.instance_type must be one of/,
    )
    await expect(plan({ ...method({ model: 'large' }), fixed: { model: 'small' } })).rejects.toThrow(
      /methods\.m\.fixed\.model must be the experiment's \("small"\), got "large"/,
    )
  })
})

it('a metric with one value per training does not accumulate', async () => {
  const table = new SurrogateTable(
    makeTable({
      name: 'typed',
      metrics: {
        error: { goal: 'min', unit: '', split: 'validation', kind: 'curve' },
        size: { goal: 'min', unit: '', split: 'none', kind: 'static' },
      },
    }),
  )
  const objectives = [{ metric: 'size', accumulates: 'projected' }]
  const methods = { random: { scheduler: { type: 'fifo' } } }
  await expect(plan({ objectives, methods }, table)).rejects.toThrow(/"size" has one value per training and does not/)
})

it('only what grows with training accumulates', async () => {
  const table = new SurrogateTable(tableWith(TYPES))
  const methods = { random: { scheduler: { type: 'fifo' } } }
  const by = (metric: string, report = metric) =>
    plan({ objectives: [{ metric, report, accumulates: 'projected' }], methods }, table)
  const { levels, rows } = table
  const error = table.data.curves['error']!
  const falls = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: levels - 1 }, (__, i) => error[row * levels + i + 1]! < error[row * levels + i]!),
  ).filter((steps) => steps.includes(true)).length
  expect(falls).toBeGreaterThan(0)
  await expect(by('error')).rejects.toThrow(
    `experiment.objectives: "error" falls in ${falls} of ${rows} trainings of the table "typed", and only what grows with ` +
      'training accumulates; leave accumulates out',
  )
  await expect(by('cost', 'error')).rejects.toThrow('"error" falls in')
  for (const metric of ['cost', 'elapsed_time']) expect((await by(metric)).cells).toHaveLength(1)
  for (let i = 0; i < error.length; i++) error[i] = 1 + Math.floor((i % levels) / 2)
  expect((await by('error')).cells).toHaveLength(1)
  error.fill(1)
  await expect(by('error')).rejects.toThrow('"error" is the same at all levels of the table "typed"')
})

it('a price of the experiment that would count nowhere is refused', async () => {
  const typed = new SurrogateTable(tableWith(TYPES))
  const plain = new SurrogateTable(makeTable({ name: 'plain' }))
  const methods: Experiment['methods'] = { random: { scheduler: { type: 'fifo' } } }
  const priced = { ...experiment, pricePerHour: 2, methods }
  await expect(planExperiment(priced, [typed], [0], '.')).rejects.toThrow(
    /^experiment\.pricePerHour must be left out where the instance types of "typed" have prices .*, got 2; derive/,
  )
  const both = await planExperiment({ ...priced, tables: ['typed', 'plain'] }, [typed, plain], [0], '.')
  expect(both.cells).toHaveLength(2)
})

it('a budget in dollars has no mean over time, and no note explains one', async () => {
  const table = new SurrogateTable(tableWith(TYPES))
  const textOf = async (budget: object) => {
    const planned = await plan({ budget }, table)
    const set = await execute(planned, [table], { threads: 0 })
    const manifest = manifestOf(planned, [table], 'simulated')
    const text = renderReport(manifest, set, { colors: false, repeat: undefined, elapsedSeconds: 1 } as never)
    return text.replaceAll(/\s+/g, ' ')
  }
  const explained = 'over time: its mean over the budget'
  expect(await textOf({ fullEvaluations: 6 })).toContain(explained)
  const dollars = await textOf({ cost: 0.01 })
  expect(dollars).toContain('0 is the worst and 1 the best of the table')
  expect(dollars).not.toContain(explained)
  // What values are in stands in the head of the column.
  expect(dollars).toMatch(/lowest lowest .* test_error cost .*\(US dollars\)/)
})

it('a local run has no cost as a metric, as programs do not report it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'rungbench-instances-'))
  try {
    const local = runExperiment(
      {
        name: 'local',
        question: 'What does it cost?',
        tables: ['ngram-mrpc'],
        objectives: [{ metric: 'cost', accumulates: 'projected' }],
        methods: { random: { scheduler: { type: 'fifo' } } },
        budget: { trials: 1 },
        pricePerHour: 1,
      },
      { backend: 'local', seeds: 1, out: join(directory, 'run'), dataDir: directory },
    )
    await expect(local).rejects.toThrow('the metric "cost" follows from a table\'s times')
  } finally {
    rmSync(directory, { recursive: true })
  }
})
