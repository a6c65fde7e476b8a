/**
 * Arrow vectors to the typed arrays of a table. What this package wrote is viewed without a copy; what other writers
 * made (several batches, other widths, plain text, variable lists, nulls) is copied once into shared memory.
 *
 * Lengths are never believed: a buffer shorter than the rows it should hold is refused, before anything is allocated.
 */
import { type Data, DataType, type Vector } from 'apache-arrow'
import { BenchError, invalid } from '../core/errors.js'
import { sharedFloat32, sharedFloat64, sharedInt32, sharedUint8 } from './shared.js'
import type { HyperparameterColumn } from './table-data.js'

type Numbers = ArrayLike<number | bigint>

/** A hyperparameter: whole numbers, real numbers, booleans or texts, by the column's type. @throws BenchError */
export function hyperparameterColumn(vector: Vector, rows: number, place: string): HyperparameterColumn {
  const { type } = vector
  if (DataType.isBool(type)) return { kind: 'bool', values: bools(vector, rows, place) }
  if (isText(type)) return { kind: 'text', ...texts(vector, rows, place) }
  if (DataType.isInt(type)) return { kind: 'int', values: integers(vector, rows, place) }
  if (DataType.isFloat(type)) return { kind: 'float', values: reals(vector, rows, place, false) }
  throw unknownType(type, 'float64, int32, bool or dictionary<utf8>', place)
}

/** (rows) real numbers. @param nulls whether a null may stand for NaN. @throws BenchError */
export function reals(vector: Vector, rows: number, place: string, nulls: boolean): Float64Array {
  if (!DataType.isFloat(vector.type) && !DataType.isInt(vector.type)) throw unknownType(vector.type, 'float64', place)
  const chunks = checkedChunks(vector, rows, place)
  const [first] = chunks
  if (chunks.length === 1 && first!.values instanceof Float64Array && first!.nullCount === 0)
    return first!.values.subarray(0, rows)
  const out = sharedFloat64(rows)
  let at = 0
  for (const chunk of chunks) {
    if (!nulls) refuseNulls(chunk, at, place)
    copyNumbers(chunk, 0, chunk.length, out, at)
    at += chunk.length
  }
  return out
}

/** (rows) whole numbers of 32 bits. @throws BenchError */
export function integers(vector: Vector, rows: number, place: string): Int32Array {
  if (!DataType.isInt(vector.type) && !DataType.isFloat(vector.type)) throw unknownType(vector.type, 'int32', place)
  const chunks = checkedChunks(vector, rows, place)
  const [first] = chunks
  if (chunks.length === 1 && first!.values instanceof Int32Array && first!.nullCount === 0)
    return first!.values.subarray(0, rows)
  const out = sharedInt32(rows)
  let row = 0
  for (const chunk of chunks) {
    refuseNulls(chunk, row, place)
    const values = chunk.values as Numbers
    for (let i = 0; i < chunk.length; i++, row++) {
      const value = Number(values[i]!)
      out[row] = value
      if (out[row] !== value) throw invalid(`${place}, row ${row}`, value, 'must be a whole number of 32 bits')
    }
  }
  return out
}

