/** Which recorded repetition of a configuration a trial replays. */
import { mix, mixedUniform } from '../../core/random.js'

/**
 * Chooses repetitions so that methods are paired and no training is used twice where another is left:
 *
 * - the first use of a configuration in the run of seed s takes the same repetition under every method;
 * - over R seeds in a row, the first use takes each of the R repetitions once;
 * - within a run, further uses of the configuration take the other repetitions, each once, before any comes again.
 *
 * @param repetitions R, how many repetitions the configuration has
 * @param configHash 32 bits that stand for the configuration
 * @param seed the run's seed, a whole number >= 0
 * @param use 0 for the first trial of this configuration in the run, then 1, 2, ...
 */
export function chooseRepetition(repetitions: number, configHash: number, seed: number, use: number): number {
  if (repetitions === 1) return 0
  const cycle = Math.floor(seed / repetitions)
  const first = permute(repetitions, mix(mix(configHash, 1), cycle))[seed % repetitions]!
  const position = use % repetitions
  if (position === 0) return first
  const own = permute(repetitions, mix(mix(configHash, 2), seed))
  // The run's own order with `first` swapped to the front: where `first` stood is now what stood in front.
  return own[position] === first ? own[0]! : own[position]!
}

let scratch = new Int32Array(64)

/** A permutation of 0..n-1 (Fisher-Yates), mixed from a key; valid until the next call. */
function permute(n: number, key: number): Int32Array {
  if (n > scratch.length) scratch = new Int32Array(2 * n)
  const order = scratch
  for (let i = 0; i < n; i++) order[i] = i
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(mixedUniform(key, i) * (i + 1))
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
  return order
}
