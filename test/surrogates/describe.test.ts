import { describe, expect, test } from 'vitest'
import { float, ordinal } from '../../src/core/space.js'
import { tableText } from '../../src/report/table-text.js'
import { describeTable } from '../../src/surrogates/describe.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { type Cell, makeTable } from './make-table.js'

/** Errors by configuration and repetition, levels 1..3. */
const ERRORS: readonly (readonly number[])[][] = [
  [
    [0.9, 0.6, 0.5],
    [0.9, 0.6, 0.7],
  ],
  [
    [0.8, 0.2, 0.4],
    [0.8, 0.4, 0.4],
  ],
  [
    [0.9, 0.9, 0.8],
    [0.9, Number.NaN, Number.NaN],
  ],
  [[0.7, Number.NaN, Number.NaN]],
]

/** Four configurations; the second repetition of the third diverges, the only one of the fourth was stopped. */
function handMade(): SurrogateTable {
  const value = ({ metric, configuration, repetition, level }: Cell): number => {
    if (metric === 'size') return configuration * 10 + repetition
    const error = ERRORS[configuration]![repetition]![level - 1]!
    return metric === 'error' ? error : metric === 'test_error' ? error + level / 100 : level
  }
  return new SurrogateTable(
    makeTable({
      levels: 3,
      space: { lr: float(0, 1), batch: ordinal([8, 16, 32]) },
      configurations: [
        { lr: 0.5, batch: 8 },
        { lr: 0.1, batch: 8 },
        { lr: 0.9, batch: 16 },
        { lr: 0.2, batch: 16 },
      ],
      repetitions: (i) => ERRORS[i]!.length,
      metrics: {
        steps: { goal: 'none', unit: '', split: 'none', kind: 'curve' },
        test_error: { goal: 'min', unit: '', split: 'test', kind: 'curve' },
        error: { goal: 'min', unit: '', split: 'validation', kind: 'curve' },
        size: { goal: 'max', unit: 'MiB', split: 'none', kind: 'static' },
      },
      value,
      // a level takes 1, 2, 2, 4 s; the first one of repetition 1 takes twice as long
      elapsed: ({ configuration, repetition, level }) => [1, 2, 2, 4][configuration]! * (level + repetition),
      end: (row) =>
        row === 5
          ? { ended: 'diverged', reached: 3 }
          : row === 6
            ? { ended: 'stopped', reached: 1 }
            : { ended: 'completed', reached: 3 },
      startup: 0.25,
    }),
  )
}

