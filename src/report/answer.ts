/** What an experiment says, in sentences. A difference is claimed only where the data support it. */
import type { StopRule } from '../core/stop-rule.js'
import { type Comparison, type ComparisonGroup, type Verdict, verdictOf, whyUnclaimed } from './comparison.js'
import { formatBudget, formatPercent, formatSize, listed, plural, together } from './format.js'
import { formatP, objection, verdictOfTest } from './tests-text.js'

/** What groups are told apart by. */
interface Labelled {
  readonly table: string
  readonly workers: number
  readonly budget: StopRule
}

/**
 * What sets a group apart from the others: the name of its table and, where tables occur with several budgets or
 * numbers of workers, these.
 */
export function groupLabel(group: Labelled, groups: readonly Labelled[]): string {
  const rivals = groups.filter(({ table }) => table === group.table)
  const parts = [group.table]
  if (rivals.some(({ budget }) => JSON.stringify(budget) !== JSON.stringify(group.budget)))
    parts.push(formatBudget(group.budget))
  if (rivals.some(({ workers }) => workers !== group.workers)) parts.push(plural(group.workers, 'worker'))
  return parts.join(', ')
}

/** `default`, or `default and random`. */
export function namesOf<K extends string>(groups: readonly Readonly<Record<K, string>>[], key: K): string {
  return listed([...new Set(groups.map((group) => group[key]))])
}

/** The answer of one group, without its label. */
export function answerOf(group: ComparisonGroup): string {
  const { comparisons, baseline, methods } = group
  if (comparisons.length === 0)
    return methods.some(({ method }) => method === baseline)
      ? `only the baseline ${baseline} was run, so nothing is compared.`
      : `the baseline ${baseline} was not run, so nothing is compared.`
  const by = (verdict: Verdict): Comparison[] => comparisons.filter((comparison) => verdictOf(comparison) === verdict)
  const clauses = [...claims(by('better'), group), ...claims(by('worse'), group), ...openClauses(by('open'), group)]
  return `${clauses.join('; ')}.`
}

/** `asha lowers test_error by 6.9 % against default (95 % interval 4.3 % to 9.5 %)` */
function claims(comparisons: readonly Comparison[], { goal, metric, baseline }: ComparisonGroup): string[] {
  return comparisons.map((comparison, i) => {
    const { mean, ci95 } = comparison.relativeImprovement
    const verb = (goal === 'min') === mean! > 0 ? 'lowers' : 'raises'
    const ends = ci95!.map((end) => formatSize(end)).sort((a, b) => parseFloat(a) - parseFloat(b))
    const interval = `${i === 0 ? `${together('95 %')} interval ` : ''}${together(ends.join(' to '))}`
    const what = i === 0 ? `${verb} ${metric} by` : `${verb} it by`
    return `${comparison.method} ${what} ${together(formatSize(mean!))}${i === 0 ? ` against ${baseline}` : ''} (${interval}${reservations(comparison)})`
  })
}

/**
 * `, on only 3 distinct trainings` where a mean rests on fewer than it has seeds, in how many seeds one of the two has no
 * result, and what a test says against it.
 */
export function reservations(comparison: Comparison): string {
  const { distinctTrainings, distinctTrainingsOf, baseline, seeds } = comparison
  const whose = distinctTrainingsOf.baseline < distinctTrainingsOf.method ? ` of ${baseline}` : ''
  const few = distinctTrainings < seeds ? `, on only ${plural(distinctTrainings, 'distinct training')}${whose}` : ''
  const failed = failedText(comparison)
  return `${few}${failed === '' ? '' : `, ${failed}`}${objectionOf(comparison)}`
}

/** What a test says against the interval, or nothing. */
export function objectionOf({ signedRank, pairsToTest, relativeImprovement: { ci95 } }: Comparison): string {
  return objection({ signedRank, pairsToTest, ci95 })
}

