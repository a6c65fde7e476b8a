/** Two objectives against one another: trials as points, a dashed step front along the Pareto set. */
import type { TopLevelSpec } from 'vega-lite'
import { type Goal, toLoss } from '../../core/objective.js'
import { paretoFront } from '../../core/pareto/pareto.js'
import { formatCount, formatNumber } from '../format.js'
import { linearNumbers, logNumbers } from './axis.js'
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
  /** What the Pareto set was chosen by, where that is another metric than the one that is drawn. */
  readonly chosenBy?: string
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
  /** What comes later is drawn above. */
  readonly series: readonly { readonly name: string; readonly points: readonly ParetoPoint[] }[]
  readonly names?: readonly string[]
}

/** More pale marks than this would hide one another and make the page heavy. */
export const MOST_PALE = 500
/** Marks nearer to one another than this share of the picture stand side by side, so many pixels apart. */
const [NEAR, STEP] = [0.012, 9]
/** Pixels between the outermost marks and the ends of an axis. */
const ROOM = 12

/** Of marks that stand for no series: a contrast of 3:1 and more on light and on dark. */
const GREY = '#7d8590'
const LEGENDS = ['color', 'stroke', 'shape', 'fill'] as const

/** What a mark says of its trial, and how. */
interface Look {
  readonly label: string
  readonly size: number
  readonly fill: number
  readonly stroke: number
  /** Its colour in the legend, which is about no series. */
  readonly legend: string
}

const LOOKS: Readonly<Record<'held' | 'beaten' | 'pale', Look>> = {
  held: { label: 'chosen by validation', size: 80, fill: 1, stroke: 1, legend: GREY },
  beaten: { label: 'chosen, but beaten here by another', size: 70, fill: 0, stroke: 1, legend: 'transparent' },
  pale: { label: 'not chosen', size: 22, fill: 0.45, stroke: 0, legend: `${GREY}55` },
}

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
  const marks = series.flatMap(({ name, points }) => points.map((point) => ({ name, point })))
  const pale = marks.filter(({ point }) => !point.front)
  const strong = marks.filter(({ point }) => point.front)
  // Where the set was chosen by other values than those that are drawn some of it are dominated there.
  const sets = by === undefined ? series.map(({ name }) => strong.filter((one) => one.name === name)) : [strong]
  const lines = sets.map((set) => undominated(set, x, y))
  const held = new Set(lines.flat())
  const lookOf = (mark: Mark): Look => (!mark.point.front ? LOOKS.pale : held.has(mark) ? LOOKS.held : LOOKS.beaten)
  const drawn = evenly(pale.length)
  const shifts = sideBySide(strong, x, y)
  // Later ones lie above: what is not in the set is drawn first.
  const values = [...pale.filter(() => drawn()), ...strong].map((mark) => ({
    series: mark.name,
    x: rounded(mark.point.x),
    y: rounded(mark.point.y),
    look: lookOf(mark).label,
    shift: shifts.get(mark) ?? 0,
    tip: [
      `${mark.name}, ${lookOf(mark).label}`,
      `${x.title} ${formatNumber(mark.point.x)}`,
      `${y.title} ${formatNumber(mark.point.y)}`,
      ...(mark.point.detail === undefined ? [] : [mark.point.detail]),
    ].join('\n'),
  }))
  const present = Object.values(LOOKS).filter((one) => marks.some((mark) => lookOf(mark) === one))
  const position = {
    x: {
      ...axisOf(
        x,
        values.map((one) => one.x),
        Math.max(0, ...shifts.values()),
      ),
      field: 'x',
      title: titleOf(x).join(', '),
    },
    y: {
      ...axisOf(
        y,
        values.map((one) => one.y),
        0,
      ),
      field: 'y',
      title: titleOf(y),
    },
  }
  const ofSeries = { field: 'series', type: 'nominal' as const, title: null }
  const labels = present.map((look) => look.label)
  const ofLook = <T>(of: (look: Look) => T) => ({
    field: 'look',
    type: 'ordinal' as const,
    title: null,
    scale: { type: 'ordinal' as const, domain: labels, range: present.map(of) },
    legend: null,
  })
  const lookLegend =
    present.length < 2 ? null : { values: labels, columns: 1, encoding: { symbols: { stroke: { value: GREY } } } }
  // The region that a front dominates is bounded by steps: away from the ideal in x first, where small x is good.
  const interpolate = x.goal === 'min' ? ('step-after' as const) : ('step-before' as const)
  const spec: TopLevelSpec = {
    data: { values },
    width: 'container',
    height: 320,
    // One layer has the legends; the default, one legend for all layers, would take the absence from the others.
    resolve: { legend: Object.fromEntries(LEGENDS.map((channel) => [channel, 'independent'])) },
    layer: [
      {
        data: {
          values: lines.flat().map(({ name, point }) => ({ series: name, x: rounded(point.x), y: rounded(point.y) })),
        },
        mark: { type: 'line', interpolate, strokeDash: [6, 4], strokeWidth: 1.5, aria: false },
        encoding: {
          ...position,
          ...(by === undefined && { color: { ...ofSeries, scale: scales.color, legend: null } }),
          order: { field: 'x', type: 'quantitative' },
        },
      },
      {
        mark: {
          type: 'point',
          filled: true,
          opacity: 1,
          strokeWidth: 1.75,
          xOffset: { expr: 'datum.shift' },
          aria: false,
        },
        encoding: {
          ...position,
          color: { ...ofSeries, scale: scales.color, legend: { values: shown } },
          stroke: { ...ofSeries, scale: scales.color, legend: { values: shown } },
          shape: { ...ofSeries, scale: scales.shape, legend: { values: shown } },
          size: ofLook((look) => look.size),
          fillOpacity: ofLook((look) => look.fill),
          strokeOpacity: ofLook((look) => look.stroke),
          tooltip: { field: 'tip', type: 'nominal' },
        },
      },
      // For the legend alone: that of opacities shows no hollow marks.
      {
        data: { values: [] },
        mark: { type: 'point', filled: true, opacity: 1, strokeWidth: 1.75, aria: false },
        encoding: { fill: { ...ofLook((look) => look.legend), legend: lookLegend } },
      },
    ],
  }
  return {
    id,
    title: `${by === undefined ? '' : `Pareto set by ${by}: `}${y.title} against ${x.title} on ${label}`,
    subtitle:
      (pale.length === 0
        ? 'A mark a trial in the Pareto set of a method, chosen by validation, at its last level'
        : `Marks are the trials in the Pareto set of a run by all objectives, at their last level; large ones are the Pareto set ${
            by === undefined ? 'of a method' : `over every ${by}`
          } in these two, chosen by validation`) +
      '; the dashed line joins its full marks, which no other of it beats here; equal ones stand side by side' +
      (pale.length > MOST_PALE ? `; ${formatCount(MOST_PALE)} of the small ones are drawn` : ''),
    description:
      `Scatter chart of ${y.title} against ${x.title} on ${label}, ${marks.length} trials, ` +
      `${strong.length} of them in the Pareto sets.`,
    kind: by === undefined ? 'pareto' : 'pareto-by',
    spec,
    table: {
      id,
      title: `Pareto sets on ${label}`,
      columns: [{ name: 'series' }, { name: x.title, format: formatNumber }, { name: y.title, format: formatNumber }],
      rows: strong
        .toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name) || a.point.x - b.point.x)
        .map(({ name, point }) => [name, point.x, point.y]),
    },
  }
}

