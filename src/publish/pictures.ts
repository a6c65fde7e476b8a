/** Charts as pictures, without a browser: SVG by Vega's own renderer, PNG from that with the font that ships. */
import { join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import * as vega from 'vega'
import { compile } from 'vega-lite'
import { packageRoot } from '../package.js'
import type { Chart } from '../report/charts/chart.js'
import { PICTURE_FONT, standalone } from '../report/charts/standalone.js'
import type { ThemeName } from '../report/charts/theme.js'

const QUIET = {
  level: () => QUIET,
  error: () => QUIET,
  warn: () => QUIET,
  info: () => QUIET,
  debug: () => QUIET,
} as unknown as NonNullable<Parameters<typeof compile>[1]>['logger'] & object

/** What letters of the font are wide on average, in its size. Vega's own guess without a canvas leaves large gaps. */
const WIDTH = { normal: 0.6, bold: 0.68 }

/** What Vega hands over of a text; its types say nothing of it. */
interface Measured {
  readonly text?: unknown
  readonly fontSize?: number
  readonly fontWeight?: string | number
}

// Vega exports it, but its types leave it out.
const { textMetrics } = vega as unknown as { textMetrics: { width: (item: Measured, text?: unknown) => number } }
textMetrics.width = ({ text: own, fontSize = 11, fontWeight }: Measured, text?: unknown): number => {
  const letters = String(text ?? own ?? '').length
  return letters * fontSize * (fontWeight === 'bold' ? WIDTH.bold : WIDTH.normal)
}

/** The same text for the same chart: identifiers count from the beginning. */
export async function renderSvg(chart: Chart, theme: ThemeName = 'light'): Promise<string> {
  const { spec } = compile(standalone(chart, theme), { logger: QUIET })
  vega.resetSVGDefIds()
  const view = new vega.View(vega.parse(spec), { renderer: 'none' })
  try {
    return await view.toSVG()
  } finally {
    view.finalize()
  }
}

/** Twice as large as the SVG, so that it stays sharp. The fonts of the machine are not looked at. */
export function renderPng(svg: string): Uint8Array {
  const fonts = join(packageRoot, 'assets', 'fonts')
  const font = {
    loadSystemFonts: false,
    fontFiles: ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) => join(fonts, file)),
    defaultFontFamily: PICTURE_FONT,
  }
  return new Resvg(svg, { fitTo: { mode: 'zoom', value: 2 }, font }).render().asPng()
}
