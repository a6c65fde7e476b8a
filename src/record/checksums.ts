/** What was run on what, as numbers that can be compared: checksums of programs, data and plans. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, readdirSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { BenchError, messageOf } from '../core/errors.js'

/** sha256 of a text, hexadecimal. */
export function sha256Text(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** sha256 of a file's bytes, hexadecimal; read in pieces. @throws BenchError if it cannot be read */
export function sha256File(path: string): string {
  const hash = createHash('sha256')
  const piece = Buffer.allocUnsafe(1 << 20)
  try {
    const file = openSync(path, 'r')
    try {
      for (let n = readSync(file, piece); n > 0; n = readSync(file, piece)) hash.update(piece.subarray(0, n))
    } finally {
      closeSync(file)
    }
  } catch (error) {
    throw new BenchError(`${path} cannot be read: ${messageOf(error)}`, { cause: error })
  }
  return hash.digest('hex')
}

/** The same text for the same data, whatever the order of keys. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

/** What does not change what a program does. */
const IRRELEVANT = /^(?:node_modules|__pycache__|\..*|.*\.(?:map|pyc|d\.ts))$/

/** What a recording into the folder of its program leaves there: the journal, its lock, the logs, and the table beside them. */
function isRecorded(name: string, names: readonly string[]): boolean {
  return (
    /\.arrow\.(?:journal\.jsonl(?:\.lock)?|logs)$/.test(name) ||
    (name.endsWith('.arrow') && names.includes(`${name}.journal.jsonl`))
  )
}

/**
 * One checksum for files and the contents of folders, names included: sha256 over one line `<path> <sha256>` per file,
 * sorted by path. Source maps, declarations, caches, hidden files and what a recording into a folder left there do not count.
 *
 * @param directory where the paths start from
 * @throws BenchError if one is missing
 */
export function checksumOf(directory: string, paths: readonly string[]): string {
  const lines = Object.entries(checksumsBelow(directory, paths)).map(([path, sum]) => `${path} ${sum}\n`)
  return sha256Text(lines.sort().join(''))
}

/** sha256 of each file that {@link checksumOf} counts, by its path below `directory`. @throws BenchError if one is missing */
export function checksumsBelow(directory: string, paths: readonly string[]): Record<string, string> {
  const files = new Set(paths.flatMap((path) => listFiles(join(directory, path))))
  return Object.fromEntries(
    Array.from(files, (file) => [relative(directory, file).split(sep).join('/'), sha256File(file)]),
  )
}

function listFiles(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path]
    return readdirSync(path)
      .filter((name, _, names) => !IRRELEVANT.test(name) && !isRecorded(name, names))
      .flatMap((name) => listFiles(join(path, name)))
  } catch (error) {
    if (error instanceof BenchError) throw error
    throw new BenchError(`${path} cannot be read: ${messageOf(error)}`, { cause: error })
  }
}

/** sha256 of each file, by its path below `directory`. @throws BenchError if one is missing */
export function checksumEach(directory: string, files: readonly string[]): Record<string, string> {
  return Object.fromEntries(files.map((file) => [file, sha256File(join(directory, file))]))
}
