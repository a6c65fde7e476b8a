import { describe, expect, it } from 'vitest'
import type { Experiment } from '../../src/core/experiment.js'
import { compareRuns } from '../../src/report/comparison.js'
import { statisticsTable, targetTable } from '../../src/report/statistics-tables.js'
import { planExperiment } from '../../src/run/plan.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { type MakeTableOptions, makeTable } from '../surrogates/make-table.js'
import { makeRuns } from '../report/runs.js'

/** By configuration and repetition, level after level: what steers and what is reported. */
const VALIDATION = [
  [
    [0.5, 0.3, 0.4],
    [0.6, 0.5, 0.5],
  ],
  [
    [0.9, 0.9, 0.9],
    [0.9, 0.9, 0.9],
  ],
  [
    [0.2, 0.2, 0.2],
    [0.2, 0.2, 0.2],
  ],
]
const TEST = [
  // Where validation is best: 0.44 at level 2, and 0.5 at level 2, the first of two that are equal.
  [
    [0.5, 0.44, 0.3],
    [0.7, 0.5, 0.6],
  ],
  [
    [0.9, 0.25, 0.9],
    [0.9, 0.9, 0.9],
  ],
  [
    [0.8, 0.1, 0.8],
    [0.8, 0.8, 0.8],
  ],
]

async function scaleOf(change: Partial<Experiment> = {}, options: MakeTableOptions = {}) {
  const table = new SurrogateTable(
    makeTable({
      name: 'toy',
      levels: 3,
      configurations: 3,
      value: ({ metric, configuration, repetition, level }) =>
        (metric === 'error' ? VALIDATION : TEST)[configuration]![repetition]![level - 1]!,
      ...options,
    }),
  )
  const experiment: Experiment = {
    name: 'x',
    question: 'Which?',
    tables: ['toy'],
    objectives: [{ metric: 'error', report: 'test_error' }],
    methods: { random: { scheduler: { type: 'fifo' } } },
    budget: { fullEvaluations: 3 },
    ...change,
  }
  const { cells } = await planExperiment(experiment, [table], [0], '.')
  return cells.map(({ regretScale }) => regretScale)
}

describe('the scale of regret', () => {
  it('reaches from the best recorded value to the mean of the default configuration by its best validation', async () => {
    const [scale] = await scaleOf()
    expect(scale!.optimum).toBeCloseTo(0.1, 6)
    expect(scale!.reference).toBeCloseTo(0.47, 6)
  })

  it('knows what the experiment allows, not what a method does', async () => {
    const fixed = { model: 'small' }
    const [of] = await scaleOf({ fixed })
    // Configurations 0 and 2 are small; without 2 the best would be the default's 0.3.
    expect(of!.optimum).toBeCloseTo(0.1, 6)
    const methods = {
      random: { scheduler: { type: 'fifo' } },
      large: { scheduler: { type: 'fifo' }, fixed: { lr: 0 } },
    } as const
    const [wide, narrow] = await scaleOf({ methods })
    expect(narrow).toEqual(wide)
  })

  it('leaves out configurations of which a training is not complete', async () => {
    const ended = (row: number) =>
      row === 5 ? { ended: 'stopped' as const, reached: 1 } : { ended: 'completed' as const, reached: 3 }
    const [scale] = await scaleOf({}, { end: ended })
    expect(scale!.optimum).toBeCloseTo(0.25, 6)
  })

  it('does not exist for what accumulates', async () => {
    expect(await scaleOf({ objectives: [{ metric: 'elapsed_time', accumulates: 'per-level' }] })).toEqual([undefined])
  })

  it('turns round where large values are good', async () => {
    const metrics = { error: { goal: 'max', unit: '', split: 'validation', kind: 'curve' } } as const
    const [scale] = await scaleOf({ objectives: [{ metric: 'error' }] }, { metrics })
    expect(scale!.optimum).toBeCloseTo(0.9, 6)
    expect(scale!.reference).toBeCloseTo((0.5 + 0.6) / 2, 6)
  })
})

describe('normalised regret', () => {
  const scale = { optimum: 0.1, reference: 0.5 }

  it('is 0 at the optimum and 1 at the reference', () => {
    const { manifest, set } = makeRuns([
      { method: 'default', values: [0.5, 0.7], regretScale: scale },
      { method: 'asha', values: [0.1, 0.3], regretScale: scale },
    ])
    const [group] = compareRuns(manifest, set)
    expect(group!.regretScale).toEqual(scale)
    // Regrets 1 and 1.5; 0 and 0.5.
    expect(group!.methods.map(({ normalisedRegret }) => normalisedRegret!.mean)).toEqual([
      expect.closeTo(1.25, 12),
      expect.closeTo(0.25, 12),
    ])
    expect(group!.methods[1]!.normalisedRegret!.std).toBeCloseTo(Math.SQRT1_2 / 2, 12)
    expect(targetTable([group!]).rows[1]).toContain('0.25\u00a0±\u00a00.35')
  })

  it('does not exist without a scale, or between runs with different ones', () => {
    const { manifest, set } = makeRuns([
      { method: 'default', values: [0.5], regretScale: scale },
      { method: 'asha', values: [0.1], regretScale: { ...scale, optimum: 0 } },
    ])
    const [group] = compareRuns(manifest, set)
    expect(group).toMatchObject({
      regretScale: null,
      methods: [{ normalisedRegret: null }, { normalisedRegret: null }],
    })
    for (const table of [targetTable([group!]), statisticsTable([group!])])
      expect(table.columns.map(({ name }) => name).join()).not.toContain('regret')
  })
})
