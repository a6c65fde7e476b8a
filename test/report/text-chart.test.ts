import { describe, expect, it } from 'vitest'
import { type ChartSeries, textChart } from '../../src/report/text-chart.js'

const options = { width: 60, height: 7, xLabel: 'epoch', yLabel: 'error' }
const curve = (label: string, f: (x: number) => number): ChartSeries => ({
  label,
  points: Array.from({ length: 27 }, (_, i) => [i + 1, f(i + 1)] as const),
})

describe('charts of text', () => {
  it('draw curves, name them where they end, and label both axes', () => {
    const text = textChart([curve('best', (x) => 0.2 + 0.3 / x), curve('worst', (x) => 0.6 - x / 500)], options)
    expect(text).toMatchSnapshot()
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(60)
  })

  it('give curves that end at the same place a line each', () => {
    const text = textChart(
      ['a', 'b', 'c'].map((label) => curve(label, (x) => 1 / x)),
      options,
    )
    const labels = text.split('\n').filter((line) => /[abc]$/.test(line))
    expect(labels.map((line) => line.at(-1))).toEqual(['a', 'b', 'c'])
  })

  it('leave out what is not finite, and are empty where nothing is', () => {
    expect(textChart([curve('none', () => Number.NaN)], options)).toBe('')
    const diverging = curve('diverged', (x) => (x > 3 ? Infinity : x))
    expect(textChart([diverging], options)).toContain('3 ┤')
  })

  it('draw a constant and a single point', () => {
    expect(textChart([curve('flat', () => 0.5)], options)).toContain('0.5 ┤⠤⠤')
    expect(textChart([{ label: 'point', points: [[1, 0]] }], options)).toContain('point')
  })

  it('paint curve and label alike', () => {
    const text = textChart([{ ...curve('x', (x) => x), paint: (part) => `<${part}>` }], options)
    expect(text).toContain('<x>')
    expect(text.replaceAll(/[<>]/g, '')).toBe(textChart([curve('x', (x) => x)], options))
  })
})
