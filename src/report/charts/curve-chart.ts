/** Step curves over time with bands: what charts over time have in common. */
import type { TopLevelSpec } from 'vega-lite'
import type { DataTable } from '../data-table.js'
import { formatNumber, listed } from '../format.js'
import { type Chart, POINTER_LAYER, paleFirst, rounded, seriesScales } from './chart.js'
import { MOST_LABELS, labelLayers } from './end-labels.js'

/** A point holds from its x to that of the next. */
export interface CurvePoint {
  readonly x: number
  readonly y: number
  /** Ends of the band, where there is one. */
  readonly low?: number
  readonly high?: number
}

export interface CurveSeries {
  readonly name: string
  /** From left to right. */
  readonly points: readonly CurvePoint[]
}

export interface CurveChartInput {
  readonly id: string
  readonly kind: string
  readonly title: string
  readonly subtitle: string
  readonly description: string
  readonly xTitle: string
  readonly yTitle: string
  /** What a value is followed by at the pointer, with its blank: ` s`. */
  readonly xUnit: string
  /** In plan order. */
  readonly series: readonly CurveSeries[]
  /** All names of the report in plan order, so that a series looks the same in every chart; default: those above. */
  readonly names?: readonly string[]
}

/** Rows of the table in words below a chart. */
const TABLE_ROWS = 11
/** The share of the time that may be cut off at the top or bottom. */
const UNSETTLED = 0.08
/** Opacity of all bands together: where many overlap nothing else could be seen otherwise. */
const BAND = 0.16
/** Pixels. */
const HEIGHT = 260
/** Places at which the pointer asks. */
const POINTER_STOPS = 100

export function curveChart(input: CurveChartInput): Chart {
  const { series, xTitle, yTitle } = input
  const names = input.names ?? series.map(({ name }) => name)
  const scales = seriesScales(names)
  const shown = names.filter((name) => series.some((one) => one.name === name))
  const values = paleFirst(series, names, ({ name }) => name).flatMap(({ name, points }) =>
    changes(points).map(({ x, y, low, high }) => ({
      series: name,
      x: rounded(x),
      y: rounded(y),
      low: cell(low ?? null),
      high: cell(high ?? null),
    })),
  )
  const end = series.reduce((most, { points }) => Math.max(most, points.at(-1)?.x ?? 0), 0)
  const range = settledRange(series, end)
  const entries = entriesOf(series, range)
  const ends = series.flatMap(({ name, points }) => {
    const last = points.at(-1)
    return last === undefined ? [] : [{ series: name, x: rounded(last.x), y: rounded(last.y) }]
  })
  const labelled = shown.length <= MOST_LABELS
  const x = {
    field: 'x',
    type: 'quantitative' as const,
    title: xTitle,
    scale: { domain: [0, rounded(end)], nice: false },
    axis: { grid: false, tickCount: 5 },
  }
  const y = {
    type: 'quantitative' as const,
    title: yTitle,
    scale: { zero: false, nice: false, domain: range },
    axis: { tickCount: 5 },
  }
  const look = { field: 'series', type: 'nominal' as const, title: null }
  const color = { ...look, scale: scales.color, legend: null }
  const shape = { ...look, scale: scales.shape, legend: null }
  const legend = labelled ? null : { values: shown, symbolType: 'stroke' as const, symbolSize: 500 }
  const edge = (field: 'low' | 'high') => ({
    mark: {
      type: 'line' as const,
      interpolate: 'step-after' as const,
      strokeWidth: 0.75,
      opacity: 0.6,
      clip: true,
      aria: false,
    },
    transform: [{ filter: 'isValid(datum.low)' }],
    encoding: { x, y: { ...y, field }, color },
  })
  const banded = new Set(values.filter(({ low }) => low !== null).map((value) => value.series)).size
  const spec: TopLevelSpec = {
    data: { values },
    width: 'container',
    height: HEIGHT,
    // One layer has the legend; the default, one legend for all layers, would take the absence from the others.
    resolve: { legend: { color: 'independent', strokeDash: 'independent' } },
    layer: [
      ...(banded > 0
        ? [
            {
              mark: {
                type: 'area' as const,
                interpolate: 'step-after' as const,
                opacity: rounded(BAND / banded),
                clip: true,
                aria: false,
              },
              transform: [{ filter: 'isValid(datum.low)' }],
              encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
            },
            edge('low'),
            edge('high'),
          ]
        : []),
      {
        mark: { type: 'line', interpolate: 'step-after', clip: true, aria: false },
        encoding: {
          x,
          y: { ...y, field: 'y' },
          color: { ...color, legend },
          strokeDash: { ...look, scale: scales.strokeDash, legend },
          strokeWidth: { ...look, type: 'ordinal', scale: scales.strokeWidth, legend: null },
        },
      },
      {
        data: { values: entries },
        mark: { type: 'point', shape: 'triangle-up', filled: true, size: 60, opacity: 1, aria: false },
        encoding: {
          x,
          y: { ...y, field: 'y' },
          color,
          angle: { condition: { test: 'datum.below', value: 180 }, value: 0 },
        },
      },
      {
        data: { values: ends },
        mark: { type: 'point', shape: 'circle', filled: true, size: 24, opacity: 1, aria: false },
        encoding: { x, y: { ...y, field: 'y' }, color },
      },
      ...(labelled ? labelLayers(ends, range, HEIGHT, { x, y, color, shape }) : []),
      {
        name: POINTER_LAYER,
        data: { values: pointerStops(input, end) },
        params: [{ name: 'at', select: { type: 'point', on: 'pointerover', clear: 'pointerout' } }],
        mark: { type: 'rect', aria: false },
        encoding: {
          x: { ...x, field: 'x' },
          x2: { field: 'x2' },
          opacity: { condition: { param: 'at', empty: false, value: 0.15 }, value: 0 },
          tooltip: { field: 'tip', type: 'nominal' },
        },
      },
    ],
  }
  const { id, kind, title, description } = input
  const subtitle = [input.subtitle, entryText(entries), ...together(series, end)]
    .filter((part) => part !== '')
    .join('; ')
  return { id, title, subtitle, description, kind, spec, table: tableOf(input, end) }
}

