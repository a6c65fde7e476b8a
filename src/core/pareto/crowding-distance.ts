/** Crowding distance: how much room the neighbours leave a point of a front. */
import { type PointList, toFinitePoints } from './points.js'

/**
 * The crowding distance of NSGA-II (Deb et al. 2002, A Fast and Elitist Multiobjective Genetic Algorithm, section III-B):
 * per objective the distance between a point's two neighbours as a share of the front's range, summed; infinite for the
 * ends. Equal values stand in the order of `front`. An objective in which all are equal has no ends and adds nothing;
 * in a front of one or two all are ends. O(d m log m).
 *
 * @param front indices into `points`
 * @returns one distance per index of `front`; the larger the lonelier
 */
export function crowdingDistance(points: PointList, front: ArrayLike<number>): number[] {
  const { values, objectives } = toFinitePoints(points)
  return crowdingDistances(values, objectives, front)
}

/** {@link crowdingDistance} of flat points that are known to be finite. */
export function crowdingDistances(values: Float64Array, d: number, front: ArrayLike<number>): number[] {
  const size = front.length
  const distances: number[] = Array.from({ length: size }, () => (size <= 2 ? Infinity : 0))
  if (size <= 2) return distances
  const order = Int32Array.from({ length: size }, (_, k) => k)
  for (let j = 0; j < d; j++) {
    // Halves, so that no difference of finite numbers overflows; shares of the range do not change.
    const value = (k: number): number => values[front[k]! * d + j]! / 2
    order.sort((a, b) => value(a) - value(b) || a - b)
    const range = value(order[size - 1]!) - value(order[0]!)
    if (range === 0) continue
    distances[order[0]!] = Infinity
    distances[order[size - 1]!] = Infinity
    for (let k = 1; k < size - 1; k++) distances[order[k]!]! += (value(order[k + 1]!) - value(order[k - 1]!)) / range
  }
  return distances
}
