import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Hypervolume2D, hypervolume, hypervolumeOverTime } from '../../../src/core/pareto/hypervolume.js'
import { dominates } from '../../../src/core/pareto/pareto.js'
import { recordedCases } from '../recorded.js'

/** Whole-number points in a small box, so that the volume is a count of unit cells, exact in doubles. */
const boxes = fc.integer({ min: 1, max: 4 }).chain((d) =>
  fc.array(fc.array(fc.integer({ min: -1, max: 5 }), { minLength: d, maxLength: d }), {
    minLength: 1,
    maxLength: 20,
  }),
)

/** Counts the unit cells below (5, 5, ...) that a point dominates. */
function cells(points: readonly number[][]): number {
  const d = points[0]!.length
  let count = 0
  for (let cell = 0; cell < 6 ** d; cell++) {
    const corner = Array.from({ length: d }, (_, j) => (Math.floor(cell / 6 ** j) % 6) - 1)
    if (points.some((point) => point.every((x, j) => x <= corner[j]!))) count++
  }
  return count
}

const closeTo = (value: number, exact: number): boolean => Math.abs(value - exact) <= 1e-12 * Math.abs(exact)

describe('hypervolume', () => {
  it('leaves out what is not finite, in any order', () => {
    for (const points of [
      [
        [0, 0],
        [0, -Infinity],
      ],
      [
        [0, -Infinity],
        [0, 0],
      ],
    ]) {
      expect(hypervolume(points, [1, 1])).toBe(1)
      expect(hypervolumeOverTime(points, [1, 1]).at(-1)).toBe(1)
    }
  })

  it('counts the cells that a point dominates', () => {
    fc.assert(
      fc.property(boxes, (points) => {
        const reference = points[0]!.map(() => 5)
        expect(hypervolume(points, reference)).toBe(cells(points))
        const prefixes = points.map((_, i) => cells(points.slice(0, i + 1)))
        expect([...hypervolumeOverTime(points, reference)]).toEqual(prefixes)
      }),
    )
  })

  it('leaves out what is not strictly better than the reference, NaN too', () => {
    expect(hypervolume([], [1, 1])).toBe(0)
    expect(
      hypervolume(
        [
          [0, 1],
          [1, 0],
          [Number.NaN, 0],
          [2, -5],
        ],
        [1, 1],
      ),
    ).toBe(0)
    expect([
      ...hypervolumeOverTime(
        [
          [Number.NaN, 0, 0],
          [0, 0, 0],
          [0, 0, Number.NaN],
        ],
        [1, 1, 2],
      ),
    ]).toEqual([0, 2, 2])
  })

  it.each([
    [[[1, 2]], [1], "reference must have one number for each of the points' 2 objectives, got [1]"],
    [[[1, 2]], [1, Number.NaN], 'reference[1] must be a finite number, got NaN'],
    [[[1, 2, 3, 4, 5]], [1, 2, 3, 4, 5], 'reference must have 1 to 4 numbers, got [1,2,3,4,5]'],
    [[[1, 2], [1]], [1, 2], 'points[1] must have 2 numbers, got [1]'],
  ])('refuses %j below %j', (points, reference, message) => {
    expect(() => hypervolume(points, reference)).toThrow(message)
    expect(() => hypervolumeOverTime(points, reference)).toThrow(message)
  })
})

describe('Hypervolume2D', () => {
  it('says how much each point adds, and keeps those that no other dominates, once each', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: -1, max: 12 }), fc.integer({ min: -1, max: 12 })))
    fc.assert(
      fc.property(pairs, (points) => {
        const growing = new Hypervolume2D([10, 10])
        for (const [i, point] of points.entries()) {
          const [before, after] = [
            hypervolume(points.slice(0, i), [10, 10]),
            hypervolume(points.slice(0, i + 1), [10, 10]),
          ]
          expect(growing.add(point)).toBe(after - before)
          expect(growing.volume).toBe(after)
          const inside = points.slice(0, i + 1).filter(([x, y]) => x < 10 && y < 10)
          const kept = inside.filter((one) => !inside.some((other) => dominates(other, one)))
          expect(growing.size).toBe(new Set(kept.map(String)).size)
        }
      }),
    )
  })

  it('keeps the points that are not dominated', () => {
    const growing = new Hypervolume2D([10, 10])
    for (const point of [
      [1, 9],
      [9, 1],
      [5, 5],
      [5, 5],
      [6, 6],
      [4, 4],
    ])
      growing.add(point)
    expect(growing.size).toBe(3)
    expect(() => new Hypervolume2D([1, 2, 3])).toThrow('reference must have two numbers, got [1,2,3]')
  })
})

interface VolumeCase {
  readonly id: string
  readonly points: number[][]
  readonly ref: number[]
  readonly exact: number
  readonly cumulative_exact: number[] | null
}

describe('the volumes recorded in exact arithmetic', () => {
  const cases = recordedCases<VolumeCase>('hypervolume')
  it('are met to twelve digits', (context) => {
    if (cases === undefined) return context.skip('the recorded volumes are not here')
    expect(cases.length).toBeGreaterThan(100)
    for (const { id, points, ref, exact, cumulative_exact: cumulative } of cases) {
      const volume = hypervolume(points, ref)
      expect({ id, close: closeTo(volume, exact) }).toEqual({ id, close: true })
      if (cumulative === null) continue
      const overTime = [...hypervolumeOverTime(points, ref)]
      expect({ id, close: overTime.map((now, i) => closeTo(now, cumulative[i]!)) }).toEqual({
        id,
        close: cumulative.map(() => true),
      })
    }
  })
})
