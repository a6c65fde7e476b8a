/** The few descriptive statistics that a table's description needs. NaN where there is nothing to describe. */

export function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum / values.length
}

/** Sum of squared deviations from the mean. */
export function squaredDeviations(values: ArrayLike<number>): number {
  const centre = mean(values)
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (values[i]! - centre) ** 2
  return sum
}

/** Standard deviation with n - 1; NaN below two values. */
export function standardDeviation(values: ArrayLike<number>): number {
  return values.length < 2 ? Number.NaN : Math.sqrt(squaredDeviations(values) / (values.length - 1))
}

/** The p-quantile, 0 <= p <= 1, interpolated linearly between order statistics. */
export function quantile(values: Iterable<number>, p: number): number {
  const sorted = Float64Array.from(values).sort()
  if (sorted.length === 0) return Number.NaN
  const at = p * (sorted.length - 1)
  const below = Math.floor(at)
  return sorted[below]! + (at - below) * ((sorted[below + 1] ?? sorted[below]!) - sorted[below]!)
}

/** A number as JSON can hold it. */
export function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