/** Where a curve comes into the picture that began outside of it. */
interface Entry {
  readonly series: string
  readonly x: number
  /** The edge that it comes from. */
  readonly y: number
  readonly below: boolean
}

function entriesOf(series: readonly CurveSeries[], [low, high]: readonly [number, number]): Entry[] {
  const inside = ({ y }: CurvePoint): boolean => y >= low && y <= high
  return series.flatMap(({ name, points }) => {
    const [first] = points
    const entry = points.find((point) => inside(point))
    if (first === undefined || entry === undefined || inside(first)) return []
    const below = first.y < low
    return [{ series: name, x: rounded(entry.x), y: rounded(below ? low : high), below }]
  })
}

function entryText(entries: readonly Entry[]): string {
  const sides = [...new Set(entries.map(({ below }) => (below ? 'below' : 'above')))]
  return entries.length === 0 ? '' : `a triangle at the edge: the curve comes from ${sides.join(' or ')}`
}

/** Which curves hide one another: those that are equal at half of all times or more. */
function together(series: readonly CurveSeries[], end: number): string[] {
  const sampled = series.map(({ name, points }) => ({
    name,
    values: Array.from({ length: POINTER_STOPS }, (_, i) => {
      const y = pointAt(points, (end * (i + 1)) / POINTER_STOPS)?.y
      return y === undefined ? undefined : rounded(y)
    }),
  }))
  const groups: (typeof sampled)[] = []
  for (const one of sampled) {
    const equal = ([other]: typeof sampled): number =>
      one.values.filter((value, i) => value !== undefined && value === other!.values[i]).length
    const group = groups.find((of) => equal(of) >= POINTER_STOPS / 2)
    if (group === undefined) groups.push([one])
    else group.push(one)
  }
  return groups
    .filter((group) => group.length > 1)
    .map((group) => `equal for at least half of the time: ${listed(group.map(({ name }) => name))}`)
}

/**
 * The values after the first part of the time, with a little room. What lies outside is cut off: the first reports of a
 * run are far from all later ones, which would become one line.
 */
function settledRange(series: readonly CurveSeries[], end: number): [number, number] {
  let low = Infinity
  let high = -Infinity
  for (const { points } of series) {
    for (const [i, point] of points.entries()) {
      const until = points[i + 1]?.x ?? Infinity
      if (until <= end * UNSETTLED) continue
      low = Math.min(low, point.low ?? point.y)
      high = Math.max(high, point.high ?? point.y)
    }
  }
  const room = (high - low) * 0.06 || Math.abs(high) * 0.1 || 1
  return [rounded(low - room), rounded(high + room)]
}

/** The points at which something changes, and the last one. */
function changes(points: readonly CurvePoint[]): CurvePoint[] {
  return points.filter((point, i) => {
    const before = points[i - 1]
    return (
      before === undefined ||
      i === points.length - 1 ||
      before.y !== point.y ||
      before.low !== point.low ||
      before.high !== point.high
    )
  })
}

function cell(value: number | null): number | null {
  return value === null ? null : rounded(value)
}

/** The last point at or before x, of points in the order of x. */
function pointAt(points: readonly CurvePoint[], x: number): CurvePoint | undefined {
  let [before, after] = [-1, points.length]
  while (after - before > 1) {
    const middle = (before + after) >> 1
    if (points[middle]!.x <= x) before = middle
    else after = middle
  }
  return points[before]
}

function pointerStops({ series, xUnit }: CurveChartInput, end: number) {
  return Array.from({ length: end > 0 ? POINTER_STOPS : 0 }, (_, i) => {
    const from = (end * i) / POINTER_STOPS
    const to = (end * (i + 1)) / POINTER_STOPS
    const lines = series.flatMap(({ name, points }) => {
      const point = pointAt(points, to)
      return point === undefined ? [] : [`${name}: ${valueText(point)}`]
    })
    if (lines.length === 0) return []
    return { x: rounded(from), x2: rounded(to), tip: [`at ${formatNumber(rounded(to))}${xUnit}`, ...lines].join('\n') }
  }).flat()
}

function valueText({ y, low, high }: CurvePoint): string {
  const band = low === undefined || high === undefined ? '' : ` (${formatNumber(low)} to ${formatNumber(high)})`
  return `${formatNumber(y)}${band}`
}

/** Rows at about equal distances, each at an x that the curves have points at, so that its numbers hold there. */
function tableOf({ id, title, xTitle, series }: CurveChartInput, end: number): DataTable {
  const grid = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b)
  const wanted = Array.from({ length: TABLE_ROWS }, (_, i) => (end * i) / (TABLE_ROWS - 1))
  const xs = new Set(grid.length === 0 ? [] : wanted.map((x) => nearest(grid, x)))
  const rowAt = (x: number): (number | null)[] => [x, ...series.map(({ points }) => pointAt(points, x)?.y ?? null)]
  return {
    id,
    title,
    columns: [{ name: xTitle, format: formatNumber }, ...series.map(({ name }) => ({ name, format: formatNumber }))],
    rows: [...xs].map(rowAt),
  }
}

function nearest(grid: readonly number[], x: number): number {
  return grid.reduce((best, one) => (Math.abs(one - x) < Math.abs(best - x) ? one : best))
}
