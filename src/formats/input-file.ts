/** Files of others as bytes, piece by piece: as they are, gzipped (.gz) or the one entry of a zip archive. */
import { createHash } from 'node:crypto'
import { closeSync, createReadStream, openSync, readSync } from 'node:fs'
import { createGunzip, createInflateRaw } from 'node:zlib'
import { BenchError, messageOf } from '../core/errors.js'
import { findZipEntry } from './zip.js'

/** By the code of an error. */
const FAULTS: Readonly<Record<string, string>> = {
  EISDIR: 'is a folder; name a file',
  ENOENT: 'is not there; name a file that is',
  EACCES: 'may not be read by you; change its permissions',
  Z_BUF_ERROR: 'ends in the middle of what is compressed; fetch or copy it again',
  Z_DATA_ERROR: 'is damaged where it is compressed; fetch or copy it again',
}

/** The sha256 of a file's bytes, hexadecimal. @throws BenchError if it cannot be read */
export async function checksumOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of readBytes(path, (file) => createReadStream(file))) hash.update(piece)
  return hash.digest('hex')
}

/**
 * The bytes of a file; of a gzipped file, and of a zip archive with one file in it, what was compressed.
 *
 * @throws BenchError if it cannot be read or is damaged
 */
export function readUnpacked(path: string): AsyncGenerator<Uint8Array, void> {
  return readBytes(path, unpacked)
}

/** {@link readUnpacked} as UTF-8 text, without a byte order mark. @throws BenchError if it is not UTF-8 */
export async function* readText(path: string): AsyncGenerator<string, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true })
    } catch (error) {
      throw new BenchError(`${path}: is not UTF-8 text; save it as UTF-8`, { cause: error })
    }
  }
  for await (const bytes of readUnpacked(path)) yield decode(bytes)
  yield decode()
}

/** The whole of a small file as text. @throws BenchError */
export async function readAllText(path: string): Promise<string> {
  let text = ''
  for await (const piece of readText(path)) text += piece
  return text
}

async function* readBytes(
  path: string,
  open: (path: string) => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* open(path)
  } catch (error) {
    if (error instanceof BenchError) throw error
    throw unreadable(path, error)
  }
}

/** What is wrong with a file that cannot be read, and what helps. */
export function unreadable(path: string, error: unknown): BenchError {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  const what =
    (code === undefined ? undefined : FAULTS[code]) ?? `cannot be read: ${messageOf(error).replaceAll(/\s+/gu, ' ')}`
  return new BenchError(`${path}: ${what}`, { cause: error })
}

function unpacked(path: string): AsyncIterable<Uint8Array> {
  const magic = new Uint8Array(4)
  const file = openSync(path, 'r')
  try {
    readSync(file, magic)
    if (magic[0] === 0x1f && magic[1] === 0x8b) return piped(path, createGunzip())
    if (magic[0] !== 0x50 || magic[1] !== 0x4b) return createReadStream(path)
    const entry = findZipEntry(file, path)
    const bytes = createReadStream(path, { start: entry.start, end: entry.start + entry.compressedSize - 1 })
    return entry.stored ? bytes : piped(bytes, createInflateRaw())
  } finally {
    closeSync(file)
  }
}

/** A stream through a decompressor; a fault of either one ends it. */
function piped(
  from: string | ReturnType<typeof createReadStream>,
  through: ReturnType<typeof createGunzip>,
): AsyncIterable<Uint8Array> {
  const stream = typeof from === 'string' ? createReadStream(from) : from
  stream.once('error', (error) => through.destroy(error))
  through.once('close', () => stream.destroy())
  return stream.pipe(through)
}