describe('describeTable', () => {
  const table = handMade()
  const description = describeTable(table)

  test('counts', () => {
    expect(description).toMatchObject({
      name: 'synthetic',
      checksum: table.data.checksum,
      rows: 7,
      configurations: 4,
      repetitions: { least: 1, most: 2 },
      resource: 'epoch',
      levels: 3,
      hyperparameters: [
        { name: 'lr', domain: 'float in [0, 1]', values: 4 },
        { name: 'batch', domain: 'one of 8, 16, 32', values: 2 },
      ],
      provenance: { kind: 'synthetic' },
      ended: { completed: 5, stopped: 1, diverged: 1, failed: 0 },
    })
  })

  test('the steering metric is the first on validation data', () => {
    expect([description.metric, description.goal]).toEqual(['error', 'min'])
  })

  test('best and default configuration at their best levels', () => {
    const { best, default: ofDefault } = description
    expect(best).toMatchObject({ index: 1, config: { lr: 0.1, batch: 8 }, repetitions: 2, level: 2 })
    expect(best!.value).toBeCloseTo(0.3)
    expect(best!.final).toBeCloseTo(0.4)
    expect(best!.spread).toBeCloseTo(0)
    expect(best!.test['test_error']).toBeCloseTo(0.32)
    expect(ofDefault).toMatchObject({ index: 0, repetitions: 2, level: 3 })
    expect(ofDefault!.value).toBeCloseTo(0.55)
    expect(ofDefault!.final).toBeCloseTo(0.6)
    expect(ofDefault!.spread).toBeCloseTo(Math.sqrt(0.02))
    // repetition 0 is best at level 3, repetition 1 at level 2
    expect(ofDefault!.test['test_error']).toBeCloseTo((0.53 + 0.62) / 2)
  })

  test('metrics at the last level', () => {
    const [steps, , error, size] = description.metrics
    // In the training that diverged all curves end with the one that did.
    expect(steps).toMatchObject({ goal: 'none', best: null, default: { mean: 3, sd: 0 }, diverged: 1 / 7 })
    expect(error!.best).toEqual({ index: 1, value: 0.4 })
    expect(error!.default!.mean).toBeCloseTo(0.6)
    expect(error!.pooledSd).toBeCloseTo(Math.sqrt((0.02 + 0) / 2))
    expect(error!.diverged).toBeCloseTo(1 / 7)
    expect(size).toMatchObject({ kind: 'static', best: { index: 3, value: 30 }, default: { mean: 0.5 }, diverged: 0 })
    // spreads of configurations 0 and 1; the others have one finite value
    expect(description.spreadOverRepetitions).toBeCloseTo(Math.sqrt(0.02) / 2)
  })

  test('seconds', () => {
    const { secondsPerLevel, startupSeconds, fullTrainingSeconds } = description
    // repetition 0: 1, 2, 2, 4 s a level; repetition 1: 4/3 of that
    expect(secondsPerLevel.least).toBeCloseTo(7 / 6)
    expect(secondsPerLevel.median).toBeCloseTo(7 / 3)
    expect(secondsPerLevel.greatest).toBeCloseTo(4)
    expect(secondsPerLevel.p10).toBeCloseTo(1 + 0.6 * (1 / 3))
    expect(secondsPerLevel.p90).toBeCloseTo(8 / 3 + 0.4 * (4 - 8 / 3))
    // half of the six trainings with several levels vary by 0, the others by sd(2, 1, 1) / (4/3)
    expect(secondsPerLevel.variation).toBeCloseTo(Math.sqrt(1 / 3) / (4 / 3) / 2)
    expect(startupSeconds).toEqual({ median: 0.25, p10: 0.25, p90: 0.25 })
    expect(fullTrainingSeconds).toMatchObject({ mean: 3.5, repetitions: 2 })
    expect(fullTrainingSeconds!.sd).toBeCloseTo(Math.SQRT1_2)
  })

  test('curves of some configurations', () => {
    expect(description.curves.map(({ label }) => label)).toEqual(['best', 'median', 'worst', 'default'])
    const [best, median, worst] = description.curves
    expect(best!.values.map((x) => x.toFixed(3))).toEqual(['0.800', '0.300', '0.400'])
    expect(median!.values).toEqual(description.curves[3]!.values)
    expect(worst!.values).toEqual([0.9])
  })

  test('is a JSON document', () => {
    expect(JSON.parse(JSON.stringify(description))).toEqual(description)
  })

  test('is what the text report takes', () => {
    expect(tableText(description, { colors: false, width: 100 })).toContain('synthetic')
  })

  test('a goal of max looks for large values', () => {
    const max = describeTable(
      new SurrogateTable(
        makeTable({
          metrics: { accuracy: { goal: 'max', unit: '', split: 'validation', kind: 'curve' } },
          value: ({ configuration, level }) => configuration + level,
        }),
      ),
    )
    expect(max.best).toMatchObject({ index: 5, value: 9, level: 4 })
    expect(max.metrics[0]!.best).toEqual({ index: 5, value: 9 })
  })

  test('says nothing about what is not there', () => {
    const bare = describeTable(
      new SurrogateTable(
        makeTable({
          levels: 1,
          repetitions: 1,
          defaultConfig: { lr: 0.77, model: 'small' },
          metrics: { loss: { goal: 'none', unit: '', split: 'train', kind: 'curve' } },
        }),
      ),
    )
    expect(bare).toMatchObject({
      metric: 'loss',
      goal: 'none',
      best: undefined,
      default: undefined,
      spreadOverRepetitions: null,
      fullTrainingSeconds: null,
      curves: [],
    })
    expect(bare.secondsPerLevel.variation).toBeNull()
    expect(bare.metrics[0]).toMatchObject({ best: null, default: null, pooledSd: null })
  })
})
