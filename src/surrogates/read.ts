/** Arrow IPC files to tables: one read into shared memory, columns as views on it. */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { type Table, type Vector, tableFromIPC } from 'apache-arrow'
import { BenchError, invalid, messageOf, show } from '../core/errors.js'
import { suggestion } from '../core/nearest-name.js'
import { curve, hyperparameterColumn, integers, reals, texts } from './arrow-columns.js'
import { verifyArrowFile } from './ipc-verify.js'
import { METADATA_KEY, type TableMetadata, describes, parseTableMetadata } from './metadata.js'
import { sharedFloat64, sharedInt32, sharedUint8 } from './shared.js'
import { ENDED, type HyperparameterColumn, type TableData } from './table-data.js'
import { checkTable } from './validate.js'

/** Node reads and hashes less than 2 GiB at a time. */
const PIECE_BYTES = 2 ** 26

/**
 * Reads and checks a table. Columns are views on one `SharedArrayBuffer` that holds the file; booleans, `ended` and
 * columns of files that other programs wrote are copied once into shared memory of their own.
 *
 * Columns that may be missing, and what stands in for them: `levels` (the levels before the first without a time),
 * `ended` (completed where all levels are there, else stopped), `startup_time` (0: it is part of the first level's
 * time), `cpu_time` (NaN: unknown), `shared` and `hardware` (not known). Columns that the metadata does not describe are ignored.
 *
 * @throws BenchError, one line naming the file, column, row and level, the rule and the cure
 */
export function readTable(path: string): TableData {
  const { bytes, checksum } = readShared(path)
  return decodeTable(bytes, checksum, path)
}

/**
 * Decodes and checks the bytes of a table's file.
 *
 * @param bytes on a `SharedArrayBuffer` if the table is to be posted to worker threads
 * @param checksum sha256 of the bytes
 * @param file what messages begin with
 * @throws BenchError as {@link readTable}
 */
export function decodeTable(bytes: Uint8Array, checksum: string, file: string): TableData {
  const data = decode(bytes, checksum, file)
  checkTable(data, file)
  return data
}

function readShared(path: string): { bytes: Uint8Array; checksum: string } {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    throw new BenchError(`${path}: cannot be read: ${messageOf(error)}`, { cause: error })
  }
  try {
    const { size } = fstatSync(file)
    const bytes = new Uint8Array(new SharedArrayBuffer(size))
    const hash = createHash('sha256')
    let at = 0
    while (at < size) {
      const count = readSync(file, bytes, at, Math.min(size - at, PIECE_BYTES), at)
      if (count === 0) throw new Error(`it ended after ${at} of ${size} bytes`)
      hash.update(bytes.subarray(at, at + count))
      at += count
    }
    return { bytes, checksum: hash.digest('hex') }
  } catch (error) {
    throw new BenchError(`${path}: cannot be read: ${messageOf(error)}`, { cause: error })
  } finally {
    closeSync(file)
  }
}

/** Anything that the Arrow library stumbles over is a damaged file. */
function decode(bytes: Uint8Array, checksum: string, file: string): TableData {
  verifyArrowFile(bytes, file)
  try {
    const table = tableFromIPC(bytes)
    return extract(table, parseDocument(table, file), bytes.length, checksum, file)
  } catch (error) {
    // A hostile file has line breaks in its names, or names without end.
    const line = messageOf(error).replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    const message = line.length > file.length + 500 ? `${line.slice(0, file.length + 500)}...` : line
    if (error instanceof BenchError) throw new BenchError(message, { cause: error })
    throw new BenchError(`${file}: is a damaged Arrow file (${message}); write it again`, { cause: error })
  }
}

function parseDocument(table: Table, file: string): TableMetadata {
  const text = table.schema.metadata.get(METADATA_KEY)
  if (text === undefined)
    throw new BenchError(
      `${file}: its schema metadata has no key ${show(METADATA_KEY)}, so its columns mean nothing; see docs/tables.md`,
    )
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new BenchError(`${file}: metadata: is not JSON (${messageOf(error)})`, { cause: error })
  }
  return parseTableMetadata(value, file)
}

