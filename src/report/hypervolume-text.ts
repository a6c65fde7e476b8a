/** What runs with several objectives came to, as text: a table, what can be claimed, and hypervolume over time. */
import type { Objective } from '../core/objective.js'
import CliTable from 'cli-table3'
import { groupLabel, namesOf } from './answer.js'
import { type Verdict, verdictOfInterval } from './comparison.js'
import { columnOf, decimalsFor, listed, plural, together, withSpread, wrap } from './format.js'
import type { Difference, HypervolumeComparison, HypervolumeGroup, HypervolumeResult } from './hypervolumes.js'
import { type Colors, RULES, WIDTH, brokenName, fitted, formatMean, groupHeading, shorten } from './layout.js'
import { objection } from './tests-text.js'
import { textChart } from './text-chart.js'

const COLUMNS = 8
const CHART_HEIGHT = 12
/** Charts begin at this share of the budget: the climb from nothing would leave no room for differences. */
const CHART_FROM = 0.1

/** One row per method and table. */
export function hypervolumeTable(groups: readonly HypervolumeGroup[], colors: Colors): string {
  return fitted((longest) => tableWith(groups, colors, longest))
}

function tableWith(groups: readonly HypervolumeGroup[], colors: Colors, longestName: number): CliTable.Table {
  const table = new CliTable({
    head: [
      'method',
      'hypervolume',
      `difference to\n${shorten(namesOf(groups, 'baseline'), 20)}`,
      '95 % interval',
      'over\ntime',
      'at vali-\ndation',
      'in the\nset',
      'trials',
    ],
    colAligns: ['left', 'left', 'left', 'left', 'right', 'right', 'right', 'right'],
    chars: RULES,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 1 },
  })
  for (const [i, group] of groups.entries()) {
    if (i > 0) table.push([{ content: '', colSpan: COLUMNS }])
    table.push([{ content: colors.bold(groupHeading(group)), colSpan: COLUMNS }])
    const decimals = hypervolumeDecimals(group)
    const show = columnOf(
      group.methods.map(({ hypervolume }) => hypervolume),
      decimals,
    )
    for (const result of group.methods) {
      const comparison = group.comparisons.find(({ method }) => method === result.method)
      const difference = comparison && differenceCells(comparison.difference, decimals, colors)
      const [name, ...cells] = row(result, difference, group.baseline, show, colors)
      table.push([brokenName(name!, longestName), ...cells])
    }
  }
  return table
}

/** Hypervolumes lie in [0, 1]: four decimals are enough to tell them apart. */
export function hypervolumeDecimals({ methods }: HypervolumeGroup): number {
  return Math.min(4, decimalsFor(methods.map(({ hypervolume }) => hypervolume?.std ?? null)))
}

function row(
  result: HypervolumeResult,
  compared: [difference: string, interval: string] | undefined,
  baseline: string,
  show: (value: number) => string,
  colors: Colors,
): string[] {
  const { hypervolume: value, steeringHypervolume: steering, overTime, setSize, trials } = result
  const [difference, interval] = compared ?? []
  return [
    result.method,
    value === null ? 'no run' : withSpread(value, show),
    difference ?? colors.dim(result.method === baseline ? 'baseline' : '-'),
    interval ?? '',
    overTime === null ? '-' : show(overTime.mean),
    steering === null ? '-' : show(steering.mean),
    setSize === null ? '-' : formatMean(setSize),
    trials === null ? '-' : formatMean(trials),
  ]
}

function differenceCells({ mean, ci95 }: Difference, decimals: number, colors: Colors): [string, string] {
  if (mean === null) return ['-', '']
  const verdict = verdictOfInterval(ci95)
  const paint = verdict === 'better' ? colors.green : verdict === 'worse' ? colors.red : (text: string) => text
  return [
    paint(signed(mean, decimals)),
    ci95 === null ? colors.dim('none') : paint(`[${ci95.map((end) => signed(end, decimals)).join(', ')}]`),
  ]
}

/** `+0.0123`; a number that is not 0 does not read as 0. */
export function signed(value: number, decimals: number): string {
  // What is left by rounding is no difference.
  if (Math.abs(value) < 1e-9) return (0).toFixed(decimals)
  const needed = -Math.floor(Math.log10(Math.abs(value)))
  const hidden = Number(value.toFixed(decimals)) === 0
  return `${value > 0 ? '+' : ''}${value.toFixed(hidden ? Math.max(decimals, needed) : decimals)}`
}

