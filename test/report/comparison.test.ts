import { describe, expect, it } from 'vitest'
import { answerOf } from '../../src/report/answer.js'
import { compareRuns, verdictOf } from '../../src/report/comparison.js'
import { incumbentCurves } from '../../src/report/curves.js'
import { headlineOf } from '../../src/report/headline.js'
import { warningsOf } from '../../src/report/notes.js'
import { testsSentence } from '../../src/report/tests-text.js'
import { makeRuns } from './runs.js'

const fixed = { type: 'fixed', options: {} }

describe('comparisons with the baseline', () => {
  it('are relative, per seed, then over seeds', () => {
    const { manifest, set } = makeRuns([
      { method: 'default', values: [0.5, 0.4, 0.2] },
      { method: 'asha', values: [0.4, 0.3, 0.2] },
    ])
    const [group] = compareRuns(manifest, set)
    const [comparison, ...more] = group!.comparisons
    expect(more).toEqual([])
    expect(comparison).toMatchObject({ method: 'asha', baseline: 'default', metric: 'test_error', seeds: 3 })
    // improvements 0.2, 0.25 and 0; mean 0.15, sample variance ((0.05)² + (0.1)² + (0.15)²) / 2 = 0.0175
    const { mean, std, ci95 } = comparison!.relativeImprovement
    expect(mean).toBeCloseTo(0.15, 12)
    expect(std).toBeCloseTo(Math.sqrt(0.0175), 12)
    const half = (4.302_652_729_911_275 * Math.sqrt(0.0175)) / Math.sqrt(3)
    expect(ci95![0]).toBeCloseTo(0.15 - half, 10)
    expect(ci95![1]).toBeCloseTo(0.15 + half, 10)
    expect(verdictOf(comparison!)).toBe('open')
  })

  it('count what is better as positive where large values are good', () => {
    const objectives = [{ metric: 'validation_accuracy', goal: 'max', report: 'accuracy' }] as const
    const { manifest, set } = makeRuns([
      { method: 'default', values: [0.5, 0.8], objectives },
      { method: 'asha', values: [0.6, 1], objectives },
    ])
    const [comparison] = compareRuns(manifest, set)[0]!.comparisons
    expect(comparison!.relativeImprovement.mean).toBeCloseTo(0.225, 12)
    expect(verdictOf({ ...comparison!, relativeImprovement: { mean: 0.2, std: 0.1, ci95: [0.1, 0.3] } })).toBe('better')
    expect(verdictOf({ ...comparison!, relativeImprovement: { mean: -0.2, std: 0.1, ci95: [-0.3, -0.1] } })).toBe(
      'worse',
    )
  })

  it("divide by the baseline's magnitude where it is negative", () => {
    const { manifest, set } = makeRuns([
      { method: 'default', values: [-2, -2] },
      { method: 'asha', values: [-3, -4] },
    ])
    expect(compareRuns(manifest, set)[0]!.comparisons[0]!.relativeImprovement.mean).toBeCloseTo(0.75, 12)
  })

  it('leave out seeds that one of the two lacks, and count them', () => {
    const { manifest, set } = makeRuns([
      { method: 'default', values: [0.5, undefined, 0.4, 0.2] },
      { method: 'asha', values: [0.4, 0.1, null, 0.1] },
    ])
    const [group] = compareRuns(manifest, set)
    expect(group!.comparisons[0]).toMatchObject({
      seeds: 2,
      leftOut: { withoutResult: 2, baselineZero: 0 },
      noResult: { method: 1, baseline: 0, seeds: 3 },
    })
    expect(group!.comparisons[0]!.relativeImprovement.mean).toBeCloseTo(0.35, 12)
    expect(group!.methods).toMatchObject([
      { method: 'default', seeds: 3, withoutResult: 0, missing: 1 },
      { method: 'asha', seeds: 3, withoutResult: 1, missing: 0 },
    ])
  })

  it('are absolute where the baseline is 0 in a seed: no relative improvement, no claim from the other seeds', () => {
    // Absolute differences: 0.01 and 0.02 for the method (ranks 1 and 2), 0.1 to 0.8 against it (ranks 3 to 10). The subsets
    // of ten ranks with a sum of 3 at most are {}, {1}, {2}, {3} and {1, 2}: p = 2 * 5 / 2^10.
    const { manifest, set } = makeRuns([
      { method: 'default', values: [0.5, 0.5, 0, 0, 0, 0, 0, 0, 0, 0] },
      { method: 'asha', values: [0.49, 0.48, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8] },
    ])
    const groups = compareRuns(manifest, set)
    const [comparison] = groups[0]!.comparisons
    expect(comparison).toMatchObject({
      seeds: 10,
      leftOut: { withoutResult: 0, baselineZero: 8 },
      differences: 'absolute',
      relativeImprovement: { mean: null, std: null, ci95: null },
      bootstrap95: null,
      superiority: 0.2,
      signedRank: { p: 10 / 1024, holm: 10 / 1024, direction: -1 },
    })
    const why =
      "the baseline's value is 0 in 8 of 10 seeds, so that a relative improvement is not defined; by absolute differences " +
      'asha is worse (signed-rank p = 0.0098)'
    expect(answerOf(groups[0]!)).toBe(`nothing is claimed for asha: ${why}.`)
    expect(headlineOf([groups[0]!, groups[0]!], [])).toContain(`is not claimed to differ from default on toy (${why})`)
    expect(warningsOf(manifest, set, groups)).toEqual([expect.stringContaining("default's test_error is 0 in 8 seeds")])
    expect(testsSentence(groups)).toBeUndefined()
  })

  it('are none where the first objective accumulates: values are of trainings of different lengths', () => {
    const objectives = [{ metric: 'cost', goal: 'min', report: 'cost', accumulates: 'projected' }] as const
    const values = Array.from({ length: 8 }, (_, i) => 1 + i / 100)
    const { manifest, set } = makeRuns([
      { method: 'default', values, objectives },
      { method: 'asha', values: values.map((value) => 6 * value), objectives },
    ])
    const groups = compareRuns(manifest, set)
    expect(groups[0]).toMatchObject({ target: null })
    expect(groups[0]!.comparisons[0]).toMatchObject({
      differences: 'none',
      relativeImprovement: { mean: null, std: null, ci95: null },
      superiority: null,
      signedRank: null,
    })
    expect(answerOf(groups[0]!)).toMatch(/^nothing is claimed for asha: cost grows with training, /)
  })

  it('claim no gain of the seeds that have a result while others have none', () => {
    // Better in five seeds, no result in five: ranks 1 to 5 for it, five times rank 8 against it.
    const base = [0.5, 0.51, 0.52, 0.5, 0.51, 0.5, 0.5, 0.5, 0.5, 0.5]
    const some = [0.3, 0.32, 0.33, 0.29, 0.3, null, null, null, null, null]
    const { manifest, set } = makeRuns([
      { method: 'default', values: base },
      { method: 'asha', values: some },
    ])
    const groups = compareRuns(manifest, set)
    const [comparison] = groups[0]!.comparisons
    expect(comparison).toMatchObject({
      seeds: 5,
      noResult: { method: 5, baseline: 0, seeds: 10 },
      superiority: 0.5,
      differing: 10,
      signedRank: { direction: -1 },
    })
    expect(comparison!.relativeImprovement.ci95![0]).toBeGreaterThan(0)
    expect(verdictOf(comparison!)).toBe('open')
    for (const text of [answerOf(groups[0]!), headlineOf([groups[0]!, groups[0]!], [])]) {
      expect(text).toContain(
        'in 5 of 10 seeds asha has no result; where both have one, the improvement over default is',
      )
      expect(text).not.toContain('lowers')
    }
    // The other way round the failures are the baseline's: nothing is claimed against the method.
    const swapped = makeRuns([
      { method: 'default', values: some },
      { method: 'asha', values: base },
    ])
    const [other] = compareRuns(swapped.manifest, swapped.set)
    expect(other!.comparisons[0]!.superiority).toBe(0.5)
    expect(answerOf(other!)).toMatch(/^nothing is claimed for asha: in 5 of 10 seeds default has no result;/)
  })

  it('say of a claim that failures only strengthen how many there are, and count a seed that both lack as equal', () => {
    const { manifest, set } = makeRuns([
      { method: 'default', values: [0.5, 0.51, 0.52, 0.5, null] },
      { method: 'asha', values: [0.6, 0.62, 0.61, null, null] },
    ])
    const [group] = compareRuns(manifest, set)
    // Behind in four of five seeds, alike in one.
    expect(group!.comparisons[0]).toMatchObject({ superiority: 0.1, noResult: { method: 1, baseline: 0, seeds: 5 } })
    expect(verdictOf(group!.comparisons[0]!)).toBe('worse')
    expect(answerOf(group!)).toMatch(/^asha raises test_error by .*, in 1 of 5 seeds asha has no result\)\.$/)
  })

  it('leave out a run that --max-cost ended before its budget was used, with a warning', () => {
    const { manifest, set } = makeRuns([{ values: [1, 1, 1] }, { method: 'asha', values: [0.5, 0.5, 0.1] }])
    const runs = set.runs.map((run) => (run.method === 'asha' && run.seed === 2 ? { ...run, maxCost: 20 } : run))
    const groups = compareRuns(manifest, { ...set, runs })
    const { comparisons, methods } = groups[0]!
    expect(comparisons[0]).toMatchObject({
      seeds: 2,
      leftOut: { withoutResult: 1 },
      relativeImprovement: { mean: 0.5 },
    })
    expect(methods[1]).toMatchObject({ method: 'asha', seeds: 2, missing: 1, value: { mean: 0.5 } })
    expect(incumbentCurves(manifest, { ...set, runs })[0]!.curves[1]!.seeds).toBe(2)
    const [warning] = warningsOf(manifest, { ...set, runs }, groups)
    expect(warning).toMatch(
      /^asha on toy was ended early by --max-cost 20 for seed 2: .* left out of means and comparisons/,
    )
    // Where nothing is left of a method, the other one alone says nothing of the table.
    const cut = set.runs.map((run) => Object.assign(run, run.method === 'asha' && { maxCost: 20 }))
    const whole = { ...set, runs: cut }
    expect(warningsOf(manifest, whole, compareRuns(manifest, whole))).toEqual([
      expect.stringMatching(/^asha on toy was ended early by --max-cost 20 for 3 seeds/),
    ])
  })

  it('have no interval for one seed, and nothing for none', () => {
    const one = makeRuns([
      { method: 'default', values: [0.5] },
      { method: 'asha', values: [0.4] },
    ])
    const [single] = compareRuns(one.manifest, one.set)[0]!.comparisons
    expect(single!.relativeImprovement).toEqual({ mean: expect.closeTo(0.2, 12) as number, std: null, ci95: null })
    expect(verdictOf(single!)).toBe('open')

    const none = makeRuns([
      { method: 'default', values: [0.5, undefined] },
      { method: 'asha', values: [undefined, 0.4] },
    ])
    const [empty] = compareRuns(none.manifest, none.set)[0]!.comparisons
    expect(empty).toMatchObject({ seeds: 0, relativeImprovement: { mean: null, std: null, ci95: null } })
  })

  it('have no interval where all seeds are the same two trainings', () => {
    const { manifest, set } = makeRuns([
      { method: 'default', values: [0.5, 0.5, 0.5], rows: [7, 7, 7] },
      { method: 'asha', values: [0.4, 0.4, 0.4], rows: [9, 9, 9] },
    ])
    const [comparison] = compareRuns(manifest, set)[0]!.comparisons
    expect(comparison).toMatchObject({ distinctTrainings: 1, relativeImprovement: { std: 0, ci95: null } })
  })

  it('stand beside how many distinct trainings they rest on', () => {
    const { manifest, set } = makeRuns([
      { method: 'default', values: [0.5, 0.6, 0.5, 0.6], rows: [1, 2, 1, 2] },
      { method: 'asha', values: [0.4, 0.3, 0.2, 0.2], rows: [5, 6, 7, 7] },
      { method: 'nearest', values: [0.4, 0.3, 0.2, 0.2], rows: [-1, -1, -1, -1] },
    ])
    const [group] = compareRuns(manifest, set)
    expect(group!.methods.map(({ distinctTrainings }) => distinctTrainings)).toEqual([2, 3, 1])
    expect(group!.comparisons).toMatchObject([
      { distinctTrainings: 2, distinctTrainingsOf: { method: 3, baseline: 2 } },
      // Without a row the configurations are counted.
      { distinctTrainings: 1, distinctTrainingsOf: { method: 1, baseline: 2 } },
    ])
  })

  it('do not exist where the baseline was not run', () => {
    const { manifest, set } = makeRuns([{ method: 'asha', values: [0.4, 0.3] }])
    expect(compareRuns(manifest, set)[0]!.comparisons).toEqual([])
  })
})