/** (rows) codes into distinct texts. @throws BenchError */
export function texts(
  vector: Vector,
  rows: number,
  place: string,
): { readonly values: Int32Array; readonly dictionary: readonly string[] } {
  if (!isText(vector.type)) throw unknownType(vector.type, 'dictionary<utf8>', place)
  const chunks = checkedChunks(vector, rows, place)
  const dictionary = new Map<string, number>()
  const code = (text: string): number => {
    const known = dictionary.get(text)
    if (known !== undefined) return known
    dictionary.set(text, dictionary.size)
    return dictionary.size - 1
  }
  let out: Int32Array | undefined
  let row = 0
  for (const chunk of chunks) {
    refuseNulls(chunk, row, place)
    if (DataType.isDictionary(chunk.type)) {
      const codes = dictionaryTexts(chunk, place).map((text) => code(text))
      const indices = chunk.values as Numbers
      const asTheyAre = codes.every((c, i) => c === i)
      if (chunks.length === 1 && indices instanceof Int32Array && asTheyAre) {
        const bad = indices.subarray(0, rows).findIndex((index) => index < 0 || index >= codes.length)
        if (bad >= 0) throw invalid(`${place}, row ${bad}`, indices[bad], `must be an index below ${codes.length}`)
        return { values: indices.subarray(0, rows), dictionary: [...dictionary.keys()] }
      }
      out ??= sharedInt32(rows)
      for (let i = 0; i < chunk.length; i++, row++) {
        const known = codes[Number(indices[i]!)]
        if (known === undefined)
          throw invalid(`${place}, row ${row}`, Number(indices[i]!), `must be an index below ${codes.length}`)
        out[row] = known
      }
    } else {
      out ??= sharedInt32(rows)
      for (const text of plainTexts(chunk, place)) out[row++] = code(text)
    }
  }
  return { values: out ?? sharedInt32(0), dictionary: [...dictionary.keys()] }
}

/** (rows * levels) a learning curve; nulls and levels that a shorter list lacks are NaN. @throws BenchError */
export function curve(vector: Vector, rows: number, levels: number, place: string): Float32Array | Float64Array {
  const { type } = vector
  const variable = DataType.isList(type) || DataType.isLargeList(type)
  const item: DataType | undefined =
    variable || DataType.isFixedSizeList(type) ? (type.children[0]!.type as DataType) : undefined
  if (item === undefined || !(DataType.isFloat(item) || DataType.isInt(item)) || String(item) === 'Float16')
    throw unknownType(type, `fixed_size_list<float64>[${levels}]`, place)
  if (DataType.isFixedSizeList(type) && type.listSize !== levels)
    throw invalid(`${place}: list size`, type.listSize, `must be resource.levels of the metadata (${levels})`)
  const chunks = checkedChunks(vector, rows, place)
  const [first] = chunks
  const only = chunks.length === 1 && !variable && first!.nullCount === 0 ? first!.children[0]! : undefined
  if (only?.nullCount === 0 && (only.values instanceof Float64Array || only.values instanceof Float32Array))
    return only.values.subarray(0, rows * levels)
  const out = String(item) === 'Float32' ? sharedFloat32(rows * levels) : sharedFloat64(rows * levels)
  out.fill(Number.NaN)
  let row = 0
  for (const chunk of chunks) {
    const child = chunk.children[0]!
    const offsets = variable ? (chunk.valueOffsets as Numbers) : undefined
    for (let i = 0; i < chunk.length; i++, row++) {
      if (chunk.nullCount > 0 && !chunk.getValid(i)) continue
      const from = offsets === undefined ? i * levels : Number(offsets[i]!)
      const to = offsets === undefined ? from + levels : Number(offsets[i + 1]!)
      if (!(from >= 0 && to >= from && to <= child.length))
        throw new BenchError(`${place}, row ${row}: the list lies outside the column; the file is damaged`)
      if (to - from > levels)
        throw invalid(`${place}, row ${row}: list length`, to - from, `must be at most resource.levels (${levels})`)
      copyNumbers(child, from, to, out, row * levels)
    }
  }
  return out
}

function bools(vector: Vector, rows: number, place: string): Uint8Array {
  const out = sharedUint8(rows)
  let row = 0
  for (const chunk of checkedChunks(vector, rows, place)) {
    refuseNulls(chunk, row, place)
    const bits = chunk.values as Uint8Array
    for (let i = 0; i < chunk.length; i++) out[row++] = (bits[i >> 3]! >> (i & 7)) & 1
  }
  return out
}

/** Numbers `from` .. `to - 1` of a chunk to `out` from `at` on; nulls become NaN. */
function copyNumbers(chunk: Data, from: number, to: number, out: Float32Array | Float64Array, at: number): void {
  const values = chunk.values as Numbers
  const nulls = chunk.nullCount > 0
  for (let i = from; i < to; i++) out[at++] = nulls && !chunk.getValid(i) ? Number.NaN : Number(values[i]!)
}

