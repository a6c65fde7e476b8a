/** Configurations off the table, and budgets that need a price. */
import { describe, expect, it } from 'vitest'
import { defineExperiment } from '../../src/core/experiment.js'
import { renderReport } from '../../src/report/tables.js'
import { runExperiment } from '../../src/run/run-experiment.js'

const experiment = defineExperiment({
  name: 'off-table',
  question: 'What lies between the rows?',
  tables: ['ngram-stsb'],
  fixed: { model: 'words' },
  objectives: [{ metric: 'validation_error', report: 'test_error' }],
  methods: { random: { scheduler: { type: 'fifo' } } },
  budget: { fullEvaluations: 2 },
  simulation: { lookup: { nearest: 3 } },
})

describe('the lookup of the k nearest', () => {
  it('draws from the space, and says in manifest and report how far the answers are off', async () => {
    const { manifest, set } = await runExperiment(experiment, { seeds: 2, out: false, threads: 0 })
    const { leaveOneOut } = manifest.tables[0]!
    expect(leaveOneOut).toMatchObject({ metric: 'validation_error', nearest: 3 })
    expect(leaveOneOut!.error).toBeGreaterThan(0.005)
    expect(leaveOneOut!.error).toBeLessThan(0.05)
    for (const { best } of set.runs) expect(best!.row).toBe(-1)
    const report = renderReport(manifest, set, { directory: undefined, elapsedSeconds: 1, repeat: '', colors: false })
    expect(report.replaceAll(/\s+/g, ' ')).toContain(
      'the mean of the 3 nearest recorded ones; leave-one-out error: ngram-stsb 0.0',
    )
  })
})

describe('a budget in dollars', () => {
  it('is refused before anything runs where no price is known', async () => {
    const run = runExperiment(experiment, { seeds: 1, out: false, budget: { cost: 1 } })
    await expect(run).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/needs a price.*pricePerHour/),
    })
  })

  it('ends a run when it is spent', async () => {
    const priced = { ...experiment, pricePerHour: 3600, simulation: {} }
    const { set } = await runExperiment(priced, { seeds: 2, out: false, threads: 0, workers: [2], budget: { cost: 5 } })
    for (const { busySeconds, reason } of set.runs) {
      expect(reason).toBe('cost')
      expect(busySeconds).toBeCloseTo(5, 9)
    }
  })
})