describe('groups', () => {
  it('are one per table, number of workers and budget, in plan order', () => {
    const { manifest, set } = makeRuns(
      ['mrpc', 'cola'].flatMap((table) =>
        [1, 4].flatMap((workers) =>
          [{ trials: 3 }, { trials: 9 }].flatMap((budget) =>
            ['default', 'asha'].map((method) => ({ table, workers, budget, method, values: [0.4, 0.3] })),
          ),
        ),
      ),
    )
    const groups = compareRuns(manifest, set)
    expect(groups.map(({ table, workers, budget }) => [table, workers, budget.trials])).toEqual([
      ['mrpc', 1, 3],
      ['mrpc', 1, 9],
      ['mrpc', 4, 3],
      ['mrpc', 4, 9],
      ['cola', 1, 3],
      ['cola', 1, 9],
      ['cola', 4, 3],
      ['cola', 4, 9],
    ])
    for (const { methods, comparisons } of groups) {
      expect(methods.map(({ method }) => method)).toEqual(['default', 'asha'])
      expect(comparisons).toHaveLength(1)
    }
  })

  it('know the largest share of the drawable configurations that a run used', () => {
    const { manifest, set } = makeRuns([
      { method: 'default', values: [0.5], searcher: fixed },
      { method: 'asha', values: [0.5], drawable: 82 },
      { method: 'again', values: [0.5], drawable: 20 },
      { method: 'continuous', values: [0.5], drawable: null },
      { method: 'failed', values: [undefined] },
    ])
    expect(compareRuns(manifest, set)[0]!.methods.map(({ largestShare }) => largestShare)).toEqual([
      null,
      0.5,
      1,
      null,
      null,
    ])
  })
})
