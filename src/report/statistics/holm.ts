/** Holm's correction for several tests. */

/**
 * Adjusted p-values that keep the chance of any false rejection below the level (Holm 1979, A Simple Sequentially
 * Rejective Multiple Test Procedure): reject where the adjusted value is at most the level. In the order of the input.
 */
export function holm(pValues: readonly number[]): number[] {
  const m = pValues.length
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!)
  const adjusted = Array.from(pValues)
  let highest = 0
  for (const [k, i] of order.entries()) {
    highest = Math.max(highest, Math.min(1, (m - k) * pValues[i]!))
    adjusted[i] = highest
  }
  return adjusted
}
