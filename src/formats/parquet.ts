/** Parquet files with one row per configuration, repetition and level. */
import { checksumOf } from './input-file.js'
import { defineImporter } from './importer.js'
import { checkRecordMapping, fileNames, metricsOf } from './mapped.js'
import type { Mapping } from './mapping.js'
import { openParquet } from './parquet-file.js'
import { RecordReader } from './records.js'

export const parquet = defineImporter({
  summary: 'Parquet: one row per configuration, repetition and level; several files make one table',
  files: 'several',
  needsMapping: true,
  async read(files, { mapping, options }) {
    checkRecordMapping(mapping, options.map!)
    const reader = new RecordReader(mapping)
    const names = fileNames(files)
    const wanted = columnsOf(mapping)
    const sha256: Record<string, string> = {}
    for (const [i, file] of files.entries()) {
      const table = await openParquet(file)
      // Columns that the mapping does not name may hold anything; the reader says which of those it names are missing.
      const columns = table.columns.filter((name) => wanted.has(name))
      reader.begin(file, columns, 'row')
      let row = 0
      for await (const rows of table.groups(columns)) for (const cells of rows) reader.read(cells, row++)
      sha256[names[i]!] = await checksumOf(file)
    }
    return { metrics: metricsOf(mapping), sha256, trainings: reader.trainings() }
  },
})

function columnsOf({
  resource,
  repetition,
  elapsed,
  ended,
  startup,
  cpu,
  hyperparameters,
  metrics,
}: Mapping): Set<string> {
  const named = [...Object.entries(hyperparameters), ...Object.entries(metrics)].map(
    ([name, { column }]) => column ?? name,
  )
  const time = elapsed !== undefined && 'column' in elapsed ? elapsed.column : undefined
  const single = [resource?.column, repetition, time, ended, startup, cpu]
  return new Set([...named, ...single.filter((name) => name !== undefined)])
}
