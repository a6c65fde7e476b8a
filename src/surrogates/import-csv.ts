/** Learning curves that somebody else recorded, from a CSV file to a table. */
import { basename } from 'node:path'
import { readPieces, splitCsv } from './csv.js'
import { type ImportMap, readMap } from './import-map.js'
import { RecordReader } from './import-records.js'
import { assembleTable } from './import-table.js'
import { FORMAT_VERSION, parseTableMetadata } from './metadata.js'
import { withRanges } from './metric-range.js'
import type { TableData } from './table-data.js'
import { tableChecksum } from './write.js'

/**
 * Makes a table of a CSV file with one record per configuration, repetition and level. Rows are in the order of
 * configurations in the file, repetitions ascending and numbered 0, 1, 2, ...
 *
 * A training whose metrics hold NaN or infinities is diverged, one with fewer levels than others is stopped.
 *
 * @param mapPath a JSON file that says what the columns are
 * @throws BenchError, one line with the file's line, or with the path to the fault in the mapping
 */
export function importCsv(csvPath: string, mapPath: string): TableData {
  const map = readMap(mapPath)
  // Faults of the mapping are found before a long file is read; levels and checksum come from the file.
  const draft = parseTableMetadata(toMetadata(map, 1, {}), mapPath)
  const reader = new RecordReader(csvPath, map, draft)
  const records = splitCsv(readPieces(csvPath), csvPath)
  let record = records.next()
  for (; record.done !== true; record = records.next()) reader.read(record.value)
  const trainings = reader.trainings()
  const levels = trainings.reduce((most, { cells }) => Math.max(most, cells.size), 0)
  const metadata = toMetadata(map, levels, { [basename(csvPath)]: record.value })
  const data = assembleTable(trainings, reader.cells, parseTableMetadata(metadata, mapPath), map, csvPath)
  const described = { ...data, metadata: withRanges(data) }
  return { ...described, checksum: tableChecksum(described) }
}

function toMetadata(map: ImportMap, levels: number, sha256: Readonly<Record<string, string>>): unknown {
  const { name, description, resource, elapsed, hyperparameters, metrics, defaultConfig, source, licence } = map
  const modelled = 'secondsPerLevel' in elapsed
  return {
    formatVersion: FORMAT_VERSION,
    name,
    description,
    resource: { name: resource.name, levels },
    metrics: Object.fromEntries(
      Object.entries(metrics).map(([key, mapped]) => {
        const { column: _, ...metric } = mapped
        return [key, metric]
      }),
    ),
    space: Object.fromEntries(Object.entries(hyperparameters).map(([key, { domain }]) => [key, domain])),
    defaultConfig,
    provenance: { kind: 'imported', source, licence, sha256 },
    ...(modelled && {
      columnProvenance: {
        elapsed_time: { kind: 'modelled', from: name, rule: `${elapsed.secondsPerLevel} seconds per level` },
      },
    }),
  }
}
