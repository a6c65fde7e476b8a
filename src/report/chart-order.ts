/** Which pictures of a report come first: those that answer its question. */
import type { Chart } from './charts/chart.js'
import type { ComparisonGroup } from './comparison.js'
import { hasManyMethods } from './overview.js'

/** Kinds of charts by what an experiment asks; others follow as they are. */
const ORDERS = {
  /** Which configurations, and on which machines, give the best trade-off? */
  tradeOff: ['pareto-by', 'hypervolume', 'pareto', 'incumbent', 'final', 'improvement'],
  /** Which method at which budget? */
  budgets: ['regret', 'ranks', 'incumbent', 'final'],
  /** Which of many methods on which table? */
  ranking: ['critical-difference', 'rank-grid', 'ranks', 'improvement', 'incumbent', 'final'],
  /** How do methods get on, on one table? */
  oneTable: ['incumbent', 'improvement', 'final'],
  /** Is it better than the baseline? */
  improvement: ['critical-difference', 'improvement', 'rank-grid', 'incumbent', 'final', 'ranks'],
} as const

/** Charts of one kind keep their order. */
export function inOrder(charts: readonly Chart[], groups: readonly ComparisonGroup[]): Chart[] {
  const order: readonly string[] = ORDERS[questionOf(new Set(charts.map(({ kind }) => kind)), groups)]
  const place = ({ kind }: Chart): number => (order.includes(kind) ? order.indexOf(kind) : order.length)
  return charts.toSorted((a, b) => place(a) - place(b))
}

function questionOf(kinds: ReadonlySet<string>, groups: readonly ComparisonGroup[]): keyof typeof ORDERS {
  if (kinds.has('hypervolume') || kinds.has('pareto')) return 'tradeOff'
  if (kinds.has('regret')) return 'budgets'
  if (groups.length === 1) return 'oneTable'
  return hasManyMethods(groups) ? 'ranking' : 'improvement'
}
