import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseRepetition } from '../../../src/backends/simulated/repetitions.js'

const count = fc.integer({ min: 1, max: 100 })
const hash = fc.integer({ min: 0, max: 0xffff_ffff })
const seed = fc.integer({ min: 0, max: 100_000 })
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

describe('chooseRepetition', () => {
  it('takes every repetition once, over seeds in a row', () => {
    fc.assert(
      fc.property(count, hash, fc.integer({ min: 0, max: 1000 }), (n, key, cycle) => {
        const chosen = upTo(n).map((i) => chooseRepetition(n, key, cycle * n + i, 0))
        expect(chosen.toSorted((a, b) => a - b)).toEqual(upTo(n))
      }),
    )
  })

  it('takes every repetition once within a run before any comes again', () => {
    fc.assert(
      fc.property(count, hash, seed, fc.integer({ min: 0, max: 3 }), (n, key, seed, round) => {
        const chosen = upTo(n).map((i) => chooseRepetition(n, key, seed, round * n + i))
        expect(chosen.toSorted((a, b) => a - b)).toEqual(upTo(n))
      }),
    )
  })

  it('does not tie configurations to one another', () => {
    const firsts = upTo(2000).map((key) => chooseRepetition(5, key * 7919, 3, 0))
    for (const repetition of upTo(5)) {
      const share = firsts.filter((first) => first === repetition).length / 2000
      expect(Math.abs(share - 0.2)).toBeLessThan(0.05)
    }
  })

  it('never moves', () => {
    expect(upTo(10).map((s) => chooseRepetition(5, 12345, s, 0))).toMatchInlineSnapshot(`
      [
        2,
        4,
        3,
        0,
        1,
        3,
        2,
        4,
        0,
        1,
      ]
    `)
    expect(upTo(10).map((use) => chooseRepetition(5, 12345, 7, use))).toMatchInlineSnapshot(`
      [
        4,
        2,
        3,
        0,
        1,
        4,
        2,
        3,
        0,
        1,
      ]
    `)
  })
})
