/** Synthetic tables with three objectives, for benchmarks only: the same for the same arguments. */
import { mix, mixedUniform } from '../src/core/random.js'
import { float } from '../src/core/space.js'
import { sharedFloat32, sharedFloat64 } from '../src/surrogates/shared.js'
import type { TableData } from '../src/surrogates/table-data.js'
import { studyTable } from './study-table.js'

/**
 * - `study`: as in fine-tuning. Six model families whose latency and time per epoch grow with size; larger ones reach lower
 *   errors if they are tuned well, and tuning decides most of the error. Cost is time times price.
 * - `trade-off`: points near the surface where the objectives exclude each other, so that most are not dominated.
 */
export type Surface = 'study' | 'trade-off'

/** {@link studyTable} with one repetition and the objectives validation_error, latency_ms and cost. */
export function moStudyTable(configurations: number, levels: number, surface: Surface): TableData {
  const base = studyTable(configurations, 1, levels)
  const rate = sharedFloat64(configurations)
  const latency = sharedFloat64(configurations)
  const elapsed = sharedFloat64(configurations * levels)
  const [error, cost] = [sharedFloat32(configurations * levels), sharedFloat32(configurations * levels)]
  for (let row = 0; row < configurations; row++) {
    const u = (purpose: number): number => mixedUniform(mix(row, purpose), 3)
    const size = surface === 'study' ? Math.floor(u(1) * 6) / 5 : u(1)
    rate[row] = 10 ** (-6 + 2 * ((row + 0.5) / configurations))
    latency[row] = 4 * 8 ** size * (0.95 + 0.1 * u(2))
    const [price, pace] = [0.5 + 2.5 * (surface === 'study' ? u(3) : 1 - size), 0.3 * 5 ** size * (0.9 + 0.2 * u(4))]
    const tuned = surface === 'study' ? u(5) ** 2 : 0.02 * u(5)
    const final = 0.3 - 0.15 * size + 0.4 * tuned
    let time = 0
    for (let level = 1; level <= levels; level++) {
      const at = row * levels + level - 1
      time += pace * (0.97 + 0.06 * mixedUniform(mix(row, 13), level))
      elapsed[at] = time
      error[at] = final + 0.2 * level ** -(0.4 + u(6)) + 0.01 * (mixedUniform(mix(row, 11), level) - 0.5)
      cost[at] = (time * price) / 3600
    }
  }
  const name = `mo-${surface}-${configurations}x${levels}`
  return {
    ...base,
    metadata: {
      ...base.metadata,
      name,
      metrics: {
        validation_error: { goal: 'min', unit: '', split: 'validation', kind: 'curve' },
        cost: { goal: 'min', unit: 'USD', split: 'train', kind: 'curve' },
        latency_ms: { goal: 'min', unit: 'ms', split: 'test', kind: 'static' },
      },
      space: { learning_rate: float(1e-6, 1e-4, { scale: 'log' }) },
      defaultConfig: { learning_rate: rate[0]! },
      provenance: { kind: 'synthetic', generator: 'benchmarks/mo-study-table.ts', seed: 0 },
    },
    checksum: name,
    hyperparameters: { learning_rate: { kind: 'float', values: rate } },
    elapsed,
    curves: { validation_error: error, cost },
    statics: { latency_ms: latency },
  }
}
