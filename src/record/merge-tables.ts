/** Recorded tables made one: recorded in parts, or on several machines. */
import { BenchError } from '../core/errors.js'
import { withRanges } from '../surrogates/metric-range.js'
import type { TableData } from '../surrogates/table-data.js'
import { tableChecksum } from '../surrogates/write.js'
import { gatherColumns } from './merge-columns.js'
import { type MergePart, mergedMetadata, recordedProvenance } from './merge-metadata.js'
import { hardwareOf, mergedProvenance } from './merge-provenance.js'
import { type Conflicts, uniteRows } from './merge-rows.js'

/** What to merge, and how. */
export interface MergeOptions {
  /** Two or more; the order decides the order of rows, and what stands for what the parts have in common. */
  readonly parts: readonly MergePart[]
  /** The name of the table. */
  readonly name: string
  /** Default `refuse`. */
  readonly conflicts?: Conflicts | undefined
}

export interface MergedTable {
  readonly data: TableData
  /** Rows that were left out because an earlier part has the same training. */
  readonly duplicates: number
  /** As in the provenance. */
  readonly warnings: readonly string[]
}

/**
 * One table of the rows of several. The parts have the same program and data (by checksum), resource and metrics; their
 * spaces and defaults may differ in the values of choices only.
 *
 * @throws BenchError that says what the parts do not have in common, or in which training they disagree
 */
export function mergeTables({ parts, name, conflicts = 'refuse' }: MergeOptions): MergedTable {
  if (parts.length < 2) throw new BenchError('merge needs two tables or more')
  for (const part of parts) recordedProvenance(part)
  const warnings: string[] = []
  const metadata = mergedMetadata(parts, name, warnings)
  const rows = uniteRows(parts, conflicts)
  const tables = parts.map(({ table }) => table)
  const columns = gatherColumns(tables, parts.map(hardwareOf), rows.picks)
  const provenance = mergedProvenance(parts, rows, columns.hardware, warnings)
  const whole: TableData = { ...columns, metadata: { ...metadata, provenance }, checksum: '' }
  const described = { ...whole, metadata: withRanges(whole) }
  return {
    data: { ...described, checksum: tableChecksum(described) },
    duplicates: rows.duplicates,
    warnings: [...new Set(warnings)],
  }
}
