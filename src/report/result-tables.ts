/** The tables of a report: what came out, and what each method is. */
import type { Manifest } from '../store/manifest.js'
import type { Comparison, ComparisonGroup, MethodResult } from './comparison.js'
import type { Cell, DataTable } from './data-table.js'
import {
  columnFormat,
  columnOf,
  formatBudget,
  formatPercent,
  formatSize,
  listed,
  together,
  withSpread,
} from './format.js'
import { exported } from './statistics-tables.js'

/** One row per method and table. */
export function resultTable(groups: readonly ComparisonGroup[]): DataTable {
  const one = (value: number): string => String(Number(columnFormat(1, [])(value)))
  const metrics = [...new Set(groups.map(({ metric }) => metric))]
  const numbers = [
    'mean',
    'standard deviation',
    'improvement',
    'standard deviation of it',
    'interval from',
    'interval to',
  ]
  return {
    id: 'results',
    title: 'Results',
    columns: [
      { name: 'table' },
      ...exported('budget', 'workers'),
      { name: 'method' },
      { name: 'metric', ...(metrics.length === 1 && { only: 'export' as const }) },
      { name: metrics.length === 1 ? `${metrics[0]!}, mean ± sd` : 'mean ± sd', only: 'page' },
      { name: 'improvement ± sd', only: 'page' },
      { name: '95 % interval', only: 'page' },
      ...numbers.map((name) => ({ name, only: 'export' as const })),
      // On narrow pages method and result come first.
      { name: 'budget', only: 'page' },
      { name: 'workers', only: 'page' },
      { name: 'seeds' },
      { name: 'distinct trainings' },
      { name: 'full evaluations', format: one },
      { name: 'trials', format: one },
    ],
    rows: groups.flatMap((group) => {
      const show = columnOf(group.methods.map(({ value }) => value))
      return group.methods.map((result) => resultRow(group, result, show))
    }),
  }
}

function resultRow(group: ComparisonGroup, result: MethodResult, show: (value: number) => string): Cell[] {
  const { value, method } = result
  const gain = group.comparisons.find((comparison) => comparison.method === method)?.relativeImprovement
  return [
    group.table,
    formatBudget(group.budget),
    group.workers,
    method,
    group.metric,
    value === null ? null : together(withSpread(value, show)),
    gainText(gain) ?? (method === group.baseline ? 'baseline' : null),
    gain?.ci95 == null ? null : together(gain.ci95.map((end) => formatPercent(end)).join(' to ')),
    value?.mean ?? null,
    value?.std ?? null,
    gain?.mean ?? null,
    gain?.std ?? null,
    gain?.ci95?.[0] ?? null,
    gain?.ci95?.[1] ?? null,
    formatBudget(group.budget),
    group.workers,
    result.seeds,
    result.distinctTrainings,
    result.fullEvaluations,
    result.trials,
  ]
}

function gainText(gain: Comparison['relativeImprovement'] | undefined): string | undefined {
  if (gain?.mean == null) return undefined
  return together(`${formatPercent(gain.mean)}${gain.std === null ? '' : ` ± ${formatSize(gain.std)}`}`)
}

/** What each method is: where options differ between tables there is a row for each. */
export function methodTable({ cells, baseline: usual }: Manifest): DataTable {
  const anyFixed = cells.some(({ fixed }) => Object.keys(fixed).length > 0)
  const rows = cells.map(({ method, baseline = usual, scheduler, searcher, fixed }) => [
    method === baseline ? `${method} (baseline)` : method,
    scheduler.type,
    settings(scheduler.options),
    searcher.type,
    settings(searcher.options),
    ...(anyFixed ? [settings(fixed)] : []),
  ])
  return {
    id: 'methods',
    title: 'Methods',
    columns: ['method', 'scheduler', 'its options', 'searcher', 'its options', ...(anyFixed ? ['fixed'] : [])].map(
      (name) => ({
        name,
      }),
    ),
    rows: [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()],
  }
}

/** `gracePeriod 1, refileLast off, initial none` */
function settings(options: Readonly<Record<string, unknown>>): string {
  return Object.entries(options)
    .map(([name, value]) => `${name} ${settingText(value)}`)
    .join(', ')
}

function settingText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return listed(value.map(String)) || 'none'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
