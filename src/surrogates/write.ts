/** Tables to Arrow IPC files, uncompressed and in one record batch, so that readers need no copy. */
import { createHash, randomUUID } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  AsyncByteQueue,
  Bool,
  type Data,
  type DataType,
  Dictionary,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int32,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Table,
  Utf8,
  makeData,
  vectorFromArray,
} from 'apache-arrow'
import { BenchError, messageOf } from '../core/errors.js'
import { makeFolder } from '../files/make-folder.js'
import { METADATA_KEY } from './metadata.js'
import { withRanges } from './metric-range.js'
import { ENDED, type HyperparameterColumn, type TableData } from './table-data.js'
import { checkTable } from './validate.js'

/** Node writes and hashes less than 2 GiB at a time. */
const PIECE_BYTES = 2 ** 26

/** Where the Arrow library writes: pieces are handed on at once, views of the table's columns, instead of being kept. */
class Pieces extends AsyncByteQueue {
  readonly #take: (piece: Uint8Array) => void

  constructor(take: (piece: Uint8Array) => void) {
    super()
    this.#take = take
  }

  override write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) this.#take(bytes.subarray(at, at + PIECE_BYTES))
  }
}

/** The bytes of a table's Arrow file, see {@link encodePieces}. */
export function encodeTable(data: TableData): Uint8Array {
  const pieces: Uint8Array[] = []
  encodePieces(data, (piece) => pieces.push(piece))
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

/**
 * The bytes of a table's Arrow file, piece by piece, so that nothing is held twice: the same bytes for the same table. The
 * table is not checked here.
 *
 * Columns: hyperparameters, `repetition`, `levels`, `ended`, `elapsed_time`, `startup_time`, `cpu_time`, `shared` and
 * `hardware` where they are known, metrics. The metadata gets the range of every metric that has a goal and no range yet.
 */
function encodePieces(data: TableData, take: (piece: Uint8Array) => void): void {
  const columns: [string, Data][] = []
  let dictionaries = 0
  const dictionary = (codes: Int32Array, texts: readonly string[]): Data => {
    // Arrow JS would number dictionaries by a global counter, and the same table would give other bytes each time.
    const type = new Dictionary(new Utf8(), new Int32(), dictionaries++)
    const values = vectorFromArray([...texts], new Utf8())
    return makeData({ type, length: codes.length, nullCount: 0, data: codes, dictionary: values })
  }
  for (const [name, column] of Object.entries(data.hyperparameters))
    columns.push([name, column.kind === 'text' ? dictionary(column.values, column.dictionary) : numbers(column)])
  columns.push(['repetition', int32(data.repetition)])
  columns.push(['levels', int32(data.reached)])
  columns.push(['ended', dictionary(Int32Array.from(data.ended), ENDED)])
  columns.push(['elapsed_time', list(data.elapsed, data.levels)])
  columns.push(['startup_time', float64(data.startup)])
  columns.push(['cpu_time', float64(data.cpu)])
  if (data.shared !== undefined) columns.push(['shared', int32(data.shared)])
  if (data.hardware !== undefined)
    columns.push(['hardware', dictionary(data.hardware.values, data.hardware.dictionary)])
  for (const [name, curve] of Object.entries(data.curves)) columns.push([name, list(curve, data.levels)])
  for (const [name, values] of Object.entries(data.statics)) columns.push([name, float64(values)])

  const fields = columns.map(([name, { type }]) => new Field(name, type, false))
  const schema = new Schema(fields, new Map([[METADATA_KEY, JSON.stringify(withRanges(data))]]))
  const children = columns.map(([, column]) => column)
  const struct = makeData({ type: new Struct(fields), length: data.rows, nullCount: 0, children })
  new RecordBatchFileWriter().reset(new Pieces(take)).writeAll(new Table(schema, [new RecordBatch(schema, struct)]))
}

/** The sha256 that the file of a table has or would have, hexadecimal. */
export function tableChecksum(data: TableData): string {
  const hash = createHash('sha256')
  encodePieces(data, (piece) => hash.update(piece))
  return hash.digest('hex')
}

/**
 * Writes a table to a file that is either there in full or not at all: a temporary file beside it is flushed to disk
 * and renamed. Missing folders are made.
 *
 * @throws BenchError if the table breaks a rule of the format ({@link checkTable}) or the file cannot be written
 */
export function writeTable(path: string, data: TableData): void {
  checkTable(data, path)
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`
  makeFolder(dirname(path), 'write the table elsewhere')
  try {
    const file = openSync(temporary, 'wx')
    try {
      encodePieces(data, (piece) => {
        for (let at = 0; at < piece.length;) at += writeSync(file, piece, at)
      })
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary)
    throw new BenchError(`${path}: cannot be written: ${messageOf(error)}`, { cause: error })
  }
}

function numbers(column: Exclude<HyperparameterColumn, { readonly kind: 'text' }>): Data {
  switch (column.kind) {
    case 'float':
      return float64(column.values)
    case 'int':
      return int32(column.values)
    default:
      return makeData({ type: new Bool(), length: column.values.length, nullCount: 0, data: packBits(column.values) })
  }
}

function float64(values: Float64Array): Data<Float64> {
  return makeData({ type: new Float64(), length: values.length, nullCount: 0, data: values })
}

function int32(values: Int32Array): Data<Int32> {
  return makeData({ type: new Int32(), length: values.length, nullCount: 0, data: values })
}

function list(values: Float32Array | Float64Array, levels: number): Data {
  const child: Data<DataType> =
    values instanceof Float32Array
      ? makeData({ type: new Float32(), length: values.length, nullCount: 0, data: values })
      : float64(values)
  const type = new FixedSizeList(levels, new Field('item', child.type, false))
  return makeData({ type, length: values.length / levels, nullCount: 0, child })
}

/** Booleans as Arrow stores them: one bit each, least significant first. */
function packBits(values: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 64) * 8)
  for (let i = 0; i < values.length; i++) bits[i >> 3]! |= values[i]! << (i & 7)
  return bits
}
