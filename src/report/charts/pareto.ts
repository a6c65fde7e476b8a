/** Two objectives against one another: trials as points, a dashed step front along the Pareto set. */
import type { TopLevelSpec } from 'vega-lite'
import { type Goal, toLoss } from '../../core/objective.js'
import { paretoFront } from '../../core/pareto/pareto.js'
import { formatCount, formatNumber } from '../format.js'
import { type Chart, rounded, seriesScales } from './chart.js'

export interface ParetoPoint {
  readonly x: number
  readonly y: number
  /** Whether it is in the Pareto set: no other point, of its series or of all, dominates it by what it was selected on. */
  readonly front: boolean
  /** Shown at the pointer below the two values, e.g. the configuration. */
  readonly detail?: string
}

export interface ParetoAxis {
  /** With its unit: `latency (ms)`. */
  readonly title: string
  readonly goal: Goal
  /** Default linear. */
  readonly scale?: 'linear' | 'log'
}

export interface ParetoChartInput {
  readonly id: string
  readonly label: string
  /** What series are, where they are not methods: there is then one Pareto set of all series, else one of each. */
  readonly by?: string
  readonly x: ParetoAxis
  readonly y: ParetoAxis
  readonly series: readonly { readonly name: string; readonly points: readonly ParetoPoint[] }[]
  readonly names?: readonly string[]
}

/** More pale marks than this would hide one another and make the page heavy. */
export const MOST_PALE = 500

export function paretoChart({
  id,
  label,
  by,
  x,
  y,
  series,
  names = series.map(({ name }) => name),
}: ParetoChartInput): Chart {
  const scales = seriesScales(names)
  const shown = names.filter((name) => series.some((one) => one.name === name))
  const all = series.reduce((sum, { points }) => sum + points.length, 0)
  const pale = series.reduce((sum, { points }) => sum + points.filter((point) => !point.front).length, 0)
  const drawn = evenly(pale)
  const values = series.flatMap(({ name, points }) =>
    points
      .filter(({ front: strong }) => strong || drawn())
      .map((point) => ({
        series: name,
        x: rounded(point.x),
        y: rounded(point.y),
        front: point.front,
        tip: [
          `${name}${point.front ? ', in the Pareto set' : ''}`,
          `${x.title} ${formatNumber(point.x)}`,
          `${y.title} ${formatNumber(point.y)}`,
          ...(point.detail === undefined ? [] : [point.detail]),
        ].join('\n'),
      })),
  )
  const axis = ({ title, goal, scale = 'linear' }: ParetoAxis) => ({
    type: 'quantitative' as const,
    title: `${title}, ${goal === 'min' ? 'lower' : 'higher'} is better`,
    scale: scale === 'log' ? { type: scale, nice: false } : { zero: false },
    axis: { tickCount: 5, format: '.4~g' },
  })
  const look = { field: 'series', type: 'nominal' as const, title: null }
  const color = { ...look, scale: scales.color }
  // The region that a front dominates is bounded by steps: away from the ideal in x first, where small x is good.
  const interpolate = x.goal === 'min' ? ('step-after' as const) : ('step-before' as const)
  const position = { x: { ...axis(x), field: 'x' }, y: { ...axis(y), field: 'y' } }
  const sets =
    by === undefined
      ? series.map(({ name, points }) =>
          line(points, x, y).map(({ x: across, y: up }) => ({ series: name, x: across, y: up })),
        )
      : [
          line(
            series.flatMap(({ points }) => points),
            x,
            y,
          ),
        ]
  const spec: TopLevelSpec = {
    data: { values },
    width: 'container',
    height: 320,
    // One layer has the legend; the default, one legend for all layers, would take the absence from the others.
    resolve: { legend: { color: 'independent', shape: 'independent' } },
    layer: [
      {
        data: { values: sets.flat() },
        mark: { type: 'line', interpolate, strokeDash: [6, 4], strokeWidth: 1.75, aria: false },
        encoding: {
          ...position,
          ...(by === undefined && { color: { ...color, legend: null } }),
          order: { field: 'x', type: 'quantitative' },
        },
      },
      {
        mark: { type: 'point', filled: true, aria: false },
        encoding: {
          ...position,
          color: { ...color, legend: { values: shown } },
          shape: { ...look, scale: scales.shape, legend: { values: shown } },
          size: { condition: { test: 'datum.front', value: 90 }, value: 45 },
          opacity: { condition: { test: 'datum.front', value: 1 }, value: 0.35 },
          tooltip: { field: 'tip', type: 'nominal' },
        },
      },
    ],
  }
  const front = series.flatMap(({ name, points }) =>
    points.filter((point) => point.front).map(({ x: across, y: up }) => ({ series: name, x: across, y: up })),
  )
  return {
    id,
    title: `${by === undefined ? '' : `Pareto set by ${by}: `}${y.title} against ${x.title} on ${label}`,
    subtitle:
      (pale === 0
        ? 'A mark a trial in the Pareto set, chosen by validation, at its last level'
        : `Marks are the trials in the Pareto set of a run by all objectives, at their last level; strong ones are the Pareto set ${
            by === undefined ? 'of a method' : `over every ${by}`
          } in these two, chosen by validation`) +
      '; the dashed line joins those that no other of them beats as drawn' +
      (pale > MOST_PALE ? `; ${formatCount(MOST_PALE)} of ${formatCount(pale)} pale marks are drawn` : ''),
    description:
      `Scatter chart of ${y.title} against ${x.title} on ${label}, ${all} trials, ` +
      `${front.length} of them in the Pareto sets.`,
    kind: by === undefined ? 'pareto' : 'pareto-by',
    spec,
    table: {
      id,
      title: `Pareto sets on ${label}`,
      columns: [{ name: 'series' }, { name: x.title, format: formatNumber }, { name: y.title, format: formatNumber }],
      rows: front
        .toSorted((a, b) => names.indexOf(a.series) - names.indexOf(b.series) || a.x - b.x)
        .map((point) => [point.series, point.x, point.y]),
    },
  }
}

/**
 * The points of a Pareto set that none of it dominates as drawn. Where the set was chosen by other values than those that are
 * drawn some are dominated there, and a line through all would go back and forth.
 */
function line(points: readonly ParetoPoint[], x: ParetoAxis, y: ParetoAxis): { x: number; y: number }[] {
  const set = points.filter(({ front }) => front)
  const held = paretoFront(set.map((point) => [toLoss(point.x, x.goal), toLoss(point.y, y.goal)]))
  return held.map((i) => ({ x: rounded(set[i]!.x), y: rounded(set[i]!.y) }))
}

/** Says of one after another whether it is drawn: all or, of too many, MOST_PALE that are evenly spread. */
function evenly(count: number): () => boolean {
  let seen = 0
  const most = Math.min(count, MOST_PALE)
  // Multiplied first: a share, rounded, would lose the last one.
  return () => Math.floor((++seen * most) / count) > Math.floor(((seen - 1) * most) / count)
}
