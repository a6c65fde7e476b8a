/** Points in a space of few dimensions, cut in halves again and again, so that whole regions can be passed over. */

/** Points of a leaf: so few are looked at one by one faster than through more boxes. */
const LEAF = 16

/**
 * A k-d tree (Bentley 1975, Multidimensional Binary Search Trees Used for Associative Searching): node n has the children
 * 2n + 1 and 2n + 2, all leaves lie on one level, and a node's points stand side by side from `start[n]` to before
 * `end[n]`. Each node knows the smallest box around its points. Building takes O(m d log m) for m points; memory is used
 * again by the next build.
 */
export class KdTree {
  readonly dimensions: number
  /** How many nodes there are; those from `firstLeaf` on are leaves. */
  nodes = 0
  firstLeaf = 0
  start = new Int32Array(0)
  end = new Int32Array(0)
  /** (m) which point stands at a place */
  order = new Int32Array(0)
  /** (m * dimensions) the coordinates of the point at a place */
  points = new Float64Array(0)
  /** (nodes * dimensions) */
  low = new Float64Array(0)
  high = new Float64Array(0)
  readonly #factors: Float64Array

  constructor(dimensions: number) {
    this.dimensions = dimensions
    this.#factors = new Float64Array(dimensions).fill(1)
  }

  /**
   * @param source point i is at `i * dimensions`
   * @param count m
   * @param factors what differences are multiplied by, per dimension; default 1
   */
  build(source: Float64Array, count: number, factors: Float64Array = this.#factors): void {
    const d = this.dimensions
    this.#makeRoom(count)
    const { order, points } = this
    for (let i = 0; i < count; i++) order[i] = i
    this.start[0] = 0
    this.end[0] = count
    for (let n = 0; n < this.nodes; n++) {
      const [from, to] = [this.start[n]!, this.end[n]!]
      this.#box(n, source)
      if (n >= this.firstLeaf) continue
      const middle = (from + to) >> 1
      if (d > 0) select(order, source, d, this.#widest(n, factors), from, to, middle)
      this.start[2 * n + 1] = from
      this.end[2 * n + 1] = middle
      this.start[2 * n + 2] = middle
      this.end[2 * n + 2] = to
    }
    for (let i = 0, at = 0; i < count; i++)
      for (let j = 0, of = order[i]! * d; j < d; j++, at++, of++) points[at] = source[of]!
  }

  /**
   * Whether the squared distance from a query to a node's box is greater than a limit. It is summed over the dimensions in
   * their order, as distances to points must be: rounding never turns a smaller number into a larger one, so no point of
   * the node is nearer than the box, to the last bit.
   *
   * @param limits the limit stands at `at`; a number as an argument or result would be boxed at each call
   */
  isBeyond(n: number, query: Float64Array, limits: Float64Array, at: number, factors = this.#factors): boolean {
    const d = this.dimensions
    const { low, high } = this
    const limit = limits[at]!
    let sum = 0
    for (let j = 0, of = n * d; j < d; j++, of++) {
      const x = query[j]!
      const outside = x < low[of]! ? low[of]! - x : x > high[of]! ? x - high[of]! : 0
      const scaled = outside * factors[j]!
      sum += scaled * scaled
      if (sum > limit) return true
    }
    return false
  }

  #makeRoom(count: number): void {
    const d = this.dimensions
    let leaves = 1
    while (leaves * LEAF < count) leaves *= 2
    this.firstLeaf = leaves - 1
    this.nodes = 2 * leaves - 1
    if (this.start.length < this.nodes) {
      this.start = new Int32Array(this.nodes)
      this.end = new Int32Array(this.nodes)
      this.low = new Float64Array(this.nodes * d)
      this.high = new Float64Array(this.nodes * d)
    }
    if (this.order.length < count) {
      // Room for all points of that many leaves, so that a set that grows by one does not ask for more each time.
      this.order = new Int32Array(leaves * LEAF)
      this.points = new Float64Array(leaves * LEAF * d)
    }
  }

  #box(n: number, source: Float64Array): void {
    const d = this.dimensions
    const { order, low, high } = this
    const base = n * d
    low.fill(Infinity, base, base + d)
    high.fill(-Infinity, base, base + d)
    for (let i = this.start[n]!; i < this.end[n]!; i++)
      for (let j = 0, of = order[i]! * d; j < d; j++, of++) {
        const x = source[of]!
        if (x < low[base + j]!) low[base + j] = x
        if (x > high[base + j]!) high[base + j] = x
      }
  }

  #widest(n: number, factors: Float64Array): number {
    const d = this.dimensions
    let widest = 0
    let most = -1
    for (let j = 0; j < d; j++) {
      const width = (this.high[n * d + j]! - this.low[n * d + j]!) * factors[j]!
      if (width <= most) continue
      most = width
      widest = j
    }
    return widest
  }
}

/**
 * Reorders places `from` to before `to` so that those before `middle` are at most as far along an axis as those from it
 * on (Hoare 1961, Algorithm 65: FIND). O(to - from) on average, also where many are equal.
 */
function select(
  order: Int32Array,
  source: Float64Array,
  d: number,
  axis: number,
  from: number,
  to: number,
  middle: number,
): void {
  let [left, right] = [from, to - 1]
  while (left < right) {
    const pivot = source[order[(left + right) >> 1]! * d + axis]!
    let [i, j] = [left, right]
    while (i <= j) {
      while (source[order[i]! * d + axis]! < pivot) i++
      while (source[order[j]! * d + axis]! > pivot) j--
      if (i > j) break
      const kept = order[i]!
      order[i++] = order[j]!
      order[j--] = kept
    }
    if (middle <= j) right = j
    else if (middle >= i) left = i
    else return
  }
}
