/** The non-dominated sort of Syne Tune 0.13 to 0.15 with its mistake, for comparisons with runs made by it. */
import { epsilonNetOrder } from '../pareto/epsilon-net.js'
import { nondominatedSort } from '../pareto/pareto.js'
import { type PointList, toFinitePoints } from '../pareto/points.js'

/**
 * What `nondominated_sort(points, dim=0)` returns there: front by front, but within a front the place that each item has
 * in the epsilon-net order is taken for an item, which is the inverse permutation of the order meant. Its MO-ASHA then
 * takes element i of this list of indices for the priority of item i.
 */
export function syneTuneSort(list: PointList): number[] {
  const points = toFinitePoints(list)
  return nondominatedSort(points).flatMap((front) => {
    const place = new Map(epsilonNetOrder(points, front).map((item, k) => [item, k]))
    return front.map((item) => front[place.get(item)!]!)
  })
}