/** Picks the columns that the metadata describes. */
function extract(table: Table, metadata: TableMetadata, size: number, checksum: string, file: string): TableData {
  const rows = table.numRows
  const { levels } = metadata.resource
  const names = table.schema.fields.map((field) => field.name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new BenchError(`${file}: has two columns ${show(twice)}; keep one`)
  if (rows === 0) throw new BenchError(`${file}: has no rows; a table needs at least one training`)
  if (rows * levels > size)
    throw new BenchError(`${file}: announces ${rows} rows of ${levels} levels, more than ${size} bytes can hold`)
  const place = (name: string): string => `${file}: column ${show(name)}`
  const find = (name: string): Vector | undefined => table.getChild(name) ?? undefined
  const column = (name: string): Vector => {
    const vector = find(name)
    if (vector === undefined) throw new BenchError(`${file}: has no column ${show(name)}${suggestion(name, names)}`)
    return vector
  }

  const hyperparameters: Record<string, HyperparameterColumn> = {}
  for (const name of Object.keys(metadata.space))
    hyperparameters[name] = hyperparameterColumn(column(name), rows, place(name))
  const curves: Record<string, Float32Array | Float64Array> = {}
  const statics: Record<string, Float64Array> = {}
  for (const [name, metric] of Object.entries(metadata.metrics))
    if (metric.kind === 'curve') curves[name] = curve(column(name), rows, levels, place(name))
    else statics[name] = reals(column(name), rows, place(name), true)

  const elapsed = toFloat64(curve(column('elapsed_time'), rows, levels, place('elapsed_time')))
  const given = find('levels')
  const reached = given === undefined ? levelsWithTime(elapsed, rows, levels) : integers(given, rows, place('levels'))
  const startup = find('startup_time')
  const cpu = find('cpu_time')
  const optional = (name: string): Vector | undefined => (describes(metadata, name) ? undefined : find(name))
  const shared = optional('shared')
  const hardware = optional('hardware')
  return {
    metadata,
    checksum,
    rows,
    levels,
    hyperparameters,
    repetition: integers(column('repetition'), rows, place('repetition')),
    reached,
    ended: endCodes(find('ended'), reached, levels, place('ended')),
    elapsed,
    startup: startup === undefined ? sharedFloat64(rows) : reals(startup, rows, place('startup_time'), false),
    cpu: cpu === undefined ? sharedFloat64(rows).fill(Number.NaN) : reals(cpu, rows, place('cpu_time'), true),
    ...(shared !== undefined && { shared: integers(shared, rows, place('shared')) }),
    ...(hardware !== undefined && { hardware: texts(hardware, rows, place('hardware')) }),
    curves,
    statics,
  }
}

function toFloat64(values: Float32Array | Float64Array): Float64Array {
  if (values instanceof Float64Array) return values
  const out = sharedFloat64(values.length)
  out.set(values)
  return out
}

function levelsWithTime(elapsed: Float64Array, rows: number, levels: number): Int32Array {
  const out = sharedInt32(rows)
  for (let row = 0; row < rows; row++) {
    let level = 0
    while (level < levels && !Number.isNaN(elapsed[row * levels + level]!)) level++
    out[row] = level
  }
  return out
}

function endCodes(vector: Vector | undefined, reached: Int32Array, levels: number, place: string): Uint8Array {
  const out = sharedUint8(reached.length)
  if (vector === undefined) {
    const [completed, stopped] = [ENDED.indexOf('completed'), ENDED.indexOf('stopped')]
    for (let row = 0; row < out.length; row++) out[row] = reached[row] === levels ? completed : stopped
    return out
  }
  const { values, dictionary } = texts(vector, reached.length, place)
  const codes = dictionary.map((text) => ENDED.findIndex((end) => end === text))
  for (let row = 0; row < out.length; row++) {
    const code = codes[values[row]!]!
    if (code < 0) throw invalid(`${place}, row ${row}`, dictionary[values[row]!], `must be one of ${ENDED.join(', ')}`)
    out[row] = code
  }
  return out
}
