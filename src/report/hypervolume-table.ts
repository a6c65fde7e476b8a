/** Hypervolumes as a table of data, for pages and exports. */
import type { Cell, DataTable } from './data-table.js'
import { decimalsFor, formatBudget } from './format.js'
import { signed } from './hypervolume-text.js'
import type { HypervolumeGroup, HypervolumeResult } from './hypervolumes.js'

export function hypervolumeData(groups: readonly HypervolumeGroup[]): DataTable {
  const short = (value: number): string => value.toFixed(3)
  const one = (value: number): string => String(Number(value.toFixed(1)))
  const numbers = ['mean', 'standard deviation', 'difference', 'interval from', 'interval to']
  return {
    id: 'hypervolumes',
    title: 'Hypervolume',
    columns: [
      { name: 'table' },
      { name: 'budget' },
      { name: 'workers' },
      { name: 'method' },
      { name: 'mean ± sd', only: 'page' },
      { name: 'difference', only: 'page' },
      { name: '95 % interval', only: 'page' },
      ...numbers.map((name) => ({ name, only: 'export' as const })),
      { name: 'over time', format: short },
      { name: 'at validation', format: short },
      { name: 'in the set', format: one },
      { name: 'seeds' },
      { name: 'distinct sets' },
      { name: 'trials', format: one },
    ],
    rows: groups.flatMap((group) => {
      const decimals = Math.min(4, decimalsFor(group.methods.map(({ hypervolume }) => hypervolume?.std ?? null)))
      return group.methods.map((result) => rowOf(group, result, decimals))
    }),
  }
}

function rowOf(group: HypervolumeGroup, result: HypervolumeResult, decimals: number): Cell[] {
  const { method, hypervolume: value } = result
  const difference = group.comparisons.find((comparison) => comparison.method === method)?.difference
  const spread = value === null || value.std === null ? '' : ` ± ${value.std.toFixed(decimals)}`
  const [low, high] = difference?.ci95 ?? []
  const none = method === group.baseline ? 'baseline' : null
  return [
    group.table,
    formatBudget(group.budget),
    group.workers,
    method,
    value === null ? null : `${value.mean.toFixed(decimals)}${spread}`,
    difference?.mean == null ? none : signed(difference.mean, decimals),
    low === undefined || high === undefined ? null : `${signed(low, decimals)} to ${signed(high, decimals)}`,
    value?.mean ?? null,
    value?.std ?? null,
    difference?.mean ?? null,
    low ?? null,
    high ?? null,
    result.overTime?.mean ?? null,
    result.steeringHypervolume?.mean ?? null,
    result.setSize,
    result.seeds,
    result.distinctSets,
    result.trials,
  ]
}
