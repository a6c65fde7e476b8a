/** Regret against the budget: which method wins at which budget. */
import type { TopLevelSpec } from 'vega-lite'
import { formatNumber } from '../format.js'
import type { Interval } from '../statistics/student.js'
import { type Chart, rounded, seriesScales } from './chart.js'

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
  const methods = names.filter((name) => points.some(({ method }) => method === name))
  const budgets = [...new Set(points.map(({ budget }) => budget))].sort((a, b) => a - b)
  const values = points.map(({ method, budget, regret, ci95, seeds }) => ({
    series: method,
    x: rounded(budget),
    y: rounded(regret),
    ...(ci95 !== null && { low: rounded(ci95[0]), high: rounded(ci95[1]) }),
    tip: `${method}, ${formatNumber(budget)} ${unit}\n${regretText(regret, ci95)}, ${seeds} seeds`,
  }))
  const x = {
    field: 'x',
    type: 'quantitative' as const,
    title: `budget (${unit})`,
    // Budgets that double stand at equal distances.
    scale: {
      type: budgets.at(-1)! >= 4 * budgets[0]! ? ('log' as const) : ('linear' as const),
      nice: false,
      padding: 12,
    },
    axis: { values: budgets.map(rounded), grid: false },
  }
  const y = { type: 'quantitative' as const, title: `regret of ${metric}`, axis: { tickCount: 5 } }
  const look = { field: 'series', type: 'nominal' as const, title: null }
  const tooltip = { field: 'tip', type: 'nominal' as const }
  const spec: TopLevelSpec = {
    data: { values },
    width: 'container',
    height: 260,
    resolve: { legend: { color: 'independent', shape: 'independent', strokeDash: 'independent' } },
    layer: [
      {
        mark: { type: 'line', strokeWidth: 2.25, aria: false },
        encoding: {
          x,
          y: { ...y, field: 'y' },
          color: { ...look, scale: scales.color, legend: null },
          strokeDash: { ...look, scale: scales.strokeDash, legend: null },
        },
      },
      {
        transform: [{ filter: 'isValid(datum.low)' }],
        mark: { type: 'rule', strokeWidth: 1.5, opacity: 0.5, aria: false },
        encoding: {
          x,
          y: { ...y, field: 'low' },
          y2: { field: 'high' },
          color: { ...look, scale: scales.color, legend: null },
        },
      },
      {
        mark: { type: 'point', filled: true, size: 75, opacity: 1, aria: false },
        encoding: {
          x,
          y: { ...y, field: 'y' },
          color: { ...look, scale: scales.color, legend: { values: methods } },
          shape: { ...look, scale: scales.shape, legend: { values: methods } },
          tooltip,
        },
      },
    ],
  }
  const title = `Regret against budget on ${label}`
  return {
    id,
    title,
    subtitle: `Mean distance of ${metric} from the best of the table, ${formatNumber(optimum)}; 95 % interval of the mean`,
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
