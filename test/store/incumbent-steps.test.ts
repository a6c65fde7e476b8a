import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MOST_STEPS, incumbentSteps, joinSteps } from '../../src/store/incumbent-steps.js'
import { RunLog } from '../../src/store/run-log.js'

const metrics = ['validation', 'other', 'test']

type Report = readonly [time: number, validation: number, test: number]

/** The columns of runs of one trial each. */
function columnsOf(runs: readonly (readonly Report[])[]) {
  const log = new RunLog(metrics.length)
  for (const reports of runs) {
    log.beginRun()
    log.start(0, 0, {})
    for (const [i, [time, validation, test]] of reports.entries())
      log.report(time, 0, 0, i + 1, Float64Array.of(validation, 7, test), 'continue')
    log.end(reports.at(-1)?.[0] ?? 0, 0, 0, 'completed')
  }
  return log.columns
}

const value = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(Number.NaN, Infinity, -Infinity))
const reports = fc
  .array(fc.tuple(value, fc.integer({ min: 0, max: 9 })), { maxLength: 30 })
  .map((list) => list.map(([validation, test], i): Report => [i + 1, validation, test]))

describe('incumbentSteps', () => {
  it.each(['min', 'max'] as const)('are the reports that are better than all before (%s)', (goal) => {
    fc.assert(
      fc.property(fc.array(reports, { maxLength: 5 }), (runs) => {
        const steps = incumbentSteps(columnsOf(runs), { metric: 'validation', goal, report: 'test' }, metrics)
        const naive = runs.map((list) =>
          list
            .filter(([, own], i) =>
              list
                .slice(0, i)
                .concat([[0, Number.NaN, 0]])
                .every(
                  ([, other]) =>
                    Number.isFinite(own) && (!Number.isFinite(other) || (goal === 'min' ? own < other : own > other)),
                ),
            )
            .map(([time, , test]) => [time, test]),
        )
        const got = runs.map((_, run) =>
          Array.from(steps.time.subarray(steps.offsets[run], steps.offsets[run + 1]), (time, i) => [
            time,
            steps.value[steps.offsets[run]! + i],
          ]),
        )
        expect(got).toEqual(naive)
      }),
    )
  })

  it('say NaN where the reported value of an incumbent is not finite', () => {
    const columns = columnsOf([
      [
        [1, 0.5, Infinity],
        [2, 0.4, 3],
      ],
    ])
    const steps = incumbentSteps(columns, { metric: 'validation', goal: 'min', report: 'test' }, metrics)
    expect([...steps.value]).toEqual([Number.NaN, 3])
  })

  it('keep the last of each span of time where there are very many', () => {
    const many = Array.from({ length: 50_000 }, (_, i): Report => [i + 1, -i, i])
    const columns = columnsOf([many])
    const { time, value: values } = incumbentSteps(
      columns,
      { metric: 'validation', goal: 'min', report: 'test' },
      metrics,
    )
    expect(time.length).toBeLessThanOrEqual(MOST_STEPS)
    expect(time.length).toBeGreaterThan(MOST_STEPS / 2)
    expect([time.at(-1), values.at(-1)]).toEqual([50_000, 49_999])
    for (const [i, at] of time.entries()) expect(values[i]).toBe(at - 1)
  })

  it('put after one another are the steps of all runs', () => {
    fc.assert(
      fc.property(fc.array(reports, { maxLength: 6 }), fc.nat(6), (runs, cut) => {
        const objective = { metric: 'validation', goal: 'min', report: 'test' } as const
        const of = (some: readonly (readonly Report[])[]) => incumbentSteps(columnsOf(some), objective, metrics)
        expect(joinSteps([of(runs.slice(0, cut)), of(runs.slice(cut))])).toEqual(of(runs))
      }),
    )
  })
})