interface Mark {
  readonly name: string
  readonly point: ParetoPoint
}

/** In lines: what it is, and what chose it. */
function titleOf({ title, goal, chosenBy, scale }: ParetoAxis): string[] {
  const what = scale === 'log' ? logTitle(title) : title
  return [
    `${what}, ${goal === 'min' ? 'lower' : 'higher'} is better`,
    ...(chosenBy === undefined ? [] : [`of what ${chosenBy} chose`]),
  ]
}

/** `cost (US dollars, logarithmic)` */
function logTitle(title: string): string {
  return title.endsWith(')') ? `${title.slice(0, -1)}, logarithmic)` : `${title} (logarithmic)`
}

/** @param beside pixels that marks stand beside their place at most */
function axisOf({ scale = 'linear' }: ParetoAxis, values: readonly number[], beside: number) {
  const log = scale === 'log'
  return {
    type: 'quantitative' as const,
    scale: { type: scale, nice: false, padding: ROOM + beside, ...(!log && { zero: false }) },
    axis: { tickCount: 5, ...(log ? logNumbers(values) : linearNumbers(values)) },
  }
}

/** Those of a set that none of it dominates as drawn. */
function undominated(set: readonly Mark[], x: ParetoAxis, y: ParetoAxis): Mark[] {
  const losses = set.map(({ point }) => [toLoss(point.x, x.goal), toLoss(point.y, y.goal)])
  return paretoFront(losses).map((i) => set[i]!)
}

/** By mark that lies on others how many pixels it stands to the right of its place. */
function sideBySide(marks: readonly Mark[], x: ParetoAxis, y: ParetoAxis): ReadonlyMap<Mark, number> {
  const across = placesOf(
    marks.map(({ point }) => point.x),
    x,
  )
  const up = placesOf(
    marks.map(({ point }) => point.y),
    y,
  )
  const heaps: number[][] = []
  for (const i of marks.keys()) {
    const near = ([first]: readonly number[]): boolean =>
      Math.abs(across[first!]! - across[i]!) <= NEAR && Math.abs(up[first!]! - up[i]!) <= NEAR
    const heap = heaps.find(near)
    if (heap === undefined) heaps.push([i])
    else heap.push(i)
  }
  return new Map(heaps.flatMap((heap) => heap.map((i, k) => [marks[i]!, (k - (heap.length - 1) / 2) * STEP])))
}

/** Where values stand along an axis, from 0 to 1. */
function placesOf(values: readonly number[], { scale }: ParetoAxis): number[] {
  const along = scale === 'log' ? values.map(Math.log) : values
  const [low, high] = [Math.min(...along), Math.max(...along)]
  return along.map((value) => (high > low ? (value - low) / (high - low) : 0))
}

/** Says of one after another whether it is drawn: all or, of too many, MOST_PALE that are evenly spread. */
function evenly(count: number): () => boolean {
  let seen = 0
  const most = Math.min(count, MOST_PALE)
  // Multiplied first: a share, rounded, would lose the last one.
  return () => Math.floor((++seen * most) / count) > Math.floor(((seen - 1) * most) / count)
}
