/** The table of a report that holds the statistics of hypervolumes beside means and Student's intervals. */
import { groupLabel } from './answer.js'
import type { DataTable } from './data-table.js'
import { columnFormat, formatBudget } from './format.js'
import { signed } from './hypervolume-text.js'
import type { HypervolumeGroup } from './hypervolumes.js'
import { exported, statisticsCells, statisticsColumns } from './statistics-tables.js'

const DECIMALS = 3

/** One row per table and method for the hypervolume at the end and, where there is one, for that over time. */
export function hypervolumeStatistics(groups: readonly HypervolumeGroup[]): DataTable {
  return {
    id: 'hypervolume-statistics',
    title: 'Statistics of the hypervolume',
    columns: [
      { name: 'on', only: 'page' },
      ...exported('table', 'budget', 'workers'),
      { name: 'method' },
      { name: 'hypervolume' },
      ...statisticsColumns('bootstrap 95 % interval of the difference'),
    ],
    rows: groups.flatMap((group) =>
      group.methods.flatMap(({ method, quartiles, overTimeQuartiles }) => {
        const comparison = group.comparisons.find((one) => one.method === method)
        const about = [groupLabel(group, groups), group.table, formatBudget(group.budget), group.workers, method]
        const cells = (of: typeof quartiles, which: 'difference' | 'overTimeDifference') => {
          const paired = comparison && { ...comparison[which], seeds: comparison.seeds }
          return statisticsCells(of, columnFormat(DECIMALS, []), paired, (end) => signed(end, DECIMALS))
        }
        const atTheEnd = [...about, 'at the end', ...cells(quartiles, 'difference')]
        if (overTimeQuartiles === null) return [atTheEnd]
        return [atTheEnd, [...about, 'over time', ...cells(overTimeQuartiles, 'overTimeDifference')]]
      }),
    ),
  }
}
