/**
 * A SYNTHETIC table whose configurations are all of a grid, so that every draw of either system is one of its rows:
 * 8,192 configurations x 81 levels, two objectives, about a second per level.
 */
import { mix, mixedUniform } from '../../src/core/random.js'
import { choice, ordinal } from '../../src/core/space.js'
import { sharedFloat64 } from '../../src/surrogates/shared.js'
import type { TableData } from '../../src/surrogates/table-data.js'
import { gridColumns } from '../grid-table.js'
import { studyTable } from '../study-table.js'

const LEVELS = 81
const GRID = {
  model: choice(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']),
  learning_rate: ordinal(Array.from({ length: 16 }, (_, i) => 10 ** (-4 + i / 4))),
  batch_size: ordinal([8, 16, 24, 32, 48, 64, 96, 128]),
  dropout: ordinal([0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5]),
}

/** With the curves of {@link studyTable}, and a latency that differs most between models. */
export function peerTable(): TableData {
  const base = studyTable(
    Object.values(GRID).reduce((size, { values }) => size * values.length, 1),
    1,
    LEVELS,
  )
  const latency = sharedFloat64(base.rows)
  for (let row = 0; row < base.rows; row++)
    latency[row] = 4 + 2 * (row % GRID.model.values.length) + mixedUniform(mix(row, 5), 1)
  return {
    ...base,
    metadata: {
      ...base.metadata,
      name: 'peers',
      metrics: {
        ...base.metadata.metrics,
        latency_ms: { goal: 'min', unit: 'ms', split: 'test', kind: 'static' },
      },
      space: structuredClone(GRID) as unknown as TableData['metadata']['space'],
      defaultConfig: Object.fromEntries(Object.entries(GRID).map(([name, { values }]) => [name, values[0]!])),
      provenance: { kind: 'synthetic', generator: 'benchmarks/peers/table.ts', seed: 0 },
    },
    checksum: 'peers',
    hyperparameters: gridColumns(GRID, base.rows, 1),
    statics: { latency_ms: latency },
  }
}
