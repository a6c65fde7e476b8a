/** Files of a format as a table. */
import { BenchError, invalid, show } from '../core/errors.js'
import { parseTableMetadata } from '../surrogates/metadata.js'
import type { TableData } from '../surrogates/table-data.js'
import { assembleTable } from './assemble.js'
import type { ImportOptions, Importer } from './importer.js'
import { type Mapping, NO_MAPPING, readMapping } from './mapping.js'

/**
 * Makes a table of learning curves that others recorded. Rows are in the order of configurations in the files, repetitions
 * ascending and numbered 0, 1, 2, ...
 *
 * A training whose metrics hold NaN or infinities is diverged, one with fewer levels than others is stopped.
 *
 * @example
 * const table = await importTable(importers.taskset, ['task.json.gz'], { secondsPerLevel: 1 })
 * writeTable('task.arrow', table)
 *
 * @throws BenchError, one line with the place in the file, or what the files do not say and where to say it
 */
export async function importTable(
  importer: Importer,
  files: readonly string[],
  options: ImportOptions = {},
): Promise<TableData> {
  const mapping = options.map === undefined ? NO_MAPPING : readMapping(options.map)
  if (importer.needsMapping === true && options.map === undefined)
    throw new BenchError('this format needs a mapping, which says what the columns are; give --map; see docs/tables.md')
  if (files.length === 0) throw new BenchError('no files; give what is to be imported')
  if (importer.files === 'one' && files.length > 1)
    throw invalid(
      'files',
      files,
      'must be one file: this format makes one table of one',
      'import each into a table of its own',
    )
  if (options.task !== undefined && importer.tasks !== true)
    throw new BenchError(`--task ${show(options.task)} is for formats whose files hold several tasks; leave it out`)
  const seconds = options.secondsPerLevel
  if (seconds !== undefined && !(seconds > 0 && Number.isFinite(seconds)))
    throw invalid('--seconds-per-level', seconds, 'must be a number greater than 0')
  if (importer.needsMapping === true) checkDomains(mapping, options.map!)
  const found = await importer.read(files, { options, mapping })
  return assembleTable(found, { options, mapping }, options.map ?? files[0]!)
}

/** Faults of the mapping are found before a long file is read. @throws BenchError */
function checkDomains({ hyperparameters, metrics, defaultConfig }: Mapping, path: string): void {
  const given = Object.entries(hyperparameters)
  const space = Object.fromEntries(
    given.flatMap(([name, { domain }]) => (domain === undefined ? [] : [[name, domain]])),
  )
  if (given.length === 0 || Object.keys(space).length < given.length) return
  const described = Object.fromEntries(
    Object.entries(metrics).map(([name, entry]) => {
      const { column: _, ...metric } = entry
      return [name, { goal: 'none', ...metric }]
    }),
  )
  const first = Object.fromEntries(
    Object.entries(space).map(([name, domain]) => [
      name,
      'value' in domain ? domain.value : 'values' in domain ? domain.values[0] : domain.low,
    ]),
  )
  parseTableMetadata(
    {
      formatVersion: 1,
      name: 'draft',
      resource: { name: 'level', levels: 1 },
      metrics: Object.keys(described).length === 0 ? { draft: { goal: 'none' } } : described,
      space,
      defaultConfig: defaultConfig ?? first,
      provenance: { kind: 'imported', source: 'draft', licence: 'draft', sha256: {} },
    },
    path,
  )
}
