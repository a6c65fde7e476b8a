/** The JSON document in an Arrow file's schema metadata: what the columns mean and where the numbers come from. */
import { z } from 'zod'
import { BenchError, invalid, messageOf, show } from '../core/errors.js'
import { nameFault, nameSchema } from '../core/names.js'
import { checkConfig, checkSpace } from '../core/space.js'
import { parseOr } from '../core/zod-error.js'
import { instanceTypesSchema } from './instance-factor.js'

/** The key under which the document stands in the schema metadata. */
export const METADATA_KEY = 'rungbench'
export const FORMAT_VERSION = 1

/** A hyperparameter's value. */
export const valueSchema = z.union([z.number(), z.string(), z.boolean()])

const scale = z.enum(['linear', 'log']).default('linear')

/** What a hyperparameter may be. */
export const domainSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('float'), low: z.number(), high: z.number(), scale }),
  z.strictObject({ type: z.literal('int'), low: z.int(), high: z.int(), scale }),
  z.strictObject({ type: z.literal('choice'), values: z.array(valueSchema).min(1) }),
  z.strictObject({ type: z.literal('ordinal'), values: z.array(valueSchema).min(1) }),
  z.strictObject({ type: z.literal('constant'), value: valueSchema }),
])

/** One metric of a table. */
export const metricSchema = z.strictObject({
  /** `none`: neither direction is better (e.g. a count). */
  goal: z.enum(['min', 'max', 'none']),
  unit: z.string().default(''),
  /** Validation metrics steer, test metrics are only reported. */
  split: z.enum(['train', 'validation', 'test', 'none']).default('none'),
  /** `curve`: one value per level; `static`: one per training. */
  kind: z.enum(['curve', 'static']).default('curve'),
  description: z.string().optional(),
  /** Best and worst value that comparisons are scaled by, as reported; added when a table is written without. */
  range: z.strictObject({ ideal: z.number(), nadir: z.number() }).optional(),
})
export type Metric = z.infer<typeof metricSchema>

/** Where numbers come from. What was not measured never reads as if it was. */
export const provenanceSchema = z.discriminatedUnion('kind', [
  z.looseObject({
    /** Measured by running a training program. */
    kind: z.literal('recorded'),
    program: z.looseObject({ name: z.string(), command: z.array(z.string()), sha256: z.string() }),
    data: z.looseObject({ name: z.string(), files: z.record(z.string(), z.string()) }).optional(),
    hardware: z.looseObject({ cpu: z.string(), cores: z.number(), memoryGiB: z.number(), platform: z.string() }),
    versions: z.record(z.string(), z.string()),
    /** ISO 8601, UTC: first and last training. */
    from: z.string(),
    to: z.string(),
    workers: z.number(),
    /** The tables that this one was merged of; each says more about itself, like a provenance. */
    parts: z.array(z.looseObject({ table: z.string(), sha256: z.string(), trainings: z.number() })).optional(),
    /** What a reader should know, one sentence each. */
    warnings: z.array(z.string()).optional(),
  }),
  z.looseObject({
    /** Measured by others. */
    kind: z.literal('imported'),
    source: z.string(),
    licence: z.string(),
    sha256: z.record(z.string(), z.string()),
  }),
  z.looseObject({
    /** Computed from a table by a rule. */
    kind: z.literal('modelled'),
    from: z.string(),
    rule: z.string(),
  }),
  z.looseObject({
    /** Made up by a generator. */
    kind: z.literal('synthetic'),
    generator: z.string(),
    seed: z.union([z.number(), z.string()]),
  }),
])
export type Provenance = z.infer<typeof provenanceSchema>

export const tableMetadataSchema = z.strictObject({
  formatVersion: z.literal(FORMAT_VERSION),
  name: nameSchema,
  description: z.string().default(''),
  /** What grows along a curve: `epoch`, and how many levels R a full training has. */
  resource: z.strictObject({ name: nameSchema, levels: z.int().positive() }),
  metrics: z.record(z.string(), metricSchema),
  space: z.record(z.string(), domainSchema),
  /** What a user would run without tuning. */
  defaultConfig: z.record(z.string(), valueSchema),
  /** US dollars per hour of the machine, where it is known. */
  pricePerHour: z.number().positive().optional(),
  /** Modelled instance types: one more hyperparameter, for which no column stands. */
  instances: instanceTypesSchema.optional(),
  provenance: provenanceSchema,
  /** Columns whose origin differs from the table's. */
  columnProvenance: z.record(z.string(), provenanceSchema).optional(),
})
export type TableMetadata = z.infer<typeof tableMetadataSchema>

