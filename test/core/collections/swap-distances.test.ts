import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Curve, SwapDistances } from '../../../src/core/collections/swap-distances.js'

function curve(trial: number, losses: readonly number[]): Curve {
  const made = new Curve(trial)
  for (const [i, loss] of losses.entries()) if (!Number.isNaN(loss)) made.append(i + 1, loss)
  return made
}

function distances(curves: readonly Curve[], { above = 2, upTo = 9, tiesOrder = false } = {}): SwapDistances {
  const swaps = new SwapDistances(above, upTo, tiesOrder)
  for (const one of curves) swaps.update(one)
  return swaps
}

describe('SwapDistances', () => {
  const zero = [0, 0, 0, 0]

  it('counts a pair that swapped and swapped back, at its last common level', () => {
    const of = (losses: readonly number[], given = {}): number | undefined =>
      distances([curve(0, zero), curve(1, losses)], given).quantile(1)
    expect(of([1, -1, 1])).toBe(1)
    expect(of([1, -1, 1, 5])).toBe(5)
    expect(of([1, -1, 1, -5])).toBe(5)
    expect(of([1, -1, 1, 5, 9])).toBe(5)
    expect(of([1, -1, -1, -1])).toBeUndefined()
    expect(of([1, -1, 1, 5], { upTo: 3 })).toBe(1)
    // Neither above level 2, nor with enough swaps by level 2.
    expect(of([1, -1])).toBeUndefined()
    // Ties say nothing, unless they count for one of the two; missing levels say nothing.
    expect(of([1, 0, 1, 7])).toBeUndefined()
    expect(of([1, 0, 1, 7], { tiesOrder: true })).toBeUndefined()
    expect(of([-1, 0, -1, 7], { tiesOrder: true })).toBe(7)
    expect(of([1, Number.NaN, -1, 7])).toBe(7)
    expect(of([1, -1, 7, Number.NaN])).toBe(7)
    expect(of([1, -1, Infinity])).toBeUndefined()
    expect(of([1, -1, Infinity, 2])).toBe(2)
  })

  it('gives the same, asked seldom or often, and tells bounds from counts', () => {
    const losses = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(
        fc.array(losses, { minLength: 2, maxLength: 6 }),
        fc.boolean(),
        fc.nat(5),
        (rows, tiesOrder, bound) => {
          const [often, seldom] = [new SwapDistances(2, 6, tiesOrder), new SwapDistances(2, 6, tiesOrder)]
          const curves = rows.map((_, trial) => new Curve(trial))
          for (let level = 1; level <= 8; level++)
            for (const [trial, row] of rows.entries()) {
              if (level > row.length) continue
              curves[trial]!.append(level, row[level - 1]!)
              often.update(curves[trial]!)
              seldom.update(curves[trial]!)
              often.quantileReaches(0.9, (bound + level) % 4)
            }
          const quantile = seldom.quantile(0.9)
          expect(often.quantile(0.9)).toBe(quantile)
          for (const asked of [bound, 0, bound, 2.5]) {
            const reaches = often.quantileReaches(0.9, asked)
            expect(reaches).toBe(seldom.quantileReaches(0.9, asked))
            if (reaches) expect(quantile).toBeGreaterThanOrEqual(asked)
            else if (asked === 0) expect(quantile).toBeUndefined()
          }
        },
      ),
    )
  })
})
