/** What tables must have in common to be parts of one, and what the whole table says of its columns. */
import { isAbsolute, posix, win32 } from 'node:path'
import { BenchError, show } from '../core/errors.js'
import { type Config, configKey } from '../core/space.js'
import type { Metric, Provenance, TableMetadata } from '../surrogates/metadata.js'
import type { TableData } from '../surrogates/table-data.js'
import { canonicalJson } from './checksums.js'
import { dataDifference } from './record-journal.js'

/** A table that is to become part of another one. */
export interface MergePart {
  /** What messages and the provenance call it, e.g. its path. */
  readonly name: string
  readonly table: TableData
}

/** Provenance of the kind `recorded`. */
export type Recorded = Extract<Provenance, { readonly kind: 'recorded' }>

/** The provenance of a recorded table. @throws BenchError for any other */
export function recordedProvenance({ name, table }: MergePart): Recorded {
  const { provenance, instances } = table.metadata
  if (provenance.kind !== 'recorded')
    throw new BenchError(
      `${name}: is ${provenance.kind}, not recorded; merge recorded tables only` +
        (instances === undefined ? '' : ', and derive instance types from the merged one'),
    )
  return provenance
}

/** Everything of the metadata but the provenance. `warnings` gets what a reader should know. */
export function mergedMetadata(
  parts: readonly MergePart[],
  name: string,
  warnings: string[],
): Omit<TableMetadata, 'provenance'> {
  const [first, ...others] = parts as [MergePart, ...MergePart[]]
  let space = first.table.metadata.space
  const widened = new Set<string>()
  for (const other of others) {
    checkSame(first, other)
    space = unitedSpace(space, first, other, widened)
  }
  for (const other of others) checkDefaults(first, other, widened)
  const { metadata } = first.table
  const { pricePerHour } = metadata
  const columnProvenance = unitedOrigins(parts)
  const onePrice = parts.every(({ table }) => table.metadata.pricePerHour === pricePerHour)
  if (!onePrice) warnings.push('the parts have different prices per hour, so the table has none')
  return {
    formatVersion: metadata.formatVersion,
    name,
    description: metadata.description,
    resource: metadata.resource,
    metrics: unitedMetrics(parts),
    space,
    defaultConfig: metadata.defaultConfig,
    ...(onePrice && pricePerHour !== undefined && { pricePerHour }),
    ...(columnProvenance !== undefined && { columnProvenance }),
  }
}

/** Program, data, resource and metrics. @throws BenchError that says which differs */
function checkSame(first: MergePart, other: MergePart): void {
  const refuse = (what: string): never => {
    throw new BenchError(`${other.name} cannot be merged with ${first.name}: it has ${what}`)
  }
  const [a, b] = [recordedProvenance(first), recordedProvenance(other)]
  const short = (sum: string): string => `sha256 ${sum.slice(0, 12)}...`
  if (a.program.sha256 !== b.program.sha256)
    refuse(`another version of the program (${short(b.program.sha256)}, not ${short(a.program.sha256)})`)
  if (commandOf(a) !== commandOf(b))
    refuse(`another command (${show(b.program.command.join(' '))}, not ${show(a.program.command.join(' '))})`)
  const changed = dataDifference(a.data?.files ?? {}, b.data?.files ?? {})
  if (changed !== undefined) refuse(changed.replace(', now ', ', there '))
  const [one, two] = [first.table.metadata, other.table.metadata]
  if (canonicalJson(one.resource) !== canonicalJson(two.resource))
    refuse(`${two.resource.levels} levels (${two.resource.name}), not ${one.resource.levels} (${one.resource.name})`)
  const metric = differentKey(one.metrics, two.metrics, (value) => meaning(value as Metric))
  if (metric !== undefined) refuse(`another metric ${show(metric)}, or describes it differently`)
}

/** A command as it is on any machine: of absolute paths the last name. */
function commandOf({ program }: Recorded): string {
  const names = program.command.map((part) =>
    isAbsolute(part) ? posix.basename(part) : win32.isAbsolute(part) ? win32.basename(part) : part,
  )
  return JSON.stringify(names)
}

/** What a metric is; its description and range may differ. */
function meaning({ goal, unit, split, kind }: Metric): unknown {
  return { goal, unit, split, kind }
}

