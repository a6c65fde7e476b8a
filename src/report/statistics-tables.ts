/** The tables of a report that hold its statistics beside means and Student's intervals. */
import { groupLabel } from './answer.js'
import type { ComparisonGroup, MethodResult } from './comparison.js'
import type { Cell, DataColumn, DataTable } from './data-table.js'
import {
  columnFormat,
  decimalsFor,
  formatBudget,
  formatDuration,
  formatNumber,
  formatPercent,
  plural,
  together,
  withSpread,
} from './format.js'
import type { PairedStatistics } from './paired.js'
import type { Quartiles } from './statistics/quantiles.js'
import type { Waiting } from './targets.js'
import { formatP } from './tests-text.js'

type RowOf = (group: ComparisonGroup, result: MethodResult) => Cell[]

/** One row per table and method, which begins with what tells it apart. */
function perMethod(
  about: Pick<DataTable, 'id' | 'title'>,
  groups: readonly ComparisonGroup[],
  columns: readonly DataColumn[],
  rowOf: RowOf,
): DataTable {
  const exported = ['table', 'budget', 'workers'].map((name): DataColumn => ({ name, only: 'export' }))
  return {
    ...about,
    columns: [{ name: 'on', only: 'page' }, ...exported, { name: 'method' }, ...columns],
    rows: groups.flatMap((group) =>
      group.methods.map((result) => [
        groupLabel(group, groups),
        group.table,
        formatBudget(group.budget),
        group.workers,
        result.method,
        ...rowOf(group, result),
      ]),
    ),
  }
}

/** Columns of exports only. */
export function exported(...names: readonly string[]): DataColumn[] {
  return names.map((name) => ({ name, only: 'export' }))
}

/** Median and quartiles, and the statistics of the pairs with the baseline. */
export function statisticsTable(groups: readonly ComparisonGroup[]): DataTable {
  return perMethod(
    { id: 'statistics', title: `Statistics of ${groups[0]!.metric}` },
    groups,
    statisticsColumns('improvement, bootstrap 95 % interval'),
    (group, { method, quartiles }) => {
      const decimals = decimalsFor(group.methods.map(({ value }) => value?.std ?? null))
      const show = columnFormat(decimals, group.methods.flatMap(quartilesOf))
      const comparison = group.comparisons.find((one) => one.method === method)
      return statisticsCells(quartiles, show, comparison, formatPercent)
    },
  )
}

function quartilesOf({ quartiles }: MethodResult): number[] {
  return quartiles === null ? [] : [quartiles.low, quartiles.median, quartiles.high]
}

/** @param bootstrap what the resampled interval is called */
export function statisticsColumns(bootstrap: string): DataColumn[] {
  return [
    { name: 'median (quartiles)', only: 'page' },
    ...exported('median', 'lower quartile', 'upper quartile'),
    { name: bootstrap, only: 'page' },
    ...exported('bootstrap from', 'bootstrap to'),
    { name: 'probability of superiority', format: columnFormat(2, []) },
    { name: 'signed-rank p (by Holm)', only: 'page' },
    ...exported('signed-rank p', 'p by Holm', 'seeds that a test takes'),
  ]
}

/** What {@link statisticsColumns} hold. @param show a quartile @param endText an end of the resampled interval */
export function statisticsCells(
  quartiles: Quartiles | null,
  show: (value: number) => string,
  paired: (PairedStatistics & { readonly seeds: number }) | undefined,
  endText: (end: number) => string,
): Cell[] {
  const bootstrap = paired?.bootstrap95 ?? null
  return [
    quartiles === null ? null : together(quartileText(quartiles, show)),
    quartiles?.median ?? null,
    quartiles?.low ?? null,
    quartiles?.high ?? null,
    bootstrap === null ? null : together(bootstrap.map(endText).join(' to ')),
    bootstrap?.[0] ?? null,
    bootstrap?.[1] ?? null,
    paired?.superiority ?? null,
    paired === undefined ? null : testText(paired),
    paired?.signedRank?.p ?? null,
    paired?.signedRank?.holm ?? null,
    paired?.pairsToTest ?? null,
  ]
}

