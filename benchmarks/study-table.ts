/** A synthetic table with curves like those of a study, for benchmarks only: any size, the same for the same arguments. */
import { mix, mixedUniform } from '../src/core/random.js'
import { float, int } from '../src/core/space.js'
import { FORMAT_VERSION } from '../src/surrogates/metadata.js'
import { sharedFloat32, sharedFloat64, sharedInt32, sharedUint8 } from '../src/surrogates/shared.js'
import type { TableData } from '../src/surrogates/table-data.js'

/** `configurations` x `repetitions` rows of `levels` levels: errors that fall like powers, about a second per level. */
export function studyTable(configurations: number, repetitions: number, levels: number): TableData {
  const rows = configurations * repetitions
  const [rate, width, repetition, reached] = [
    sharedFloat64(rows),
    sharedInt32(rows),
    sharedInt32(rows),
    sharedInt32(rows),
  ]
  const elapsed = sharedFloat64(rows * levels)
  const [validation, test] = [sharedFloat32(rows * levels), sharedFloat32(rows * levels)]
  for (let row = 0; row < rows; row++) {
    const configuration = Math.floor(row / repetitions)
    const u = (purpose: number): number => mixedUniform(mix(configuration, purpose), 7)
    rate[row] = 10 ** (-4 + 4 * ((configuration + 0.5) / configurations))
    width[row] = 16 + (configuration % 497)
    repetition[row] = row % repetitions
    reached[row] = levels
    const [final, first, power, pace] = [0.1 + 0.4 * u(1), 0.5 + 0.4 * u(2), 0.3 + u(3), 0.5 + u(4)]
    let time = 0
    for (let level = 1; level <= levels; level++) {
      const at = row * levels + level - 1
      const noise = 0.02 * (mixedUniform(mix(row, 11), level) - 0.5)
      time += pace * (0.95 + 0.1 * mixedUniform(mix(row, 13), level))
      elapsed[at] = time
      validation[at] = final + (first - final) * level ** -power + noise
      test[at] = validation[at]! + 0.01
    }
  }
  return {
    metadata: {
      formatVersion: FORMAT_VERSION,
      name: `study-${configurations}x${repetitions}x${levels}`,
      description: 'Made for benchmarks.',
      resource: { name: 'epoch', levels },
      metrics: {
        validation_error: { goal: 'min', unit: '', split: 'validation', kind: 'curve' },
        test_error: { goal: 'min', unit: '', split: 'test', kind: 'curve' },
      },
      space: { learning_rate: float(1e-4, 1, { scale: 'log' }), width: int(16, 512) },
      defaultConfig: { learning_rate: rate[0]!, width: width[0]! },
      provenance: { kind: 'synthetic', generator: 'benchmarks/study-table.ts', seed: 0 },
    },
    checksum: `study-${configurations}x${repetitions}x${levels}`,
    rows,
    levels,
    hyperparameters: { learning_rate: { kind: 'float', values: rate }, width: { kind: 'int', values: width } },
    repetition,
    reached,
    ended: sharedUint8(rows),
    elapsed,
    startup: sharedFloat64(rows),
    cpu: sharedFloat64(rows),
    curves: { validation_error: validation, test_error: test },
    statics: {},
  }
}
