/** Every ranking against one that sorts everything anew for each question. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crowdingDistance } from '../../../src/core/pareto/crowding-distance.js'
import { epsilonNetOrder } from '../../../src/core/pareto/epsilon-net.js'
import { nondominatedSort } from '../../../src/core/pareto/pareto.js'
import { FrontRanking } from '../../../src/core/ranking/front-ranking.js'
import { RandomWeightRanking } from '../../../src/core/ranking/random-weight-ranking.js'
import type { PromotionRanking, Scale } from '../../../src/core/ranking/ranking.js'
import { ScalarRanking } from '../../../src/core/ranking/scalar-ranking.js'
import { scalar, simplexWeights } from '../../../src/core/ranking/scalarisation.js'
import { RandomStreams } from '../../../src/core/random.js'

/** The number of entries that are strictly better than each, by definition. */
type Naive = (vectors: readonly number[][], finite: readonly number[]) => Map<number, number>

const rangesOf = (vectors: readonly number[][], finite: readonly number[], scale: Scale) =>
  Array.from({ length: vectors[0]!.length }, (_, j) => {
    const column = finite.map((e) => vectors[e]![j]!)
    const [least, most] = [Math.min(...column), Math.max(...column)]
    if (scale === 'none') return { origin: 0, factor: 1, length: 1 }
    return { origin: least, factor: most > least ? 1 / (most - least) : 0, length: most - least }
  })

function byFronts(order: 'epsilon-net' | 'crowding', scale: Scale): Naive {
  return (vectors, finite) => {
    const points = finite.map((e) => vectors[e]!)
    const lengths = finite.length === 0 ? [] : rangesOf(vectors, finite, scale).map(({ length }) => length)
    const sorted = nondominatedSort(points).flatMap((front) => {
      if (order === 'epsilon-net') return epsilonNetOrder(points, front, { scale: lengths })
      const distances = crowdingDistance(points, front)
      return front
        .map((i, k) => ({ i, distance: distances[k]! }))
        .toSorted((a, b) => (a.distance === b.distance ? a.i - b.i : b.distance - a.distance))
        .map(({ i }) => i)
    })
    return new Map(sorted.map((i, place) => [finite[i]!, place]))
  }
}

function byScalar(how: 'linear' | 'chebyshev', weightsOf: (entry: number) => ArrayLike<number>, scale: Scale): Naive {
  return (vectors, finite) => {
    if (finite.length === 0) return new Map()
    const ranges = rangesOf(vectors, finite, scale)
    const number = (entry: number, judged: number): number => {
      const terms = vectors[entry]!.map((x, j) => weightsOf(judged)[j]! * ((x - ranges[j]!.origin) * ranges[j]!.factor))
      const sum = terms.reduce((a, b) => a + b, 0)
      return how === 'linear' ? sum / terms.length : Math.max(...terms) + 0.05 * sum
    }
    return new Map(finite.map((e) => [e, finite.filter((other) => number(other, e) < number(e, e)).length]))
  }
}

interface Kind {
  readonly name: string
  readonly make: (d: number) => PromotionRanking
  readonly naive: (d: number) => Naive
}
const some = Float64Array.of(0.5, 2, 0, 1, 3)
const kinds: Kind[] = [
  ...(['range', 'none'] as const).flatMap((scale): Kind[] => [
    {
      name: `epsilon-net, scale ${scale}`,
      make: (d) => new FrontRanking(d, 'epsilon-net', scale),
      naive: () => byFronts('epsilon-net', scale),
    },
    {
      name: `linear, scale ${scale}`,
      make: (d) => new ScalarRanking(d, (vectors, e) => scalar('linear', some, vectors, e), scale),
      naive: () => byScalar('linear', () => some, scale),
    },
    {
      name: `chebyshev, scale ${scale}`,
      make: (d) => new ScalarRanking(d, (vectors, e) => scalar('chebyshev', some, vectors, e), scale),
      naive: () => byScalar('chebyshev', () => some, scale),
    },
    {
      name: `random weights, scale ${scale}`,
      make: (d) => new RandomWeightRanking(d, 'linear', 17, scale),
      naive: (d) => byScalar('linear', (e) => simplexWeights(17, e + 100, d), scale),
    },
    {
      name: `random weights of Chebyshev, scale ${scale}`,
      make: (d) => new RandomWeightRanking(d, 'chebyshev', 17, scale),
      naive: (d) => byScalar('chebyshev', (e) => simplexWeights(17, e + 100, d), scale),
    },
  ]),
  {
    name: 'crowding',
    make: (d) => new FrontRanking(d, 'crowding', 'range'),
    naive: () => byFronts('crowding', 'none'),
  },
]

/** Vectors with ties and duplicates, with hardly any, or along a trade-off; some are not finite. */
const streams = fc
  .record({
    d: fc.integer({ min: 1, max: 5 }),
    grain: fc.constantFrom(2, 6, 1 << 16),
    share: fc.constantFrom(0, 0.1, 0.5),
    tradeOff: fc.boolean(),
    eta: fc.constantFrom(2, 3, 5),
    shift: fc.integer({ min: -1, max: 1 }),
    seed: fc.nat(),
  })
  .chain((setting) =>
    fc.record({
      setting: fc.constant(setting),
      rows: fc.array(
        fc.tuple(
          fc.array(fc.integer({ min: 0, max: setting.grain }), { minLength: setting.d, maxLength: setting.d }),
          fc.double({ min: 0, max: 1, noNaN: true }),
        ),
        { minLength: 1, maxLength: 60 },
      ),
    }),
  )
  .map(({ setting: { d, grain, share, tradeOff, eta, shift }, rows }) => ({
    d,
    eta,
    shift,
    vectors: rows.map(([whole, u]) => {
      // A copy: what was drawn must stay as it is for shrinking.
      const row = [...whole]
      if (tradeOff && d > 1) row[d - 1] = grain * d - row.slice(0, d - 1).reduce((a, b) => a + b, 0)
      if (u < share) row[row[0]! % d] = Infinity
      return row
    }),
  }))

