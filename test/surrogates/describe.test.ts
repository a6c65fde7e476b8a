import { describe, expect, test } from 'vitest'
import { tableText } from '../../src/report/table-text.js'
import { describeTable } from '../../src/surrogates/describe.js'
import { deviation, median, quantile } from '../../src/surrogates/figures.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { makeTable } from './make-table.js'

const metrics = {
  steps: { goal: 'none', unit: '', split: 'none', kind: 'curve' },
  validation_error: { goal: 'min', unit: '', split: 'validation', kind: 'curve' },
  test_error: { goal: 'min', unit: '', split: 'test', kind: 'curve' },
  validation_score: { goal: 'max', unit: '', split: 'validation', kind: 'static' },
} as const

/** Validation errors 10 i + r at the last of 3 levels; configuration 1 dips to -1 at level 2. */
const table = new SurrogateTable(
  makeTable({
    metrics,
    levels: 3,
    configurations: 4,
    repetitions: (i) => (i === 3 ? 1 : 2),
    startup: 0.5,
    end: (row) => (row === 6 ? { ended: 'diverged', reached: 3 } : { ended: 'completed', reached: 3 }),
    elapsed: ({ configuration, level }) => (configuration + 1) * level ** 2,
    value: ({ metric, configuration: i, repetition, level, row }) => {
      if (row === 6 && level > 1) return Number.NaN
      if (metric === 'steps') return level
      if (metric === 'test_error') return 100 * i
      if (metric === 'validation_score') return i
      return 10 * i + repetition + (i === 1 && level === 2 ? -11.5 : 3 - level)
    },
  }),
)

describe('describeTable', () => {
  const description = describeTable(table)

  test('figures, by hand', () => {
    expect(description).toMatchObject({
      rows: 7,
      configurations: 4,
      repetitions: { min: 1, max: 2 },
      metric: 'validation_error',
      goal: 'min',
      best: { config: table.configuration(1), repetitions: 2, value: -1, level: 2 },
      default: { config: table.configuration(0), repetitions: 2, value: 0.5, level: 3, spread: Math.SQRT1_2 },
      spreadOverRepetitions: Math.SQRT1_2,
      ended: { completed: 6, stopped: 0, diverged: 1, failed: 0 },
      divergedShare: 1 / 7,
      startupSeconds: 0.5,
      defaultTrainingSeconds: { repetitions: 2, mean: 9, sd: 0 },
    })
    expect(description.hyperparameters).toMatchObject([
      { name: 'lr', domain: 'float in [0, 1]', values: 4 },
      { name: 'model', values: 2 },
    ])
    // seconds per level 3, 6, 9, 12; levels of 1, 3, 5 parts
    expect(description.secondsPerLevel).toEqual({
      median: 7.5,
      least: 3,
      greatest: 12,
      variation: 2 / 3,
      trainings: { p10: 3, median: 6, p90: quantile([3, 3, 6, 6, 9, 9, 12], 0.9) },
    })
  })

  test('objectives: validation metrics with a goal, at the last level', () => {
    expect(description.objectives).toEqual([
      {
        metric: 'validation_error',
        goal: 'min',
        test: 'test_error',
        best: { config: table.configuration(0), repetitions: 2, value: 0.5, test: 0 },
        default: { repetitions: 2, mean: 0.5, sd: Math.SQRT1_2, test: 0 },
        repetitionSd: Math.SQRT1_2,
      },
      {
        metric: 'validation_score',
        goal: 'max',
        test: null,
        best: { config: table.configuration(2), repetitions: 2, value: 2, test: null },
        default: { repetitions: 2, mean: 0, sd: 0, test: null },
        repetitionSd: 0,
      },
    ])
  })

  test('choices and curves', () => {
    expect(description.choices).toEqual({
      model: [
        { value: 'small', configurations: 2, secondsPerLevel: 6, best: 0.5 },
        { value: 'large', configurations: 2, secondsPerLevel: 9, best: 10.5 },
      ],
    })
    expect(description.curves).toEqual([
      { label: 'best', values: [2.5, 1.5, 0.5] },
      { label: 'default', values: [2.5, 1.5, 0.5] },
      { label: 'median', values: [12.5, -1, 10.5] },
      { label: 'worst', values: [22.5, 21.5, 20.5] },
    ])
  })

  test('is a JSON document, and what the report shows', () => {
    expect(JSON.parse(JSON.stringify(description))).toEqual(description)
    expect(tableText(description, { colors: false, width: 100 })).toContain('1 diverged (14.3 %)')
  })

  test('says what is not known', () => {
    const lost = describeTable(
      new SurrogateTable(makeTable({ repetitions: 1, startup: 1, end: () => ({ ended: 'failed', reached: 0 }) })),
    )
    expect(JSON.parse(JSON.stringify(lost))).toEqual(JSON.parse(JSON.stringify({ ...lost, best: undefined })))
    expect(lost).toMatchObject({
      best: undefined,
      default: undefined,
      spreadOverRepetitions: null,
      objectives: [{ best: null, default: null, repetitionSd: null }],
      defaultTrainingSeconds: null,
      curves: [],
    })
    expect(JSON.stringify(lost)).not.toMatch(/NaN|Infinity/u)
  })

  test('a table without the default configuration and without a goal', () => {
    const data = makeTable({
      metrics: { loss: { goal: 'none', unit: '', split: 'none', kind: 'curve' } },
      defaultConfig: { lr: 0.123, model: 'small' },
    })
    const described = describeTable(new SurrogateTable(data))
    expect(described).toMatchObject({ metric: 'loss', goal: 'none', best: undefined, default: undefined, curves: [] })
    expect(described.objectives).toEqual([])
    expect(tableText(described, { colors: false, width: 80 })).toContain('was not recorded')
  })
})

test('statistics', () => {
  expect(median([3, 1, 2, 10])).toBe(2.5)
  expect(quantile([0, 10], 0.9)).toBe(9)
  expect(median([])).toBeNull()
  expect(deviation([1])).toBeNull()
  expect(deviation([1, 3])).toBe(Math.SQRT2)
})
