/** Regret against the budget: which method wins at which budget. */
import type { TopLevelSpec } from 'vega-lite'
import { formatBudget, formatNumber, plural } from '../format.js'
import type { Interval } from '../statistics/student.js'
import { type Chart, paleFirst, rounded, seriesScales } from './chart.js'
import { MOST_LABELS, labelLayers } from './end-labels.js'

/** Pixels. */
const HEIGHT = 260
/** Pixels between the points of two methods at one budget, whose intervals would hide one another. */
const [SHIFT, MOST_SHIFT] = [5, 24]

export interface RegretPoint {
  readonly method: string
  readonly budget: number
  /** How far the mean result is from the best value of the table; not negative. */
  readonly regret: number
  /** 95 % interval of the mean; null where there is none. */
  readonly ci95: Interval | null
  readonly seeds: number
}

export interface RegretChartInput {
  readonly id: string
  readonly label: string
  readonly metric: string
  /** What budgets are counted in: `full evaluations` or `s`. */
  readonly unit: string
  readonly optimum: number
  /** By method in plan order, each by rising budget. */
  readonly points: readonly RegretPoint[]
  /** All names of the report in plan order. */
  readonly names: readonly string[]
}

export function regretChart({ id, label, metric, unit, optimum, points, names }: RegretChartInput): Chart {
  const scales = seriesScales(names)
  const sizeText = (budget: number): string =>
    unit === 's' ? `${formatNumber(budget)} s` : formatBudget({ fullEvaluations: budget })
  const methods = names.filter((name) => points.some(({ method }) => method === name))
  const budgets = [...new Set(points.map(({ budget }) => budget))].sort((a, b) => a - b)
  const apart = Math.min(SHIFT, MOST_SHIFT / methods.length)
  const shiftOf = (method: string): number => rounded((methods.indexOf(method) - (methods.length - 1) / 2) * apart)
  const drawn = paleFirst(points, names, ({ method }) => method)
  const values = Array.from(drawn, ({ method, budget, regret, ci95, seeds }) => ({
    series: method,
    x: rounded(budget),
    y: rounded(regret),
    shift: shiftOf(method),
    ...(ci95 !== null && { low: rounded(ci95[0]), high: rounded(ci95[1]) }),
    tip: `${method}, ${sizeText(budget)}\n${regretText(regret, ci95)}, ${plural(seeds, 'seed')}`,
  }))
  const x = {
    field: 'x',
    type: 'quantitative' as const,
    title: `budget (${unit})`,
    // Budgets that double stand at equal distances.
    scale: {
      type: budgets.at(-1)! >= 4 * budgets[0]! ? ('log' as const) : ('linear' as const),
      nice: false,
      padding: 16,
    },
    axis: { values: budgets.map(rounded), grid: false },
  }
  const reached = points.flatMap(({ regret, ci95 }) => [0, regret, ...(ci95 ?? [])])
  const room = 0.04 * (Math.max(...reached) - Math.min(...reached)) || 1
  const range = [rounded(Math.min(...reached) - room), rounded(Math.max(...reached) + room)] as [number, number]
  const y = {
    type: 'quantitative' as const,
    title: `regret of ${metric}, lower is better`,
    scale: { domain: range, nice: false },
    axis: { tickCount: 5 },
  }
  const look = { field: 'series', type: 'nominal' as const, title: null }
  const color = { ...look, scale: scales.color, legend: null }
  const tooltip = { field: 'tip', type: 'nominal' as const }
  const xOffset = { expr: 'datum.shift' }
  const labelled = methods.length <= MOST_LABELS
  const shape = { ...look, scale: scales.shape, legend: null }
  const legend = labelled ? null : { values: methods, symbolType: 'stroke' as const, symbolSize: 500 }
  const ends = methods.map((method) => {
    const { budget, regret } = points.findLast((point) => point.method === method)!
    return { series: method, x: rounded(budget), y: rounded(regret), shift: shiftOf(method) }
  })
  const spec: TopLevelSpec = {
    data: { values },
    width: 'container',
    height: HEIGHT,
    resolve: { legend: { color: 'independent', strokeDash: 'independent' } },
    layer: [
      {
        mark: { type: 'line', xOffset, aria: false },
        encoding: {
          x,
          y: { ...y, field: 'y' },
          color: { ...color, legend },
          strokeDash: { ...look, scale: scales.strokeDash, legend },
          strokeWidth: { ...look, type: 'ordinal', scale: scales.strokeWidth, legend: null },
        },
      },
      {
        transform: [{ filter: 'isValid(datum.low)' }],
        mark: { type: 'rule', strokeWidth: 1.5, opacity: 0.6, xOffset, aria: false },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
      },
      {
        mark: { type: 'point', filled: true, size: 60, opacity: 1, xOffset, aria: false },
        encoding: {
          x,
          y: { ...y, field: 'y' },
          color,
          shape,
          tooltip,
        },
      },
      ...(labelled ? labelLayers(ends, range, HEIGHT, { x, y, color, shape }) : []),
    ],
  }
  const title = `Regret against budget on ${label}`
  return {
    id,
    title,
    subtitle: `Mean distance of ${metric} from the best of the table, ${formatNumber(optimum)}; vertical lines: 95 % interval of the mean, side by side`,
    description: `Regret of ${metric} against the budget in ${unit} on ${label}: ${methods
      .map(
        (method) =>
          `${method} ${points
            .filter((point) => point.method === method)
            .map(pointText)
            .join(', ')}`,
      )
      .join('; ')}.`,
    kind: 'regret',
    spec,
    table: {
      id,
      title,
      columns: [
        { name: 'method' },
        { name: `budget (${unit})`, format: formatNumber },
        { name: 'regret', format: formatNumber },
        { name: 'from', format: formatNumber },
        { name: 'to', format: formatNumber },
        { name: 'seeds' },
      ],
      rows: points.map(({ method, budget, regret, ci95, seeds }) => [
        method,
        budget,
        regret,
        ci95?.[0] ?? null,
        ci95?.[1] ?? null,
        seeds,
      ]),
    },
  }
}

function pointText({ budget, regret }: RegretPoint): string {
  return `${formatNumber(regret)} at ${formatNumber(budget)}`
}

function regretText(regret: number, ci95: Interval | null): string {
  return `regret ${formatNumber(regret)}${ci95 === null ? '' : ` (${ci95.map((end) => formatNumber(end)).join(' to ')})`}`
}
