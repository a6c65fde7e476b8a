/** Tables as CSV. */
import { closeSync, openSync, writeSync } from 'node:fs'
import type { Value } from '../core/space.js'
import type { Exporter } from './exporter.js'
import { recordLayout, rowsWithLevels, writeRecords } from './record-layout.js'

const PIECE_CHARACTERS = 2 ** 20

export const csvExporter: Exporter = {
  summary: 'CSV, one line per configuration, repetition and level, and the mapping to import it again (OUT.map.json)',
  example: 'curves.csv',
  async write(data, out) {
    const { columns, mapping, leftOut } = recordLayout(data)
    const files = await writeRecords(out, mapping, (path) => {
      const file = openSync(path, 'w')
      try {
        let text = `${columns.map(({ name }) => field(name)).join(',')}\n`
        for (let row = 0; row < data.rows; row++)
          for (let level = 1; level <= data.reached[row]!; level++) {
            text += `${columns.map(({ cell }) => field(cell(row, level))).join(',')}\n`
            if (text.length > PIECE_CHARACTERS) {
              writeSync(file, text)
              text = ''
            }
          }
        writeSync(file, text)
      } finally {
        closeSync(file)
      }
    })
    return { files, trainings: rowsWithLevels(data), leftOut }
  },
}

/** Numbers as JavaScript writes them, which reads back as the same number. */
function field(value: Value): string {
  const text = String(value)
  return typeof value === 'string' && /[",\r\n]|^\s|\s$|^$/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
