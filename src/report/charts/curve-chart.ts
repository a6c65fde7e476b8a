/** Step curves over time with bands: what charts over time have in common. */
import type { TopLevelSpec } from 'vega-lite'
import type { DataTable } from '../data-table.js'
import { formatNumber } from '../format.js'
import { type Chart, POINTER_LAYER, rounded, seriesScales } from './chart.js'

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
/** Places at which the pointer asks. */
const POINTER_STOPS = 100

export function curveChart(input: CurveChartInput): Chart {
  const { series, xTitle, yTitle } = input
  const names = input.names ?? series.map(({ name }) => name)
  const scales = seriesScales(names)
  const shown = names.filter((name) => series.some((one) => one.name === name))
  const values = series.flatMap(({ name, points }) =>
    changes(points).map(({ x, y, low, high }) => ({
      series: name,
      x: rounded(x),
      y: rounded(y),
      low: cell(low ?? null),
      high: cell(high ?? null),
    })),
  )
  const end = series.reduce((most, { points }) => Math.max(most, points.at(-1)?.x ?? 0), 0)
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
    scale: { zero: false, nice: false, domain: settledRange(series, end) },
    axis: { tickCount: 5 },
  }
  const color = {
    field: 'series',
    type: 'nominal' as const,
    title: null,
    scale: scales.color,
    legend: { values: shown, symbolType: 'stroke' as const, symbolSize: 500 },
  }
  const spec: TopLevelSpec = {
    data: { values },
    width: 'container',
    height: 260,
    // One layer has the legend; the default, one legend for all layers, would take the absence from the others.
    resolve: { legend: { color: 'independent', strokeDash: 'independent' } },
    layer: [
      {
        mark: { type: 'area', interpolate: 'step-after', opacity: 0.16, clip: true, aria: false },
        transform: [{ filter: 'isValid(datum.low)' }],
        encoding: {
          x,
          y: { ...y, field: 'low' },
          y2: { field: 'high' },
          color: { ...color, legend: null },
        },
      },
      {
        mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2.25, clip: true, aria: false },
        encoding: {
          x,
          y: { ...y, field: 'y' },
          color,
          strokeDash: { ...color, scale: scales.strokeDash },
        },
      },
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
  const { id, kind, title, subtitle, description } = input
  return { id, title, subtitle, description, kind, spec, table: tableOf(input, end) }
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
    return { x: rounded(from), x2: rounded(to), tip: [`at ${formatNumber(rounded(to))}${xUnit}`, ...lines].join('\n') }
  })
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
