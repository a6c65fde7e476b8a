/** Sums in the order in which numpy takes them, so that means come out equal to the last bit. */

/**
 * The sum of `values[from] .. values[to - 1]`: below 8 numbers from left to right; up to 128 in eight interleaved sums, the
 * rest added one by one; above that both halves (the first a multiple of 8 long) on their own. The rounding error grows with
 * the logarithm of the length only (Higham 1993, The Accuracy of Floating Point Summation, section 3). O(n).
 */
export function pairwiseSum(values: Float64Array, from: number, to: number): number {
  const n = to - from
  if (n < 8) {
    let sum = 0
    for (let i = from; i < to; i++) sum += values[i]!
    return sum
  }
  if (n > 128) {
    const half = Math.floor(n / 2)
    const middle = from + half - (half % 8)
    return pairwiseSum(values, from, middle) + pairwiseSum(values, middle, to)
  }
  let [a, b, c, d] = [values[from]!, values[from + 1]!, values[from + 2]!, values[from + 3]!]
  let [e, f, g, h] = [values[from + 4]!, values[from + 5]!, values[from + 6]!, values[from + 7]!]
  let i = from + 8
  for (; i + 8 <= to; i += 8) {
    a += values[i]!
    b += values[i + 1]!
    c += values[i + 2]!
    d += values[i + 3]!
    e += values[i + 4]!
    f += values[i + 5]!
    g += values[i + 6]!
    h += values[i + 7]!
  }
  let sum = a + b + (c + d) + (e + f + (g + h))
  for (; i < to; i++) sum += values[i]!
  return sum
}
