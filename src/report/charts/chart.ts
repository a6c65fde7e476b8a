/** What every chart is: a Vega-Lite specification with its title and words in place of the picture. */
import type { TopLevelSpec } from 'vega-lite'
import type { DataTable } from '../data-table.js'
import { DASHES, MOST_COLORS, SHAPES } from './theme.js'

export interface Chart {
  /** Tells it from the others and names its files; letters, digits and dashes. */
  readonly id: string
  readonly title: string
  /** How to read it: what lines, bands and marks are. */
  readonly subtitle: string
  /** Says in words what the picture shows, for those who do not see it. */
  readonly description: string
  /** The one table that it is about; default: all of the report. */
  readonly about?: string
  /** Charts of one kind stand side by side. */
  readonly kind: string
  /** Without title, colours and width, which belong to the page it stands on. */
  readonly spec: TopLevelSpec
  /** The numbers behind it. */
  readonly table: DataTable
}

/** A layer of this name only answers the pointer: it is left out of pictures that stand still. */
export const POINTER_LAYER = 'pointer'

/** The chart as one of a single table. */
export function about(table: string, chart: Chart): Chart {
  return { ...chart, about: table }
}

/** Enough digits for a picture. */
export function rounded(value: number): number {
  return Number(value.toPrecision(5))
}

/**
 * Scales that tell series apart: colour (from the theme), and beside it dashes or shapes, so that nothing is told by
 * colour alone. Series keep their place in all charts of a report. From the ninth on they are thin and grey, as no more
 * colours can be told apart by everybody.
 */
export function seriesScales(names: readonly string[]) {
  const domain = [...names]
  const turn = <T>(range: readonly T[]): T[] =>
    domain.map((_, i) => range[(i + Math.floor(i / range.length)) % range.length]!)
  return {
    color: { domain },
    strokeDash: { domain, range: domain.map((_, i) => [...DASHES[i % DASHES.length]!]) },
    strokeWidth: { domain, range: domain.map((_, i) => (i < MOST_COLORS ? 2.25 : 1.25)) },
    shape: { domain, range: turn(SHAPES) },
  }
}

/** Series that have no colour of their own first: what is drawn later lies above. */
export function paleFirst<T>(series: readonly T[], names: readonly string[], nameOf: (one: T) => string): T[] {
  const pale = (one: T): boolean => names.indexOf(nameOf(one)) >= MOST_COLORS
  return [...series.filter((one) => pale(one)), ...series.filter((one) => !pale(one))]
}
