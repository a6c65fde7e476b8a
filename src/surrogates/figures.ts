/** A few statistics; where there is nothing to say they are null, so that they can stand in a JSON document. */

export function mean(values: ArrayLike<number>): number | null {
  if (values.length === 0) return null
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return finite(sum / values.length)
}

/** Sample standard deviation; null for fewer than two values. */
export function deviation(values: ArrayLike<number>): number | null {
  return values.length < 2 ? null : finite(Math.sqrt(squares(values) / (values.length - 1)))
}

/** Sum of squared differences from the mean. */
export function squares(values: ArrayLike<number>): number {
  const center = mean(values) ?? 0
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (values[i]! - center) ** 2
  return sum
}

/** Quantile `p` in [0, 1], interpolated linearly between neighbours. */
export function quantile(values: Iterable<number>, p: number): number | null {
  const sorted = Float64Array.from(values).sort()
  if (sorted.length === 0) return null
  const at = p * (sorted.length - 1)
  const below = sorted[Math.floor(at)]!
  return finite(below + (at % 1) * (sorted[Math.ceil(at)]! - below))
}

export function median(values: Iterable<number>): number | null {
  return quantile(values, 0.5)
}

export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
