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
  /** When its price was published, where the list says it type by type. */
  readonly date?: string
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

/** More than any machine has or costs, so that a slip of the keyboard is not taken for a figure. */
const MOST = 1e6
/** US dollars per hour: less is a slip as well. */
const CHEAPEST = 1e-5

/**
 * Reads a price list: CSV with the columns `instance,vcpu,memory_gib,usd_per_hour,gpus,gpu_memory_gib` in any order. An
 * empty price is unknown. A column `date` says when each price was published; what a file system says is not looked at. A
 * column `currency` must say USD; other columns are left alone.
 *
 * @throws BenchError with the line and the rule
 */
export function readPriceList(path: string): PriceList {
  const records = splitCsv(readPieces(path), path)
  const header = records.next()
  if (header.done === true) throw new BenchError(`${path}: is empty; it needs the header ${COLUMNS.join(',')}`)
  const names = header.value.fields.map((name) => name.trim())
  checkHeader(names, path)
  const known = new Map<string, string>()
  const dates = new Set<string>()
  const types: InstanceType[] = []
  for (const { line, fields } of records) {
    const place = `${path}, line ${line}`
    if (fields.length !== names.length)
      throw new BenchError(`${place}: has ${fields.length} cells, and the header names ${names.length} columns`)
    const text = (column: string): string => (fields[names.indexOf(column)] ?? '').trim()
    const number = (column: string, least: number, whole = false): number =>
      readNumber(text(column), `${place}: ${column}`, least, whole)
    const name = text('instance')
    if (!/^[\w.-]{1,100}$/.test(name)) throw invalid(`${place}: instance`, name, 'must be a name such as ml.m5.large')
    const before = known.get(name.toLowerCase())
    if (before !== undefined)
      throw new BenchError(
        `${place}: lists ${show(name)} twice${before === name ? '' : `, as ${show(before)} too`}; leave one of them`,
      )
    known.set(name.toLowerCase(), name)
    if (!['', 'usd'].includes(text('currency').toLowerCase()))
      throw invalid(`${place}: currency`, text('currency'), 'must be USD', 'convert the prices to US dollars')
    const date = text('date')
    if (date !== '' && !isDate(date))
      throw invalid(`${place}: date`, date, 'must be a day, month or year such as 2026-11-23, 2026-11 or 2026')
    if (date !== '') dates.add(date)
    types.push({
      name,
      vcpus: number('vcpu', 1, true),
      memoryGiB: number('memory_gib', 0),
      usdPerHour: text('usd_per_hour') === '' ? null : readPrice(text('usd_per_hour'), `${place}: usd_per_hour`),
      gpus: number('gpus', 0, true),
      gpuMemoryGiB: number('gpu_memory_gib', 0),
      ...(date !== '' && { date }),
    })
  }
  if (types.length === 0) throw new BenchError(`${path}: lists no instance type`)
  return { source: basename(path), date: spanOf([...dates].sort()), types }
}

/** @throws BenchError where a column lacks or stands twice */
function checkHeader(names: readonly string[], path: string): void {
  const separator = names.length === 1 ? /[;\t]/.exec(names[0]!)?.[0] : undefined
  if (separator !== undefined)
    throw new BenchError(
      `${path}: its columns are separated by ${separator === ';' ? 'semicolons' : 'tabs'}; save it with commas between ` +
        'them and points in the numbers',
    )
  const lacking = COLUMNS.find((column) => !names.includes(column))
  if (lacking !== undefined)
    throw new BenchError(`${path}: its header lacks the column ${show(lacking)}${suggestion(lacking, names)}`)
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined)
    throw new BenchError(`${path}: its header names the column ${show(twice)} twice; leave one of them`)
}

/** A number written in plain decimals. @throws BenchError */
function readNumber(text: string, place: string, least: number, whole: boolean): number {
  const value = /^(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= least && value <= MOST) || (whole && !Number.isInteger(value)))
    throw invalid(
      place,
      text,
      `must be a ${whole ? 'whole ' : ''}number from ${least} to ${MOST}`,
      'write it in decimals, e.g. 16',
    )
  return value
}

function readPrice(text: string, place: string): number {
  const price = readNumber(text, place, 0, false)
  if (price === 0) throw invalid(place, text, 'must be more than 0', 'leave it empty if unknown')
  if (price < CHEAPEST) throw invalid(place, text, 'must be US dollars per hour', 'no machine is as cheap')
  return price
}

/** A year, a month or a day that there is. */
function isDate(text: string): boolean {
  if (!/^\d{4}(-\d\d){0,2}$/.test(text)) return false
  const day = `${text}-01-01`.slice(0, 10)
  const time = Date.parse(`${day}T00:00:00Z`)
  // A day past the end of its month would be one of the next.
  return Number.isFinite(time) && new Date(time).toISOString().slice(0, 10) === day
}

/** `2026-11`, `2025-03 to 2026-11`, or null. */
function spanOf(sorted: readonly string[]): string | null {
  if (sorted.length === 0) return null
  return sorted.length === 1 ? sorted[0]! : `${sorted[0]!} to ${sorted.at(-1)!}`
}
