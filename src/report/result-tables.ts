/** The tables of a report: what came out, and what each method is. */
import type { Manifest } from '../store/manifest.js'
import type { Comparison, ComparisonGroup, MethodResult } from './comparison.js'
import type { Cell, DataTable } from './data-table.js'
import { columnFormat, columnOf, formatBudget, formatPercent, formatSize, together, withSpread } from './format.js'

/** One row per method and table. */
export function resultTable(groups: readonly ComparisonGroup[]): DataTable {
  const one = (value: number): string => String(Number(columnFormat(1, [])(value)))
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
      { name: 'budget' },
      { name: 'workers' },
      { name: 'method' },
      { name: 'metric' },
      { name: 'mean ± sd', only: 'page' },
      { name: 'improvement ± sd', only: 'page' },
      { name: '95 % interval', only: 'page' },
      ...numbers.map((name) => ({ name, only: 'export' as const })),
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
  const rows = cells.map(({ method, baseline = usual, scheduler, searcher }) => [
    method === baseline ? `${method} (baseline)` : method,
    scheduler.type,
    settings(scheduler.options),
    searcher.type,
    settings(searcher.options),
  ])
  return {
    id: 'methods',
    title: 'Methods',
    columns: ['method', 'scheduler', 'its options', 'searcher', 'its options'].map((name) => ({ name })),
    rows: [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()],
  }
}

/** `startup table, stopDelay 0, ...` */
export function settings(options: Readonly<Record<string, unknown>>): string {
  return Object.entries(options)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}
