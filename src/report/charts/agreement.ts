/** Real against recorded values: on the diagonal nothing differs. */
import type { TopLevelSpec } from 'vega-lite'
import { formatNumber, plural } from '../format.js'
import { type Chart, rounded, seriesScales } from './chart.js'

/** One training at one level. */
export interface AgreementPoint {
  readonly level: number
  readonly name: string
  readonly table: number
  readonly real: number
}

export interface AgreementInput {
  readonly id: string
  readonly table: string
  readonly metric: string
  /** What levels are called, e.g. `epoch`. */
  readonly resource: string
  readonly points: readonly AgreementPoint[]
  /** In words, what the picture shows. */
  readonly finding: string
}

export function agreementChart({ id, table, metric, resource, points, finding }: AgreementInput): Chart {
  const levels = [...new Set(points.map(({ level }) => level))].sort((a, b) => a - b)
  const names = levels.map((level) => `${resource} ${level}`)
  const scales = seriesScales(names)
  const values = points.map(({ level, name, table: was, real }) => ({
    series: `${resource} ${level}`,
    x: rounded(was),
    y: rounded(real),
    tip: `${name}, ${resource} ${level}\nrecorded ${formatNumber(was)}, real ${formatNumber(real)}`,
  }))
  const all = points.flatMap((point) => [point.table, point.real])
  const ends = [Math.min(...all), Math.max(...all)].map(rounded)
  const axis = { type: 'quantitative' as const, scale: { zero: false, nice: true }, axis: { tickCount: 5 } }
  const look = { field: 'series', type: 'nominal' as const, title: null, sort: names }
  const spec: TopLevelSpec = {
    data: { values },
    width: 'container',
    height: 280,
    layer: [
      {
        data: { values: ends.map((end) => ({ x: end, y: end })) },
        mark: { type: 'line', strokeWidth: 1.25, opacity: 0.7, aria: false },
        encoding: {
          x: { ...axis, field: 'x', title: `${metric}, as recorded` },
          y: { ...axis, field: 'y', title: `${metric}, for real` },
        },
      },
      {
        mark: { type: 'point', filled: true, size: 70, opacity: 0.75, aria: false },
        encoding: {
          x: { ...axis, field: 'x', title: `${metric}, as recorded` },
          y: { ...axis, field: 'y', title: `${metric}, for real` },
          color: { ...look, scale: scales.color, legend: { values: names } },
          shape: { ...look, scale: scales.shape, legend: { values: names } },
          tooltip: { field: 'tip', type: 'nominal' as const },
        },
      },
    ],
  }
  return {
    id,
    about: table,
    title: `${metric} on ${table}, recorded and for real`,
    subtitle: 'A mark a training at a rung; on the line both are equal',
    description: `Scatter chart of ${metric} on ${table}, for real against as recorded, ${plural(points.length, 'value')}: ${finding}`,
    kind: 'agreement',
    spec,
    table: {
      id,
      title: `${metric} on ${table}, recorded and for real`,
      columns: [
        { name: 'training' },
        { name: resource },
        { name: 'recorded', format: formatNumber },
        { name: 'real', format: formatNumber },
      ],
      rows: points.map(({ name, level, table: was, real }) => [name, level, was, real]),
    },
  }
}
