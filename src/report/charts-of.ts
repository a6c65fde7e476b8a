/** The charts of a report. */
import type { Manifest } from '../store/manifest.js'
import type { RunSet } from '../store/run-set.js'
import { groupLabel, namesOf } from './answer.js'
import { hadBudget } from './arms.js'
import { inOrder } from './chart-order.js'
import { type Chart, about } from './charts/chart.js'
import { finalValuesChart } from './charts/final-values.js'
import { improvementChart } from './charts/improvement.js'
import { incumbentChart } from './charts/incumbent.js'
import type { ComparisonGroup } from './comparison.js'
import { type Curve, incumbentCurves } from './curves.js'
import {
  CHART_SHARES,
  MOST_BANDS,
  criticalDifferenceCharts,
  hypervolumeCharts,
  paretoCharts,
  rankCharts,
} from './front-charts.js'
import { compareHypervolumes } from './hypervolumes.js'
import { namesByPlace } from './method-places.js'
import { chartsSaying } from './modelled.js'
import { pairCharts } from './pareto-pairs.js'
import { rankGridChart } from './charts/rank-grid.js'
import { averageRanks } from './ranks.js'
import { regretCharts } from './regret-charts.js'
import { tableRanks } from './table-ranks.js'
import { unitOf } from './units.js'

/** Groups with charts of their own; more would make the page heavy, and nobody reads them. */
const MOST_GROUPS = 12
/** With more tables (and budgets and workers) than this, a grid of ranks is too wide. */
const MOST_COLUMNS = 6

/** In the order in which they stand. */
export function chartsOf(manifest: Manifest, set: RunSet, groups: readonly ComparisonGroup[]): Chart[] {
  const fronts = compareHypervolumes(manifest, set)
  const names = namesByPlace(manifest, groups, fronts)
  const titleOf = (table: string, metric: string): string => withUnit(manifest, table, metric)
  const ranks = averageRanks(manifest, set, CHART_SHARES)
  const regrets = regretCharts(groups, names, titleOf)
  const charts = [
    // With many budgets it would be a page long, and charts of regret say the same.
    ...(regrets.length > 0 ? [] : improvement(groups, names)),
    ...hypervolumeCharts(fronts.slice(0, MOST_GROUPS), names, timeUnit, manifest.backend === 'simulated'),
    ...paretoCharts(fronts.slice(0, MOST_GROUPS), names, titleOf),
    ...pairCharts(manifest, set, { groups: groups.map((group) => groupLabel(group, groups)), names, titleOf }),
    ...incumbentCharts(manifest, set, groups, names),
    ...finalCharts(manifest, set, groups, names),
    ...regrets,
    ...rankGrid(manifest, set, groups),
    ...rankCharts(ranks, names),
    ...criticalDifferenceCharts(ranks, names),
  ]
  return chartsSaying(inOrder(charts, groups), manifest)
}

function improvement(groups: readonly ComparisonGroup[], names: readonly string[]): Chart[] {
  const entries = groups.flatMap((group) =>
    group.comparisons.flatMap(({ method, seeds, relativeImprovement: { mean, std, ci95 } }) =>
      mean === null ? [] : [{ label: groupLabel(group, groups), method, mean, std, ci95, seeds }],
    ),
  )
  if (entries.length === 0) return []
  const [metric, baseline] = [namesOf(groups, 'metric'), namesOf(groups, 'baseline')]
  return [improvementChart({ id: 'improvement', metric, baseline, entries, names })]
}

/** Where two methods or more meet on two tables or more, and not so many that nobody could read it. */
function rankGrid(manifest: Manifest, set: RunSet, groups: readonly ComparisonGroup[]): Chart[] {
  if (manifest.cells.some(({ objectives }) => objectives.length > 1)) return []
  if (groups.length < 2 || groups.length > MOST_COLUMNS) return []
  const entries = tableRanks(manifest, set, groups)
  if (new Set(entries.map(({ method }) => method)).size < 2) return []
  return [rankGridChart({ id: 'rank-grid', metric: namesOf(groups, 'metric'), entries })]
}

