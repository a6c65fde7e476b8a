/** Pareto sets and hypervolume over time, against what the docstring says, computed plainly. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hypervolume } from '../../src/core/pareto/hypervolume.js'
import type { Goal } from '../../src/core/objective.js'
import { dominates } from '../../src/core/pareto/pareto.js'
import type { Cell } from '../../src/run/cell.js'
import { paretoSummary } from '../../src/run/pareto-summary.js'
import { planExperiment } from '../../src/run/plan.js'
import { findingsOf } from '../../src/run/summary.js'
import { RunLog } from '../../src/store/run-log.js'
import { CURVE_POINTS } from '../../src/store/run-set.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { makeTable } from '../surrogates/make-table.js'

interface Report {
  readonly time: number
  readonly trial: number
  readonly values: readonly number[]
}

const BUDGET = 10

/** A cell with so many objectives, each steered by `v<j>` and reported by `t<j>`, the goals in turn min and max. */
async function cellWith(objectives: number): Promise<Cell> {
  const goals = Array.from({ length: objectives }, (_, j): Goal => (j % 2 === 0 ? 'min' : 'max'))
  const metric = (split: 'validation' | 'test', goal: Goal) =>
    ({
      goal,
      unit: '',
      split,
      kind: 'curve',
      range: goal === 'min' ? { ideal: 0, nadir: 4 } : { ideal: 4, nadir: 0 },
    }) as const
  const metrics = Object.fromEntries(
    goals.flatMap((goal, j) => [
      [`v${j}`, metric('validation', goal)],
      [`t${j}`, metric('test', goal)],
    ]),
  )
  const table = new SurrogateTable(makeTable({ name: 'toy', metrics }))
  const plan = await planExperiment(
    {
      name: 'toy',
      question: 'Which?',
      tables: ['toy'],
      objectives: goals.map((_, j) => ({ metric: `v${j}`, report: `t${j}` })),
      methods: { random: { scheduler: { type: 'fifo' } } },
      budget: { seconds: BUDGET },
    },
    [table],
    [0],
    process.cwd(),
  )
  return plan.cells[0]!
}

function logOf(reports: readonly Report[], metrics: number): RunLog {
  const log = new RunLog(metrics)
  // Another run before it: positions in the columns are not positions in the run.
  log.beginRun()
  log.start(0, 0, {})
  log.report(
    1,
    0,
    0,
    1,
    Float64Array.from({ length: metrics }, () => 0),
    'continue',
  )
  log.beginRun()
  const levels = new Map<number, number>()
  for (const { time, trial, values } of reports) {
    while (log.configs.length <= trial) log.start(time, log.configs.length, { lr: log.configs.length })
    const level = (levels.get(trial) ?? 0) + 1
    levels.set(trial, level)
    log.report(time, trial, 0, level, Float64Array.from(values), 'continue')
  }
  return log
}

const value = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: -1, max: 5 }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
)
const reportsOf = (metrics: number): fc.Arbitrary<Report[]> =>
  fc
    .array(
      fc.record({
        time: fc.integer({ min: 0, max: 4 * BUDGET }).map((quarter) => quarter / 4),
        trial: fc.nat(5),
        values: fc.array(value, { minLength: metrics, maxLength: metrics }),
      }),
      { maxLength: 25 },
    )
    .map((reports) => reports.toSorted((a, b) => a.time - b.time))

/** The members at a time, by trial: last reports that no other dominates. */
function naiveSet(reports: readonly Report[], time: number, cell: Cell): Report[] {
  const last = new Map<number, Report>()
  for (const report of reports) if (report.time <= time) last.set(report.trial, report)
  const { objectives } = cell
  const losses = ({ values }: Report): number[] =>
    objectives.map(({ goal }, j) => (goal === 'min' ? 1 : -1) * values[j]!)
  const standing = [...last.values()].filter(({ values }) => values.slice(0, objectives.length).every(Number.isFinite))
  return standing
    .filter((one) => !standing.some((other) => dominates(losses(other), losses(one))))
    .sort((a, b) => a.trial - b.trial)
}

function naiveVolume(set: readonly Report[], cell: Cell, offset: number): number {
  const points = set.map(({ values }) =>
    cell.objectives.map(({ goal }, j) => {
      const share = values[offset + j]! / 4
      return Math.max(0, goal === 'min' ? share : 1 - share)
    }),
  )
  return hypervolume(
    points.filter((point) => point.every(Number.isFinite)),
    cell.objectives.map(() => 1),
  )
}

describe('Pareto sets and hypervolume over time', () => {
  it.each([2, 3, 4])('of %d objectives are as documented', async (objectives) => {
    const cell = await cellWith(objectives)
    const property = fc.property(reportsOf(2 * objectives), (reports) => {
      const log = logOf(reports, 2 * objectives)
      const summary = paretoSummary(log.columns, 1, cell, log.configs, undefined)!
      const set = naiveSet(reports, Infinity, cell)
      expect(summary.set.map(({ trial }) => trial)).toEqual(set.map(({ trial }) => trial))
      expect(summary.set.map(({ steering }) => steering)).toEqual(set.map(({ values }) => values.slice(0, objectives)))
      for (let k = 1; k <= CURVE_POINTS; k++) {
        const then = naiveSet(reports, (BUDGET * k) / CURVE_POINTS, cell)
        expect(summary.steering.curve![k - 1]).toBeCloseTo(naiveVolume(then, cell, 0), 12)
        expect(summary.reported.curve![k - 1]).toBeCloseTo(naiveVolume(then, cell, objectives), 12)
      }
      expect(summary.reported.curve!.at(-1)).toBe(summary.reported.final)
      expect(summary.steering.curve!.at(-1)).toBe(summary.steering.final)
      for (const volume of [...summary.reported.curve!, ...summary.steering.curve!])
        expect(volume >= 0 && volume <= 1).toBe(true)
    })
    expect(() => fc.assert(property, { numRuns: 60 })).not.toThrow()
  })

  it('can fall: a trial stands for its last report, also where that is worse', async () => {
    const cell = await cellWith(2)
    const log = logOf(
      [
        { time: 1, trial: 0, values: [1, 3, 1, 3] },
        { time: 9, trial: 0, values: [3, 3, 3, 3] },
      ],
      4,
    )
    const { steering } = paretoSummary(log.columns, 1, cell, log.configs, undefined)!
    expect(steering.curve!.slice(0, 4)).toEqual([0, 0, 0, 9 / 16])
    expect(steering.final).toBe(3 / 16)
  })

  it('say nothing about one objective, nor over time without a budget in seconds', async () => {
    const [one, two] = [await cellWith(1), await cellWith(2)]
    const log = logOf([{ time: 1, trial: 0, values: [1, 1, 1, 1] }], 4)
    expect(one.ranges).toBeUndefined()
    expect(paretoSummary(log.columns, 1, one, log.configs, undefined)).toBeUndefined()
    const counted = findingsOf(log.columns, 1, { ...two, stop: { reports: 5 } }, log.configs, Int32Array.of(7))
    expect(counted.pareto!.reported).toEqual({ final: counted.pareto!.reported.final })
    expect(counted.pareto!.set).toEqual([
      { trial: 0, config: { lr: 0 }, resource: 1, steering: [1, 1], reported: [1, 1], row: 7 },
    ])
  })
})
