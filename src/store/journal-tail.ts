/** Follows a journal that another process writes: reads what was appended, and nothing twice. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { BenchError, messageOf } from '../core/errors.js'
import { type JournalLine, parseLine } from './journal.js'

/** Bytes read at a time; a longer line is read in one piece. */
const CHUNK = 1 << 20

/** What was new. */
export interface TailRead {
  readonly lines: readonly JournalLine[]
  /** Whether there may be more: read again. */
  readonly more: boolean
  /** The file became shorter than what was read of it: it is another one now, and these lines are its first. */
  readonly anew: boolean
  /** When the file was last written to, in milliseconds since 1970; NaN while there is none. */
  readonly writtenAt: number
}

export class JournalTail {
  readonly #path: string
  readonly #chunk: number
  /** Bytes of the complete lines that were read. An incomplete one is read again, as it may be taken back. */
  #read = 0
  #lines = 0
  /** The file when it was read to its end: bytes, and when they were written. */
  #seen = ''

  constructor(path: string, chunk = CHUNK) {
    this.#path = path
    this.#chunk = chunk
  }

  /**
   * The complete lines of the next piece. A last line that is not complete is waited for.
   *
   * @throws BenchError if the file cannot be read, or a complete line is broken
   */
  read(): TailRead {
    let file: number
    try {
      file = openSync(this.#path, 'r')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT')
        return { lines: [], more: false, anew: false, writtenAt: Number.NaN }
      throw new BenchError(`journal ${this.#path} cannot be read: ${messageOf(error)}`, { cause: error })
    }
    try {
      const { size, mtimeMs } = fstatSync(file)
      const anew = size < this.#read
      if (anew) {
        this.#read = 0
        this.#lines = 0
        this.#seen = ''
      }
      const now = `${size} ${mtimeMs}`
      if (now === this.#seen) return { lines: [], more: false, anew, writtenAt: mtimeMs }
      const { lines, whole } = this.#next(file, size)
      if (whole) this.#seen = now
      return { lines, more: !whole, anew, writtenAt: mtimeMs }
    } finally {
      closeSync(file)
    }
  }

  #next(file: number, size: number): { readonly lines: JournalLine[]; readonly whole: boolean } {
    for (let length = this.#chunk; ; length *= 2) {
      const bytes = Buffer.allocUnsafe(Math.min(length, size - this.#read))
      let filled = 0
      while (filled < bytes.length) {
        const count = readSync(file, bytes, filled, bytes.length - filled, this.#read + filled)
        if (count === 0) break
        filled += count
      }
      const end = bytes.subarray(0, filled).lastIndexOf(0x0a) + 1
      const whole = filled < bytes.length || this.#read + filled >= size
      if (end === 0 && !whole) continue
      const lines: JournalLine[] = []
      for (let start = 0; start < end;) {
        const stop = bytes.indexOf(0x0a, start)
        lines.push(parseLine(this.#path, ++this.#lines, bytes.toString('utf8', start, stop)))
        start = stop + 1
      }
      this.#read += end
      return { lines, whole }
    }
  }
}
