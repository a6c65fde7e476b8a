import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crowdingDistance } from '../../../src/core/pareto/crowding-distance.js'
import { epsilonNetOrder } from '../../../src/core/pareto/epsilon-net.js'
import { dominates, nondominatedSort, paretoFront } from '../../../src/core/pareto/pareto.js'
import { toPoints } from '../../../src/core/pareto/points.js'
import { syneTuneSort } from '../../../src/core/ranking/syne-tune-sort.js'
import { recordedCases } from '../recorded.js'

/** Point sets with many ties and duplicates, or with hardly any. */
const pointSets: fc.Arbitrary<number[][]> = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.constantFrom(2, 4, 1000))
  .chain(([d, grain]) => fc.array(fc.array(fc.integer({ min: 0, max: grain }), { minLength: d, maxLength: d })))

/** By definition: take out what nobody left dominates, again and again. */
function naiveFronts(points: readonly number[][]): number[][] {
  const fronts: number[][] = []
  let rest = points.map((_, i) => i)
  while (rest.length > 0) {
    const front = rest.filter((i) => !rest.some((j) => dominates(points[j]!, points[i]!)))
    fronts.push(front)
    rest = rest.filter((i) => !front.includes(i))
  }
  return fronts
}

function naiveNet(points: readonly number[][], front: readonly number[], dimension: number, factors: number[]) {
  const rest = [...front]
  const order: number[] = []
  while (rest.length > 0) {
    const score = (i: number): number =>
      order.length === 0
        ? -points[i]![dimension]!
        : Math.min(
            ...order.map((k) =>
              Math.sqrt(points[i]!.reduce((sum, x, j) => sum + ((x - points[k]![j]!) * factors[j]!) ** 2, 0)),
            ),
          )
    let best = 0
    for (let k = 1; k < rest.length; k++) if (score(rest[k]!) > score(rest[best]!)) best = k
    order.push(...rest.splice(best, 1))
  }
  return order
}

describe('dominates', () => {
  it.each([
    [[1, 2], [1, 3], true],
    [[1, 2], [1, 2], false],
    [[0, 3], [1, 2], false],
    [[1], [2], true],
    [[Number.NaN, 0], [1, 1], false],
  ])('%j over %j: %s', (a, b, expected) => {
    expect(dominates(a, b)).toBe(expected)
  })
})

describe('nondominatedSort', () => {
  it('peels fronts', () => {
    fc.assert(
      fc.property(pointSets, (points) => {
        expect(nondominatedSort(points)).toEqual(naiveFronts(points))
        expect(paretoFront(points)).toEqual(naiveFronts(points)[0] ?? [])
      }),
    )
  })

  it('takes flat points and infinite numbers', () => {
    const flat = { count: 3, objectives: 2, values: Float64Array.of(0, Infinity, 0, 1, 1, -Infinity) }
    expect(nondominatedSort(flat)).toEqual([[1, 2], [0]])
  })

  it('refuses what cannot be compared', () => {
    expect(() => nondominatedSort([[1, 2], [1]])).toThrow('points[1] must have 2 numbers, got [1]')
    expect(() => nondominatedSort([[]])).toThrow('points[0] must have some numbers, got []')
    expect(() =>
      paretoFront([
        [1, 2],
        [1, Number.NaN],
      ]),
    ).toThrow('points[1] must have numbers only, got NaN; leave out points with NaN')
  })
})

describe('epsilonNetOrder', () => {
  it.each([
    [
      [0, 10],
      [1, 9],
      [9, 1],
      [10, 0],
    ],
    [
      [0, 10],
      [1, 9],
      [2, 7],
      [4, 4],
      [7, 2],
      [9, 1],
      [10, 0],
    ],
  ])('starts at an end, then goes where nobody is', (...points) => {
    const front = points.map((_, i) => i)
    expect(epsilonNetOrder(points, front)).toEqual(points.length === 4 ? [0, 3, 1, 2] : [0, 6, 3, 2, 4, 1, 5])
  })

  it('is the traversal by definition, and its beginning when cut short', () => {
    const cases = pointSets.chain((points) =>
      fc.record({
        points: fc.constant(points),
        front: fc.subarray(points.map((_, i) => i)),
        dimension: fc.nat((points[0]?.length ?? 1) - 1),
        scale: fc.option(fc.array(fc.constantFrom(0, 0.5, 3), { minLength: 5, maxLength: 5 }), { nil: undefined }),
        atMost: fc.nat(10),
      }),
    )
    fc.assert(
      fc.property(cases, ({ points, front, dimension, scale: lengths, atMost }) => {
        const d = points[0]?.length ?? 0
        const scale = lengths?.slice(0, d)
        const factors = Array.from({ length: d }, (_, j) => (scale === undefined ? 1 : scale[j]! && 1 / scale[j]!))
        const expected = naiveNet(points, front, dimension, factors)
        expect(epsilonNetOrder(points, front, { dimension, scale })).toEqual(expected)
        expect(epsilonNetOrder(points, front, { dimension, scale, atMost })).toEqual(expected.slice(0, atMost))
      }),
    )
  })

  it('is the traversal by definition where the points fill many leaves of the tree', () => {
    const many = fc.integer({ min: 2, max: 4 }).chain((d) =>
      // On a coarse grid many tie and some are equal; on a fine one hardly any are.
      fc.constantFrom(3, 1 << 20).chain((grain) =>
        fc.array(fc.array(fc.integer({ min: 0, max: grain }), { minLength: d, maxLength: d }), {
          minLength: 60,
          maxLength: 150,
          size: 'max',
        }),
      ),
    )
    fc.assert(
      fc.property(many, (points) => {
        const front = points.map((_, i) => i).toReversed()
        const factors = points[0]!.map((_, j) => j + 0.5)
        const scale = factors.map((factor) => 1 / factor)
        expect(epsilonNetOrder(points, front, { scale })).toEqual(
          naiveNet(
            points,
            front,
            0,
            scale.map((length) => 1 / length),
          ),
        )
      }),
      { numRuns: 30 },
    )
  })

  it('refuses bad input', () => {
    expect(() => epsilonNetOrder([[0, 1]], [0], { dimension: 2 })).toThrow(
      'dimension must be the index of one of 2 objectives, got 2',
    )
    expect(() => epsilonNetOrder([[0, 1]], [0], { scale: [1] })).toThrow(
      'scale must have one number for each of 2 objectives, got [1]',
    )
    expect(() => epsilonNetOrder([[0, Infinity]], [0])).toThrow('points[0] must have finite numbers only')
  })
})

