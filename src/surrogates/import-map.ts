/** The mapping that says what the columns of a CSV file are; docs/tables.md describes it for users. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { BenchError, messageOf } from '../core/errors.js'
import { parseOr } from '../core/zod-error.js'
import { domainSchema, metricSchema, valueSchema } from './metadata.js'

const column = z.string().min(1)

const mapSchema = z.strictObject({
  name: z.string().min(1),
  description: z.string().optional(),
  /** `column` holds the level, from 1. */
  resource: z.strictObject({ name: z.string().min(1), column }),
  /** Holds whole numbers, e.g. training seeds; without it every configuration was trained once. */
  repetition: column.optional(),
  /** Either the column of seconds since the start of training, or a rule in place of measured times. */
  elapsed: z.union([z.strictObject({ column }), z.strictObject({ secondsPerLevel: z.number().positive() })]),
  hyperparameters: z.record(z.string(), z.strictObject({ column: column.optional(), domain: domainSchema })),
  metrics: z.record(z.string(), metricSchema.extend({ column: column.optional() })),
  defaultConfig: z.record(z.string(), valueSchema),
  licence: z.string().min(1),
  source: z.string().min(1),
})
export type ImportMap = z.infer<typeof mapSchema>

/** Reads and checks a mapping. @throws BenchError, one line with the path to the fault */
export function readMap(path: string): ImportMap {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8').replace(/^\u{FEFF}/u, ''))
  } catch (error) {
    const what = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read'
    throw new BenchError(`${path}: ${what}: ${messageOf(error).replaceAll(/\s+/gu, ' ')}`, { cause: error })
  }
  try {
    return parseOr(mapSchema, value, 'mapping')
  } catch (error) {
    throw new BenchError(`${path}: ${messageOf(error)}`, { cause: error })
  }
}
