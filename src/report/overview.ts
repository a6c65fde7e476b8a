/** The answer of an experiment with many methods or many settings, where a sentence for each would be a page. */
import { failedText, groupLabel, namesOf, objectionOf, sameInAll } from './answer.js'
import { type Comparison, type ComparisonGroup, verdictOf, whyUnclaimed } from './comparison.js'
import { formatNumber, formatPercent, formatSize, listed, plural, together } from './format.js'
import type { Leader } from './leaders.js'

/** With more compared methods, or more settings (table, workers and budget), a sentence for each would be a page. */
const [MOST_METHODS, MOST_GROUPS] = [3, 6]

/** Whether there are so many methods that an experiment asks for a ranking. */
export function hasManyMethods(groups: readonly ComparisonGroup[]): boolean {
  return new Set(groups.flatMap(({ comparisons }) => comparisons.map(({ method }) => method))).size > MOST_METHODS
}

/** Whether there are so many settings that what is shown is counted. */
export function hasManySettings(groups: readonly ComparisonGroup[]): boolean {
  return groups.length > MOST_GROUPS
}

/** Of an interval of 95 %, on each side. */
const BY_CHANCE = 0.025

/** @param leaders one per group, in its order */
export function overviewOf(groups: readonly ComparisonGroup[], leaders: readonly (Leader | undefined)[]): string {
  return hasManySettings(groups)
    ? `${byMethod(groups)} ${countOfLeaders(groups, leaders)}`
    : `${leadersText(groups, leaders)} ${countOfVerdicts(groups)}`.trim()
}

/** `Best mean test_error: bigrams on ngram-cola (0.8896, ahead of words-wide by 3.1 %, 95 % interval 0.5 % to 5.7 %) and ...` */
function leadersText(groups: readonly ComparisonGroup[], leaders: readonly (Leader | undefined)[]): string {
  const where = leaders.flatMap((leader, i) =>
    leader === undefined
      ? []
      : [`${listed(leader.methods)} on ${groupLabel(groups[i]!, groups)} (${standing(leader)})`],
  )
  if (groups.every(({ methods }) => methods.every(({ value }) => value === null))) return 'No run has a result.'
  if (where.length === 0) return ''
  return `Best mean ${namesOf(groups, 'metric')}: ${listed(where)}.`
}

function standing(leader: Leader): string {
  const { passedOver } = leader
  if (passedOver.length === 0) return standingOf(leader)
  const lack = passedOver.length === 1 ? 'lacks' : 'lack'
  return `${standingOf(leader)}; ${listed(passedOver)}, with a better mean, ${lack} a result in some seeds`
}

function standingOf({ mean, ahead }: Leader): string {
  const value = formatNumber(mean)
  if (ahead === undefined) return value
  const { mean: gain, ci95 } = ahead.relativeImprovement
  if (gain === null || ci95 === null)
    return `${value}, before ${ahead.baseline}, nothing claimed for want of an interval`
  if (whyUnclaimed(ahead) !== undefined) return `${value}, before ${ahead.baseline}, ${failedText(ahead)}`
  if (verdictOf(ahead) !== 'better')
    return `${value}, not shown to be ahead of ${ahead.baseline}: ${together(ci95.map((end) => formatPercent(end)).join(' to '))}`
  const interval = together(ci95.map((end) => formatSize(end)).join(' to '))
  return `${value}, ahead of ${ahead.baseline} by ${together(formatSize(gain))}, ${together('95 %')} interval ${interval}`
}

/** `Of 15 comparisons with words, one at a time, 3 show a gain, 5 a loss and 7 no difference.` */
function countOfVerdicts(groups: readonly ComparisonGroup[]): string {
  const { all, better, worse, unclaimed, unconfirmed } = counted(groups.flatMap(({ comparisons }) => comparisons))
  if (all === 0) return ''
  const open = all - better - worse - unclaimed
  const shows = (count: number): string => `${count} ${count === 1 ? 'shows' : 'show'}`
  return (
    `Of ${plural(all, 'comparison')} with ${namesOf(groups, 'baseline')}, one at a time, ${shows(better)} a gain, ` +
    `${worse} a loss and ${open} no difference${unclaimedText(unclaimed)}` +
    `${unconfirmedText(unconfirmed, better + worse)}.`
  )
}

