/** Cells of a file (texts of CSV, typed values of Parquet) as numbers, truth values and texts. */
import { BenchError, invalid, show } from '../core/errors.js'
import { type Domain, type Value, contains, describeDomain } from '../core/space.js'

/** What stands in a cell; null where nothing does. */
export type Cell = string | number | bigint | boolean | null | undefined

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu
const NOT_FINITE = /^[+-]?(?:nan|inf|infinity)$/iu

/** A finite number. @throws BenchError with the place */
export function parseNumber(cell: Cell, place: string): number {
  const text = typeof cell === 'string' ? cell.trim() : cell
  const value = typeof text === 'string' ? (NUMBER.test(text) ? Number(text) : Number.NaN) : asNumber(text)
  if (Number.isFinite(value)) return value
  if (isEmpty(cell)) throw new BenchError(`${place}: is empty; a number is needed`)
  throw invalid(place, cell, 'must be a number such as 0.25 or 1e-3')
}

function asNumber(cell: Exclude<Cell, string>): number {
  return typeof cell === 'number' || typeof cell === 'bigint' ? Number(cell) : Number.NaN
}

/** Whether a cell holds nothing. */
export function isEmpty(cell: Cell): boolean {
  return cell === null || cell === undefined || (typeof cell === 'string' && cell.trim() === '')
}

/** A number, or NaN where the file says NaN or an infinity, or (Parquet) null. @throws BenchError with the place */
export function parseMetric(cell: Cell, place: string): number {
  if (cell === null || (typeof cell === 'number' && !Number.isFinite(cell))) return Number.NaN
  if (typeof cell === 'string' && NOT_FINITE.test(cell.trim())) return Number.NaN
  if (isEmpty(cell)) throw new BenchError(`${place}: is empty; write NaN where a training diverged`)
  return parseNumber(cell, place)
}

/** A whole number, `least` or more. @throws BenchError with the place */
export function parseWhole(cell: Cell, least: number, place: string): number {
  const value = parseNumber(cell, place)
  if (!Number.isSafeInteger(value) || value < least)
    throw invalid(place, cell, `must be a whole number from ${least} on`)
  return value
}

/** A value of a domain. @throws BenchError with the place and the domain */
export function parseValue(cell: Cell, domain: Domain, place: string): Value {
  const value = parseAs(cell, kindOf(domain), place)
  if (!contains(domain, value)) throw invalid(place, value, `must be ${describeDomain(domain)}`)
  return value
}

/** A value of a domain that is not known: what a text reads as, else what the cell holds. @throws BenchError if empty */
export function readValue(cell: Cell, place: string): Value {
  if (cell === null || cell === undefined || cell === '') throw new BenchError(`${place}: is empty; a value is needed`)
  if (typeof cell !== 'string') return typeof cell === 'boolean' ? cell : parseNumber(cell, place)
  const text = cell.trim()
  if (NUMBER.test(text)) return Number(text)
  return /^(?:true|false)$/iu.test(text) ? text.toLowerCase() === 'true' : cell
}

function kindOf(domain: Domain): string {
  if (domain.type === 'constant') return typeof domain.value
  return 'values' in domain ? typeof domain.values[0] : 'number'
}

function parseAs(cell: Cell, kind: string, place: string): Value {
  if (kind === 'number') return parseNumber(cell, place)
  if (typeof cell === kind) return cell as Value
  if (kind === 'string') return isEmpty(cell) ? '' : String(cell)
  const lower = String(cell).trim().toLowerCase()
  if (lower === 'true' || lower === 'false') return lower === 'true'
  throw new BenchError(`${place}: must be true or false, got ${show(cell)}`)
}
