/** The formats that tables are written in, by name. */
import { blackboxExporter } from './export-blackbox.js'
import { csvExporter } from './export-csv.js'
import { parquetExporter } from './export-parquet.js'
import type { Exporter } from './exporter.js'

export const exporters: Readonly<Record<string, Exporter>> = {
  csv: csvExporter,
  parquet: parquetExporter,
  'blackbox-repository': blackboxExporter,
}
