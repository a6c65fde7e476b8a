/** How numbers stand below and beside axes: those of one axis are alike. */

/** From here on numbers have an exponent, as they have in words. */
const [SMALL, LARGE] = [1e-4, 1e7]

/** What Vega-Lite takes for the numbers of an axis; it gives all of a linear axis as many decimals. */
export interface NumberFormat {
  readonly format?: string
  readonly values?: number[]
}

/** @param values what is drawn along the axis */
export function linearNumbers(values: readonly number[]): NumberFormat {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  // A single number has no distance to the next that decimals could follow.
  if (!(high > low)) return { format: '.4~g' }
  const size = Math.max(Math.abs(low), Math.abs(high))
  return size >= LARGE || high - low < 2 * SMALL ? { format: 'e' } : {}
}

/** 1, 2 and 5 of every power of ten; with more than two of these 1 and 3, with more than four 1 alone. */
export function logNumbers(values: readonly number[]): NumberFormat {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const [first, last] = [Math.floor(Math.log10(low)), Math.floor(Math.log10(high))]
  const decades = Math.log10(high / low)
  const steps = decades > 4 ? [1] : decades > 2 ? [1, 3] : [1, 2, 5]
  const powers = Array.from({ length: last - first + 1 }, (_, k) => first + k)
  const ticks = powers.flatMap((power) => steps.map((step) => Number(`${step}e${power}`)))
  const shown = ticks.filter((tick) => tick >= low && tick <= high)
  const plain = low >= SMALL && high < LARGE
  return { ...(shown.length > 1 && { values: shown }), format: plain ? '~f' : '~e' }
}
