/** Names beside the ends of lines: nobody has to look for them in a legend. */
import type { TopLevelSpec } from 'vega-lite'
import { rounded } from './chart.js'

type Layer = Extract<TopLevelSpec, { layer: unknown }>['layer'][number]

/** With more lines than this their names would not fit beside the picture. */
export const MOST_LABELS = 16
/** A layer of this name writes names, which pages shorten where they are narrow. */
export const LABEL_LAYER = 'label'
/** Pixels that a name is high. */
const LINE = 14
/** Pixels between the end of a line and its name. */
const GAP = 20

export interface LineEnd {
  readonly series: string
  readonly x: number
  readonly y: number
  /** Pixels to the right of x; default 0. */
  readonly shift?: number
}

/** Names of lines at the right end, apart from one another, each with its mark and joined to the end of its line. */
export function labelLayers(
  ends: readonly LineEnd[],
  [low, high]: readonly [number, number],
  height: number,
  { x, y, color, shape }: Readonly<Record<'x' | 'y' | 'color' | 'shape', object>>,
): Layer[] {
  const places = spread(
    ends.map((end) => end.y),
    ((high - low) * LINE) / height,
    [low, high],
  )
  const values = ends.map((end, i) => ({ shift: 0, ...end, at: rounded(places[i]!) }))
  const layers = [
    {
      data: { values },
      mark: {
        type: 'rule',
        strokeWidth: 1.25,
        opacity: 0.8,
        xOffset: { expr: 'datum.shift' },
        x2Offset: GAP,
        aria: false,
      },
      encoding: { x: { ...x, field: 'x' }, x2: { field: 'x' }, y: { ...y, field: 'y' }, y2: { field: 'at' }, color },
    },
    {
      data: { values },
      mark: { type: 'point', filled: true, size: 45, opacity: 1, xOffset: GAP + 2, aria: false },
      encoding: { x: { ...x, field: 'x' }, y: { ...y, field: 'at' }, color, shape },
    },
    {
      name: LABEL_LAYER,
      data: { values },
      mark: { type: 'text', align: 'left', baseline: 'middle', dx: GAP + 10, fontSize: 12, limit: 200, aria: false },
      encoding: { x: { ...x, field: 'x' }, y: { ...y, field: 'at' }, text: { field: 'series', type: 'nominal' } },
    },
  ]
  return layers as unknown as Layer[]
}

/** Whether there are names beside a picture, which takes room from it. */
export function hasNamesBeside(spec: TopLevelSpec): boolean {
  return 'layer' in spec && spec.layer.some(({ name }) => name === LABEL_LAYER)
}

/**
 * The places closest to the given ones (least squares) that are at least `apart` from one another and in the same order,
 * shifted into the range where they stick out of it: pools of adjacent violators.
 */
export function spread(values: readonly number[], apart: number, [low, high]: readonly [number, number]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]! || b - a)
  const pools: { members: number[]; sum: number }[] = []
  const meanOf = ({ members, sum }: { members: number[]; sum: number }): number => sum / members.length
  for (const [k, i] of order.entries()) {
    let pool = { members: [i], sum: values[i]! - k * apart }
    for (let last = pools.at(-1); last !== undefined && meanOf(last) >= meanOf(pool); last = pools.at(-1)) {
      pools.pop()
      pool = { members: [...last.members, ...pool.members], sum: last.sum + pool.sum }
    }
    pools.push(pool)
  }
  const places = pools.flatMap((pool) => pool.members.map(() => meanOf(pool)))
  const found: number[] = []
  for (const [k, i] of order.entries()) {
    const [least, most] = [low, high - (order.length - 1) * apart]
    found[i] = Math.max(least, Math.min(most, places[k]!)) + k * apart
  }
  return found
}
