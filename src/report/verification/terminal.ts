/** A verification as text for a terminal, at most 100 columns wide. */
import CliTable from 'cli-table3'
import pc from 'picocolors'
import { printableTexts } from '../../core/printable.js'
import { type DataTable, cellText, isNumeric, partOf } from '../data-table.js'
import { wrap } from '../format.js'
import { type Colors, RULES, WIDTH, fitted } from '../layout.js'
import type { VerificationReport } from './page.js'

export interface TerminalFrame {
  /** Where the page lies. */
  readonly page: string
  readonly colors: boolean
}

export function renderVerification(found: VerificationReport, { page, colors: coloured }: TerminalFrame): string {
  const report = printableTexts(found)
  const colors = pc.createColors(coloured)
  const blocks = [
    colors.bold(wrap(report.question, WIDTH)),
    ...report.tables.filter(({ rows }) => rows.length > 0).map((table) => tableText(table, colors)),
    colors.bold(wrap(report.answer, WIDTH)),
    report.answers.map(([name, text]) => wrap(`${name}: ${text}`, WIDTH, '  ')).join('\n'),
    [
      ...report.warnings.map((text) => colors.yellow(wrap(`Warning: ${text}`, WIDTH, '  '))),
      ...report.notes.map((text) => wrap(`Note: ${text}`, WIDTH, '  ')),
    ].join('\n'),
    `Page: ${page}`,
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

/** What there is no room for in a terminal, or stands in words below. */
const LEFT_OUT: ReadonlySet<string> = new Set(['why', 'median', 'values replaced'])

/** Names of columns and long texts are broken into lines where there is no room for them. */
function tableText(whole: DataTable, colors: Colors): string {
  const all = partOf(whole, 'page')
  const kept = all.columns.map(({ name }) => !LEFT_OUT.has(name))
  const data = {
    ...all,
    columns: all.columns.filter((_, i) => kept[i]),
    rows: all.rows.map((row) => row.filter((_, i) => kept[i])),
  }
  const text = fitted((longest) => {
    const broken = (cell: string): string => wrap(cell, Math.max(12, longest))
    const table = new CliTable({
      head: data.columns.map(({ name }) => wrap(name.trim(), 12)),
      colAligns: data.columns.map((_, i) => (isNumeric(data, i) ? 'right' : 'left')),
      chars: RULES,
      style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 1 },
    })
    for (const row of data.rows) table.push(row.map((cell, i) => broken(cellText(cell, data.columns[i]!))))
    return table
  })
  return `${colors.bold(wrap(data.title, WIDTH))}\n${text}`
}