function dictionaryTexts(chunk: Data, place: string): string[] {
  const { dictionary } = chunk
  if (dictionary === undefined) throw new BenchError(`${place}: has no dictionary; the file is damaged`)
  const out: string[] = []
  for (const part of dictionary.data) for (const text of plainTexts(part, place)) out.push(text)
  return out
}

function* plainTexts(chunk: Data, place: string): Generator<string> {
  checkLength(chunk, place)
  const decoder = new TextDecoder()
  if (DataType.isUtf8View(chunk.type)) {
    for (let i = 0; i < chunk.length; i++) yield decoder.decode(viewBytes(chunk, i, place))
    return
  }
  const offsets = chunk.valueOffsets as Numbers
  const bytes = chunk.values as Uint8Array
  for (let i = 0; i < chunk.length; i++) {
    const [from, to] = [Number(offsets[i]!), Number(offsets[i + 1]!)]
    if (!(from >= 0 && to >= from && to <= bytes.length))
      throw new BenchError(`${place}: a text lies outside the column; the file is damaged`)
    yield decoder.decode(bytes.slice(from, to))
  }
}

/** The bytes of entry `i` of a utf8_view column: in place up to 12 bytes, else in one of the variadic buffers. */
function viewBytes(chunk: Data, i: number, place: string): Uint8Array {
  const views = chunk.values as Uint8Array
  const view = new DataView(views.buffer, views.byteOffset + 16 * i, 16)
  const length = view.getInt32(0, true)
  if (length >= 0 && length <= 12) return views.slice(16 * i + 4, 16 * i + 4 + length)
  const buffer = chunk.variadicBuffers[view.getInt32(8, true)]
  const from = view.getInt32(12, true)
  if (buffer === undefined || length < 0 || from < 0 || from + length > buffer.length)
    throw new BenchError(`${place}: a text lies outside the column; the file is damaged`)
  return buffer.slice(from, from + length)
}

/** The chunks of a column, after checking that they hold the rows that they announce. */
function checkedChunks(vector: Vector, rows: number, place: string): readonly Data[] {
  let length = 0
  for (const chunk of vector.data) {
    checkLength(chunk, place)
    length += chunk.length
  }
  if (length !== rows) throw invalid(place, length, `must have ${rows} rows like the table`, 'the file is damaged')
  return vector.data
}

function checkLength(chunk: Data, place: string): void {
  const { type, length, children } = chunk
  if (length === 0) return
  let holds: number
  if (DataType.isFixedSizeList(type)) holds = (children[0]?.length ?? 0) / type.listSize
  else if (DataType.isList(type) || DataType.isLargeList(type)) holds = (chunk.valueOffsets?.length ?? 0) - 1
  else if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) holds = (chunk.valueOffsets?.length ?? 0) - 1
  else if (DataType.isUtf8View(type)) holds = (chunk.values?.length ?? 0) / 16
  else holds = (chunk.values?.length ?? 0) * (DataType.isBool(type) ? 8 : 1)
  const nulls = chunk.nullCount > 0 ? (chunk.nullBitmap?.length ?? 0) * 8 : length
  if (chunk.offset !== 0 || holds < length || nulls < length)
    throw new BenchError(`${place}: its buffers hold fewer than the ${length} values announced; the file is damaged`)
  if (DataType.isFixedSizeList(type) || DataType.isList(type) || DataType.isLargeList(type))
    checkLength(children[0]!, place)
}

function refuseNulls(chunk: Data, row: number, place: string): void {
  if (chunk.nullCount === 0) return
  let i = 0
  while (i < chunk.length && chunk.getValid(i)) i++
  throw new BenchError(`${place}, row ${row + i}: is null; every row needs a value`)
}

function isText(type: DataType): boolean {
  const plain: DataType = DataType.isDictionary(type) ? type.dictionary : type
  return DataType.isUtf8(plain) || DataType.isLargeUtf8(plain) || DataType.isUtf8View(plain)
}

function unknownType(type: DataType, wanted: string, place: string): BenchError {
  return new BenchError(`${place}: has the type ${String(type)}; store it as ${wanted}`)
}
