/** How much longer real trainings took than recorded ones, by level. */
import type { TopLevelSpec } from 'vega-lite'
import { formatNumber } from '../format.js'
import { type Chart, rounded } from './chart.js'

export interface TimeRatioLevel {
  readonly level: number
  readonly trainings: number
  /** Geometric mean over trainings. */
  readonly mean: number
  readonly least: number
  readonly greatest: number
}

export interface TimeRatioInput {
  readonly id: string
  readonly table: string
  readonly resource: string
  readonly levels: readonly TimeRatioLevel[]
}

/** Of the logarithmic axis. */
const TICKS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 500, 1000]

export function timeRatioChart({ id, table, resource, levels }: TimeRatioInput): Chart {
  const values = levels.map(({ level, trainings, mean, least, greatest }) => ({
    x: level,
    y: rounded(mean),
    low: rounded(least),
    high: rounded(greatest),
    tip: `${resource} ${level}, ${trainings} trainings\n${formatNumber(mean)} times as long\nfrom ${formatNumber(least)} to ${formatNumber(greatest)}`,
  }))
  const x = { field: 'x', type: 'quantitative' as const, title: resource, axis: { tickCount: 6, grid: false } }
  const all = levels.flatMap(({ least, greatest }) => [least, greatest])
  const domain = [Math.min(0.8, ...all), Math.max(1.25, ...all)].map(rounded)
  const y = {
    type: 'quantitative' as const,
    title: 'time for real / as recorded',
    scale: { type: 'log' as const, domain, nice: false, padding: 8 },
    axis: { values: TICKS.filter((tick) => tick >= domain[0]! && tick <= domain[1]!) },
  }
  const spec: TopLevelSpec = {
    data: { values },
    width: 'container',
    height: 240,
    layer: [
      {
        data: { values: [{ y: 1 }] },
        mark: { type: 'rule', strokeDash: [4, 4], strokeWidth: 1.25, aria: false },
        encoding: { y: { ...y, field: 'y' } },
      },
      {
        mark: { type: 'area', opacity: 0.18, aria: false },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
      },
      {
        mark: { type: 'line', strokeWidth: 2.25, aria: false, point: { filled: true, size: 45 } },
        encoding: { x, y: { ...y, field: 'y' }, tooltip: { field: 'tip', type: 'nominal' as const } },
      },
    ],
  }
  const last = levels.at(-1)!
  return {
    id,
    about: table,
    title: `Time of training on ${table}, for real and as recorded`,
    subtitle: 'Line: geometric mean of the ratios; area: from the least to the greatest; dashes: as recorded',
    description:
      `Line chart of seconds of training up to each ${resource} on ${table}, for real as a multiple of the recorded ones: ` +
      `${levels.map(({ level, mean }) => `${formatNumber(mean)} at ${resource} ${level}`).join(', ')}; ` +
      `at ${resource} ${last.level} from ${formatNumber(last.least)} to ${formatNumber(last.greatest)}.`,
    kind: 'time-ratio',
    spec,
    table: {
      id,
      title: `Time of training on ${table}, for real and as recorded`,
      columns: [
        { name: resource },
        { name: 'trainings' },
        ...['ratio', 'least', 'greatest'].map((name) => ({ name, format: formatNumber })),
      ],
      rows: levels.map(({ level, trainings, mean, least, greatest }) => [level, trainings, mean, least, greatest]),
    },
  }
}
