/** A table with everything that formats may lose: all kinds of hyperparameters, ends, repetitions and metrics. */
import { choice, constant, float, int, ordinal } from '../../src/core/space.js'
import type { Ended, TableData } from '../../src/surrogates/table-data.js'
import { makeTable } from '../surrogates/make-table.js'

const space = {
  lr: float(1e-5, 1, { scale: 'log' }),
  units: int(1, 100),
  'model, "wide"': choice(['a', 'b, "c"', ' d ']),
  nesterov: choice([true, false]),
  batch: ordinal([8, 16, 32]),
  kind: ordinal(['low', 'high']),
  dropout: ordinal([0, 0.1, 1]),
  epochs: constant(5),
}

const configurations = Array.from({ length: 9 }, (_, i) => ({
  lr: 0.1 ** i / 3 + 1e-5,
  units: 3 * i + 1,
  'model, "wide"': ['a', 'b, "c"', ' d '][i % 3]!,
  nesterov: i % 2 === 0,
  batch: [8, 16, 32][i % 3]!,
  kind: i < 4 ? 'low' : 'high',
  dropout: [0, 0.1, 1][i % 3]!,
  epochs: 5,
}))

/** How rows end, and after how many of 5 levels. */
const ENDS: Readonly<Record<number, readonly [Ended, number]>> = {
  1: ['stopped', 3],
  4: ['failed', 2],
  7: ['diverged', 5],
  11: ['failed', 0],
}

/** @param whole whether all trainings hold all levels */
export function variedTable(whole = false): TableData {
  const data = makeTable({
    name: 'varied',
    levels: 5,
    space,
    configurations,
    defaultConfig: configurations[2]!,
    repetitions: (i) => (whole ? 2 : 1 + (i % 3)),
    metrics: {
      val_error: { goal: 'min', unit: '', split: 'validation', kind: 'curve' },
      test_accuracy: { goal: 'max', unit: '%', split: 'test', kind: 'curve', description: 'of the test set' },
      parameters: { goal: 'none', unit: '', split: 'none', kind: 'static' },
    },
    value: ({ configuration, repetition, level, metric }) =>
      metric === 'parameters' ? 1000 + configuration : 1 / (level + configuration / 3) + repetition / 7,
    elapsed: ({ configuration, level }) => (level * (1 + configuration)) / 3,
    end: (row) => {
      const [ended, reached] = (whole ? undefined : ENDS[row]) ?? ['completed', 5]
      return { ended, reached }
    },
    startup: 0.25,
    metadata: {
      resource: { name: 'epoch', levels: 5 },
      provenance: { kind: 'imported', source: 'made up', licence: 'CC0-1.0', sha256: {} },
    },
  })
  // A training that diverged keeps all its levels; its curves are NaN from where it did.
  for (const row of whole ? [5] : [7]) {
    data.ended[row] = 2
    for (const curve of Object.values(data.curves)) curve.fill(Number.NaN, row * 5 + 2, row * 5 + 5)
  }
  return data
}
