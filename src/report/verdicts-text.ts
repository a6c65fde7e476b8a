/** The comparisons of many settings as a table for a terminal. */
import CliTable from 'cli-table3'
import { type DataTable, cellText } from './data-table.js'
import { wrap } from './format.js'
import { type Colors, RULES, WIDTH, brokenName, fitted } from './layout.js'
import { VERDICT_LEGEND } from './verdict-table.js'

/** undefined where it is too wide. */
export function verdictsText(table: DataTable, colors: Colors): string | undefined {
  const drawn = fitted((longest) => {
    const text = new CliTable({
      head: table.columns.map(({ name }, i) =>
        i === 0 ? name : brokenName(name, longest).replaceAll(/^\u00a0+/gm, ''),
      ),
      colAligns: table.columns.map((_, i) => (i === 0 ? 'left' : 'right')),
      chars: RULES,
      style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 2 },
    })
    for (const [setting, ...cells] of table.rows)
      text.push([
        cellText(setting!, table.columns[0]!),
        ...cells.map((cell, i) => paint(cellText(cell, table.columns[i + 1]!), colors)),
      ])
    return text
  })
  // Its first line is a rule.
  if (drawn.indexOf('\n') > WIDTH) return undefined
  return [colors.bold(table.title), drawn, colors.dim(wrap(`${VERDICT_LEGEND}.`, WIDTH))].join('\n')
}

function paint(text: string, colors: Colors): string {
  if (text.includes('▲')) return colors.green(text)
  return text.includes('▼') ? colors.red(text) : text
}
