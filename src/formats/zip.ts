/** The one file in a zip archive: where its bytes lie. Archives of several files, over 4 GiB or encrypted are refused. */
import { fstatSync, readSync } from 'node:fs'
import { BenchError } from '../core/errors.js'

/** Where an entry's bytes lie in the archive. */
export interface ZipEntry {
  readonly name: string
  readonly start: number
  readonly compressedSize: number
  /** Not compressed. */
  readonly stored: boolean
}

const END_BYTES = 22
const MOST_COMMENT = 0xffff

/**
 * @param file an open archive
 * @param path what messages begin with
 * @throws BenchError unless it holds exactly one file, plain or deflated
 * @see PKWARE, APPNOTE.TXT - .ZIP File Format Specification, 4.3
 */
export function findZipEntry(file: number, path: string): ZipEntry {
  const { size } = fstatSync(file)
  const tail = read(file, Math.max(0, size - END_BYTES - MOST_COMMENT), size)
  let end = tail.length - END_BYTES
  while (end >= 0 && tail.readUInt32LE(end) !== 0x06054b50) end--
  if (end < 0) throw new BenchError(`${path}: is a damaged zip archive; its directory is missing`)
  const directoryAt = tail.readUInt32LE(end + 16)
  const directory = read(file, directoryAt, Math.min(size, directoryAt + tail.readUInt32LE(end + 12)))
  const entries: Buffer[] = []
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02014b50;) {
    const next =
      at + 46 + directory.readUInt16LE(at + 28) + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
    const entry = directory.subarray(at, next)
    if (entry[46 + entry.readUInt16LE(28) - 1] !== 0x2f) entries.push(entry)
    at = next
  }
  const [entry] = entries
  if (entry === undefined || entries.length > 1)
    throw new BenchError(`${path}: is a zip archive of ${entries.length} files; give one with exactly one file in it`)
  const name = entry.subarray(46, 46 + entry.readUInt16LE(28)).toString('utf8')
  const [flags, method, compressedSize] = [entry.readUInt16LE(8), entry.readUInt16LE(10), entry.readUInt32LE(20)]
  const at = entry.readUInt32LE(42)
  if ((flags & 1) !== 0 || (method !== 0 && method !== 8) || compressedSize === 0xffffffff || at === 0xffffffff)
    throw new BenchError(
      `${path}: ${JSON.stringify(name)} is encrypted, larger than 4 GiB or packed otherwise than deflated; unpack it first`,
    )
  const local = read(file, at, Math.min(size, at + 30))
  if (local.length < 30 || local.readUInt32LE(0) !== 0x04034b50)
    throw new BenchError(`${path}: is a damaged zip archive; unpack it with another program`)
  const start = at + 30 + local.readUInt16LE(26) + local.readUInt16LE(28)
  return { name, start, compressedSize, stored: method === 0 }
}

function read(file: number, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, to - from))
  return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from))
}
