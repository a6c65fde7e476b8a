import { describe, expect, it } from 'vitest'
import { resultDocument } from '../../src/report/result-document.js'
import { makeRuns } from './runs.js'

describe('the result document', () => {
  const { manifest, set } = makeRuns([
    { method: 'default', values: [0.5, 0.4] },
    { method: 'asha', values: [0.4, null] },
  ])

  it('has the documented fields', () => {
    const document = resultDocument(manifest, set, { directory: 'results/x', elapsedSeconds: 1.25 })
    expect(document).toMatchObject({
      experiment: 'asha-vs-default',
      runDirectory: 'results/x',
      seeds: [0, 1],
      elapsedSeconds: 1.25,
      simulatedSeconds: 4 * 363,
      reports: 4 * 351,
      digest: set.digest,
      failures: [],
    })
    expect(document.results).toHaveLength(4)
    expect(document.results[0]).toEqual({
      table: 'toy',
      method: 'default',
      seed: 0,
      workers: 1,
      budget: { fullEvaluations: 13 },
      trials: 41,
      reports: 351,
      simulatedSeconds: 363,
      fullEvaluations: 13,
      reason: 'seconds',
      failures: 0,
      inFlight: { trials: 1, seconds: 2.5 },
      best: { config: { lr: 0.1 }, resource: 27, validation: 0.5, test: 0.5 },
    })
    expect(document.results[3]!.best).toBeNull()
    expect(document.comparisons).toEqual([
      {
        table: 'toy',
        workers: 1,
        budget: { fullEvaluations: 13 },
        method: 'asha',
        baseline: 'default',
        metric: 'test_error',
        goal: 'min',
        seeds: 1,
        leftOut: { withoutResult: 1, baselineZero: 0 },
        noResult: { method: 1, baseline: 0, seeds: 2 },
        differences: 'relative',
        distinctTrainings: 1,
        distinctTrainingsOf: { method: 1, baseline: 1 },
        relativeImprovement: { mean: expect.closeTo(0.2, 12) as number, std: null, ci95: null },
        bootstrap95: null,
        // Better in one seed, without a result in the other.
        superiority: 0.5,
        signedRank: null,
        pairsToTest: 7,
        differing: 2,
      },
    ])
    expect(document.methods).toMatchObject([
      {
        table: 'toy',
        workers: 1,
        budget: { fullEvaluations: 13 },
        metric: 'test_error',
        target: 0.45,
        method: 'default',
        value: { n: 2, mean: 0.45 },
        quartiles: { low: expect.closeTo(0.425, 12) as number, median: 0.45, high: 0.475 },
        // One of the two ends with 0.4, at half of its 363 s; the other one is watched until the end.
        timeToTarget: { runs: 2, reached: 1, median: { seconds: 181.5 }, restrictedMean: { seconds: 272.25 } },
      },
      { method: 'asha', timeToTarget: { runs: 2, reached: 1, restrictedMean: { fullEvaluations: 272.25 / 28 } } },
    ])
  })

  it('is JSON that says what it holds: no number turns into null unseen, nothing is undefined', () => {
    const [run] = set.runs
    const odd = {
      ...run!,
      simulatedSeconds: Number.NaN,
      best: { ...run!.best!, test: Infinity, validation: Number.NaN },
    }
    const document = resultDocument(
      manifest,
      { ...set, runs: [odd], simulatedSeconds: Infinity },
      { directory: undefined, elapsedSeconds: 1 },
    )
    expect(JSON.parse(JSON.stringify(document))).toEqual(document)
    expect(document).toMatchObject({
      runDirectory: null,
      simulatedSeconds: null,
      results: [{ simulatedSeconds: null, best: { test: null, validation: null } }],
    })
  })
})
