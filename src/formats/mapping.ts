/** The mapping: a small JSON file that says what files of learning curves do not; docs/tables.md describes it for users. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { BenchError, messageOf } from '../core/errors.js'
import { parseOr } from '../core/zod-error.js'
import { domainSchema, metricSchema, valueSchema } from '../surrogates/metadata.js'
import { unreadable } from './input-file.js'

const column = z.string().min(1)

/** Of a metric what is to be said; what is left out is not known here, and no default hides what the files say. */
const metricEntry = z.strictObject({
  column: column.optional(),
  goal: metricSchema.shape.goal.optional(),
  unit: metricSchema.shape.unit.unwrap().optional(),
  split: metricSchema.shape.split.unwrap().optional(),
  kind: metricSchema.shape.kind.unwrap().optional(),
  description: metricSchema.shape.description,
  range: metricSchema.shape.range,
})

const mappingSchema = z.strictObject({
  name: z.string().min(1).optional(),
  description: z.string().optional(),
  /** What a level is called; `column` holds the level, from 1. */
  resource: z.strictObject({ name: z.string().min(1).optional(), column: column.optional() }).optional(),
  /** Holds whole numbers, e.g. training seeds; without it every configuration was trained once. */
  repetition: column.optional(),
  /** Either the column of seconds since the start of training, or a rule in place of measured times. */
  elapsed: z.union([z.strictObject({ column }), z.strictObject({ secondsPerLevel: z.number().positive() })]).optional(),
  /** Columns with one value per training. */
  ended: column.optional(),
  startup: column.optional(),
  cpu: column.optional(),
  hyperparameters: z
    .record(z.string(), z.strictObject({ column: column.optional(), domain: domainSchema.optional() }))
    .default({}),
  metrics: z.record(z.string(), metricEntry).default({}),
  defaultConfig: z.record(z.string(), valueSchema).optional(),
  licence: z.string().min(1).optional(),
  source: z.string().min(1).optional(),
})
export type Mapping = z.infer<typeof mappingSchema>

/** The mapping of who gives none. */
export const NO_MAPPING: Mapping = { hyperparameters: {}, metrics: {} }

/** Reads and checks a mapping. @throws BenchError, one line with the path to the fault */
export function readMapping(path: string): Mapping {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8').replace(/^\u{FEFF}/u, ''))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw unreadable(path, error)
    throw new BenchError(`${path}: is not JSON: ${messageOf(error).replaceAll(/\s+/gu, ' ')}`, { cause: error })
  }
  try {
    return parseOr(mappingSchema, value, 'mapping')
  } catch (error) {
    throw new BenchError(`${path}: ${messageOf(error)}`, { cause: error })
  }
}
