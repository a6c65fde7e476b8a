/** CSV files with one record per configuration, repetition and level. */
import { BenchError } from '../core/errors.js'
import { CsvSplitter } from '../surrogates/csv.js'
import { checksumOf, readText } from './input-file.js'
import { defineImporter } from './importer.js'
import { checkRecordMapping, fileNames, metricsOf } from './mapped.js'
import { RecordReader } from './records.js'

export const csv = defineImporter({
  summary:
    'CSV (also .csv.gz, .csv.zip): one line per configuration, repetition and level; several files make one table',
  files: 'several',
  needsMapping: true,
  async read(files, { mapping, options }) {
    checkRecordMapping(mapping, options.map!)
    const reader = new RecordReader(mapping)
    const sha256 = await readCsv(files, reader)
    return { metrics: metricsOf(mapping), sha256, trainings: reader.trainings() }
  },
})

/** Reads CSV files into a reader of records. @returns checksums by file name. @throws BenchError */
export async function readCsv(files: readonly string[], reader: RecordReader): Promise<Record<string, string>> {
  const sha256: Record<string, string> = {}
  const names = fileNames(files)
  for (const [i, file] of files.entries()) {
    const splitter = new CsvSplitter(file)
    let header = false
    const take = (text: string | undefined): void => {
      for (const { fields, line } of text === undefined ? splitter.end() : splitter.push(text))
        if (header) reader.read(fields, line)
        else {
          reader.begin(file, fields, 'line')
          header = true
        }
    }
    for await (const text of readText(file)) take(text)
    take(undefined)
    if (!header) throw new BenchError(`${file}, line 1: has no header; name the columns there`)
    sha256[names[i]!] = await checksumOf(file)
  }
  return sha256
}
