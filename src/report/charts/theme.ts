/** Colours, dashes, shapes and type of all charts, for light and dark pages. */
import type { Config } from 'vega-lite'

export type ThemeName = 'light' | 'dark'

export interface Theme {
  readonly background: string
  readonly text: string
  /** Axis titles, subtitles. */
  readonly muted: string
  readonly grid: string
  /** Of series, in order. The first is for the baseline. */
  readonly series: readonly string[]
  /** Of all series that come after these. */
  readonly others: string
}

/**
 * Told apart with any common colour blindness (after Okabe and Ito 2008, Color Universal Design, and Tol 2021, Colour
 * Schemes), each darkened or lightened to a contrast of at least 3:1 on its background (WCAG 2.2, 1.4.11).
 */
export const THEMES: Readonly<Record<ThemeName, Theme>> = {
  light: {
    background: '#ffffff',
    text: '#1b1f24',
    muted: '#57606a',
    grid: '#e6e8eb',
    series: ['#4d5561', '#0072b2', '#d55e00', '#00805e', '#aa4499', '#96700a', '#332288', '#882255'],
    others: '#8b939c',
  },
  dark: {
    background: '#14171b',
    text: '#e8eaed',
    muted: '#a3abb5',
    grid: '#2d3339',
    series: ['#b4bcc6', '#5aaef0', '#ff8a3d', '#2fc79a', '#e48bd0', '#f0d04a', '#9be0ff', '#ff9db5'],
    others: '#838c97',
  },
}

/** Series that have a colour of their own. */
export const MOST_COLORS = 8
/** Places that Vega-Lite takes colours from; after the last they would come again. */
const PLACES = 32

/** Of lines, in the order of series: seven differ by their dash alone. */
export const DASHES: readonly (readonly number[])[] = [
  [6, 3],
  [1, 0],
  [10, 3],
  [2, 2],
  [8, 3, 2, 3],
  [10, 3, 2, 3, 2, 3],
  [4, 5],
]

export const SHAPES = [
  'square',
  'circle',
  'triangle-up',
  'diamond',
  'cross',
  'triangle-down',
  'triangle-right',
  'triangle-left',
] as const

/** One below the other, where a picture has two. */
const LEGENDS_BELOW = { bottom: { anchor: 'start', direction: 'vertical' } }

/** The configuration of Vega-Lite. @param font a CSS list of families */
export function chartConfig(name: ThemeName, font: string): Config {
  const { background, text, muted, grid, series, others } = THEMES[name]
  return {
    background,
    font,
    range: { category: [...series, ...Array.from({ length: PLACES - series.length }, () => others)] },
    view: { stroke: null },
    title: {
      color: text,
      subtitleColor: muted,
      fontSize: 15,
      subtitleFontSize: 12,
      anchor: 'start',
      frame: 'group',
      offset: 14,
      subtitlePadding: 5,
    },
    axis: {
      labelColor: text,
      titleColor: muted,
      gridColor: grid,
      domainColor: muted,
      tickColor: muted,
      labelFontSize: 12,
      titleFontSize: 12,
      titleFontWeight: 'normal',
      titlePadding: 8,
      labelAngle: 0,
      labelOverlap: true,
      labelLimit: 170,
    },
    // Numbers that nearly touch cannot be read.
    axisX: { labelSeparation: 6 },
    legend: {
      labelColor: text,
      labelFontSize: 12,
      labelLimit: 260,
      orient: 'bottom',
      direction: 'horizontal',
      title: null,
      symbolSize: 120,
      symbolStrokeWidth: 2.5,
      // Vega knows it, the types of Vega-Lite do not.
      ...({ layout: LEGENDS_BELOW } as object),
      columnPadding: 18,
      rowPadding: 5,
    },
    mark: { color: muted },
    rule: { color: muted },
    text: { color: text },
  }
}
