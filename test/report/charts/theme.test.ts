import { describe, expect, it } from 'vitest'
import { seriesScales } from '../../../src/report/charts/chart.js'
import { THEMES, type ThemeName } from '../../../src/report/charts/theme.js'

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
    const { background, text, muted, series } = THEMES[name]
    expect(contrast(text, background)).toBeGreaterThan(7)
    expect(contrast(muted, background)).toBeGreaterThan(4.5)
    for (const color of series) expect([color, contrast(color, background) >= 3]).toEqual([color, true])
    expect(new Set(series).size).toBe(8)
  })
})

describe('seriesScales', () => {
  it('tell every two of 40 series apart by colour and dash, and by colour and shape', () => {
    const many = Array.from({ length: 40 }, (_, i) => `method ${i}`)
    const { strokeDash, shape, color } = seriesScales(many)
    expect(color.domain).toEqual(many)
    const look = (of: readonly unknown[]): Set<string> => new Set(many.map((_, i) => `${i % 8} ${String(of[i])}`))
    expect(look(strokeDash.range).size).toBe(40)
    expect(look(shape.range).size).toBe(40)
  })
})
