import { describe, expect, it } from 'vitest'
import { seriesScales } from '../../../src/report/charts/chart.js'
import { MOST_COLORS, THEMES, type ThemeName, chartConfig } from '../../../src/report/charts/theme.js'

/** Linear red, green and blue of `#rrggbb`. */
function linear(color: string): [number, number, number] {
  const channels = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
  const straight = channels.map((c) => (c <= 0.040_45 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return straight as [number, number, number]
}

/** WCAG 2.2: relative luminance, contrast. */
function luminance(color: string): number {
  const [r, g, b] = linear(color)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

const names: readonly ThemeName[] = ['light', 'dark']

describe('themes', () => {
  it.each(names)('%s: text and series stand out from the background', (name) => {
    const { background, text, muted, series, others } = THEMES[name]
    expect(contrast(text, background)).toBeGreaterThan(7)
    expect(contrast(muted, background)).toBeGreaterThan(4.5)
    for (const color of [...series, others]) expect([color, contrast(color, background) >= 3]).toEqual([color, true])
    expect(new Set([...series, others]).size).toBe(MOST_COLORS + 1)
  })
})

describe('seriesScales', () => {
  const looks = (count: number, of: 'strokeDash' | 'shape'): Set<string> => {
    const many = Array.from({ length: count }, (_, i) => `method ${i}`)
    const scales = seriesScales(many)
    expect(scales.color.domain).toEqual(many)
    return new Set(many.map((_, i) => `${Math.min(i, MOST_COLORS)} ${String(scales[of].range[i])}`))
  }

  it('tell every two of 15 series apart by colour and dash, and by colour and shape', () => {
    expect(looks(15, 'strokeDash').size).toBe(15)
    expect(looks(15, 'shape').size).toBe(15)
  })

  it('give no colour twice: from the ninth on series are grey and thin', () => {
    const { category } = chartConfig('light', 'sans-serif').range as { category: string[] }
    expect(new Set(category.slice(0, MOST_COLORS)).size).toBe(MOST_COLORS)
    expect(new Set(category.slice(MOST_COLORS))).toEqual(new Set([THEMES.light.others]))
    const widths = seriesScales(category.map((_, i) => `${i}`)).strokeWidth.range
    expect(Math.max(...widths.slice(MOST_COLORS))).toBeLessThan(Math.min(...widths.slice(0, MOST_COLORS)))
  })
})