/** What the intervals support: at the end, and over time. */
export function hypervolumeAnswers(groups: readonly HypervolumeGroup[], colors: Colors): string {
  return hypervolumeFacts(groups)
    .map(([label, claims]) => {
      const text = wrap(`${label}: ${claims}`, WIDTH, '  ')
      return colors.bold(text.slice(0, label.length + 1)) + text.slice(label.length + 1)
    })
    .join('\n')
}

/** `['ngram-mrpc, at the end', 'no difference from ... .']` */
export function hypervolumeFacts(groups: readonly HypervolumeGroup[]): (readonly [label: string, claims: string])[] {
  return groups.flatMap((group) => {
    const label = groupLabel(group, groups)
    const atTheEnd = [`${label}, at the end`, `${claimsOf(group, ({ difference }) => difference)}.`] as const
    if (group.methods.every((method) => method.overTime === null)) return [atTheEnd]
    return [
      atTheEnd,
      [`${label}, over time`, `${claimsOf(group, ({ overTimeDifference }) => overTimeDifference)}.`] as const,
    ]
  })
}

/** The first method of the plan that is compared with the baseline, at the end of the budget and over time, on all tables. */
export function hypervolumeHeadline(groups: readonly HypervolumeGroup[]): string {
  const method = groups.find(({ comparisons }) => comparisons.length > 0)?.comparisons[0]!.method
  if (method === undefined) return 'Nothing is compared: only one method was run.'
  const found = groups.flatMap((group) => {
    const comparison = group.comparisons.find((one) => one.method === method)
    return comparison === undefined ? [] : [{ label: groupLabel(group, groups), comparison }]
  })
  const end = found.map(({ label, comparison }) => ({ label, comparison, difference: comparison.difference }))
  const overTime = found.map(({ label, comparison }) => ({
    label,
    comparison,
    difference: comparison.overTimeDifference,
  }))
  // Without a budget in seconds there is no mean over time.
  const also = overTime.every(({ difference: { mean } }) => mean === null) ? '' : `; over time: ${clausesOf(overTime)}`
  return `${method}, at the end: ${clausesOf(end)}${also}.`
}

/** Differences by what their intervals say. */
function clausesOf(
  found: readonly {
    readonly label: string
    readonly comparison: HypervolumeComparison
    readonly difference: Difference
  }[],
): string {
  const on = (verdict: Verdict | 'none', baseline: string): string =>
    listed(
      found
        .filter(
          ({ comparison, difference: { ci95 } }) =>
            comparison.baseline === baseline && (ci95 === null ? 'none' : verdictOfInterval(ci95)) === verdict,
        )
        .map(({ label, comparison, difference }) => {
          const { mean, ci95 } = difference
          const interval = ci95?.map((end) => signed(end, 3)).join(' to ') ?? 'no interval'
          const few = verdict === 'better' || verdict === 'worse' ? fewSets(comparison) : ''
          return `${label} (${mean === null ? 'no pair' : signed(mean, 3)}, ${together(interval)}${few}${objection(difference)})`
        }),
    )
  const baselines = [...new Set(found.map(({ comparison }) => comparison.baseline))]
  return (
    [
      ['better', (baseline: string) => `more hypervolume than ${baseline} on`],
      ['worse', (baseline: string) => `less hypervolume than ${baseline} on`],
      ['open', (baseline: string) => `no difference from ${baseline} is shown on`],
      ['none', (baseline: string) => `no difference from ${baseline} is claimed or ruled out on`],
    ] as const
  )
    .flatMap(([verdict, words]) => baselines.map((baseline) => [words(baseline), on(verdict, baseline)] as const))
    .filter(([, where]) => where !== '')
    .map(([words, where]) => `${words} ${where}`)
    .join(', ')
}

/** `, on only 2 distinct Pareto sets` where a mean rests on fewer than it has seeds. */
function fewSets({ distinctSets, seeds }: HypervolumeComparison): string {
  return distinctSets < seeds ? `, on only ${plural(distinctSets, 'distinct Pareto set')}` : ''
}

