/** What an experiment says, in sentences. A difference is claimed only where the data support it. */
import type { StopRule } from '../core/stop-rule.js'
import { type Comparison, type ComparisonGroup, type Verdict, verdictOf } from './comparison.js'
import { formatBudget, formatPercent, formatSize, listed, plural, together } from './format.js'
import { objectionTo } from './tests-text.js'

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
    const { distinctTrainings, seeds, relativeImprovement } = comparison
    const { mean, ci95 } = relativeImprovement
    const verb = (goal === 'min') === mean! > 0 ? 'lowers' : 'raises'
    const ends = ci95!.map((end) => formatSize(end)).sort((a, b) => parseFloat(a) - parseFloat(b))
    const interval = `${i === 0 ? `${together('95 %')} interval ` : ''}${together(ends.join(' to '))}`
    const few = distinctTrainings < seeds ? `, on only ${plural(distinctTrainings, 'distinct training')}` : ''
    const what = i === 0 ? `${verb} ${metric} by` : `${verb} it by`
    return `${comparison.method} ${what} ${together(formatSize(mean!))}${i === 0 ? ` against ${baseline}` : ''} (${interval}${few}${objection(comparison)})`
  })
}

/** `, not confirmed: signed-rank p = 0.12`, or nothing. */
export function objection(comparison: Comparison): string {
  const text = objectionTo(comparison)
  return text === undefined ? '' : `, ${text}`
}

/** What cannot be claimed, and why. */
function openClauses(comparisons: readonly Comparison[], { baseline }: ComparisonGroup): string[] {
  const clauses: string[] = []
  const undecided = comparisons.filter(({ relativeImprovement }) => relativeImprovement.ci95 !== null)
  if (undecided.length > 0)
    clauses.push(
      `no difference from ${baseline} is shown for ${listed(
        undecided.map((comparison) => {
          const interval = comparison.relativeImprovement.ci95!.map((end) => formatPercent(end)).join(' to ')
          return `${comparison.method} (${together(interval)}${objection(comparison)})`
        }),
      )}`,
    )
  const reasons = new Map<string, string[]>()
  for (const comparison of comparisons.filter(({ relativeImprovement }) => relativeImprovement.ci95 === null)) {
    const reason = whyNoInterval(comparison)
    reasons.set(reason, [...(reasons.get(reason) ?? []), comparison.method])
  }
  for (const [reason, methods] of reasons) clauses.push(`nothing is claimed for ${listed(methods)}: ${reason}`)
  return clauses
}

function whyNoInterval({ seeds, leftOut }: Comparison): string {
  if (seeds > 1) return 'all seeds came to the same two trainings'
  if (seeds === 1) return 'one seed has no spread, use more seeds'
  return leftOut.baselineZero > 0 ? "the baseline's value is 0" : 'no seed has a result of both'
}
