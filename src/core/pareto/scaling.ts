/** Objectives on one scale: losses between 0 (the ideal) and 1 (the nadir). */

/**
 * A value as a loss in which the ideal is 0 and the nadir is 1; the goal is in their order. Better than the ideal counts
 * as the ideal, so that volumes stay in [0, 1]; worse than the nadir is more than 1; what is not finite is Infinity.
 * Where ideal and nadir are the same, nothing tells values apart: all that are finite are 0.
 */
export function scaledLoss(
  value: number,
  { ideal, nadir }: { readonly ideal: number; readonly nadir: number },
): number {
  if (!Number.isFinite(value)) return Infinity
  return ideal === nadir ? 0 : Math.max(0, (value - ideal) / (nadir - ideal))
}