/** Clauses that claim a difference only where its interval excludes 0. */
function claimsOf(group: HypervolumeGroup, of: (comparison: HypervolumeComparison) => Difference): string {
  const { comparisons, baseline } = group
  if (comparisons.length === 0)
    return group.methods.some(({ method }) => method === baseline)
      ? `only the baseline ${baseline} was run, so nothing is compared`
      : `the baseline ${baseline} was not run, so nothing is compared`
  const clauses: string[] = []
  const claim = (comparison: HypervolumeComparison): string => {
    const { mean, ci95 } = of(comparison)
    const interval = together(ci95!.map((end) => signed(end, 3)).join(' to '))
    const doubts = `${fewSets(comparison)}${objection(of(comparison))}`
    return `${comparison.method} ${together(`by ${signed(Math.abs(mean!), 3).replace('+', '')}`)} (${interval}${doubts})`
  }
  for (const [verdict, words] of [
    ['better', 'more hypervolume than'],
    ['worse', 'less hypervolume than'],
  ] as const) {
    const some = comparisons.filter((comparison) => verdictOfInterval(of(comparison).ci95) === verdict)
    if (some.length > 0) clauses.push(`${words} ${baseline}: ${listed(some.map(claim))}`)
  }
  const open = comparisons.filter((comparison) => verdictOfInterval(of(comparison).ci95) === 'open')
  const undecided = open.filter((comparison) => of(comparison).ci95 !== null)
  if (undecided.length > 0)
    clauses.push(
      `no difference from ${baseline} is shown for ${listed(
        undecided.map((comparison) => {
          const interval = of(comparison).ci95!.map((end) => signed(end, 3))
          return `${comparison.method} (${together(interval.join(' to '))}${objection(of(comparison))})`
        }),
      )}`,
    )
  const reasons = new Map<string, string[]>()
  for (const comparison of open.filter((one) => of(one).ci95 === null)) {
    const reason = whyNoInterval(comparison)
    reasons.set(reason, [...(reasons.get(reason) ?? []), comparison.method])
  }
  for (const [reason, methods] of reasons) clauses.push(`nothing is claimed for ${listed(methods)}: ${reason}`)
  return clauses.join('; ')
}

function whyNoInterval({ seeds }: HypervolumeComparison): string {
  if (seeds > 1) return 'all seeds came to the same two Pareto sets'
  return seeds === 1 ? 'one seed has no spread, use more seeds' : 'no seed has a run of both'
}

/** Mean reported hypervolume over the budget, one chart per group; empty where budgets do not limit seconds. */
export function hypervolumeCharts(groups: readonly HypervolumeGroup[], colors: Colors): string {
  const paints = [colors.cyan, colors.green, colors.yellow, colors.magenta, colors.red, colors.blue, colors.gray]
  return groups
    .map((group) => {
      const series = group.methods.flatMap(({ method, curve }, i) => {
        if (curve === null) return []
        const points = curve
          .map((value, k) => [(100 * (k + 1)) / curve.length, value] as const)
          .filter(([percent]) => percent >= 100 * CHART_FROM)
        return [{ label: shorten(method, 28), points, paint: paints[i % paints.length]! }]
      })
      const yLabel = `${groupLabel(group, groups)}: mean hypervolume`
      return textChart(series, { width: WIDTH, height: CHART_HEIGHT, xLabel: '% of the budget', yLabel })
    })
    .filter((chart) => chart !== '')
    .join('\n\n')
}

/** A metric with how it is compared between trials of different lengths. */
export function compared(metric: string, accumulates: Objective['accumulates']): string {
  if (accumulates === undefined) return metric
  return `${metric} (${accumulates === 'projected' ? 'projected to the full training' : 'per level'})`
}

/** What a reader must know to read the table. */
export function hypervolumeNotes(groups: readonly HypervolumeGroup[]): string[] {
  const { objectives } = groups[0]!
  const steering = listed(objectives.map(({ metric, accumulates }) => compared(metric, accumulates)))
  const reported = listed(objectives.map(({ report, accumulates }) => compared(report, accumulates)))
  const at = steering === reported ? '' : `, measured in ${reported}`
  const few = groups.some(({ comparisons }) => comparisons.some(({ distinctSets, seeds }) => distinctSets < seeds))
  const timed = groups.some(({ methods }) => methods.some(({ overTime }) => overTime !== null))
  return [
    `hypervolume is that of the Pareto set in ${steering}, every trial by its last report${at}; 0 is the worst and 1 the ` +
      'best of the table in every objective at once, so that no method moves the number of another' +
      `${timed ? '; over time: its mean over the budget' : ''}`,
    ...(few
      ? ['where seeds share Pareto sets, intervals hold for draws from this table and are too narrow for new trainings']
      : []),
  ]
}
