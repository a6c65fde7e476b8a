/** The answer of an experiment in one sentence. */
import { answerOf, failedText, groupLabel, objectionOf, reservations, sameInAll, whyNoInterval } from './answer.js'
import { type Comparison, type ComparisonGroup, verdictOf, whyUnclaimed } from './comparison.js'
import { formatPercent, formatSize, listed, together } from './format.js'
import type { Leader } from './leaders.js'
import { hasManyMethods, hasManySettings, overviewOf } from './overview.js'

/**
 * The first method of the plan that is compared with the baseline, over all tables: where it is better or worse, by how
 * much, and where nothing is shown. With one table what there is to say about every method; with many methods or
 * settings an overview.
 *
 * @param leaders one per group, in its order
 */
export function headlineOf(groups: readonly ComparisonGroup[], leaders: readonly (Leader | undefined)[]): string {
  const [only] = groups
  if (groups.length === 1) return `On ${only!.table}, ${answerOf(only!)}`
  if (hasManyMethods(groups) || hasManySettings(groups)) return overviewOf(groups, leaders)
  const method = groups.find(({ comparisons }) => comparisons.length > 0)?.comparisons[0]!.method
  if (method === undefined || only === undefined) return 'Nothing is compared: only one method was run.'
  const found = groups.flatMap((group) => {
    const comparison = group.comparisons.find((one) => one.method === method)
    return comparison === undefined ? [] : [{ label: groupLabel(group, groups), comparison }]
  })
  const by = (verdict: string) => found.filter(({ comparison }) => verdictOf(comparison) === verdict)
  const clauses = [
    ...perBaseline(by('better'), effect),
    ...perBaseline(by('worse'), effect),
    ...perBaseline(
      by('open').filter(({ comparison }) => sameInAll(comparison)),
      alike,
    ),
    ...perBaseline(
      by('open').filter(({ comparison }) => !sameInAll(comparison) && isDecided(comparison)),
      open,
    ),
    ...perBaseline(
      by('open').filter(({ comparison }) => !sameInAll(comparison) && !isDecided(comparison)),
      unclaimed,
    ),
  ]
  return `${method} ${listed(clauses)}.`
}

/** Whether there is an interval, and it may be believed. */
function isDecided(comparison: Comparison): boolean {
  return comparison.relativeImprovement.ci95 !== null && whyUnclaimed(comparison) === undefined
}

interface Found {
  readonly label: string
  readonly comparison: Comparison
}

/** Runs that were put together may have several baselines, metrics and goals: each has clauses of its own. */
function perBaseline(found: readonly Found[], clauseOf: (some: readonly [Found, ...Found[]]) => string): string[] {
  const parts = new Map<string, [Found, ...Found[]]>()
  for (const one of found) {
    const key = JSON.stringify([one.comparison.baseline, one.comparison.metric, one.comparison.goal])
    const part = parts.get(key)
    if (part === undefined) parts.set(key, [one])
    else part.push(one)
  }
  return Array.from(parts.values(), clauseOf)
}

/** @param found comparisons that all show a gain, or all a loss */
function effect(found: readonly [Found, ...Found[]]): string {
  const where = found.map(({ label, comparison }) => {
    const { mean, ci95 } = comparison.relativeImprovement
    const ends = ci95!.map((end) => Math.abs(end)).sort((a, b) => a - b)
    const interval = together(ends.map((end) => formatSize(end)).join(' to '))
    return `on ${label} by ${together(formatSize(mean!))} (${together('95 %')} interval ${interval}${reservations(comparison)})`
  })
  const { metric, baseline, goal, relativeImprovement } = found[0].comparison
  const verb = (goal === 'min') === relativeImprovement.mean! > 0 ? 'lowers' : 'raises'
  return `${verb} ${metric} against ${baseline} ${listed(where)}`
}

function alike(found: readonly [Found, ...Found[]]): string {
  return `ends like ${found[0].comparison.baseline} in every seed on ${listed(found.map(({ label }) => label))}`
}

function open(found: readonly [Found, ...Found[]]): string {
  const where = found.map(({ label, comparison }) => {
    const interval = comparison.relativeImprovement.ci95?.map((end) => formatPercent(end)).join(' to ')
    const failed = failedText(comparison)
    return `${label} (${together(interval ?? 'no interval')}${failed === '' ? '' : `, ${failed}`}${objectionOf(comparison)})`
  })
  return `shows no difference from ${found[0].comparison.baseline} on ${listed(where)}`
}

function unclaimed(found: readonly [Found, ...Found[]]): string {
  const where = found.map(({ label, comparison }) => `${label} (${whyNoInterval(comparison)})`)
  return `is not claimed to differ from ${found[0].comparison.baseline} on ${listed(where)}`
}