describe('huge values', () => {
  it('are far away, also where the square of their distance overflows', () => {
    const points = [
      [0, 0],
      [1, 1],
      [1e200, 1e200],
    ]
    expect(epsilonNetOrder(points, [0, 1, 2])).toEqual([0, 2, 1])
    // What an earlier front left behind does not count.
    expect(epsilonNetOrder([[1e300], [0], [-1e300], [5]], [0, 1, 2, 3])).toEqual([2, 0, 1, 3])
  })

  it('have neighbours at a share of the range', () => {
    const points = [
      [0, -1e308],
      [1, 0],
      [2, 1e308],
    ]
    expect(crowdingDistance(points, [0, 1, 2])).toEqual([Infinity, 2, Infinity])
  })
})

describe('crowdingDistance', () => {
  it('is the share of the range between the neighbours', () => {
    const points = [
      [0, 10],
      [1, 5],
      [4, 4],
      [10, 0],
    ]
    expect(crowdingDistance(points, [0, 1, 2, 3])).toEqual([Infinity, 0.4 + 0.6, 0.9 + 0.5, Infinity])
    expect(crowdingDistance(points, [1, 2])).toEqual([Infinity, Infinity])
  })

  it('leaves out an objective in which all are equal', () => {
    const points = [
      [0, 1, 7],
      [1, 0.5, 7],
      [2, 0, 7],
    ]
    expect(crowdingDistance(points, [0, 1, 2])).toEqual([Infinity, 2, Infinity])
    expect(
      crowdingDistance(
        [
          [1, 1],
          [1, 1],
          [1, 1],
        ],
        [0, 1, 2],
      ),
    ).toEqual([0, 0, 0])
  })

  it('depends neither on units nor, without ties, on the order of the front', () => {
    const rows = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 3, maxLength: 20 })
    fc.assert(
      fc.property(rows, (xs) => {
        const points = xs.map((x) => [x, -x])
        const front = xs.map((_, i) => i)
        const distances = crowdingDistance(points, front)
        expect(
          crowdingDistance(
            points.map(([x, y]) => [x! * 4, y! / 2]),
            front,
          ),
        ).toEqual(distances)
        expect(crowdingDistance(points, front.toReversed())).toEqual(distances.toReversed())
      }),
    )
  })
})

interface SortCase {
  readonly id: string
  readonly d: number
  readonly points: number[][]
  readonly layers: number[][]
  readonly epsnet: { dim: number; rank: number[]; order: number[] }[]
  readonly sort: number[]
  readonly max_items: { k: number; sort: number[] }
  readonly priority: number[]
  readonly ranked: number[]
}

describe('the sorts recorded from Syne Tune', () => {
  const cases = recordedCases<SortCase>('mo_sort')
  it('are the same', (context) => {
    if (cases === undefined) return context.skip('the recorded sorts are not here')
    expect(cases.length).toBeGreaterThan(100)
    for (const { id, points, layers, epsnet, sort, priority, ranked } of cases) {
      const fronts = nondominatedSort(points)
      expect({ id, fronts }).toEqual({ id, fronts: layers })
      const everything = points.map((_, i) => i)
      for (const { dim, order } of epsnet)
        expect({ id, order: epsilonNetOrder(toPoints(points), everything, { dimension: dim }) }).toEqual({ id, order })
      const places: number[] = []
      for (const [k, i] of fronts.flatMap((front) => epsilonNetOrder(points, front)).entries()) places[i] = k
      expect({ id, places }).toEqual({ id, places: ranked })
      expect({ id, faulty: syneTuneSort(points) }).toEqual({ id, faulty: sort })
      expect(syneTuneSort(points)).toEqual(priority)
    }
  })
})
