/** What curves say of themselves. */
import { describe, expect, it } from 'vitest'
import { type CurveSeries, curveChart } from '../../../src/report/charts/curve-chart.js'

const chart = (series: readonly CurveSeries[]) =>
  curveChart({
    id: 'toy',
    kind: 'toy',
    title: 'Toy',
    subtitle: 'Mean',
    description: '',
    xTitle: 'time (s)',
    yTitle: 'error',
    xUnit: ' s',
    series,
  })

const steps = (name: string, ...values: readonly (readonly [number, number])[]): CurveSeries => ({
  name,
  points: values.map(([x, y]) => ({ x, y })),
})

describe('curves', () => {
  it('say which come from outside of the picture, with a triangle where they come in', () => {
    const { subtitle, spec } = chart([steps('a', [0, 99], [4, 2], [50, 1], [100, 1]), steps('b', [0, 1.5], [100, 1.2])])
    expect(subtitle).toBe('Mean; a triangle at the edge: the curve comes from above')
    const entries = (spec as unknown as { layer: { data?: { values: { series: string; x: number }[] } }[] }).layer
      .flatMap(({ data }) => data?.values ?? [])
      .filter((value) => 'below' in value)
    expect(entries.map(({ series, x }) => [series, x])).toEqual([['a', 4]])
  })

  it('say which hide one another', () => {
    const a = steps('a', [0, 3], [60, 1], [100, 1])
    const b = steps('b', [0, 3], [60, 2], [100, 1])
    const c = steps('c', [0, 3], [40, 2.5], [100, 0.9])
    expect(chart([a, b, c]).subtitle).toBe('Mean; equal for at least half of the time: a and b')
    expect(chart([a, c]).subtitle).toBe('Mean')
  })

  it('have no tip where no curve has begun', () => {
    const { spec } = chart([steps('a', [50, 3], [100, 1])])
    const tips = JSON.stringify(spec).match(/"tip":"at [^"]*"/g)!
    expect(tips.every((tip) => tip.includes('a: '))).toBe(true)
  })
})
