import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { KdTree } from '../../../src/core/collections/kd-tree.js'

const sets = fc
  .record({ d: fc.integer({ min: 1, max: 4 }), grain: fc.constantFrom(1, 4, 1 << 20) })
  .chain(({ d, grain }) =>
    fc.record({
      d: fc.constant(d),
      rows: fc.array(fc.array(fc.integer({ min: 0, max: grain }), { minLength: d, maxLength: d }), { maxLength: 120 }),
      query: fc.array(fc.double({ min: -1, max: grain + 1, noNaN: true }), { minLength: d, maxLength: d }),
    }),
  )

it('holds every point once, in halves along an axis, each in its box, and no box is farther than its points', () => {
  const trees = [1, 2, 3, 4].map((d) => new KdTree(d))
  fc.assert(
    fc.property(sets, ({ d, rows, query }) => {
      // One tree for all sets of its dimensions: what an earlier one left behind must not count.
      const tree = trees[d - 1]!
      tree.build(Float64Array.from(rows.flat()), rows.length)
      expect([...tree.order.subarray(0, rows.length)].toSorted((a, b) => a - b)).toEqual(rows.map((_, i) => i))
      const limit = new Float64Array(1)
      for (let n = 0; n < tree.nodes; n++) {
        const [from, to] = [tree.start[n]!, tree.end[n]!]
        if (n < tree.firstLeaf) {
          const [a, b] = [2 * n + 1, 2 * n + 2]
          expect([tree.start[a], tree.end[a], tree.end[b]]).toEqual([from, tree.start[b], to])
          const halved = rows[0]!.some((_, j) => to - from < 2 || tree.high[a * d + j]! <= tree.low[b * d + j]!)
          expect(halved).toBe(true)
        }
        let nearest = Infinity
        for (let i = from; i < to; i++) {
          const point = rows[tree.order[i]!]!
          expect([...tree.points.subarray(i * d, (i + 1) * d)]).toEqual(point)
          for (const [j, x] of point.entries()) {
            expect(tree.low[n * d + j]).toBeLessThanOrEqual(x)
            expect(tree.high[n * d + j]).toBeGreaterThanOrEqual(x)
          }
          nearest = Math.min(
            nearest,
            point.reduce((sum, x, j) => sum + (x - query[j]!) ** 2, 0),
          )
        }
        limit[0] = nearest
        expect(tree.isBeyond(n, Float64Array.from(query), limit, 0)).toBe(false)
      }
    }),
    { numRuns: 60 },
  )
})
