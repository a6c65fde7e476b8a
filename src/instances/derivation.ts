/** Derivations as files: a table that is made when it is opened, by a rule, from one that ships. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { BenchError, messageOf } from '../core/errors.js'
import { parseOr } from '../core/zod-error.js'
import type { TableData } from '../surrogates/table-data.js'
import { deriveInstances } from './derive.js'
import { SHIPPED_PRICES } from './shipped-prices.js'

const derivationSchema = z.strictObject({
  name: z.string().min(1),
  description: z.string().optional(),
  /** The recorded table, by name. */
  table: z.string().min(1),
  /** The first is the default. */
  instances: z.array(z.string()).min(1),
  recordedAs: z.string().optional(),
  parallelFraction: z.number().min(0).max(1).optional(),
  startupSeconds: z.record(z.string(), z.number().min(0)).optional(),
})

/**
 * Reads a derivation and derives its table, with the prices that ship.
 *
 * @param read reads the recorded table
 * @throws BenchError for a bad file, or a type that is not known
 */
export function openDerivation(path: string, read: (table: string) => TableData): TableData {
  let document: unknown
  try {
    document = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new BenchError(`${path}: cannot be read: ${messageOf(error)}`, { cause: error })
  }
  const { table, ...given } = parseOr(derivationSchema, document, path)
  const { description, recordedAs, parallelFraction, startupSeconds, ...rest } = given
  const { data, unknown } = deriveInstances(read(table), SHIPPED_PRICES, {
    ...rest,
    ...(description !== undefined && { description }),
    ...(recordedAs !== undefined && { recordedAs }),
    ...(parallelFraction !== undefined && { parallelFraction }),
    ...(startupSeconds !== undefined && { startupSeconds }),
  })
  if (unknown.length > 0) throw new BenchError(`${path}: ${unknown[0]!}`)
  return data
}
