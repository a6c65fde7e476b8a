/** Relative improvement over the baseline per table: pale bars to the mean, its interval as a thick line, the spread over seeds as a thin one. */
import type { TopLevelSpec } from 'vega-lite'
import type { Interval } from '../statistics/student.js'
import { formatPercent } from '../format.js'
import { type Chart, rounded, seriesScales } from './chart.js'

export interface ImprovementEntry {
  /** Table and, where they tell it apart, budget and workers. */
  readonly label: string
  readonly method: string
  /** Shares, not percent. */
  readonly mean: number
  readonly std: number | null
  readonly ci95: Interval | null
  readonly seeds: number
}

export interface ImprovementChartInput {
  readonly id: string
  readonly metric: string
  readonly baseline: string
  /** In plan order. */
  readonly entries: readonly ImprovementEntry[]
  /** All names of the report in plan order. */
  readonly names: readonly string[]
}

export function improvementChart({ id, metric, baseline, entries, names }: ImprovementChartInput): Chart {
  const scales = seriesScales(names)
  const methods = names.filter((name) => entries.some(({ method }) => method === name))
  const labels = [...new Set(entries.map(({ label }) => label))]
  const percent = (share: number): number => rounded(100 * share)
  const values = entries.map((entry) => ({
    label: entry.label,
    method: entry.method,
    mean: percent(entry.mean),
    ...(entry.ci95 !== null && { low: percent(entry.ci95[0]), high: percent(entry.ci95[1]) }),
    ...(entry.std !== null && { below: percent(entry.mean - entry.std), above: percent(entry.mean + entry.std) }),
    tip: `${entry.method} on ${entry.label}\n${entryText(entry)}`,
  }))
  const x = {
    type: 'quantitative' as const,
    title: `improvement of ${metric} over ${baseline} (%)`,
    scale: { padding: 8 },
  }
  const rows = {
    y: {
      field: 'label',
      type: 'nominal' as const,
      title: null,
      sort: labels,
      // The gap between tables is that of about one bar, however many there are.
      scale: { paddingInner: Math.min(0.3, 1 / (methods.length + 1)), paddingOuter: 0.05 },
      axis: { ticks: false, domain: false, labelPadding: 8 },
    },
    yOffset: {
      field: 'method',
      type: 'nominal' as const,
      sort: methods,
      scale: { domain: methods, paddingInner: 0.25 },
    },
  }
  const look = { field: 'method', type: 'nominal' as const, title: null }
  const tooltip = { field: 'tip', type: 'nominal' as const }
  const spread = { ...look, scale: scales.color, legend: null }
  const spec: TopLevelSpec = {
    data: { values },
    width: 'container',
    height: { step: 22, for: 'offset' },
    // One layer has the legend; the default, one legend for all layers, would take the absence from the others.
    resolve: { legend: { color: 'independent', shape: 'independent' } },
    layer: [
      {
        mark: { type: 'bar', opacity: 0.25, aria: false },
        encoding: {
          ...rows,
          x: { ...x, field: 'mean', axis: { tickCount: 6 } },
          color: { ...look, scale: scales.color, legend: null },
          tooltip,
        },
      },
      { data: { values: [{}] }, mark: { type: 'rule', aria: false }, encoding: { x: { datum: 0, ...x } } },
      {
        transform: [{ filter: 'isValid(datum.below)' }],
        mark: { type: 'rule', strokeWidth: 1.5, aria: false },
        encoding: { ...rows, x: { ...x, field: 'below' }, x2: { field: 'above' }, color: spread, tooltip },
      },
      ...(['below', 'above'] as const).map((end) => ({
        transform: [{ filter: `isValid(datum.${end})` }],
        mark: { type: 'tick' as const, thickness: 1.5, size: 9, opacity: 1, aria: false },
        encoding: { ...rows, x: { ...x, field: end }, color: spread, tooltip },
      })),
      {
        transform: [{ filter: 'isValid(datum.low)' }],
        mark: { type: 'rule', strokeWidth: 5, opacity: 1, aria: false },
        encoding: {
          ...rows,
          x: { ...x, field: 'low' },
          x2: { field: 'high' },
          color: { ...look, scale: scales.color, legend: null },
          tooltip,
        },
      },
      {
        // Set off from the line below it.
        mark: {
          type: 'point',
          filled: true,
          size: 95,
          opacity: 1,
          stroke: { expr: 'background' },
          strokeWidth: 1.25,
          aria: false,
        },
        encoding: {
          ...rows,
          x: { ...x, field: 'mean' },
          color: { ...look, scale: scales.color, legend: { values: methods } },
          shape: { ...look, scale: scales.shape, legend: { values: methods } },
          tooltip,
        },
      },
    ],
  }
  return {
    id,
    title: `Improvement over ${baseline}`,
    subtitle:
      `Relative improvement of ${metric}, paired by seed; right of 0 is better than ${baseline}. Pale bar and mark: mean; thick ` +
      'line: 95 % interval of the mean; thin line with ends: ± 1 standard deviation over seeds',
    description: `Bar chart of the relative improvement of ${metric} over ${baseline}, mean ± standard deviation: ${entries
      .map((entry) => `${entry.method} on ${entry.label} ${entryText(entry)}`)
      .join('; ')}.`,
    kind: 'improvement',
    spec,
    table: {
      id,
      title: `Improvement over ${baseline}`,
      columns: [
        { name: 'table' },
        { name: 'method' },
        { name: 'mean', format: formatPercent },
        { name: 'standard deviation', format: (share) => formatPercent(share).replace('+', '') },
        { name: 'interval from', format: formatPercent },
        { name: 'to', format: formatPercent },
        { name: 'seeds' },
      ],
      rows: entries.map(({ label, method, mean, std, ci95, seeds }) => [
        label,
        method,
        mean,
        std,
        ci95?.[0] ?? null,
        ci95?.[1] ?? null,
        seeds,
      ]),
    },
  }
}

function entryText({ mean, std, ci95 }: ImprovementEntry): string {
  const spread = std === null ? '' : ` ± ${formatPercent(std).replace('+', '')}`
  const interval = ci95 === null ? 'no interval' : `95 % interval ${ci95.map((end) => formatPercent(end)).join(' to ')}`
  return `${formatPercent(mean)}${spread} (${interval})`
}
