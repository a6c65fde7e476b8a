/** Quantiles. */

/**
 * The quantile of sorted numbers with linear interpolation between neighbours (Hyndman and Fan 1996, Sample Quantiles in
 * Statistical Packages, type 7), rounded as numpy rounds it: taken from the nearer neighbour. NaN without numbers; Infinity
 * between a number and Infinity. None may be NaN or -Infinity.
 *
 * @param at the number at a place from 0 (the smallest) to size - 1
 * @param q from 0 to 1
 */
export function quantileOfSorted(size: number, at: (place: number) => number, q: number): number {
  if (size === 0) return NaN
  const position = (size - 1) * q
  const place = Math.floor(position)
  const fraction = position - place
  const low = at(place)
  if (fraction === 0) return low
  const high = at(place + 1)
  if (low === high || high === Infinity) return high
  return fraction < 0.5 ? low + (high - low) * fraction : high - (high - low) * (1 - fraction)
}
