/** Tables as Parquet. */
import type { Exporter } from './exporter.js'
import { ParquetRecords } from './parquet-writer.js'
import { recordLayout, rowsWithLevels, writeRecords } from './record-layout.js'

export const parquetExporter: Exporter = {
  summary:
    'Parquet, one row per configuration, repetition and level, and the mapping to import it again (OUT.map.json)',
  example: 'curves.parquet',
  async write(data, out) {
    const { columns, mapping, leftOut } = recordLayout(data)
    const files = await writeRecords(out, mapping, (path) => {
      const records = new ParquetRecords(path, columns)
      for (let row = 0; row < data.rows; row++)
        for (let level = 1; level <= data.reached[row]!; level++) records.add(row, level)
      records.end()
    })
    return { files, trainings: rowsWithLevels(data), leftOut }
  },
}
