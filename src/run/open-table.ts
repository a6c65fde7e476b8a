/** Tables by name or path: recorded ones are read, derived ones are made. */
import { openDerivation } from '../instances/derivation.js'
import { readTable } from '../surrogates/read.js'
import type { TableData } from '../surrogates/table-data.js'
import { findTable } from './catalogue.js'

/**
 * Opens a table that ships, the path of an .arrow file, or the path of a derivation (.json).
 *
 * @throws BenchError with the nearest name, or what is wrong with the file
 */
export function openTable(nameOrPath: string): TableData {
  const path = findTable(nameOrPath)
  return path.endsWith('.json') ? openDerivation(path, openTable) : readTable(path)
}
