/** The charts of a report, in the order in which they stand. */
import type { Manifest } from '../store/manifest.js'
import type { RunSet } from '../store/run-set.js'
import { groupLabel } from './answer.js'
import type { Chart } from './charts/chart.js'
import { finalValuesChart } from './charts/final-values.js'
import { improvementChart } from './charts/improvement.js'
import { incumbentChart } from './charts/incumbent.js'
import type { ComparisonGroup } from './comparison.js'
import { type Curve, incumbentCurves } from './curves.js'
import { CHART_SHARES, hypervolumeCharts, paretoCharts, rankCharts } from './front-charts.js'
import { compareHypervolumes } from './hypervolumes.js'
import { averageRanks } from './ranks.js'

/** Tables of which each has charts of its own; more would make the page heavy, and nobody reads them. */
const MOST_GROUPS = 24

export function chartsOf(manifest: Manifest, set: RunSet, groups: readonly ComparisonGroup[]): Chart[] {
  const names = methodNames(manifest)
  const charts: Chart[] = []
  const entries = groups.flatMap((group) =>
    group.comparisons.flatMap(({ method, seeds, relativeImprovement: { mean, std, ci95 } }) =>
      mean === null ? [] : [{ label: groupLabel(group, groups), method, mean, std, ci95, seeds }],
    ),
  )
  if (entries.length > 0) {
    const { metric, baseline } = groups[0]!
    charts.push(improvementChart({ id: 'improvement', metric, baseline, entries, names }))
  }
  const fronts = compareHypervolumes(manifest, set).slice(0, MOST_GROUPS)
  charts.push(
    ...hypervolumeCharts(fronts, names, timeUnit),
    ...paretoCharts(fronts, names, (table, metric) => withUnit(manifest, table, metric)),
    ...incumbentCharts(manifest, set, groups, names),
    ...finalCharts(manifest, set, groups, names),
    ...rankCharts(averageRanks(manifest, set, CHART_SHARES), names),
  )
  return charts
}

/** The methods with the baseline first, which has the first colour. */
function methodNames({ cells, baseline }: Manifest): string[] {
  const names = new Set(cells.map(({ method }) => method))
  return [...(names.has(baseline) ? [baseline] : []), ...[...names].filter((name) => name !== baseline)]
}

function incumbentCharts(
  manifest: Manifest,
  set: RunSet,
  groups: readonly ComparisonGroup[],
  names: readonly string[],
): Chart[] {
  const curveGroups = incumbentCurves(manifest, set).slice(0, MOST_GROUPS)
  return curveGroups.flatMap(({ times, curves, metric, goal, table }, i) => {
    const { unit, seconds } = timeUnit(times.at(-1)!)
    const series = curves.flatMap((curve) => {
      const points = pointsOf(curve, times, seconds)
      return points.length === 0 ? [] : [{ name: curve.method, points }]
    })
    if (series.length === 0) return []
    const most = Math.max(...curves.map(({ seeds }) => seeds))
    return incumbentChart({
      id: `incumbent-${i + 1}`,
      label: groupLabel(groups[i]!, groups),
      metric: withUnit(manifest, table, metric),
      goal,
      timeUnit: unit,
      simulated: manifest.backend === 'simulated',
      seeds: most,
      band: most > 1 ? '±\u00a01\u00a0standard deviation' : undefined,
      series,
      names,
    })
  })
}

function pointsOf({ mean, std }: Curve, times: Float64Array, seconds: number) {
  return Array.from(times, (time, k) => {
    const [y, spread] = [mean[k]!, std[k]!]
    return { x: time / seconds, y, ...(Number.isFinite(spread) && { low: y - spread, high: y + spread }) }
  }).filter(({ y }) => Number.isFinite(y))
}

function finalCharts(
  manifest: Manifest,
  set: RunSet,
  groups: readonly ComparisonGroup[],
  names: readonly string[],
): Chart[] {
  const values = manifest.cells.map((): { seed: number; value: number }[] => [])
  for (const { cell, seed, best } of set.runs)
    if (best !== undefined && Number.isFinite(best.test)) values[cell]!.push({ seed, value: best.test })
  return groups.slice(0, MOST_GROUPS).flatMap((group, i) => {
    const series = manifest.cells.flatMap(({ table, workers, budget, method }, cell) => {
      const here = table === group.table && workers === group.workers && same(budget, group.budget)
      return here && values[cell]!.length > 0 ? [{ name: method, values: values[cell]! }] : []
    })
    if (series.length === 0) return []
    return finalValuesChart({
      id: `final-${i + 1}`,
      label: groupLabel(group, groups),
      metric: withUnit(manifest, group.table, group.metric),
      goal: group.goal,
      series,
      names,
    })
  })
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** `latency (ms)` where the table knows the unit. */
function withUnit({ tables }: Manifest, table: string, metric: string): string {
  const unit = tables.find(({ name }) => name === table)?.about?.units[metric]
  return unit === undefined || unit === '' ? metric : `${metric} (${unit})`
}

/** What long times are counted in, and how many seconds that is. */
function timeUnit(longest: number): { readonly unit: string; readonly seconds: number } {
  if (longest < 600) return { unit: 's', seconds: 1 }
  if (longest < 4 * 3600) return { unit: 'min', seconds: 60 }
  if (longest < 4 * 86_400) return { unit: 'h', seconds: 3600 }
  return { unit: 'd', seconds: 86_400 }
}