/** How often each method is better and worse than the baseline, and how often chance alone would make it look so. */
function byMethod(groups: readonly ComparisonGroup[]): string {
  const comparisons = groups.flatMap((group) => group.comparisons)
  const { all, better, worse, unclaimed, unconfirmed } = counted(comparisons)
  if (all === 0) return 'Nothing is compared.'
  const methods = [...new Set(comparisons.map(({ method }) => method))]
  const shown = methods.flatMap((method) => {
    const here = counted(comparisons.filter((comparison) => comparison.method === method))
    const verdicts = [
      ...(here.better > 0 ? [`better in ${here.better}`] : []),
      ...(here.worse > 0 ? [`worse in ${here.worse}`] : []),
    ]
    return verdicts.length > 0 ? [`${method} is ${listed(verdicts)}`] : []
  })
  const expected = (all - unclaimed) * BY_CHANCE
  const chance = expected < 1 ? 0 : Math.round(expected)
  const byChance =
    chance === 0
      ? ''
      : `; chance alone would show about ${plural(chance, 'gain')} and ${plural(chance, 'loss', 'losses')}`
  return (
    `Against ${namesOf(groups, 'baseline')} in ${groups.length} settings, one comparison at a time: ` +
    `${shown.length === 0 ? 'no difference is shown' : listed(shown)} (${plural(all, 'comparison')}${byChance}${unclaimedText(unclaimed)}` +
    `${unconfirmedText(unconfirmed, better + worse)}).`
  )
}

/** Those that have an interval, by what it says, and those that have none or claim nothing by it as {@link whyUnclaimed} says. */
function counted(comparisons: readonly Comparison[]) {
  const unclaimed = comparisons.filter((one) => whyUnclaimed(one) !== undefined && !sameInAll(one))
  const some = comparisons.filter((one) => one.relativeImprovement.ci95 !== null || whyUnclaimed(one) !== undefined)
  const of = (verdict: string): Comparison[] => some.filter((comparison) => verdictOf(comparison) === verdict)
  const claimed = [...of('better'), ...of('worse')]
  return {
    all: some.length,
    better: of('better').length,
    worse: of('worse').length,
    unclaimed: unclaimed.length,
    unconfirmed: claimed.filter((comparison) => objectionOf(comparison) !== '').length,
  }
}

function unclaimedText(unclaimed: number): string {
  return unclaimed === 0
    ? ''
    : `; nothing is claimed for ${unclaimed}, as runs have no result, the baseline is 0 or values accumulate`
}

function unconfirmedText(unconfirmed: number, claimed: number): string {
  if (unconfirmed === 0) return ''
  return `; the signed-rank test does not confirm ${claimed === 1 ? 'it' : `${unconfirmed} of the ${claimed}`}`
}

/** `Best mean test_error: asha in 14, random-search in 1 and two or more alike in 15 of 30.` */
function countOfLeaders(groups: readonly ComparisonGroup[], leaders: readonly (Leader | undefined)[]): string {
  const wins = new Map<string, number>()
  for (const leader of leaders) {
    if (leader === undefined) continue
    const name = leader.methods.length === 1 ? leader.methods[0]! : 'several alike'
    wins.set(name, (wins.get(name) ?? 0) + 1)
  }
  if (wins.size === 0) return ''
  const ordered = [...wins].toSorted(([, a], [, b]) => b - a).map(([name, count]) => `${name} in ${count}`)
  return `Best mean ${namesOf(groups, 'metric')}: ${listed(ordered)} of ${groups.length}.`
}