/** `0.31 (0.29 to 0.34)` */
function quartileText({ low, median, high }: Quartiles, show: (value: number) => string): string {
  return `${show(median)} (${show(low)} to ${show(high)})`
}

/** `0.016 (0.047)`, or what it takes, or in how few of enough seeds results differ. */
function testText(comparison: PairedStatistics & { readonly seeds: number }): string | null {
  const { signedRank, seeds, pairsToTest, differing } = comparison
  const short = (p: number): string => formatP(p).replace(/^p (= )?/, '')
  if (signedRank !== null) return together(`${short(signedRank.p)} (${short(signedRank.holm)})`)
  if (seeds === 0) return null
  if (seeds < pairsToTest) return together(`takes ${plural(pairsToTest, 'seed')}`)
  return differing < pairsToTest ? together(`only ${differing} differ`) : null
}

/** How near to the best recorded value methods come, and how soon they reach what the baseline ends with. */
export function targetTable(groups: readonly ComparisonGroup[]): DataTable {
  const { metric } = groups[0]!
  const regret = groups.some(({ regretScale }) => regretScale !== null)
  const columns: DataColumn[] = [
    ...(regret ? [{ name: 'normalised regret ± sd', only: 'page' as const }] : []),
    ...(regret ? exported('optimum', 'reference', 'mean normalised regret', 'standard deviation of it') : []),
    { name: 'target', format: formatNumber },
    { name: 'reached it', only: 'page' },
    ...exported('runs', 'runs that reached it'),
    { name: 'median time', only: 'page' },
    { name: 'restricted mean time', only: 'page' },
    ...exported('median seconds', 'restricted mean seconds', 'horizon seconds'),
    ...exported('median full evaluations', 'restricted mean full evaluations', 'horizon full evaluations'),
  ]
  return perMethod(
    {
      id: 'regret-and-time',
      title: regret ? `Regret of ${metric} and time to target` : `Time to target of ${metric}`,
    },
    groups,
    columns,
    (group, result) => {
      const times = result.timeToTarget
      return [
        ...(regret ? regretCells(group, result) : []),
        group.target,
        times === null ? null : `${times.reached} of ${times.runs}`,
        times?.runs ?? null,
        times?.reached ?? null,
        waitingText(times?.median) ?? (times === null ? null : `not by ${waitingText(times.horizon)!}`),
        waitingText(times?.restrictedMean) ?? null,
        times?.median?.seconds ?? null,
        times?.restrictedMean.seconds ?? null,
        times?.horizon.seconds ?? null,
        times?.median?.fullEvaluations ?? null,
        times?.restrictedMean.fullEvaluations ?? null,
        times?.horizon.fullEvaluations ?? null,
      ]
    },
  )
}

function regretCells({ regretScale, methods }: ComparisonGroup, { normalisedRegret }: MethodResult): Cell[] {
  const { mean = null, std = null } = normalisedRegret ?? {}
  const show = columnFormat(
    2,
    methods.flatMap(({ normalisedRegret: one }) => [one?.mean ?? null, one?.std ?? null]),
  )
  const text = normalisedRegret === null ? null : withSpread(normalisedRegret, show)
  return [
    text === null ? null : together(text),
    regretScale?.optimum ?? null,
    regretScale?.reference ?? null,
    mean,
    std,
  ]
}

/** `3.1 s (4.2 evals)` */
function waitingText(waiting: Waiting | null | undefined): string | undefined {
  if (waiting == null) return undefined
  return together(
    `${formatDuration(waiting.seconds)} (${formatNumber(Number(waiting.fullEvaluations.toPrecision(3)))} full evaluations)`,
  )
}
