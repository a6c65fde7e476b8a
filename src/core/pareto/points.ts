/** Sets of points in objective space, in one flat array; every objective is minimised. */
import { invalid } from '../errors.js'

/** `count` points of `objectives` numbers each; point i is `values[i * objectives ... (i + 1) * objectives - 1]`. */
export interface Points {
  readonly count: number
  readonly objectives: number
  readonly values: Float64Array
}

/** A list of points, one array each, or {@link Points}, which need no copy. All are losses: smaller is better. */
export type PointList = Points | readonly ArrayLike<number>[]

/**
 * A list of points as flat points; flat ones as they are.
 *
 * @throws {BenchError} when the points do not all have the same number of objectives, at least one
 */
export function toPoints(list: PointList): Points {
  if ('values' in list && 'objectives' in list) return list
  const objectives = list[0]?.length ?? 0
  const values = new Float64Array(list.length * objectives)
  for (const [i, point] of list.entries()) {
    if (point.length !== objectives || objectives === 0)
      throw invalid(`points[${i}]`, Array.from(point), `must have ${objectives || 'some'} numbers`)
    values.set(point, i * objectives)
  }
  return { count: list.length, objectives, values }
}

/** As {@link toPoints}, for algorithms in which a NaN would compare as equal to everything. */
export function toOrderedPoints(list: PointList): Points {
  const points = toPoints(list)
  const at = points.values.findIndex(Number.isNaN)
  if (at >= 0)
    throw invalid(
      `points[${Math.floor(at / points.objectives)}]`,
      Number.NaN,
      'must have numbers only',
      'leave out points with NaN',
    )
  return points
}

/** As {@link toPoints}, for algorithms that take differences. */
export function toFinitePoints(list: PointList): Points {
  const points = toPoints(list)
  const at = points.values.findIndex((value) => !Number.isFinite(value))
  if (at >= 0)
    throw invalid(
      `points[${Math.floor(at / points.objectives)}]`,
      points.values[at],
      'must have finite numbers only',
      'leave out points that are not finite',
    )
  return points
}
