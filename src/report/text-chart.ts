/** Line charts as text: curves drawn in braille dots, each named where it ends, with labelled axes. */
import { formatNumber } from './format.js'

/** One curve; points from left to right, those that are not finite are left out. */
export interface ChartSeries {
  readonly label: string
  readonly points: readonly (readonly [x: number, y: number])[]
  /** Colours the curve and its label. */
  readonly paint?: (text: string) => string
}

export interface ChartOptions {
  /** Columns in all. */
  readonly width: number
  /** Rows of the plot, without title and axis. */
  readonly height: number
  readonly xLabel: string
  readonly yLabel: string
}

/** Bits of the dots of a braille character, by row and column. */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const

/** Draws curves over one another, the first on top. Empty where there is no finite point. */
export function textChart(series: readonly ChartSeries[], options: ChartOptions): string {
  const drawn = series.map((one) => ({ ...one, points: one.points.filter(([x, y]) => Number.isFinite(x + y)) }))
  const all = drawn.flatMap(({ points }) => points)
  if (all.length === 0) return ''
  const [xLow, xHigh] = rangeOf(all.map(([x]) => x))
  const [yLow, yHigh] = rangeOf(all.map(([, y]) => y))

  const { height } = options
  const yTicks = [yHigh, (yLow + yHigh) / 2, yLow].map((y) => formatNumber(Number(y.toPrecision(3))))
  const margin = Math.max(...yTicks.map((tick) => tick.length))
  const names = Math.max(...drawn.map(({ label }) => label.length))
  const columns = Math.max(10, options.width - margin - names - 4)

  const canvas = new Canvas(columns, height)
  const column = (x: number): number => Math.round(((x - xLow) / (xHigh - xLow)) * (2 * columns - 1))
  const row = (y: number): number => Math.round(((yHigh - y) / (yHigh - yLow)) * (4 * height - 1))
  const ends: { label: string; row: number }[] = []
  for (const { label, points, paint } of drawn.toReversed()) {
    for (const [i, [x, y]] of points.entries()) {
      const [fromX, fromY] = points[Math.max(0, i - 1)]!
      canvas.line(column(fromX), row(fromY), column(x), row(y), paint)
    }
    const last = points.at(-1)
    if (last !== undefined) ends.unshift({ label: paint?.(label) ?? label, row: row(last[1]) / 4 })
  }
  const labels = spread(ends, height)
  const ticks = new Map([0, Math.floor((height - 1) / 2), height - 1].map((at, i) => [at, yTicks[i]!]))
  const lines = Array.from({ length: height }, (_, at) => {
    const tick = (ticks.get(at) ?? '').padStart(margin)
    return `${tick} ${ticks.has(at) ? '┤' : '│'}${canvas.row(at)} ${labels[at] ?? ''}`.trimEnd()
  })
  const left = ' '.repeat(margin + 1)
  return [
    `${left}${options.yLabel}`,
    ...lines,
    `${left}└${'─'.repeat(columns)}`,
    xAxis(left, xLow, xHigh, columns, options.xLabel),
  ].join('\n')
}

/** First and last value below the axis, and between them what it is. */
function xAxis(left: string, low: number, high: number, columns: number, label: string): string {
  const [first, last] = [formatNumber(low), formatNumber(high)]
  const room = columns - first.length - last.length
  const before = Math.max(1, Math.floor((room - label.length) / 2))
  return `${left} ${first}${' '.repeat(before)}${label}${' '.repeat(Math.max(1, room - label.length - before))}${last}`
}

/** Least and greatest number, never the same. */
function rangeOf(values: readonly number[]): [number, number] {
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  const room = low === high ? Math.abs(low) * 0.1 || 1 : 0
  return [low - room, high + room]
}

/** One label per row: those that want the same row move to free ones below it or, at the bottom, above; in order. */
function spread(ends: readonly { readonly label: string; readonly row: number }[], height: number): string[] {
  const labels: string[] = []
  const sorted = ends.toSorted((a, b) => a.row - b.row).slice(0, height)
  let free = 0
  for (const [i, { label, row }] of sorted.entries()) {
    const at = Math.min(Math.max(Math.floor(row), free), height - (sorted.length - i))
    labels[at] = label
    free = at + 1
  }
  return labels
}

/** Characters of 2 x 4 dots each. */
class Canvas {
  readonly #columns: number
  readonly #bits: Uint8Array
  readonly #paints: (((text: string) => string) | undefined)[] = []

  constructor(columns: number, rows: number) {
    this.#columns = columns
    this.#bits = new Uint8Array(columns * rows)
  }

  /** A straight line between two dots. */
  line(x0: number, y0: number, x1: number, y1: number, paint: ((text: string) => string) | undefined): void {
    const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))
    for (let i = 0; i <= steps; i++) {
      const share = steps === 0 ? 0 : i / steps
      this.#dot(Math.round(x0 + (x1 - x0) * share), Math.round(y0 + (y1 - y0) * share), paint)
    }
  }

  row(at: number): string {
    let text = ''
    for (let column = 0; column < this.#columns; column++) {
      const cell = at * this.#columns + column
      const bits = this.#bits[cell]!
      const character = bits === 0 ? ' ' : String.fromCodePoint(0x2800 + bits)
      text += this.#paints[cell]?.(character) ?? character
    }
    return text
  }

  #dot(x: number, y: number, paint: ((text: string) => string) | undefined): void {
    const cell = (y >> 2) * this.#columns + (x >> 1)
    this.#bits[cell]! |= DOTS[y & 3]![x & 1]!
    this.#paints[cell] = paint
  }
}
