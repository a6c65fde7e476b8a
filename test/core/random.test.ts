import { describe, expect, it } from 'vitest'
import { RandomStreams, hashText, mix, mixedUniform } from '../../src/core/random.js'

const take = (seed: number, purpose: string, n: number): number[] => {
  const stream = new RandomStreams(seed).stream(purpose)
  return Array.from({ length: n }, () => stream.uniform())
}

describe('RandomStreams', () => {
  it('never move: a seed means the same configurations in every version', () => {
    expect(take(0, 'searcher', 3)).toMatchInlineSnapshot(`
      [
        0.0650601524915746,
        0.11312917977393078,
        0.9948314517746657,
      ]
    `)
    expect(take(1, 'searcher', 3)).toMatchInlineSnapshot(`
      [
        0.5367082396251905,
        0.5810641681043518,
        0.23941472020824694,
      ]
    `)
    expect(take(0, 'bracket', 3)).toMatchInlineSnapshot(`
      [
        0.23627444157839794,
        0.9993219466034077,
        0.09894491074534317,
      ]
    `)
    const streams = new RandomStreams(0)
    expect([streams.key('faults'), hashText(''), hashText('rungbench'), mix(0, 0), mix(1, 2)]).toMatchInlineSnapshot(`
      [
        27226396,
        2366412394,
        2314468566,
        0,
        1307048048,
      ]
    `)
  })

  it('have equal numbers for equal purposes, and do not disturb each other', () => {
    const streams = new RandomStreams(7)
    const [a, b] = [streams.stream('a'), streams.stream('b')]
    const alone = take(7, 'a', 5)
    expect(Array.from({ length: 5 }, () => (b.uniform(), a.uniform()))).toEqual(alone)
    expect(take(7, 'b', 5)).not.toEqual(alone)
    expect(take(8, 'a', 5)).not.toEqual(alone)
  })

  it('are uniform, and so are whole numbers of them', () => {
    const numbers = take(1, 'x', 20_000)
    expect(Math.abs(numbers.reduce((sum, u) => sum + u, 0) / 20_000 - 0.5)).toBeLessThan(0.01)
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...numbers)).toBeLessThan(1)
    const stream = new RandomStreams(2).stream('x')
    const counts = [0, 0, 0, 0, 0, 0, 0]
    for (let i = 0; i < 21_000; i++) counts[stream.int(7)]!++
    for (const count of counts) expect(Math.abs(count / 3000 - 1)).toBeLessThan(0.1)
  })
})

describe('mix', () => {
  it('is well spread for small neighbouring numbers, in both places', () => {
    const seen = new Set<number>()
    const bins = Array.from({ length: 16 }, () => 0)
    for (let a = 0; a < 200; a++)
      for (let b = 0; b < 200; b++) {
        seen.add(mix(a, b))
        bins[Math.floor(mixedUniform(a, b) * 16)]!++
      }
    // 40,000 of 2^32: a few pairs may meet.
    expect(seen.size).toBeGreaterThan(39_990)
    for (const bin of bins) expect(Math.abs(bin / 2500 - 1)).toBeLessThan(0.1)
  })
})
