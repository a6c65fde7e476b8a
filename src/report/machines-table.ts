/** Instance types as a table of data, for pages and exports. */
import type { Cell, DataTable } from './data-table.js'
import { formatBudget, formatNumber } from './format.js'
import { compared } from './hypervolume-text.js'
import { formatMean } from './layout.js'
import type { MachineGroup, MachineResult } from './machines.js'

/** One row per group, method and instance type; undefined without any. */
export function machinesTable(groups: readonly MachineGroup[]): DataTable | undefined {
  if (groups.length === 0) return undefined
  const all = groups.flatMap(({ methods }) => methods.flatMap(({ types }) => types))
  const metrics = [...new Set(groups.flatMap(bestNames))]
  const trials = all.some((one) => one.trials !== null)
  const sets = groups.some(({ pareto }) => pareto)
  return {
    id: 'instance-types',
    title: sets ? 'Instance types in the Pareto sets' : 'Instance types of the best configurations',
    columns: [
      { name: 'table' },
      { name: 'budget' },
      { name: 'workers' },
      { name: 'method' },
      { name: 'instance type' },
      { name: 'US dollars per hour', format: formatNumber },
      ...(trials ? [{ name: 'trials', format: formatMean }] : []),
      { name: 'seeds with it', only: 'page' },
      { name: 'seeds with it', only: 'export' },
      { name: 'seeds', only: 'export' },
      ...(sets ? [{ name: 'in the set', format: formatMean }, { name: 'in the set over all seeds' }] : []),
      ...metrics.map((name) => ({ name, format: formatNumber })),
    ],
    rows: groups.flatMap((group) =>
      group.methods.flatMap(({ method, seeds, types }) =>
        types.map((one): Cell[] => [
          group.table,
          formatBudget(group.budget),
          group.workers,
          method,
          one.type,
          one.usdPerHour,
          ...(trials ? [one.trials] : []),
          `${one.seeds} of ${seeds}`,
          one.seeds,
          seeds,
          ...(sets ? setCells(group, one) : []),
          ...metrics.map((name) => one.best[bestNames(group).indexOf(name)] ?? null),
        ]),
      ),
    ),
  }
}

/** Means over the sets of seeds; a single incumbent is no set. */
function setCells({ pareto }: MachineGroup, { members, overall }: MachineResult): Cell[] {
  return pareto ? [members, overall] : [null, null]
}

/** `lowest cost in US dollars (projected to the full training)`, per objective. */
function bestNames({ objectives, units }: MachineGroup): string[] {
  return objectives.map(({ goal, report, accumulates }, j) => {
    const unit = units[j] === '' ? '' : ` in ${units[j]!}`
    return `${goal === 'min' ? 'lowest' : 'highest'} ${compared(`${report}${unit}`, accumulates)}`
  })
}
