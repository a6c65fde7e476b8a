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
  const first = permutation(repetitions, mix(mix(configHash, 1), cycle))[seed % repetitions]!
  const position = use % repetitions
  if (position === 0) return first
  const own = permutation(repetitions, mix(mix(configHash, 2), seed))
  // The run's own order, with `first` moved to the front by a swap.
  const at = own.indexOf(first)
  own[at] = own[0]!
  return own[position]!
}

/** A permutation of 0..n-1 (Fisher-Yates), mixed from a key. */
function permutation(n: number, key: number): number[] {
  const order = Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(mixedUniform(key, i) * (i + 1))
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
  return order
}
