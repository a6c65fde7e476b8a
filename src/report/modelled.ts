/** What is made from modelled tables says so in words, wherever it goes: pictures, tables, exports. Pure. */
import type { Manifest } from '../store/manifest.js'
import type { Chart } from './charts/chart.js'
import type { Cell, DataTable } from './data-table.js'
import { listed } from './format.js'

const RULE = 'times and costs follow a rule, they were not measured'

/** One sentence for all of a report, without its full stop; none where everything was measured. */
export function modelledNotes(manifest: Manifest): string[] {
  const names = modelledTables(manifest)
  return names.length === 0 ? [] : [`${listed(names)}: modelled; ${RULE}`]
}

/** The charts, with it in the subtitle, the description and the numbers of those that rest on a modelled table. */
export function chartsSaying(charts: readonly Chart[], manifest: Manifest): Chart[] {
  if (modelledTables(manifest).length === 0) return [...charts]
  return charts.map((chart) => {
    const tables = manifest.tables.filter(({ name }) => chart.about === undefined || chart.about === name)
    const modelled = tables.filter(({ provenance }) => provenance === 'modelled')
    if (modelled.length === 0) return chart
    const whole = modelled.length === tables.length
    const of = whole ? 'Modelled' : `Modelled in part (${listed(modelled.map(({ name }) => name))})`
    return {
      ...chart,
      subtitle: `${of}: ${RULE}. ${chart.subtitle}`,
      description: `${of}. ${chart.description}`,
      table: tableSaying(chart.table, manifest, whole ? 'modelled' : 'modelled in part'),
    }
  })
}

/** The tables of results, with it in their titles and, as exports have none, in a column of these. */
export function tablesSaying(tables: readonly DataTable[], manifest: Manifest): DataTable[] {
  const modelled = modelledTables(manifest).length
  if (modelled === 0) return [...tables]
  const kind = modelled === manifest.tables.length ? 'modelled' : 'modelled in part'
  return tables.map((table) => tableSaying(table, manifest, kind))
}

function modelledTables({ tables, backend }: Manifest): string[] {
  // What is trained for real rests on no rule.
  if (backend !== 'simulated') return []
  return tables.filter(({ provenance }) => provenance === 'modelled').map(({ name }) => name)
}

function tableSaying(table: DataTable, { tables }: Manifest, kind: string): DataTable {
  const at = table.columns.findIndex(({ name }) => name === 'table')
  /** Rows that name their table have its kind. */
  const kindOf = (cell: Cell | undefined): string =>
    tables.find(({ name }) => cell === name || String(cell).startsWith(`${name}, `))?.provenance ?? kind
  return {
    ...table,
    title: `${table.title} (${kind})`,
    columns: [...table.columns, { name: 'provenance', only: 'export' }],
    rows: table.rows.map((row) => [...row, kindOf(row[at])]),
  }
}
