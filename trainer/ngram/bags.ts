import type { FeatureHasher } from './features.js'

/**
 * The hashed n-grams of many texts in compressed rows: text `t` has the buckets `ids[offsets[t]]` to
 * `ids[offsets[t + 1] - 1]`, each with its weight.
 */
export interface Bags {
  readonly ids: Int32Array
  /** How much each bucket counts; of Euclidean length 1 in each text. */
  readonly weights: Float32Array
  /** Length: number of texts + 1. */
  readonly offsets: Int32Array
}

/**
 * Hashes all texts. The weights of a text are its counts, scaled to Euclidean length 1. That replaces the mean
 * of an embedding bag: with independent embeddings it makes the inner product of two texts an estimate of the
 * cosine between their n-gram counts, whatever their lengths.
 * @param room space to begin with, in entries
 */
export function hashTexts(hasher: FeatureHasher, texts: readonly string[], room = 1 << 16): Bags {
  const offsets = new Int32Array(texts.length + 1)
  let ids = new Int32Array(room)
  let weights = new Float32Array(ids.length)
  let size = 0
  for (let t = 0; t < texts.length; t++) {
    hasher.hash(texts[t]!)
    if (size + hasher.size > ids.length) {
      const more = 2 * (size + hasher.size)
      const larger = new Int32Array(more)
      larger.set(ids)
      ids = larger
      const heavier = new Float32Array(more)
      heavier.set(weights)
      weights = heavier
    }
    let squares = 0
    for (let k = 0; k < hasher.size; k++) squares += hasher.counts[k]! ** 2
    const scale = 1 / Math.sqrt(squares)
    for (let k = 0; k < hasher.size; k++) {
      ids[size] = hasher.ids[k]!
      weights[size++] = hasher.counts[k]! * scale
    }
    offsets[t + 1] = size
  }
  return { ids: ids.subarray(0, size), weights: weights.subarray(0, size), offsets }
}
