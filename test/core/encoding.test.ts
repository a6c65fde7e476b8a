import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawConfig, decodeConfig, encodeConfig, encodedLength, fromUnit, toUnit } from '../../src/core/encoding.js'
import { randomStream } from '../../src/core/random.js'
import { type Space, checkConfig, choice, constant, float, int, ordinal } from '../../src/core/space.js'

const space: Space = {
  rate: float(1e-4, 1, { scale: 'log' }),
  width: int(1, 4),
  kind: choice(['a', 'b', 'c']),
  batch: ordinal([8, 16, 32]),
  one: ordinal(['only']),
  fixed: constant(7),
  point: float(2, 2),
  steps: int(1, 1000, { scale: 'log' }),
}

describe('encodeConfig', () => {
  it('places numbers by scale, ordinals by position, categories at distance 1', () => {
    const place = (config: object): Float64Array => {
      const out = new Float64Array(encodedLength(space))
      encodeConfig(space, { one: 'only', fixed: 7, point: 2, steps: 30, ...config }, out)
      return out
    }
    const a = place({ rate: 0.01, width: 1, kind: 'a', batch: 16 })
    expect([...a].map((x) => Number(x.toFixed(2)))).toEqual([0.5, 0.13, 0.71, 0, 0, 0.5, 0, 0, 0.54])
    const b = place({ rate: 0.01, width: 1, kind: 'c', batch: 16 })
    expect(Math.hypot(...a.map((x, i) => x - b[i]!))).toBeCloseTo(1, 12)
    expect(place({ rate: 1, width: 4, kind: 'a', batch: 32 })[1]).toBe(0.875)
  })
})

describe('decodeConfig', () => {
  it('gives back what was encoded, at any offset', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(3), (seed, offset) => {
        const config = drawConfig(space, randomStream(seed))
        const point = new Float64Array(offset + encodedLength(space))
        encodeConfig(space, config, point, offset)
        const decoded = decodeConfig(space, point, offset)
        expect(decoded['rate']).toBeCloseTo(config['rate'] as number, 12)
        expect({ ...decoded, rate: 0 }).toEqual({ ...config, rate: 0 })
      }),
    )
  })

  it('gives a configuration of the space for every point, beyond the cube too', () => {
    const coordinate = fc.double({ min: -2, max: 3, noNaN: true })
    const point = fc.array(coordinate, { minLength: encodedLength(space), maxLength: encodedLength(space) })
    fc.assert(
      fc.property(point, (numbers) => {
        expect(() => checkConfig(space, decodeConfig(space, numbers))).not.toThrow()
      }),
    )
  })

  it('takes the largest coordinate of a choice, the first of equals, and the nearest position of an ordinal', () => {
    const two: Space = { kind: choice(['a', 'b', 'c']), batch: ordinal([8, 16, 32]) }
    expect(decodeConfig(two, [0.1, 0.6, 0.6, 0.24])).toEqual({ kind: 'b', batch: 8 })
    expect(decodeConfig(two, [0, 0, 0, 0.26])).toEqual({ kind: 'a', batch: 16 })
  })
})

describe('fromUnit', () => {
  it('is undone by toUnit for values, and gives every value of a choice an equal interval', () => {
    for (const [name, domain] of Object.entries(space)) {
      for (let i = 0; i < 1000; i++) {
        const value = fromUnit(domain, (i + 0.5) / 1000)
        const again = fromUnit(domain, toUnit(domain, value))
        if (name === 'rate') expect(again).toBeCloseTo(value as number, 12)
        else expect(again).toBe(value)
      }
    }
    const kind = choice(['a', 'b', 'c'])
    expect([0, 0.33, 0.34, 0.66, 0.67, 1].map((u) => fromUnit(kind, u))).toEqual(['a', 'a', 'b', 'b', 'c', 'c'])
    expect(fromUnit(int(1, 4), 0.249)).toBe(1)
    // A number between -1/2 and 0 is 0, not -0.
    expect(fromUnit(int(-5, 300), 5.3 / 306)).toBe(0)
    expect(fromUnit(int(1, 4), 0.251)).toBe(2)
  })
})