/** Columns that every table has besides hyperparameters and metrics; no hyperparameter or metric may be called so. */
export const RESERVED_COLUMNS = ['repetition', 'levels', 'ended', 'elapsed_time', 'startup_time', 'cpu_time'] as const

/**
 * Columns that a table may have besides: its file holds them where the table knows them. Where a hyperparameter or metric
 * has the name, the column is that one. Tables recorded from now on have no such hyperparameter.
 */
export const OPTIONAL_COLUMNS = ['shared', 'hardware'] as const

/** Whether the metadata give the name of an optional column to a hyperparameter or metric. */
export function describes({ space, metrics }: Pick<TableMetadata, 'space' | 'metrics'>, column: string): boolean {
  return Object.hasOwn(space, column) || Object.hasOwn(metrics, column)
}

/**
 * Checks a metadata document: its form, the search space, the default configuration and the names of columns.
 *
 * @param value a parsed JSON document
 * @param file what messages begin with
 * @returns the document with defaults filled in
 * @throws BenchError that names the place in the document and the rule
 */
export function parseTableMetadata(value: unknown, file: string): TableMetadata {
  const metadata = parseOr(tableMetadataSchema, value, `${file}: metadata`)
  try {
    checkSpace(metadata.space)
    checkConfig(metadata.space, metadata.defaultConfig, 'defaultConfig')
  } catch (error) {
    throw new BenchError(`${file}: metadata: ${messageOf(error)}`, { cause: error })
  }
  checkDomainTypes(metadata, file)
  checkNames(metadata, file)
  checkInstances(metadata, file)
  return metadata
}

/** A column has one type, so all values of a choice must have it. */
function checkDomainTypes(metadata: TableMetadata, file: string): void {
  for (const [name, domain] of Object.entries(metadata.space))
    if ('values' in domain && new Set(domain.values.map((value) => typeof value)).size > 1)
      throw invalid(`${file}: metadata: space.${name}`, domain.values, 'must list values of one type')
}

function checkNames(metadata: TableMetadata, file: string): void {
  const taken = new Set<string>(RESERVED_COLUMNS)
  for (const [what, names] of [
    ['hyperparameter', Object.keys(metadata.space)],
    ['metric', Object.keys(metadata.metrics)],
  ] as const)
    for (const name of names) {
      const fault = nameFault(name)
      if (fault !== undefined)
        throw new BenchError(`${file}: metadata: name of a ${what}: ${fault} (got ${show(name)})`)
      if (taken.has(name))
        throw invalid(`${file}: metadata: ${what}`, name, 'has the name of another column', 'rename one of them')
      taken.add(name)
    }
  if (!Object.values(metadata.metrics).some((metric) => metric.kind === 'curve'))
    throw new BenchError(`${file}: metadata: metrics has no learning curve; describe at least one metric of kind curve`)
}

/** What was computed by a rule says so, and the rule's hyperparameter and metrics have names and columns. */
function checkInstances({ instances, space, metrics, provenance }: TableMetadata, file: string): void {
  if (instances === undefined) return
  const place = `${file}: metadata: instances`
  const { hyperparameter, scaled } = instances
  if (provenance.kind !== 'modelled')
    throw invalid(`${place}: provenance.kind`, provenance.kind, 'must be "modelled", as no instance type was recorded')
  if ([...RESERVED_COLUMNS, ...Object.keys(space), ...Object.keys(metrics)].includes(hyperparameter))
    throw invalid(`${place}.hyperparameter`, hyperparameter, 'has the name of a column', 'rename it')
  for (const name of scaled)
    if (metrics[name]?.kind !== 'static')
      throw invalid(`${place}.scaled`, name, 'must name static metrics of the table')
}
