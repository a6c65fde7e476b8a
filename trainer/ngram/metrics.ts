/**
 * Metrics of predictions against gold values, both one number per example. A constant prediction scores 0
 * wherever a correlation is undefined, never NaN.
 */

/** Numbers of true/false positives/negatives; an output above 0 (a logit) means class 1. */
function confusion(
  outputs: ArrayLike<number>,
  gold: ArrayLike<number>,
): { tp: number; fp: number; tn: number; fn: number } {
  const counts = { tp: 0, fp: 0, tn: 0, fn: 0 }
  for (let i = 0; i < gold.length; i++) {
    if (outputs[i]! > 0) counts[gold[i] === 1 ? 'tp' : 'fp']++
    else counts[gold[i] === 1 ? 'fn' : 'tn']++
  }
  return counts
}

/** Share of examples whose class is right, in [0, 1]; outputs are logits. */
export function accuracy(outputs: ArrayLike<number>, gold: ArrayLike<number>): number {
  const { tp, tn } = confusion(outputs, gold)
  return gold.length === 0 ? 0 : (tp + tn) / gold.length
}

/** F1 of class 1, in [0, 1]; 0 where class 1 is never right. Outputs are logits. */
export function f1(outputs: ArrayLike<number>, gold: ArrayLike<number>): number {
  const { tp, fp, fn } = confusion(outputs, gold)
  return tp === 0 ? 0 : (2 * tp) / (2 * tp + fp + fn)
}

/** Matthews correlation of the classes, in [-1, 1]; 0 where either side is constant. Outputs are logits. */
export function matthews(outputs: ArrayLike<number>, gold: ArrayLike<number>): number {
  const { tp, fp, tn, fn } = confusion(outputs, gold)
  const scale = Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
  return scale === 0 ? 0 : (tp * tn - fp * fn) / scale
}

/** Pearson's linear correlation, in [-1, 1]; 0 where either side is constant. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length
  let meanA = 0
  let meanB = 0
  for (let i = 0; i < n; i++) {
    meanA += a[i]! / n
    meanB += b[i]! / n
  }
  let ab = 0
  let aa = 0
  let bb = 0
  let constantA = true
  let constantB = true
  for (let i = 0; i < n; i++) {
    const x = a[i]! - meanA
    const y = b[i]! - meanB
    ab += x * y
    aa += x * x
    bb += y * y
    constantA &&= a[i] === a[0]
    constantB &&= b[i] === b[0]
  }
  const scale = Math.sqrt(aa) * Math.sqrt(bb)
  return constantA || constantB || scale === 0 ? 0 : Math.max(-1, Math.min(1, ab / scale))
}

/** Ranks from 1, ties sharing the average of the ranks that they take up. */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(values).sort()
  const ranks = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const below = firstNotBelow(sorted, values[i]!)
    let above = below
    while (above + 1 < sorted.length && sorted[above + 1] === values[i]) above++
    ranks[i] = (below + above) / 2 + 1
  }
  return ranks
}

/** Position of the first number of an ascending array that is not below `value`. */
function firstNotBelow(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

/** Spearman's rank correlation (Pearson's of the average ranks), in [-1, 1]; 0 where either side is constant. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return pearson(averageRanks(a), averageRanks(b))
}
