/** A SYNTHETIC table of FCNet's size and shape, for benchmarks only: a full grid of nine hyperparameters. */
import { choice, ordinal } from '../src/core/space.js'
import { sharedFloat32, sharedFloat64, sharedInt32 } from '../src/surrogates/shared.js'
import type { HyperparameterColumn, TableData } from '../src/surrogates/table-data.js'
import { studyTable } from './study-table.js'

const LEVELS = 100
const REPETITIONS = 4
/** 62,208 configurations. */
const GRID = {
  initial_rate: ordinal([0.0005, 0.001, 0.005, 0.01, 0.05, 0.1]),
  batch_size: ordinal([8, 16, 32, 64]),
  schedule: choice(['cosine', 'constant']),
  activation_1: choice(['relu', 'tanh']),
  activation_2: choice(['relu', 'tanh']),
  units_1: ordinal([16, 32, 64, 128, 256, 512]),
  units_2: ordinal([16, 32, 64, 128, 256, 512]),
  dropout_1: ordinal([0, 0.3, 0.6]),
  dropout_2: ordinal([0, 0.3, 0.6]),
}
export const GRID_SIZE = Object.values(GRID).reduce((product, { values }) => product * values.length, 1)

/** The first `configurations` of the grid x 4 repetitions x 100 levels x 3 metrics in float32, with curves of {@link studyTable}. */
export function gridTable(configurations: number): TableData {
  const base = studyTable(configurations, REPETITIONS, LEVELS)
  const { rows, curves } = base
  const columns = gridColumns(GRID, rows, REPETITIONS)
  const train = sharedFloat32(rows * LEVELS)
  for (const [i, value] of curves['validation_error']!.entries()) train[i] = 0.9 * value
  const name = `grid-${configurations}x${REPETITIONS}x${LEVELS}`
  return {
    ...base,
    metadata: {
      ...base.metadata,
      name,
      space: structuredClone(GRID) as unknown as TableData['metadata']['space'],
      defaultConfig: Object.fromEntries(Object.entries(GRID).map(([key, { values }]) => [key, values[0]!])),
      metrics: {
        ...base.metadata.metrics,
        train_error: { goal: 'min', unit: '', split: 'train', kind: 'curve' },
      },
      provenance: { kind: 'synthetic', generator: 'benchmarks/grid-table.ts', seed: 0 },
    },
    checksum: name,
    hyperparameters: columns,
    curves: { ...curves, train_error: train },
  }
}

/** The hyperparameters of the first `rows` rows of a grid, each configuration `repetitions` times, the first varying fastest. */
export function gridColumns(
  grid: Readonly<Record<string, { readonly values: readonly (number | string)[] }>>,
  rows: number,
  repetitions: number,
): Record<string, HyperparameterColumn> {
  const columns: Record<string, HyperparameterColumn> = {}
  let stride = repetitions
  for (const [name, { values }] of Object.entries(grid)) {
    const code = (row: number): number => Math.floor(row / stride) % values.length
    const texts = values.filter((value) => typeof value === 'string')
    if (texts.length > 0) {
      const codes = sharedInt32(rows)
      for (let row = 0; row < rows; row++) codes[row] = code(row)
      columns[name] = { kind: 'text', values: codes, dictionary: texts }
    } else {
      const numbers = sharedFloat64(rows)
      for (let row = 0; row < rows; row++) numbers[row] = values[code(row)] as number
      columns[name] = { kind: 'float', values: numbers }
    }
    stride *= values.length
  }
  return columns
}
