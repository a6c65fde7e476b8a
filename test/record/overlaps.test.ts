import { expect, test } from 'vitest'
import * as fc from 'fast-check'
import { overlaps } from '../../src/record/overlaps.js'

test('the most others at one moment, not in all', () => {
  // One long span; two short ones one after the other, then two at once.
  expect(
    overlaps([
      [0, 10],
      [1, 2],
      [2, 3],
      [5, 7],
      [6, 8],
    ]),
  ).toEqual([2, 1, 1, 2, 2])
  expect(overlaps([])).toEqual([])
})

test('is what counting at every beginning gives', () => {
  const span = fc
    .tuple(fc.nat(20), fc.integer({ min: 1, max: 8 }))
    .map(([from, length]) => [from, from + length] as const)
  fc.assert(
    fc.property(fc.array(span, { maxLength: 12 }), (spans) => {
      const covers = ([from, to]: readonly [number, number], at: number): boolean => from <= at && at < to
      const counted = spans.map((own) =>
        Math.max(
          ...spans
            .map(([from]) => from)
            .filter((at) => covers(own, at))
            .map((at) => spans.filter((other) => covers(other, at)).length - 1),
        ),
      )
      expect(overlaps(spans)).toEqual(counted)
    }),
  )
})
