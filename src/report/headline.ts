/** The answer of an experiment in one sentence. */
import { answerOf, groupLabel, namesOf, objectionOf, reservations } from './answer.js'
import { type Comparison, type ComparisonGroup, verdictOf } from './comparison.js'
import { toLoss } from '../core/objective.js'
import { formatNumber, formatPercent, formatSize, listed, together } from './format.js'

/** With more compared methods or groups than this the headline is an overview. */
const [MOST_METHODS, MOST_GROUPS] = [3, 6]

/**
 * The first method of the plan that is compared with the baseline, over all tables: where it is better or worse, by how
 * much, and where nothing is shown. With one table what there is to say about every method.
 */
export function headlineOf(groups: readonly ComparisonGroup[]): string {
  const [only] = groups
  if (groups.length === 1) return `On ${only!.table}, ${answerOf(only!)}`
  const compared = new Set(groups.flatMap(({ comparisons }) => comparisons.map(({ method }) => method)))
  if (compared.size > MOST_METHODS || groups.length > MOST_GROUPS) return overviewOf(groups)
  const method = groups.find(({ comparisons }) => comparisons.length > 0)?.comparisons[0]!.method
  if (method === undefined || only === undefined) return 'Nothing is compared: only one method was run.'
  const found = groups.flatMap((group) => {
    const comparison = group.comparisons.find((one) => one.method === method)
    return comparison === undefined ? [] : [{ label: groupLabel(group, groups), comparison }]
  })
  const by = (verdict: string) => found.filter(({ comparison }) => verdictOf(comparison) === verdict)
  const { goal } = only
  const better = goal === 'min' ? 'lowers' : 'raises'
  const worse = goal === 'min' ? 'raises' : 'lowers'
  const clauses = [
    ...perBaseline(by('better'), (some) => effect(better, some)),
    ...perBaseline(by('worse'), (some) => effect(worse, some)),
    ...perBaseline(by('open'), open),
  ]
  return `${method} ${listed(clauses)}.`
}

/** Who is best on average where, and how many comparisons show a difference: where a sentence per method would be a page. */
function overviewOf(groups: readonly ComparisonGroup[]): string {
  const [metrics, baselines] = [namesOf(groups, 'metric'), namesOf(groups, 'baseline')]
  const best = groups.flatMap((group) => {
    const values = group.methods.flatMap(({ method, value }) =>
      value === null ? [] : [{ method, loss: toLoss(value.mean, group.goal), mean: value.mean }],
    )
    const [first] = values.toSorted((a, b) => a.loss - b.loss)
    return first === undefined ? [] : [{ label: groupLabel(group, groups), ...first }]
  })
  const wins = new Map<string, number>()
  for (const { method } of best) wins.set(method, (wins.get(method) ?? 0) + 1)
  const where =
    best.length <= MOST_GROUPS
      ? listed(best.map(({ label, method, mean }) => `${method} on ${label} (${together(formatNumber(mean))})`))
      : `${listed([...wins].toSorted(([, a], [, b]) => b - a).map(([method, count]) => `${method} in ${count}`))} of ${best.length} settings`
  const verdicts = groups.flatMap(({ comparisons }) => comparisons.map((comparison) => verdictOf(comparison)))
  const count = (verdict: string): number => verdicts.filter((one) => one === verdict).length
  return (
    `Best mean ${metrics}: ${where}. Of ${verdicts.length} comparisons with ${baselines}, one at a time, ${count('better')} show a gain, ` +
    `${count('worse')} a loss and ${count('open')} no difference.`
  )
}

interface Found {
  readonly label: string
  readonly comparison: Comparison
}

/** Runs that were put together may have several baselines and metrics: each has clauses of its own. */
function perBaseline(found: readonly Found[], clauseOf: (some: readonly [Found, ...Found[]]) => string): string[] {
  const parts = new Map<string, [Found, ...Found[]]>()
  for (const one of found) {
    const key = JSON.stringify([one.comparison.baseline, one.comparison.metric])
    const part = parts.get(key)
    if (part === undefined) parts.set(key, [one])
    else part.push(one)
  }
  return Array.from(parts.values(), clauseOf)
}

function effect(verb: string, found: readonly [Found, ...Found[]]): string {
  const where = found.map(({ label, comparison }) => {
    const { mean, ci95 } = comparison.relativeImprovement
    const ends = ci95!.map((end) => Math.abs(end)).sort((a, b) => a - b)
    const interval = together(ends.map((end) => formatSize(end)).join(' to '))
    return `on ${label} by ${together(formatSize(mean!))} (${together('95 %')} interval ${interval}${reservations(comparison)})`
  })
  const { metric, baseline } = found[0].comparison
  return `${verb} ${metric} against ${baseline} ${listed(where)}`
}

function open(found: readonly [Found, ...Found[]]): string {
  const where = found.map(({ label, comparison }) => {
    const interval = comparison.relativeImprovement.ci95?.map((end) => formatPercent(end)).join(' to ')
    return `${label} (${together(interval ?? 'no interval')}${objectionOf(comparison)})`
  })
  return `shows no difference from ${found[0].comparison.baseline} on ${listed(where)}`
}
