/** Charts of several objectives and of several tables: hypervolume over time, Pareto sets, average ranks. */
import { groupLabel } from './answer.js'
import { type Chart, about } from './charts/chart.js'
import { criticalDifferenceChart } from './charts/critical-difference.js'
import { hypervolumeChart } from './charts/hypervolume.js'
import { paretoChart } from './charts/pareto.js'
import { ranksChart } from './charts/ranks.js'
import type { HypervolumeGroup, HypervolumeResult } from './hypervolumes.js'
import { LEVEL } from './paired.js'
import type { AverageRanks } from './ranks.js'
import { formatP } from './tests-text.js'

/** With more curves than this, bands would hide one another. */
export const MOST_BANDS = 4

/** @param unitOf what times up to so many seconds are counted in */
export function hypervolumeCharts(
  groups: readonly HypervolumeGroup[],
  names: readonly string[],
  unitOf: (longest: number) => { readonly unit: string; readonly seconds: number },
  simulated: boolean,
): Chart[] {
  return groups.flatMap((group, i) => {
    const { unit, seconds } = unitOf(group.seconds ?? 0)
    const runs = Math.max(...group.methods.map((method) => method.seeds))
    const banded = runs > 1 && group.methods.length <= MOST_BANDS
    const series = group.methods.flatMap(({ method, curve, curveStd }) => {
      if (curve === null || group.seconds === undefined) return []
      const step = group.seconds / curve.length / seconds
      const points = curve.map((y, k) => {
        const spread = curveStd?.[k]
        return { x: step * (k + 1), y, ...(banded && spread !== undefined && { low: y - spread, high: y + spread }) }
      })
      return [{ name: method, points }]
    })
    if (series.length === 0) return []
    const over = runs === 1 ? 'one seed' : `mean over ${runs} seeds`
    const reading = banded ? `${over}, band: ±\u00a01\u00a0standard deviation` : over
    return about(
      group.table,
      hypervolumeChart({
        id: `hypervolume-${i + 1}`,
        label: groupLabel(group, groups),
        timeUnit: unit,
        simulated,
        reading,
        series,
        names,
      }),
    )
  })
}

/** The Pareto sets over all seeds, of groups with two objectives, at the reported values. */
export function paretoCharts(
  groups: readonly HypervolumeGroup[],
  names: readonly string[],
  titleOf: (table: string, metric: string) => string,
): Chart[] {
  return groups.flatMap((group, i) => {
    const [first, second, ...more] = group.objectives
    if (first === undefined || second === undefined || more.length > 0) return []
    const order = subjectLast(
      group.methods.map(({ method }) => method),
      group.baseline,
    )
    const series = order.map((name) => ({
      name,
      points: pointsOf(group.methods.find(({ method }) => method === name)!),
    }))
    if (series.every(({ points }) => points.length === 0)) return []
    return about(
      group.table,
      paretoChart({
        id: `pareto-${i + 1}`,
        label: `${groupLabel(group, groups)}, all seeds`,
        x: { title: titleOf(group.table, second.report), goal: second.goal, ...chosenBy(second) },
        y: { title: titleOf(group.table, first.report), goal: first.goal, ...chosenBy(first) },
        series,
        names,
      }),
    )
  })
}

/** The order in which methods are drawn: the first of the plan that is compared with the baseline above all others. */
export function subjectLast(methods: readonly string[], baseline: string): string[] {
  const others = methods.filter((method) => method !== baseline)
  return [...methods.filter((method) => method === baseline), ...others.toReversed()]
}

/** What an objective is chosen by, where that is not what is reported of it. */
export function chosenBy({ metric, report }: { readonly metric: string; readonly report: string }) {
  return metric === report ? {} : { chosenBy: metric }
}

function pointsOf({ paretoSet }: HypervolumeResult) {
  return paretoSet.flatMap(({ seed, config, resource, reported: [y, x] }) => {
    if (x == null || y == null) return []
    const settings = Object.entries(config).map(([name, value]) => `${name} ${String(value)}`)
    return [{ x, y, front: true, detail: [`seed ${seed}, level ${resource}`, ...settings].join('\n') }]
  })
}

/** Shares of the budget at which the chart has ranks: often enough for steps. */
export const CHART_SHARES: readonly number[] = Array.from({ length: 20 }, (_, k) => (k + 1) / 20)

/** None with ranks at the end only. */
export function rankCharts(ranks: AverageRanks | undefined, names: readonly string[]): Chart[] {
  if (ranks === undefined || ranks.shares.length < 2) return []
  const { by, tables, shares, methods } = ranks
  const series = methods.map((one) => ({
    name: one.method,
    points: shares.map((share, s) => ({ x: 100 * share, y: one.ranks[s]! })),
  }))
  return [ranksChart({ id: 'ranks', by, tables, series, names })]
}

/** From eight tables on. */
export function criticalDifferenceCharts(ranks: AverageRanks | undefined, names: readonly string[]): Chart[] {
  if (ranks?.test === undefined) return []
  const { tables, p, criticalDifference, ranks: ofMethods } = ranks.test
  const methods = ranks.methods.map(({ method }, m) => ({ method, rank: ofMethods[m]! }))
  const test = { tables, p: formatP(p), differ: p <= LEVEL, criticalDifference }
  return [criticalDifferenceChart({ id: 'critical-difference', by: ranks.by, ...test, methods, names })]
}
