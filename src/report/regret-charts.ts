/** Joins the results of several budgets to charts of regret. */
import { type Chart, about } from './charts/chart.js'
import { type RegretPoint, regretChart } from './charts/regret.js'
import type { ComparisonGroup } from './comparison.js'
import { plural } from './format.js'

/** Fewer budgets than this are no curve. */
const FEWEST_BUDGETS = 3

/** One chart per table and number of workers with three budgets or more; none where the optimum is not known. */
export function regretCharts(
  groups: readonly ComparisonGroup[],
  names: readonly string[],
  withUnit: (table: string, metric: string) => string,
): Chart[] {
  const curves = new Map<string, ComparisonGroup[]>()
  for (const group of groups) {
    const key = JSON.stringify([group.table, group.workers])
    curves.set(key, [...(curves.get(key) ?? []), group])
  }
  const several = new Set(groups.map(({ workers }) => workers)).size > 1
  return [...curves.values()].flatMap((budgets, i) => {
    const { table, workers, metric, goal, regretScale } = budgets[0]!
    const optimum = regretScale?.optimum
    const full = budgets.every(({ budget }) => budget.fullEvaluations !== undefined)
    const sized = budgets
      .flatMap((group) => {
        const size = full ? group.budget.fullEvaluations : group.seconds
        return size === undefined ? [] : [{ group, size }]
      })
      .toSorted((a, b) => a.size - b.size)
    if (optimum === undefined || new Set(sized.map(({ size }) => size)).size < FEWEST_BUDGETS) return []
    const away = (value: number): number => (goal === 'min' ? value - optimum : optimum - value)
    const points = names.flatMap((method) =>
      sized.flatMap(({ group, size }): RegretPoint[] => {
        const result = group.methods.find((one) => one.method === method)
        if (result === undefined || result.value === null) return []
        const { mean, ci95 } = result.value
        const ends = ci95?.map(away).sort((a, b) => a - b)
        const interval = ends === undefined ? null : ([ends[0]!, ends[1]!] as const)
        return [{ method, budget: size, regret: away(mean), ci95: interval, seeds: result.seeds }]
      }),
    )
    return about(
      table,
      regretChart({
        id: `regret-${i + 1}`,
        label: several ? `${table}, ${plural(workers, 'worker')}` : table,
        metric: withUnit(table, metric),
        unit: full ? 'full evaluations' : 's',
        optimum,
        points,
        names,
      }),
    )
  })
}
