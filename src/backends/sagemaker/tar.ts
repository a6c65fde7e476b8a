/** A tar archive of which the bytes depend on names and contents alone. Format: POSIX.1-1988 (ustar). */
import { invalid } from '../../core/errors.js'

export interface TarFile {
  /** Relative, with slashes. */
  readonly path: string
  readonly content: Uint8Array
  readonly executable: boolean
}

const BLOCK = 512

/** Files in the given order; no owner, and all times 0. @throws BenchError for a path that does not fit the format */
export function tarArchive(files: readonly TarFile[]): Buffer {
  const parts: Buffer[] = []
  for (const { path, content, executable } of files) {
    parts.push(header(path, content.byteLength, executable))
    parts.push(Buffer.from(content.buffer, content.byteOffset, content.byteLength))
    parts.push(Buffer.alloc((BLOCK - (content.byteLength % BLOCK)) % BLOCK))
  }
  parts.push(Buffer.alloc(2 * BLOCK))
  return Buffer.concat(parts)
}

function header(path: string, size: number, executable: boolean): Buffer {
  const block = Buffer.alloc(BLOCK)
  const [prefix, name] = split(path)
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`
  block.write(name, 0, 'utf8')
  block.write(octal(executable ? 0o755 : 0o644, 7), 100)
  block.write(octal(0, 7), 108)
  block.write(octal(0, 7), 116)
  block.write(octal(size, 11), 124)
  block.write(octal(0, 11), 136)
  block.write(' '.repeat(8), 148)
  block.write('0', 156)
  block.write('ustar\u000000', 257)
  block.write(prefix, 345, 'utf8')
  let sum = 0
  for (const byte of block) sum += byte
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

/** A long path is cut at a slash: up to 155 bytes before it, up to 100 after. */
function split(path: string): readonly [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= 100) return ['', path]
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)]
    if (Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(name) <= 100) return [prefix, name]
  }
  throw invalid('source', path, 'has a path that is too long for an archive', 'shorten the names of its folders')
}
