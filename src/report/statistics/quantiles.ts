/** Median and quartiles. */

/** The quantile of a sample by linear interpolation (Hyndman and Fan 1996, type 7); NaN for no numbers. */
export function quantile(values: readonly number[], q: number): number {
  return quantileOfSorted(
    values.toSorted((a, b) => a - b),
    q,
  )
}

/** {@link quantile} of numbers that ascend already. O(1). */
export function quantileOfSorted(sorted: ArrayLike<number>, q: number): number {
  const position = (sorted.length - 1) * q
  const low = Math.floor(position)
  if (sorted.length === 0) return Number.NaN
  const [a, b] = [sorted[low]!, sorted[Math.min(low + 1, sorted.length - 1)]!]
  return a === b ? a : a + (b - a) * (position - low)
}

/** Median with the first and third quartile. */
export interface Quartiles {
  readonly low: number
  readonly median: number
  readonly high: number
}

/** Median and quartiles of a sample. */
export function quartiles(values: readonly number[]): Quartiles {
  return { low: quantile(values, 0.25), median: quantile(values, 0.5), high: quantile(values, 0.75) }
}
