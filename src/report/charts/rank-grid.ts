/** Which method ranks where on which table, with what it came to in every square. */
import type { TopLevelSpec } from 'vega-lite'
import { columnFormat, formatNumber } from '../format.js'
import type { TableRank } from '../table-ranks.js'
import { type Chart, rounded } from './chart.js'

export interface RankGridInput {
  readonly id: string
  readonly metric: string
  readonly entries: readonly TableRank[]
}

/** Of the largest value of a table; below 1 they are decimals. */
const DIGITS = 4

export function rankGridChart({ id, metric, entries }: RankGridInput): Chart {
  const labels = [...new Set(entries.map(({ label }) => label))]
  const methods = [...new Set(entries.map(({ method }) => method))]
  const shown = new Map(labels.map((label) => [label, formatOf(entries.filter((entry) => entry.label === label))]))
  const textOf = (label: string, value: number | null): string =>
    value === null ? 'no value' : shown.get(label)!(value)
  const values = entries.map(({ label, method, rank, value, seeds }) => ({
    label,
    method,
    rank: rounded(rank),
    text: rank.toFixed(1),
    value: textOf(label, value),
    tip: `${method} on ${label}\nrank ${rank.toFixed(2)} over ${seeds} seeds\nmean ${metric} ${textOf(label, value)}`,
  }))
  const x = {
    field: 'label',
    type: 'nominal' as const,
    title: null,
    sort: labels,
    axis: { orient: 'top' as const, labelAngle: 0 },
  }
  const y = { field: 'method', type: 'nominal' as const, title: null, sort: methods }
  // Dark squares are good ranks; what stands in them is light there. Either has a contrast of at least 4.5:1.
  const dark = 1 + 0.26 * (methods.length - 1)
  const ink = { condition: { test: `datum.rank < ${dark}`, value: '#fff' }, value: '#000' }
  const spec: TopLevelSpec = {
    data: { values },
    width: 'container',
    height: { step: 44 },
    layer: [
      {
        mark: { type: 'rect', aria: false },
        encoding: {
          x,
          y,
          color: {
            field: 'rank',
            type: 'quantitative',
            scale: { domain: [1, methods.length], range: ['#0b5394', '#dbe9f6'] },
            legend: null,
          },
          tooltip: { field: 'tip', type: 'nominal' },
        },
      },
      {
        mark: { type: 'text', fontSize: 14, fontWeight: 'bold', dy: -7, aria: false },
        encoding: { x, y, text: { field: 'text' }, color: ink },
      },
      {
        mark: { type: 'text', fontSize: 11, dy: 10, aria: false },
        encoding: { x, y, text: { field: 'value' }, color: ink },
      },
    ],
  }
  const title = 'Rank on every table'
  return {
    id,
    title,
    subtitle: `Mean rank over seeds at the end, 1 is best; below it the mean ${metric}`,
    description: `Grid of mean ranks by ${metric}: ${values
      .map(({ label, method, text, value }) => `${method} on ${label} rank ${text} with ${value}`)
      .join('; ')}.`,
    kind: 'rank-grid',
    spec,
    table: {
      id,
      title,
      columns: [
        { name: 'table' },
        { name: 'method' },
        { name: 'mean rank', format: formatNumber },
        { name: `mean ${metric}`, format: formatNumber },
        { name: 'seeds' },
      ],
      rows: entries.map(({ label, method, rank, value, seeds }) => [label, method, rank, value, seeds]),
    },
  }
}

/** How the values of one table are shown: the largest with four digits, all with as many decimals. */
function formatOf(entries: readonly TableRank[]): (value: number) => string {
  const values = entries.flatMap(({ value }) => (value === null ? [] : [value]))
  const largest = Math.max(...values.map(Math.abs))
  const digits = largest > 0 && Number.isFinite(largest) ? Math.floor(Math.log10(largest)) + 1 : 0
  return columnFormat(Math.max(0, DIGITS - Math.max(0, digits)), values)
}
