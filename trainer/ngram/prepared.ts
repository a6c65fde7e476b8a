import { type Bags, hashTexts } from './bags.js'
import type { FeatureHasher } from './features.js'
import type { Examples, GlueData } from './glue-data.js'

/** Examples as a model sees them. */
export interface Part {
  readonly bags: Bags
  readonly gold: Float64Array
}

/** All parts of a task, hashed for one family. */
export interface Prepared {
  readonly train: Part
  readonly validation: Part
  readonly test: Part
}

/** Hashes every text once, before training. */
export function prepare(data: GlueData, hasher: FeatureHasher): Prepared {
  const part = (examples: Examples): Part => ({ bags: hashTexts(hasher, examples.texts), gold: examples.gold })
  return { train: part(data.train), validation: part(data.validation), test: part(data.test) }
}