/** A key that only one of two records has, or whose values differ; undefined: there is none. */
function differentKey(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
  of: (value: unknown) => unknown = (value) => value,
): string | undefined {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].find(
    (key) =>
      !Object.hasOwn(a, key) || !Object.hasOwn(b, key) || canonicalJson(of(a[key])) !== canonicalJson(of(b[key])),
  )
}

/**
 * The spaces of two tables as one. They may differ in the values of choices, which are united: choices have no order, and
 * every value is as likely as any other, so that the rows of each part are what draws from the whole space could have been.
 * A range or the values of an ordinal that differ would make draws of one part more likely than those of the other.
 */
function unitedSpace(
  space: TableMetadata['space'],
  first: MergePart,
  { name, table }: MergePart,
  widened: Set<string>,
): TableMetadata['space'] {
  const other = table.metadata.space
  const differ = Object.keys({ ...space, ...other }).filter(
    (key) => differentKey({ at: space[key] ?? null }, { at: other[key] ?? null }) !== undefined,
  )
  const united = { ...space }
  for (const key of differ) {
    const [a, b] = [space[key], other[key]]
    if (a?.type !== 'choice' || b?.type !== 'choice' || typeof a.values[0] !== typeof b.values[0])
      throw new BenchError(
        `${name} cannot be merged with ${first.name}: the hyperparameter ${show(key)} is ${show(b)} there, not ${show(a)}; ` +
          'spaces may differ in the values of choices only',
      )
    united[key] = { type: 'choice', values: [...new Set([...a.values, ...b.values])] }
    widened.add(key)
  }
  return united
}

/** The defaults may differ in nothing but the choices that were united; the first table's stands then. */
function checkDefaults(first: MergePart, other: MergePart, widened: ReadonlySet<string>): void {
  const of = ({ table }: MergePart): string => {
    const entries = Object.entries(table.metadata.defaultConfig as Config)
    return configKey(Object.fromEntries(entries.filter(([key]) => !widened.has(key))))
  }
  if (of(first) !== of(other))
    throw new BenchError(
      `${other.name} cannot be merged with ${first.name}: its default configuration is ` +
        `${show(other.table.metadata.defaultConfig)}, not ${show(first.table.metadata.defaultConfig)}`,
    )
}

/**
 * Where columns come from that were not recorded as they are, e.g. times by the rule of a pass alone on the device: where the
 * parts differ, the rule of each. @throws BenchError for a column that is of another kind in one part
 */
function unitedOrigins(parts: readonly MergePart[]): TableMetadata['columnProvenance'] {
  const columns = new Set(parts.flatMap(({ table }) => Object.keys(table.metadata.columnProvenance ?? {})))
  if (columns.size === 0) return undefined
  return Object.fromEntries(Array.from(columns, (column) => [column, unitedOrigin(parts, column)]))
}

function unitedOrigin(parts: readonly MergePart[], column: string): Provenance {
  const origins = parts.map(({ table }) => table.metadata.columnProvenance?.[column])
  const [first] = origins
  if (first !== undefined && origins.every((one) => canonicalJson(one ?? null) === canonicalJson(first))) return first
  const froms = new Set<string>()
  const rules = origins.map((origin, i) => {
    const { name, table } = parts[i]!
    if (origin === undefined) return `${table.metadata.name}: as recorded`
    if (origin.kind !== 'modelled')
      throw new BenchError(
        `${name} cannot be merged: its column ${show(column)} is ${origin.kind}, in another part it is not`,
      )
    froms.add(origin.from)
    return `${table.metadata.name}: ${origin.rule}`
  })
  return { kind: 'modelled', from: [...froms].join('; '), rule: [...new Set(rules)].join('; ') }
}

/** Ranges that differ follow from the rows of each part and are computed anew from all of them. */
function unitedMetrics(parts: readonly MergePart[]): TableMetadata['metrics'] {
  const { metrics } = parts[0]!.table.metadata
  return Object.fromEntries(
    Object.entries(metrics).map(([name, { range, ...metric }]) => {
      const same = parts.every(
        ({ table }) => canonicalJson(table.metadata.metrics[name]!.range) === canonicalJson(range),
      )
      return [name, range !== undefined && same ? { ...metric, range } : metric]
    }),
  )
}
