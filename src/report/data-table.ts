/** Tables as data: what HTML, Markdown and CSV make of them is theirs. */

/** A number is shown by its column's format and exported as it is; null: there is none. */
export type Cell = string | number | null

export interface DataColumn {
  readonly name: string
  /** How a number is shown. */
  readonly format?: (value: number) => string
  /** Left out of exports: what it shows is in other columns. Or shown in exports only. Default: both. */
  readonly only?: 'page' | 'export'
}

export interface DataTable {
  /** Tells it from the others; letters, digits and dashes. */
  readonly id: string
  readonly title: string
  readonly columns: readonly DataColumn[]
  readonly rows: readonly (readonly Cell[])[]
}

/** The part of a table that is meant for pages, or for exports. */
export function partOf(table: DataTable, part: 'page' | 'export'): DataTable {
  const kept = table.columns.map(({ only }) => only === undefined || only === part)
  const keep = <T>(all: readonly T[]): T[] => all.filter((_, i) => kept[i])
  return { ...table, columns: keep(table.columns), rows: table.rows.map(keep) }
}

/** A cell as it is shown. */
export function cellText(cell: Cell, { format }: DataColumn): string {
  if (cell === null) return '-'
  if (typeof cell === 'string') return cell
  return format === undefined ? String(cell) : format(cell)
}

/** Whether a column holds numbers, which stand on the right. */
export function isNumeric(table: DataTable, column: number): boolean {
  return table.rows.some((row) => typeof row[column] === 'number')
}
