/** Pareto dominance and non-dominated sorting; every objective is minimised. */
import { type PointList, type Points, toOrderedPoints } from './points.js'

/** Whether `a` dominates `b`: at most as large in every objective and smaller in one. Equal points do not dominate each other. */
export function dominates(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  let smaller = false
  for (let j = 0; j < a.length; j++) {
    if (!(a[j]! <= b[j]!)) return false
    if (a[j]! < b[j]!) smaller = true
  }
  return smaller
}

/**
 * The points in fronts: the first holds those that no point dominates, the next those that only points of the fronts
 * before it dominate, and so on. Equal points share a front.
 *
 * Efficient non-dominated sort with binary search (Zhang et al. 2015, An Efficient Approach to Nondominated Sorting for
 * Evolutionary Multiobjective Optimization): points are taken in lexicographic order, so that none dominates one before
 * it, and put into the first front that holds no dominator. O(n log n) for one and two objectives, where a front's last
 * point decides; O(d n^2) at worst for more.
 *
 * @returns indices into `points`, ascending within a front
 * @throws {BenchError} when a value is NaN or the points differ in their number of objectives
 */
export function nondominatedSort(points: PointList): number[][] {
  const flat = toOrderedPoints(points)
  const fronts: number[][] = []
  const front = frontNumbers(flat)
  for (let i = 0; i < flat.count; i++) {
    while (fronts.length <= front[i]!) fronts.push([])
    fronts[front[i]!]!.push(i)
  }
  return fronts
}

/** The indices of the points that no point dominates, ascending. */
export function paretoFront(points: PointList): number[] {
  const flat = toOrderedPoints(points)
  const { values, objectives } = flat
  const front: number[] = []
  // In lexicographic order a point can be dominated by one before it only.
  for (const i of lexicographic(flat)) if (!dominatedBy(values, objectives, front, i)) front.push(i)
  return front.sort((a, b) => a - b)
}

/** The number of each point's front, from 0. */
function frontNumbers(points: Points): Int32Array {
  const { values, objectives, count } = points
  const number = new Int32Array(count)
  const fronts: number[][] = []
  let previous = -1
  for (const i of lexicographic(points)) {
    let low = 0
    if (previous >= 0 && equal(values, objectives, previous, i)) low = number[previous]!
    else {
      let high = fronts.length
      while (low < high) {
        const middle = (low + high) >> 1
        if (dominatedBy(values, objectives, fronts[middle]!, i)) low = middle + 1
        else high = middle
      }
    }
    number[i] = low
    if (low === fronts.length) fronts.push([i])
    else if (objectives <= 2) fronts[low]![0] = i
    else fronts[low]!.push(i)
    previous = i
  }
  return number
}

/** Whether a member of a front dominates point i, which none of them equals or follows in lexicographic order. */
function dominatedBy(values: Float64Array, d: number, front: readonly number[], i: number): boolean {
  const at = i * d
  for (let k = front.length - 1; k >= 0; k--) {
    const member = front[k]! * d
    let j = 0
    let smaller = false
    for (; j < d; j++) {
      const difference = values[member + j]! - values[at + j]!
      if (difference > 0) break
      if (difference < 0) smaller = true
    }
    if (j === d && smaller) return true
    // Of two objectives the last member has the smallest second one, and any that shares it shares the first.
    if (d <= 2) return false
  }
  return false
}

function equal(values: Float64Array, d: number, a: number, b: number): boolean {
  for (let j = 0; j < d; j++) if (values[a * d + j] !== values[b * d + j]) return false
  return true
}

/** The indices in lexicographic order of the points, equal ones by index. */
function lexicographic({ values, objectives: d, count }: Points): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i).sort((a, b) => {
    for (let j = 0; j < d; j++) {
      const [x, y] = [values[a * d + j]!, values[b * d + j]!]
      if (x !== y) return x < y ? -1 : 1
    }
    return a - b
  })
}