/** What cannot be claimed, and why. */
function openClauses(comparisons: readonly Comparison[], { baseline }: ComparisonGroup): string[] {
  const clauses: string[] = []
  const decided = comparisons.filter(({ relativeImprovement }) => relativeImprovement.ci95 !== null)
  const equal = comparisons.filter(
    (one) => sameInAll(one) && (one.relativeImprovement.ci95 !== null || one.differences === 'absolute'),
  )
  const undecided = decided.filter((comparison) => !sameInAll(comparison) && whyUnclaimed(comparison) === undefined)
  if (equal.length > 0)
    clauses.push(
      `${listed(equal.map(({ method }) => method))} ${equal.length === 1 ? 'ends' : 'end'} like ${baseline} in every seed`,
    )
  if (undecided.length > 0)
    clauses.push(
      `no difference from ${baseline} is shown for ${listed(
        undecided.map((comparison) => {
          const interval = comparison.relativeImprovement.ci95!.map((end) => formatPercent(end)).join(' to ')
          const failed = failedText(comparison)
          return `${comparison.method} (${together(interval)}${failed === '' ? '' : `, ${failed}`}${objectionOf(comparison)})`
        }),
      )}`,
    )
  const reasons = new Map<string, string[]>()
  const unclaimed = comparisons.filter(
    (one) => !equal.includes(one) && (one.relativeImprovement.ci95 === null || whyUnclaimed(one) !== undefined),
  )
  for (const comparison of unclaimed) {
    const reason = whyNoInterval(comparison)
    reasons.set(reason, [...(reasons.get(reason) ?? []), comparison.method])
  }
  for (const [reason, methods] of reasons) clauses.push(`nothing is claimed for ${listed(methods)}: ${reason}`)
  return clauses
}

/** `in 10 of 20 seeds random has no result`, of whichever lacks one that the other has; or nothing. */
export function failedText({
  method,
  baseline,
  noResult,
}: Pick<Comparison, 'method' | 'baseline' | 'noResult'>): string {
  const of = (count: number, name: string): string[] =>
    count === 0 ? [] : [`in ${count} of ${plural(noResult.seeds, 'seed')} ${name} has no result`]
  return [...of(noResult.method, method), ...of(noResult.baseline, baseline)].join(' and ')
}

/** What the test of all seeds shows where nothing is claimed by an interval; or nothing. */
function testText(comparison: Comparison): string {
  const { method, signedRank, differences } = comparison
  const shown = verdictOfTest(signedRank)
  if (shown === undefined || shown === 'open') return ''
  const by = differences === 'absolute' ? 'by absolute differences' : 'counted over all seeds'
  return `; ${by} ${method} is ${shown} (signed-rank ${formatP(signedRank!.holm)})`
}

/** Why nothing is claimed, and what is known nevertheless. */
export function whyNoInterval(comparison: Comparison): string {
  const { seeds, leftOut, distinctTrainingsOf, baseline, relativeImprovement } = comparison
  const why = whyUnclaimed(comparison)
  if (why === 'accumulates')
    return `${comparison.metric} grows with training, and methods end with trainings of different lengths, so that values as recorded compare nothing`
  if (why === 'zero') {
    const failed = failedText(comparison)
    return (
      `the baseline's value is 0 in ${leftOut.baselineZero} of ${plural(seeds, 'seed')}, so that a relative improvement is not ` +
      `defined${failed === '' ? '' : `, and ${failed}`}${testText(comparison)}`
    )
  }
  if (why === 'survivors') {
    const interval = relativeImprovement.ci95!.map((end) => formatPercent(end)).join(' to ')
    return (
      `${failedText(comparison)}; where both have one, the improvement over ${baseline} is ` +
      `${together(formatPercent(relativeImprovement.mean!))} (${together(interval)})${testText(comparison)}`
    )
  }
  const failed = failedText(comparison)
  if (seeds === 0 && failed !== '') return `${failed}${testText(comparison)}`
  if (seeds > 1 && distinctTrainingsOf.method + distinctTrainingsOf.baseline > 2)
    return 'the spread is too large a number'
  if (seeds > 1) return 'all seeds came to the same two trainings'
  if (seeds === 1) return 'one seed has no spread, use more seeds'
  return 'no seed has a result of both'
}

/** Whether the method ends like the baseline in every one of several seeds; not where one of them has no result. */
export function sameInAll({ seeds, noResult, differing, differences }: Comparison): boolean {
  return differences !== 'none' && seeds > 1 && seeds === noResult.seeds && differing === 0
}
