/** A table as CSV (RFC 4180), every number with all its digits. */
import { printableLines } from '../../core/printable.js'
import { type DataTable, partOf } from '../data-table.js'

export function renderCsv(whole: DataTable): string {
  const { columns, rows } = partOf(whole, 'export')
  const lines = [columns.map(({ name }) => name), ...rows].map((cells) => cells.map(field).join(','))
  return `${lines.join('\r\n')}\r\n`
}

/**
 * Text that a spreadsheet would take for a formula gets a quotation mark in front, which makes it text there. Characters
 * that cannot be seen become their codes.
 */
function field(cell: string | number | null): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const shown = printableLines(cell)
  const text = /^[=+\-@\t]/.test(shown) ? `'${shown}` : shown
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
