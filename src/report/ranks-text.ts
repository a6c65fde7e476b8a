/** Average ranks as text. */
import { formatSize, listed, plural } from './format.js'
import { type Colors, WIDTH, shorten } from './layout.js'
import { LEVEL } from './paired.js'
import { type AverageRanks, type RanksOverTables, TABLES_FOR_CRITICAL_DIFFERENCE } from './ranks.js'
import { formatP } from './tests-text.js'

const NAME = 40

/** A heading, a row of shares, and one line per method with its best rank of each share in bold. */
export function ranksText({ by, tables, blocks, shares, methods }: AverageRanks, colors: Colors): string {
  const measure = by === 'hypervolume' ? 'hypervolume' : `the incumbent's ${by}`
  const title = `Average rank by ${measure} (1 is best; ${plural(tables, 'table')}, ${plural(blocks, 'ranking')})`
  const width = Math.min(NAME, Math.max(...methods.map(({ method }) => method.length), 'of the budget'.length))
  const cells = shares.map((share) => formatSize(share).replace('.0', '').padStart(7))
  const best = shares.map((_, s) => Math.min(...methods.map(({ ranks }) => ranks[s]!)))
  const lines = methods.map(({ method, ranks }) => {
    const shown = ranks.map((rank, s) => {
      const text = rank.toFixed(2).padStart(7)
      return rank === best[s] ? colors.bold(text) : text
    })
    return `  ${shorten(method, width).padEnd(width)}${shown.join('')}`
  })
  return [
    colors.bold(title.slice(0, WIDTH)),
    colors.dim(`  ${'of the budget'.padEnd(width)}${cells.join('')}`),
    ...lines,
  ].join('\n')
}

/** What ranks do not say. */
export function ranksNotes({ tables, incomplete, methods, test }: AverageRanks): string[] {
  return [
    ...(test === undefined
      ? [
          `average ranks describe these ${tables} tables; no critical-difference diagram is drawn below ` +
            `${TABLES_FOR_CRITICAL_DIFFERENCE}, so a smaller rank is no claim`,
        ]
      : [testNote(test, methods)]),
    ...(incomplete > 0 ? [`${plural(incomplete, 'ranking')} left out, as a method has no run there`] : []),
  ]
}

/** What ranks over enough tables say: whether methods differ, and which of them from the best. */
function testNote({ tables, p, criticalDifference, ranks }: RanksOverTables, methods: AverageRanks['methods']): string {
  const friedman = `Friedman's test over ${tables} tables, one ranking each: ${formatP(p)}`
  if (p > LEVEL) return `${friedman}; a smaller average rank is no claim`
  const best = Math.min(...ranks)
  const name = (m: number): string => `${methods[m]!.method} (${ranks[m]!.toFixed(2)})`
  const first = ranks.flatMap((rank, m) => (rank === best ? [name(m)] : []))
  const worse = ranks.flatMap((rank, m) => (rank - best > criticalDifference ? [name(m)] : []))
  const difference = `critical difference ${criticalDifference.toFixed(2)} (Nemenyi)`
  return worse.length === 0
    ? `${friedman}; no method is further from the best than the ${difference}`
    : `${friedman}; by more than the ${difference} ${listed(first)} ${first.length > 1 ? 'rank' : 'ranks'} before ${listed(worse)}`
}
