/** Cells of a CSV file as numbers, truth values and texts. */
import { BenchError, invalid, show } from '../core/errors.js'
import { type Domain, type Value, contains, describeDomain } from '../core/space.js'
import { sharedFloat64, sharedInt32, sharedUint8 } from './shared.js'
import type { HyperparameterColumn } from './table-data.js'

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu
const NOT_FINITE = /^[+-]?(?:nan|inf|infinity)$/iu

/** A finite number. @throws BenchError with the place */
export function parseNumber(text: string, place: string): number {
  const trimmed = text.trim()
  const value = NUMBER.test(trimmed) ? Number(trimmed) : Number.NaN
  if (Number.isFinite(value)) return value
  if (trimmed === '') throw new BenchError(`${place}: is empty; a number is needed`)
  throw invalid(place, text, 'must be a number such as 0.25 or 1e-3')
}

/** A number, or NaN where the file says NaN or an infinity. @throws BenchError with the place */
export function parseMetric(text: string, place: string): number {
  if (NOT_FINITE.test(text.trim())) return Number.NaN
  if (text.trim() === '') throw new BenchError(`${place}: is empty; write NaN where a training diverged`)
  return parseNumber(text, place)
}

/** A whole number, `least` or more. @throws BenchError with the place */
export function parseWhole(text: string, least: number, place: string): number {
  const value = parseNumber(text, place)
  if (!Number.isSafeInteger(value) || value < least)
    throw invalid(place, text, `must be a whole number from ${least} on`)
  return value
}

/** A value of a domain. @throws BenchError with the place and the domain */
export function parseValue(text: string, domain: Domain, place: string): Value {
  const value = parseAs(text, kindOf(domain), place)
  if (!contains(domain, value)) throw invalid(place, value, `must be ${describeDomain(domain)}`)
  return value
}

function kindOf(domain: Domain): string {
  if (domain.type === 'constant') return typeof domain.value
  return 'values' in domain ? typeof domain.values[0] : 'number'
}

function parseAs(text: string, kind: string, place: string): Value {
  if (kind === 'number') return parseNumber(text, place)
  if (kind === 'string') return text
  const lower = text.trim().toLowerCase()
  if (lower === 'true' || lower === 'false') return lower === 'true'
  throw new BenchError(`${place}: must be true or false, got ${show(text)}`)
}

/** One value per row as a column of a table, in shared memory. @param values of one type */
export function toColumn(values: readonly Value[], domain: Domain): HyperparameterColumn {
  const rows = values.length
  switch (kindOf(domain)) {
    case 'string': {
      const codes = new Map<Value, number>()
      for (const value of values) if (!codes.has(value)) codes.set(value, codes.size)
      const column = sharedInt32(rows)
      for (const [row, value] of values.entries()) column[row] = codes.get(value)!
      return { kind: 'text', values: column, dictionary: [...codes.keys()] as string[] }
    }
    case 'boolean': {
      const column = sharedUint8(rows)
      column.set(values.map(Number))
      return { kind: 'bool', values: column }
    }
    default: {
      const numbers = values as readonly number[]
      const whole =
        domain.type !== 'float' && numbers.every((value) => Math.trunc(value) === (value | 0) && value % 1 === 0)
      const column = whole ? sharedInt32(rows) : sharedFloat64(rows)
      column.set(numbers)
      return column instanceof Int32Array ? { kind: 'int', values: column } : { kind: 'float', values: column }
    }
  }
}
