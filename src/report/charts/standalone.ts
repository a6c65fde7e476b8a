/** A chart as a specification that stands on its own: with title, colours and width. */
import type { TopLevelSpec } from 'vega-lite'
import { printableTexts } from '../../core/printable.js'
import { type Chart, POINTER_LAYER } from './chart.js'
import { type ThemeName, chartConfig } from './theme.js'

/** The font that ships, so that pictures are the same everywhere. */
export const PICTURE_FONT = 'DejaVu Sans'
const WIDTH = 640
/** Pixels for the name of a row. */
const ROW_ROOM = 360
/** Characters of a line that fit, of the title and of what stands below it. */
const [TITLE_ROOM, SUBTITLE_ROOM] = [62, 96]

export function standalone({ title, subtitle, description, spec }: Chart, theme: ThemeName = 'light'): TopLevelSpec {
  const layers = 'layer' in spec ? spec.layer.filter((layer) => !('name' in layer && layer.name === POINTER_LAYER)) : []
  const config = chartConfig(theme, `${PICTURE_FONT}, sans-serif`)
  return printableTexts({
    ...spec,
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description,
    title: { text: lines(title, TITLE_ROOM), subtitle: lines(subtitle, SUBTITLE_ROOM) },
    width: WIDTH,
    padding: 16,
    // A picture grows to the left by what its rows are called: tables with budgets and workers would be cut alike.
    config: { ...config, axisY: { labelLimit: ROW_ROOM }, legend: { ...config.legend, columns: 3 } },
    ...('layer' in spec && { layer: layers }),
  }) as TopLevelSpec
}

function lines(text: string, width: number): string[] {
  const found: string[] = []
  for (const word of text.split(' ')) {
    const last = found.at(-1)
    if (last === undefined || last.length + 1 + word.length > width) found.push(word)
    else found[found.length - 1] = `${last} ${word}`
  }
  return found
}
