/** Instance types and their prices as dated data: the list that ships, or a user's own as CSV. */
import { basename } from 'node:path'
import { BenchError, invalid, show } from '../core/errors.js'
import { suggestion } from '../core/nearest-name.js'
import { readPieces, splitCsv } from '../surrogates/csv.js'

export interface InstanceType {
  /** e.g. `ml.m5.large` */
  readonly name: string
  readonly vcpus: number
  readonly memoryGiB: number
  /** US dollars per hour, on demand; null where it is not known. */
  readonly usdPerHour: number | null
  readonly gpus: number
  /** Of each GPU. */
  readonly gpuMemoryGiB: number
}

export interface PriceList {
  /** Where the prices come from. */
  readonly source: string
  /** When they were published: `2024-03`, `2024-03-31` or `2024-03 to 2026-01`; null where nobody says. */
  readonly date: string | null
  readonly types: readonly InstanceType[]
}

/** What a list is filtered by. All limits include their ends. */
export interface InstanceFilter {
  readonly gpus?: number
  readonly minMemoryGiB?: number
  readonly maxUsdPerHour?: number
}

/** The family of a type: `m5` of `ml.m5.large`. */
export function familyOf(type: string): string {
  const parts = type.split('.')
  return (parts[0] === 'ml' ? parts[1] : parts[0]) ?? type
}

/** The types that pass, cheapest first; of equal prices in the order of the list. An unknown price passes no price limit. */
export function filterInstances(
  { types }: PriceList,
  { gpus, minMemoryGiB, maxUsdPerHour }: InstanceFilter = {},
): InstanceType[] {
  return types
    .filter(
      (type) =>
        (gpus === undefined || type.gpus === gpus) &&
        (minMemoryGiB === undefined || type.memoryGiB >= minMemoryGiB) &&
        (maxUsdPerHour === undefined || (type.usdPerHour !== null && type.usdPerHour <= maxUsdPerHour)),
    )
    .toSorted((a, b) => (a.usdPerHour ?? Infinity) - (b.usdPerHour ?? Infinity) || 0)
}

/** US dollars per hour of a type, or null: an unknown type has an unknown price. */
export function priceOf({ types }: PriceList, name: string): number | null {
  return types.find((type) => type.name === name)?.usdPerHour ?? null
}

const COLUMNS = ['instance', 'vcpu', 'memory_gib', 'usd_per_hour', 'gpus', 'gpu_memory_gib'] as const

/**
 * Reads a price list: CSV with the columns `instance,vcpu,memory_gib,usd_per_hour,gpus,gpu_memory_gib` in any order. An
 * empty price is unknown. A column `date` says when each price was published; what a file system says is not looked at.
 *
 * @throws BenchError with the line and the rule
 */
export function readPriceList(path: string): PriceList {
  const records = splitCsv(readPieces(path), path)
  const header = records.next()
  if (header.done === true) throw new BenchError(`${path}: is empty; it needs the header ${COLUMNS.join(',')}`)
  const names = header.value.fields.map((name) => name.trim())
  const at = COLUMNS.map((name) => names.indexOf(name))
  const lacking = COLUMNS.find((_, i) => at[i]! < 0)
  if (lacking !== undefined)
    throw new BenchError(`${path}: its header lacks the column ${show(lacking)}${suggestion(lacking, names)}`)
  const dated = names.indexOf('date')
  const dates = new Set<string>()
  const types: InstanceType[] = []
  for (const { line, fields } of records) {
    const place = `${path}, line ${line}`
    const text = (column: number): string => (fields[at[column]!] ?? '').trim()
    const number = (column: number, least: number, whole: boolean): number => {
      const value = text(column) === '' ? Number.NaN : Number(text(column))
      if (!(value >= least) || !Number.isFinite(value) || (whole && !Number.isInteger(value)))
        throw invalid(
          `${place}: ${COLUMNS[column]!}`,
          text(column),
          `must be a ${whole ? 'whole ' : ''}number from ${least} on`,
        )
      return value
    }
    const name = text(0)
    if (!/^[\w.-]{1,100}$/.test(name)) throw invalid(`${place}: instance`, name, 'must be a name such as ml.m5.large')
    if (types.some((type) => type.name === name)) throw new BenchError(`${place}: lists ${show(name)} twice`)
    const price = text(3) === '' ? null : number(3, 0, false)
    if (price === 0)
      throw invalid(`${place}: usd_per_hour`, text(3), 'must be more than 0', 'leave it empty if unknown')
    const date = (fields[dated] ?? '').trim()
    if (date !== '' && !/^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/.test(date))
      throw invalid(`${place}: date`, date, 'must be a day, month or year such as 2026-11-23, 2026-11 or 2026')
    if (date !== '') dates.add(date)
    types.push({
      name,
      vcpus: number(1, 1, true),
      memoryGiB: number(2, 0, false),
      usdPerHour: price,
      gpus: number(4, 0, true),
      gpuMemoryGiB: number(5, 0, false),
    })
  }
  if (types.length === 0) throw new BenchError(`${path}: lists no instance type`)
  return { source: basename(path), date: spanOf([...dates].sort()), types }
}

/** `2026-11`, `2025-03 to 2026-11`, or null. */
function spanOf(sorted: readonly string[]): string | null {
  if (sorted.length === 0) return null
  return sorted.length === 1 ? sorted[0]! : `${sorted[0]!} to ${sorted.at(-1)!}`
}
