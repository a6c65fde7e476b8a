/** The formats that tables can be made of, by name. */
import { blackboxRepository } from './blackbox-repository.js'
import { csv } from './csv.js'
import type { Importer } from './importer.js'
import { lcbench } from './lcbench.js'
import { parquet } from './parquet.js'
import { syneTuneResults } from './syne-tune-results.js'
import { taskset } from './taskset.js'

export const importers: Readonly<Record<string, Importer>> = {
  csv,
  parquet,
  taskset,
  lcbench,
  'blackbox-repository': blackboxRepository,
  'syne-tune-results': syneTuneResults,
}
