/** The table of a report that holds the statistics of hypervolumes beside means and Student's intervals. */
import { groupLabel } from './answer.js'
import type { Cell, DataColumn, DataTable } from './data-table.js'
import { formatBudget, together } from './format.js'
import { signed } from './hypervolume-text.js'
import type { HypervolumeComparison, HypervolumeGroup } from './hypervolumes.js'
import { quartileText, testText } from './statistics-tables.js'
import type { Quartiles } from './statistics/quantiles.js'

const DECIMALS = 3

/** One row per table and method for the hypervolume at the end and, where there is one, for that over time. */
export function hypervolumeStatistics(groups: readonly HypervolumeGroup[]): DataTable {
  const shown = (name: string): DataColumn => ({ name, only: 'page' })
  const exported = (...names: readonly string[]): DataColumn[] => names.map((name) => ({ name, only: 'export' }))
  return {
    id: 'hypervolume-statistics',
    title: 'Statistics of the hypervolume',
    columns: [
      shown('on'),
      ...exported('table', 'budget', 'workers'),
      { name: 'method' },
      { name: 'hypervolume' },
      shown('median (quartiles)'),
      ...exported('median', 'lower quartile', 'upper quartile'),
      shown('bootstrap 95 % interval of the difference'),
      ...exported('bootstrap from', 'bootstrap to'),
      { name: 'probability of superiority', format: (share) => share.toFixed(2) },
      shown('signed-rank p (by Holm)'),
      ...exported('signed-rank p', 'p by Holm', 'seeds that a test takes'),
    ],
    rows: groups.flatMap((group) =>
      group.methods.flatMap(({ method, quartiles, overTimeQuartiles }) => {
        const comparison = group.comparisons.find((one) => one.method === method)
        const about = [groupLabel(group, groups), group.table, formatBudget(group.budget), group.workers, method]
        const end = [...about, 'at the end', ...statistics(quartiles, comparison, 'difference')]
        if (overTimeQuartiles === null) return [end]
        return [end, [...about, 'over time', ...statistics(overTimeQuartiles, comparison, 'overTimeDifference')]]
      }),
    ),
  }
}

function statistics(
  quartiles: Quartiles | null,
  comparison: HypervolumeComparison | undefined,
  which: 'difference' | 'overTimeDifference',
): Cell[] {
  const difference = comparison?.[which]
  const bootstrap = difference?.bootstrap95 ?? null
  const tested = comparison && difference && { ...difference, seeds: comparison.seeds }
  return [
    quartiles === null ? null : together(quartileText(quartiles, DECIMALS)),
    quartiles?.median ?? null,
    quartiles?.low ?? null,
    quartiles?.high ?? null,
    bootstrap === null ? null : together(bootstrap.map((end) => signed(end, DECIMALS)).join(' to ')),
    bootstrap?.[0] ?? null,
    bootstrap?.[1] ?? null,
    difference?.superiority ?? null,
    tested === undefined ? null : testText(tested),
    difference?.signedRank?.p ?? null,
    difference?.signedRank?.holm ?? null,
    difference?.pairsToTest ?? null,
  ]
}
