/** Average ranks as text. */
import { formatSize, plural } from './format.js'
import { type Colors, WIDTH, shorten } from './layout.js'
import { type AverageRanks, TABLES_FOR_CRITICAL_DIFFERENCE } from './ranks.js'

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
export function ranksNotes({ tables, incomplete }: AverageRanks): string[] {
  return [
    ...(tables < TABLES_FOR_CRITICAL_DIFFERENCE
      ? [
          `average ranks describe these ${tables} tables; no critical-difference diagram is drawn below ` +
            `${TABLES_FOR_CRITICAL_DIFFERENCE}, so a smaller rank is no claim`,
        ]
      : []),
    ...(incomplete > 0 ? [`${plural(incomplete, 'ranking')} left out, as a method has no run there`] : []),
  ]
}