describe.each(kinds)('$name', ({ make, naive }) => {
  it('judges the newcomer as a full sort does', () => {
    fc.assert(
      fc.property(streams, ({ d, eta, shift, vectors }) => {
        const ranking = make(d)
        const finite: number[] = []
        for (const [e, vector] of vectors.entries()) {
          ranking.add(e + 100, Float64Array.from(vector))
          if (vector.every(Number.isFinite)) finite.push(e)
          const passing = Math.floor((e + 1) / eta) + shift
          const better = naive(d)(vectors.slice(0, e + 1), finite).get(e) ?? finite.length
          expect({ e, passes: ranking.lastPasses(passing) }).toEqual({ e, passes: better < passing })
        }
      }),
      { numRuns: 60 },
    )
  })

  it('gives the first that waits as a full sort does', () => {
    fc.assert(
      fc.property(streams, ({ d, eta, shift, vectors }) => {
        const ranking = make(d)
        const finite: number[] = []
        const waiting = new Uint8Array(vectors.length)
        for (const [e, vector] of vectors.entries()) {
          ranking.add(e + 100, Float64Array.from(vector))
          waiting[e] = 1
          if (vector.every(Number.isFinite)) finite.push(e)
          const places = naive(d)(vectors.slice(0, e + 1), finite)
          for (const passing of [Math.floor((e + 1) / eta) + shift, Math.floor((e + 1) / eta)]) {
            const expected = [...places]
              .filter(([entry, better]) => waiting[entry] === 1 && better < passing)
              .toSorted(([a, betterA], [b, betterB]) => betterA - betterB || a - b)[0]?.[0]
            const first = ranking.firstWaiting(passing)
            expect({ e, first }).toEqual({ e, first: expected ?? -1 })
            if (first < 0) continue
            waiting[first] = 0
            ranking.settle(first)
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  it('says where the last one stands', () => {
    const ranking = make(2)
    ranking.add(100, Float64Array.of(1, 2))
    ranking.add(101, Float64Array.of(3, 3))
    expect(ranking.describeLast()).toMatch(/^is 2nd of 2\b/)
    ranking.add(102, Float64Array.of(0, Infinity))
    expect(ranking.describeLast()).toMatch(/^has no finite vector, so it is behind all/)
  })
})

describe('FrontRanking', () => {
  /** Near a surface where the objectives exclude each other, so that fronts are large. */
  const fronts = fc.record({
    d: fc.constantFrom(2, 3),
    depth: fc.constantFrom(0.01, 0.2, 1),
    scale: fc.constantFrom<Scale>('range', 'none'),
    // Whole numbers up to this, which many distances share, or all there are.
    grain: fc.constantFrom(7, 40, undefined),
    gaps: fc.array(fc.constantFrom(1, 1, 2, 7, 120), { minLength: 60, maxLength: 60 }),
    seed: fc.nat(),
  })

  it('judges as a full sort does, asked after one newcomer or after many, in fronts of hundreds', () => {
    fc.assert(
      fc.property(fronts, ({ d, depth, scale, grain, gaps, seed }) => {
        const random = new RandomStreams(seed).stream('vectors')
        const ranking = new FrontRanking(d, 'epsilon-net', scale)
        const vectors: number[][] = []
        const settled = new Set<number>()
        for (const gap of gaps) {
          for (let i = 0; i < gap; i++) {
            const vector = Float64Array.from({ length: d }, () => random.uniform())
            vector[d - 1]! += d - vector.reduce((a, b) => a + b, 0) + depth * random.uniform()
            if (grain !== undefined) for (let j = 0; j < d; j++) vector[j] = Math.round(vector[j]! * grain)
            ranking.add(vectors.length, vector)
            vectors.push([...vector])
          }
          if (vectors.length > 600) return
          const last = vectors.length - 1
          const passing = Math.floor(vectors.length / 3)
          const places = byFronts('epsilon-net', scale)(vectors, [...vectors.keys()])
          expect({ last, passes: ranking.lastPasses(passing) }).toEqual({ last, passes: places.get(last)! < passing })
          for (let times = 0; times < gap; times++) {
            const [first = -1] = [...places].find(([entry, place]) => !settled.has(entry) && place < passing) ?? []
            expect({ last, first: ranking.firstWaiting(passing) }).toEqual({ last, first })
            if (first < 0) break
            ranking.settle(first)
            settled.add(first)
          }
        }
      }),
      { numRuns: 30 },
    )
  })
})

describe('simplexWeights', () => {
  it('are uniform on the simplex', () => {
    const n = 20_000
    const sums = [0, 0, 0]
    let small = 0
    for (let trial = 0; trial < n; trial++) {
      const weights = simplexWeights(5, trial, 3)
      expect(Math.abs(weights[0]! + weights[1]! + weights[2]! - 1)).toBeLessThan(1e-12)
      for (let j = 0; j < 3; j++) sums[j]! += weights[j]! / n
      if (weights[0]! < 0.1) small++
    }
    for (const sum of sums) expect(sum).toBeCloseTo(1 / 3, 2)
    // P(w < x) = 1 - (1 - x)^2
    expect(small / n).toBeCloseTo(0.19, 1.8)
  })
})
