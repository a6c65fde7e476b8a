import { hashTexts } from './bags.js'
import type { FeatureHasher } from './features.js'
import type { GlueData } from './glue-data.js'
import type { BagModel } from './model.js'

const WARM_UP = 300
const MEASURED = 1001

/**
 * Median time of one prediction from raw text, hashing included, in milliseconds, on texts of the validation
 * part one after another, after a warm-up.
 */
export function measureLatency(model: BagModel, hasher: FeatureHasher, data: GlueData): number {
  const { texts, gold } = data.validation
  const sides = texts.length / gold.length
  const times = new Float64Array(MEASURED)
  for (let i = -WARM_UP; i < MEASURED; i++) {
    const example = (i + WARM_UP) % gold.length
    const raw = texts.slice(example * sides, (example + 1) * sides)
    const start = performance.now()
    model.forward(hashTexts(hasher, raw, 512), 0)
    if (i >= 0) times[i] = performance.now() - start
  }
  return times.sort()[(MEASURED - 1) / 2]!
}
