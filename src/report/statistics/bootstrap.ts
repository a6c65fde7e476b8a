/** Bootstrap intervals, seeded: the same sample always gives the same interval. */
import { RandomStreams } from '../../core/random.js'
import { quantile } from './quantiles.js'
import type { Interval } from './student.js'

export interface BootstrapOptions {
  /** Default 0.95. */
  readonly confidence?: number
  /** How many resamples. Default 2,000. */
  readonly resamples?: number
  /** Default 0. */
  readonly seed?: number
}

/**
 * The percentile interval of a statistic (Efron 1979, Bootstrap Methods: Another Look at the Jackknife): the sample is
 * drawn again with replacement, and the middle 95 % of the statistic is the interval. It is too narrow for few numbers
 * (at five, about 85 % instead of 95 %), where Student's t is the better choice for a mean.
 *
 * @returns null for fewer than two numbers
 */
export function bootstrapInterval(
  values: readonly number[],
  statistic: (values: readonly number[]) => number,
  { confidence = 0.95, resamples = 2000, seed = 0 }: BootstrapOptions = {},
): Interval | null {
  const n = values.length
  if (n < 2) return null
  const random = new RandomStreams(seed).stream('bootstrap')
  const again = Array.from(values)
  const statistics = Array.from({ length: resamples }, () => {
    for (let i = 0; i < n; i++) again[i] = values[random.int(n)]!
    return statistic(again)
  })
  const tail = (1 - confidence) / 2
  return [quantile(statistics, tail), quantile(statistics, 1 - tail)]
}
