/** How tables of results are laid out in a terminal. */
import type CliTable from 'cli-table3'
import type pc from 'picocolors'
import type { StopRule } from '../core/stop-rule.js'
import { formatBudget, formatCount, formatDuration, plural } from './format.js'

export const WIDTH = 100

export type Colors = ReturnType<typeof pc.createColors>

/** Rules above, below the head and at the end; no vertical lines. */
export const RULES = {
  top: '─',
  'top-mid': '─',
  'top-left': '',
  'top-right': '',
  bottom: '─',
  'bottom-mid': '─',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '─',
  'mid-mid': '─',
  right: '',
  'right-mid': '',
  middle: ' ',
}

/** No-break spaces, turned back at the end: cli-table3 drops others at the beginning of a cell. */
const INDENT = '\u00a0\u00a0'

/** As wide as names need, but for what the terminal has no room for: then long names are broken into several lines. */
export function fitted(tableWith: (longestName: number) => CliTable.Table): string {
  for (let longest = 32; ; longest -= 4) {
    const lines = withoutTallCells(tableWith(longest)).toString().split('\n')
    if (lines[0]!.length <= WIDTH || longest <= 12)
      return lines.map((line) => line.replaceAll(INDENT, '  ').trimEnd()).join('\n')
  }
}

/**
 * The table with a row for every line of its plain cells, which looks the same: what cli-table3 does for a cell grows with
 * the cube of its lines.
 */
function withoutTallCells(table: CliTable.Table): CliTable.Table {
  const rows = [...table] as unknown[]
  table.length = 0
  for (const row of rows) {
    const plain = Array.isArray(row) && row.every((cell) => typeof cell === 'string') ? (row as string[]) : undefined
    const cells = plain?.map((cell) => cell.split('\n'))
    // A colour that spans lines is cli-table3's to carry on.
    if (cells === undefined || cells.some((lines) => lines.length > 1 && lines.some((line) => line.includes('\u001b'))))
      table.push(row as string[])
    else
      for (let i = 0; i < Math.max(...cells.map(({ length }) => length)); i++)
        table.push(cells.map((lines) => lines[i] ?? ''))
  }
  return table
}

/** What is shown of a name: enough for all that can be given today, and for most that options made longer. */
const LONGEST_NAME = 200

/** A name in lines of at most `length` characters, broken after a bracket, comma or dash where there is one. */
export function brokenName(name: string, length: number): string {
  const lines: string[] = []
  let rest = shorten(name, LONGEST_NAME)
  while (rest.length > length) {
    const at = Math.max(...[',', '[', '-'].map((sign) => rest.lastIndexOf(sign, length - 1))) + 1
    lines.push(rest.slice(0, at > 0 ? at : length))
    rest = rest.slice(at > 0 ? at : length)
  }
  return [...lines, rest].map((line, i) => `${INDENT}${i === 0 ? '' : ' '}${line}`).join('\n')
}

/** `ngram-mrpc: 13 full evaluations (10.5 s), 1 worker` */
export function groupHeading({ table, budget, seconds, workers }: GroupSetting): string {
  const inSeconds = seconds !== undefined && budget.seconds === undefined ? ` (${formatDuration(seconds)})` : ''
  return `${table}: ${formatBudget(budget)}${inSeconds}, ${plural(workers, 'worker')}`
}

/** What a group of runs has in common. */
export interface GroupSetting {
  readonly table: string
  readonly workers: number
  readonly budget: StopRule
  readonly seconds: number | undefined
}

/** The mean of counts. */
export function formatMean(value: number): string {
  return Number.isInteger(value) || value >= 1000 ? formatCount(value) : value.toFixed(1)
}

/** A text of at most `length` characters. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}
