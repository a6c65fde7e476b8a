/** Every comparison of an experiment with many settings as one sign and number: a row a setting, a column a method. */
import { groupLabel, namesOf, objectionOf, sameInAll } from './answer.js'
import { type Comparison, type ComparisonGroup, verdictOf } from './comparison.js'
import type { DataTable } from './data-table.js'
import { formatPercent, together } from './format.js'
import { hasManySettings } from './overview.js'

/** What the signs mean. */
export const VERDICT_LEGEND =
  '▲ better and ▼ worse by its 95 % interval, in brackets where the signed-rank test does not confirm it; = the same in every ' +
  'seed; without a sign no difference is shown or, where runs have no result, none is claimed'

/** undefined where there are so few settings that each has a sentence of its own. */
export function verdictTable(groups: readonly ComparisonGroup[]): DataTable | undefined {
  if (!hasManySettings(groups)) return undefined
  const methods = [...new Set(groups.flatMap(({ comparisons }) => comparisons.map(({ method }) => method)))]
  if (methods.length === 0) return undefined
  return {
    id: 'verdicts',
    title: `Improvement of ${namesOf(groups, 'metric')} over ${namesOf(groups, 'baseline')}`,
    columns: [{ name: 'setting' }, ...methods.map((name) => ({ name }))],
    rows: groups.map((group) => [
      groupLabel(group, groups),
      ...methods.map((method) => cellOf(group.comparisons.find((comparison) => comparison.method === method))),
    ]),
  }
}

/** `▲ +3.5 %`; null where there is no comparison. */
function cellOf(comparison: Comparison | undefined): string | null {
  if (comparison === undefined) return null
  if (sameInAll(comparison)) return '='
  if (comparison.relativeImprovement.mean === null) return null
  const sign = { better: '▲', worse: '▼', open: '' }[verdictOf(comparison)]
  const marked = sign !== '' && objectionOf(comparison) !== '' ? `(${sign})` : sign
  return together(`${marked} ${formatPercent(comparison.relativeImprovement.mean)}`.trimStart())
}
