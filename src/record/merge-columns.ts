/** Columns of several tables gathered into one, row by row. */
import { describes } from '../surrogates/metadata.js'
import { sharedFloat32, sharedFloat64, sharedInt32, sharedUint8 } from '../surrogates/shared.js'
import { type HyperparameterColumn, SHARED_UNKNOWN, type TableData, type TextColumn } from '../surrogates/table-data.js'
import type { Pick } from './merge-rows.js'

type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array

/** All columns of the whole table; metadata and checksum are the caller's. */
export type Columns = Omit<TableData, 'metadata' | 'checksum'>

/**
 * @param tables the parts
 * @param hardware per part what its rows ran on, where its own column does not say
 */
export function gatherColumns(
  tables: readonly TableData[],
  hardware: readonly string[],
  picks: readonly Pick[],
): Columns {
  const first = tables[0]!
  const { levels } = first
  const rows = picks.length
  const copy = <A extends Numbers>(out: A, of: (table: TableData) => Numbers, width = 1): A => {
    const columns = tables.map(of)
    for (const [i, { part, row }] of picks.entries())
      out.set(columns[part]!.subarray(row * width, (row + 1) * width), i * width)
    return out
  }
  const reals = (of: (table: TableData) => Float32Array | Float64Array, width: number): Float32Array | Float64Array => {
    const narrow = tables.every((table) => of(table) instanceof Float32Array)
    return copy(narrow ? sharedFloat32(rows * width) : sharedFloat64(rows * width), of, width)
  }
  const texts = (columns: readonly TextColumn[]): TextColumn => gatherTexts(columns, picks)
  const hyperparameter = (name: string): HyperparameterColumn => {
    const columns = tables.map((table) => table.hyperparameters[name]!)
    const { kind } = columns[0]!
    if (kind === 'text') return { kind, ...texts(columns as readonly TextColumn[]) }
    const of = (table: TableData): Numbers => table.hyperparameters[name]!.values
    if (kind === 'bool') return { kind, values: copy(sharedUint8(rows), of) }
    return columns.every((column) => column.kind === 'int')
      ? { kind: 'int', values: copy(sharedInt32(rows), of) }
      : { kind: 'float', values: copy(sharedFloat64(rows), of) }
  }
  const named = <T>(names: Readonly<Record<string, unknown>>, of: (name: string) => T): Record<string, T> =>
    Object.fromEntries(Object.keys(names).map((name) => [name, of(name)]))
  const repetition = sharedInt32(rows)
  for (const [i, pick] of picks.entries()) repetition[i] = pick.repetition
  const places = texts(
    tables.map(
      (table, part) => table.hardware ?? { dictionary: [hardware[part]!], values: new Int32Array(table.rows) },
    ),
  )
  const unknown = (table: TableData): Int32Array => new Int32Array(table.rows).fill(SHARED_UNKNOWN)
  return {
    rows,
    levels,
    hyperparameters: named(first.hyperparameters, hyperparameter),
    repetition,
    reached: copy(sharedInt32(rows), (table) => table.reached),
    ended: copy(sharedUint8(rows), (table) => table.ended),
    elapsed: copy(sharedFloat64(rows * levels), (table) => table.elapsed, levels),
    startup: copy(sharedFloat64(rows), (table) => table.startup),
    cpu: copy(sharedFloat64(rows), (table) => table.cpu),
    ...(tables.some((table) => table.shared !== undefined) && {
      shared: copy(sharedInt32(rows), (table) => table.shared ?? unknown(table)),
    }),
    ...(places.dictionary.length > 1 && !describes(first.metadata, 'hardware') && { hardware: places }),
    curves: named(first.curves, (name) => reals((table) => table.curves[name]!, levels)),
    statics: named(first.statics, (name) => copy(sharedFloat64(rows), (table) => table.statics[name]!)),
  }
}

/** Texts of several columns; the dictionary lists those that occur, in the order of their first rows. */
function gatherTexts(columns: readonly TextColumn[], picks: readonly Pick[]): TextColumn {
  const codes = new Map<string, number>()
  const values = sharedInt32(picks.length)
  for (const [i, { part, row }] of picks.entries()) {
    const { dictionary, values: from } = columns[part]!
    const text = dictionary[from[row]!]!
    const code = codes.get(text) ?? codes.size
    codes.set(text, code)
    values[i] = code
  }
  return { dictionary: [...codes.keys()], values }
}