function incumbentCharts(
  manifest: Manifest,
  set: RunSet,
  groups: readonly ComparisonGroup[],
  names: readonly string[],
): Chart[] {
  const shown = withCharts(groups)
  return incumbentCurves(manifest, set).flatMap(({ times, curves, metric, goal, table }, i) => {
    if (!shown.has(i)) return []
    const banded = curves.length <= MOST_BANDS
    const { unit, seconds } = timeUnit(times.at(-1)!)
    const series = curves.flatMap((curve) => {
      const points = pointsOf(curve, times, seconds, banded)
      return points.length === 0 ? [] : [{ name: curve.method, points }]
    })
    if (series.length === 0) return []
    const most = Math.max(...curves.map(({ seeds }) => seeds))
    return about(
      table,
      incumbentChart({
        id: `incumbent-${i + 1}`,
        label: groupLabel(groups[i]!, groups),
        metric: withUnit(manifest, table, metric),
        goal,
        timeUnit: unit,
        simulated: manifest.backend === 'simulated',
        seeds: most,
        band: most > 1 && banded ? '±\u00a01\u00a0standard deviation' : undefined,
        series,
        names,
      }),
    )
  })
}

/** Which groups have charts of their own: all or, where there are many, the last budget of every table and workers. */
function withCharts(groups: readonly ComparisonGroup[]): ReadonlySet<number> {
  const all = groups.map((_, i) => i)
  if (all.length <= MOST_GROUPS) return new Set(all)
  const last = new Map(groups.map(({ table, workers }, i) => [JSON.stringify([table, workers]), i]))
  return new Set([...last.values()].slice(0, MOST_GROUPS))
}

function pointsOf({ mean, std }: Curve, times: Float64Array, seconds: number, banded: boolean) {
  return Array.from(times, (time, k) => {
    const [y, spread] = [mean[k]!, std[k]!]
    return { x: time / seconds, y, ...(banded && Number.isFinite(spread) && { low: y - spread, high: y + spread }) }
  }).filter(({ y }) => Number.isFinite(y))
}

function finalCharts(
  manifest: Manifest,
  set: RunSet,
  groups: readonly ComparisonGroup[],
  names: readonly string[],
): Chart[] {
  const values = manifest.cells.map((): { seed: number; value: number }[] => [])
  for (const { cell, seed, best } of set.runs.filter(hadBudget))
    if (best !== undefined && Number.isFinite(best.test)) values[cell]!.push({ seed, value: best.test })
  const shown = withCharts(groups)
  return groups.flatMap((group, i) => {
    if (!shown.has(i)) return []
    const series = manifest.cells.flatMap(({ table, workers, budget, method }, cell) => {
      const here = table === group.table && workers === group.workers && same(budget, group.budget)
      return here && values[cell]!.length > 0 ? [{ name: method, values: values[cell]! }] : []
    })
    if (series.length === 0) return []
    return about(
      group.table,
      finalValuesChart({
        id: `final-${i + 1}`,
        label: groupLabel(group, groups),
        metric: withUnit(manifest, group.table, group.metric),
        goal: group.goal,
        series,
        names,
      }),
    )
  })
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** `latency (ms)` where the table knows the unit and the name does not say it. */
function withUnit(manifest: Manifest, table: string, metric: string): string {
  const unit = unitOf(manifest, table, metric)
  return unit === '' ? metric : `${metric} (${unit})`
}

/** What long times are counted in, and how many seconds that is. */
function timeUnit(longest: number): { readonly unit: string; readonly seconds: number } {
  if (longest < 600) return { unit: 's', seconds: 1 }
  if (longest < 4 * 3600) return { unit: 'min', seconds: 60 }
  if (longest < 4 * 86_400) return { unit: 'h', seconds: 3600 }
  return { unit: 'd', seconds: 86_400 }
}
