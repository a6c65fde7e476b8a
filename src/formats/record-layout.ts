/** A table as records of configuration, repetition and level, and the mapping with which they become that table again. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import type { Value } from '../core/space.js'
import { ENDED, type HyperparameterColumn, type TableData } from '../surrogates/table-data.js'
import { checkExportable, checkNew, originOf, ruleOf, writeNew } from './exporter.js'

/** One column of the records. */
export interface RecordColumn {
  readonly name: string
  readonly kind: 'text' | 'int' | 'float' | 'bool'
  /** @param level from 1 */
  readonly cell: (row: number, level: number) => Value
}

export interface RecordLayout {
  readonly columns: readonly RecordColumn[]
  /** For `bench import --map`. */
  readonly mapping: unknown
  readonly leftOut: readonly string[]
}

/** @throws BenchError for a table with modelled instance types */
export function recordLayout(data: TableData): RecordLayout {
  checkExportable(data)
  const { metadata, levels, ended, elapsed, startup, cpu } = data
  const taken = new Set([...Object.keys(metadata.space), ...Object.keys(metadata.metrics), 'repetition', 'ended'])
  let resource = metadata.resource.name
  while (taken.has(resource)) resource = `${resource}_level`
  const at = (values: ArrayLike<number>) => (row: number, level: number) => values[row * levels + level - 1]!
  const per = (values: ArrayLike<number>) => (row: number) => values[row]!
  const columns: RecordColumn[] = [
    ...Object.entries(data.hyperparameters).map(([name, column]) => hyperparameter(name, column)),
    { name: 'repetition', kind: 'int', cell: per(data.repetition) },
    { name: resource, kind: 'int', cell: (_, level) => level },
    { name: 'ended', kind: 'text', cell: (row) => ENDED[ended[row]!]! },
    { name: 'elapsed_time', kind: 'float', cell: at(elapsed) },
  ]
  const hasStartup = startup.some((seconds) => seconds !== 0)
  const hasCpu = cpu.some((seconds) => !Number.isNaN(seconds))
  if (hasStartup) columns.push({ name: 'startup_time', kind: 'float', cell: per(startup) })
  if (hasCpu) columns.push({ name: 'cpu_time', kind: 'float', cell: per(cpu) })
  for (const [name, curve] of Object.entries(data.curves)) columns.push({ name, kind: 'float', cell: at(curve) })
  for (const [name, values] of Object.entries(data.statics)) columns.push({ name, kind: 'float', cell: per(values) })
  const rule = ruleOf(data)
  const empty = data.reached.filter((held) => held === 0).length
  return {
    columns,
    mapping: {
      name: metadata.name,
      description: metadata.description,
      resource: { name: metadata.resource.name, column: resource },
      repetition: 'repetition',
      elapsed: rule === undefined ? { column: 'elapsed_time' } : { secondsPerLevel: rule },
      ended: 'ended',
      ...(hasStartup && { startup: 'startup_time' }),
      ...(hasCpu && { cpu: 'cpu_time' }),
      hyperparameters: Object.fromEntries(Object.entries(metadata.space).map(([name, domain]) => [name, { domain }])),
      metrics: metadata.metrics,
      defaultConfig: metadata.defaultConfig,
      ...originOf(data),
    },
    leftOut: [
      ...(empty === 0 ? [] : [`${empty} trainings without any level`]),
      ...(data.shared === undefined && data.hardware === undefined ? [] : ['the columns "shared" and "hardware"']),
      ...(metadata.pricePerHour === undefined ? [] : ['the price per hour']),
    ],
  }
}

function hyperparameter(name: string, column: HyperparameterColumn): RecordColumn {
  const { values } = column
  if (column.kind === 'text') return { name, kind: 'text', cell: (row) => column.dictionary[values[row]!]! }
  if (column.kind === 'bool') return { name, kind: 'bool', cell: (row) => values[row] === 1 }
  return { name, kind: column.kind, cell: (row) => values[row]! }
}

/** The rows that have records. */
export function rowsWithLevels({ reached }: TableData): number {
  return reached.length - reached.filter((held) => held === 0).length
}

/**
 * Writes the records and, beside them, the mapping: neither where the records exist already or another mapping does. The
 * mapping of the same table, exported in another format, is the same and is kept.
 *
 * @param write writes the records to a path
 * @returns both paths
 * @throws BenchError
 */
export async function writeRecords(
  out: string,
  mapping: unknown,
  write: (path: string) => void,
): Promise<readonly [records: string, mapping: string]> {
  const map = `${out.replace(/\.[^./\\]+$/u, '')}.map.json`
  const text = `${JSON.stringify(mapping, null, 2)}\n`
  const kept = existsSync(map) && statSync(map).isFile() && readFileSync(map, 'utf8') === text
  if (!kept) checkNew(map)
  await writeNew(out, write)
  if (!kept) await writeNew(map, (path) => writeFileSync(path, text))
  return [out, map]
}
