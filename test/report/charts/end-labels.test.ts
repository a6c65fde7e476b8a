import { describe, expect, it } from 'vitest'
import { spread } from '../../../src/report/charts/end-labels.js'

describe('names beside the ends of lines', () => {
  it('stay where they are if they are far enough apart', () => {
    expect(spread([5, 1, 9], 2, [0, 10])).toEqual([5, 1, 9])
  })

  it('move apart evenly around their middle, in the order of the values', () => {
    expect(spread([5, 5.3], 2, [0, 10]).map((place) => Number(place.toFixed(9)))).toEqual([4.15, 6.15])
    // Three at 5 fill 3 to 7; the one at 7.5 then joins them: a middle of 5.625, from 2.625 to 8.625.
    expect(spread([5, 7.5, 5, 5], 2, [0, 10])).toEqual([6.625, 8.625, 4.625, 2.625])
  })

  it('stay within the picture', () => {
    expect(spread([0, 0, 0], 2, [0, 10])).toEqual([4, 2, 0])
    expect(spread([10, 10], 3, [0, 10])).toEqual([10, 7])
  })
})
