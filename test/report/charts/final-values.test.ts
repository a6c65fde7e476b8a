/** What every seed ended with. */
import { describe, expect, it } from 'vitest'
import { finalValuesChart } from '../../../src/report/charts/final-values.js'

interface Dot {
  readonly series: string
  readonly value: number
  readonly offset: number
  readonly tip: string
}

function dots(values: Readonly<Record<string, readonly number[]>>): Dot[] {
  const series = Object.entries(values).map(([name, all]) => ({
    name,
    values: all.map((value, seed) => ({ seed, value })),
  }))
  const { spec } = finalValuesChart({ id: 'final', label: 'toy', metric: 'error', goal: 'min', series })
  return (spec as unknown as { data: { values: Dot[] } }).data.values
}

describe('a mark a seed', () => {
  it('shows every seed, where all are equal too', () => {
    const all = dots({ a: Array.from({ length: 30 }, () => 0.3) })
    expect(new Set(all.map(({ offset }) => offset)).size).toBe(30)
    expect(Math.max(...all.map(({ offset }) => Math.abs(offset)))).toBeLessThanOrEqual(18)
    expect(all[2]!.tip).toBe('a, seed 2, one of 30 of 30 seeds with this value\n0.3')
  })

  it('is as high as there are equal seeds: stacks can be compared', () => {
    const all = dots({ a: [...Array.from({ length: 20 }, () => 1), 2, 2], b: [1, 2, 3] })
    const height = (series: string, value: number): number => {
      const offsets = all.filter((dot) => dot.series === series && dot.value === value).map(({ offset }) => offset)
      return Math.max(...offsets) - Math.min(...offsets)
    }
    expect(height('a', 1) / height('a', 2)).toBeCloseTo(19)
    expect(height('b', 1)).toBe(0)
    expect(all.at(-1)!.tip).toBe('b, seed 2\n3')
  })
})
