/** Arrays in NumPy's .npy format, read slice by slice and written piece by piece. Little-endian numbers in C order only. */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { BenchError, invalid, messageOf } from '../core/errors.js'

/** Number types by their name in the header. */
const TYPES = {
  '<f4': Float32Array,
  '<f8': Float64Array,
  '<i4': Int32Array,
  '<i8': BigInt64Array,
  '<u4': Uint32Array,
  '|u1': Uint8Array,
} as const
type TypeName = keyof typeof TYPES

/** Bytes read or written at a time. */
const PIECE_BYTES = 2 ** 24

/** An open array. */
export interface NpyFile {
  readonly shape: readonly number[]
  readonly type: TypeName
  /** `count` numbers from position `from` on, in C order: single precision stays so, anything else is double. */
  read(from: number, count: number): Float32Array | Float64Array
  close(): void
}

/**
 * @throws BenchError if it cannot be read, is no array of numbers or holds fewer than its header says
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function openNpy(path: string): NpyFile {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    throw new BenchError(`${path}: cannot be read: ${messageOf(error)}`, { cause: error })
  }
  try {
    const { header, dataAt } = readHeader(file, path)
    const type = /'descr':\s*'([^']*)'/u.exec(header)?.[1] as TypeName
    const shape = /'shape':\s*\(([^)]*)\)/u.exec(header)?.[1]
    if (!Object.hasOwn(TYPES, type))
      throw invalid(`${path}: number type`, type, `must be one of ${Object.keys(TYPES).join(', ')}`)
    if (shape === undefined || !/'fortran_order':\s*False/u.test(header))
      throw new BenchError(`${path}: is in Fortran order; save numpy.ascontiguousarray(array)`)
    const sizes = shape
      .split(',')
      .filter((size) => size.trim() !== '')
      .map(Number)
    const width = TYPES[type].BYTES_PER_ELEMENT
    const numbers = sizes.reduce((product, size) => product * size, 1)
    if (!Number.isSafeInteger(numbers) || fstatSync(file).size < dataAt + numbers * width)
      throw new BenchError(`${path}: holds fewer than the ${numbers} numbers announced; the file is cut off`)
    return {
      shape: sizes,
      type,
      read: (from, count) => readNumbers(file, path, type, dataAt + from * width, count),
      close: () => closeSync(file),
    }
  } catch (error) {
    closeSync(file)
    throw error
  }
}

function readHeader(file: number, path: string): { readonly header: string; readonly dataAt: number } {
  const start = Buffer.alloc(12)
  const count = readSync(file, start, 0, 12, 0)
  if (count < 12 || start.subarray(0, 6).toString('latin1') !== '\u{93}NUMPY')
    throw new BenchError(`${path}: is no NumPy array; save it with numpy.save`)
  const wide = start[6]! >= 2
  const length = wide ? start.readUInt32LE(8) : start.readUInt16LE(8)
  const from = wide ? 12 : 10
  const header = Buffer.alloc(Math.min(length, 2 ** 16))
  readSync(file, header, 0, header.length, from)
  return { header: header.toString('latin1'), dataAt: from + length }
}

function readNumbers(
  file: number,
  path: string,
  type: TypeName,
  at: number,
  count: number,
): Float32Array | Float64Array {
  const values = new TYPES[type](count)
  const bytes = new Uint8Array(values.buffer)
  for (let done = 0; done < bytes.length;) {
    const got = readSync(file, bytes, done, Math.min(PIECE_BYTES, bytes.length - done), at + done)
    if (got === 0) throw new BenchError(`${path}: ends early; the file is cut off`)
    done += got
  }
  if (values instanceof Float32Array || values instanceof Float64Array) return values
  return Float64Array.from(values as ArrayLike<number | bigint>, Number)
}

/**
 * Writes an array.
 *
 * @param pieces the numbers in C order, as many as the shape holds
 * @throws BenchError if it cannot be written
 */
export function writeNpy(
  path: string,
  type: '<f4' | '<f8' | '<i8',
  shape: readonly number[],
  pieces: Iterable<Float32Array | Float64Array | BigInt64Array>,
): void {
  const sizes = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': ${sizes}, }`
  // The numbers begin at a multiple of 64 bytes.
  const padded = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`
  const start = Buffer.from(`\u{93}NUMPY\u{1}\u{0}\u{0}\u{0}${padded}`, 'latin1')
  start.writeUInt16LE(padded.length, 8)
  try {
    const file = openSync(path, 'w')
    try {
      writeAll(file, start)
      for (const { buffer, byteOffset, byteLength } of pieces)
        writeAll(file, new Uint8Array(buffer, byteOffset, byteLength))
    } finally {
      closeSync(file)
    }
  } catch (error) {
    throw new BenchError(`${path}: cannot be written: ${messageOf(error)}`, { cause: error })
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, Math.min(PIECE_BYTES, bytes.length - at))
}
