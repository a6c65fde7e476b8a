/** Hypervolumes as a table of data, for pages and exports. */
import type { Cell, DataTable } from './data-table.js'
import { columnFormat, columnOf, formatBudget, together, withSpread } from './format.js'
import { hypervolumeDecimals, signed } from './hypervolume-text.js'
import type { HypervolumeGroup, HypervolumeResult } from './hypervolumes.js'
import { exported } from './statistics-tables.js'

export function hypervolumeData(groups: readonly HypervolumeGroup[]): DataTable {
  const short = columnFormat(3, [])
  const one = (value: number): string => String(Number(columnFormat(1, [])(value)))
  const numbers = ['mean', 'standard deviation', 'difference', 'interval from', 'interval to']
  return {
    id: 'hypervolumes',
    title: 'Hypervolume',
    columns: [
      { name: 'table' },
      ...exported('budget', 'workers'),
      { name: 'method' },
      { name: 'mean ± sd', only: 'page' },
      { name: 'difference', only: 'page' },
      { name: '95 % interval', only: 'page' },
      ...numbers.map((name) => ({ name, only: 'export' as const })),
      { name: 'over time', format: short },
      { name: 'at validation', format: short },
      { name: 'in the set', format: one },
      // On narrow pages method and result come first.
      { name: 'budget', only: 'page' },
      { name: 'workers', only: 'page' },
      { name: 'seeds' },
      { name: 'distinct sets' },
      { name: 'trials', format: one },
    ],
    rows: groups.flatMap((group) => {
      const decimals = hypervolumeDecimals(group)
      const show = columnOf(
        group.methods.map(({ hypervolume }) => hypervolume),
        decimals,
      )
      return group.methods.map((result) => rowOf(group, result, decimals, show))
    }),
  }
}

function rowOf(
  group: HypervolumeGroup,
  result: HypervolumeResult,
  decimals: number,
  show: (value: number) => string,
): Cell[] {
  const { method, hypervolume: value } = result
  const difference = group.comparisons.find((comparison) => comparison.method === method)?.difference
  const [low, high] = difference?.ci95 ?? []
  const none = method === group.baseline ? 'baseline' : null
  return [
    group.table,
    formatBudget(group.budget),
    group.workers,
    method,
    value === null ? null : together(withSpread(value, show)),
    difference?.mean == null ? none : signed(difference.mean, decimals),
    low === undefined || high === undefined ? null : together(`${signed(low, decimals)} to ${signed(high, decimals)}`),
    value?.mean ?? null,
    value?.std ?? null,
    difference?.mean ?? null,
    low ?? null,
    high ?? null,
    result.overTime?.mean ?? null,
    result.steeringHypervolume?.mean ?? null,
    result.setSize,
    formatBudget(group.budget),
    group.workers,
    result.seeds,
    result.distinctSets,
    result.trials,
  ]
}
