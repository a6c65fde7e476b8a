/** The formats that tables can be made of, by name. */
import { csv } from './csv.js'
import type { Importer } from './importer.js'
import { parquet } from './parquet.js'
import { taskset } from './taskset.js'

export const importers: Readonly<Record<string, Importer>> = { csv, parquet, taskset }
