/**
 * A journal: JSON lines, the first one a header, only ever appended to. Every line is on disk before the call that wrote
 * it returns, so a crash at any byte loses at most the line that was being written.
 */
import { closeSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { BenchError, messageOf } from '../core/errors.js'
import { lockJournal } from './journal-lock.js'

/** A line of a journal. */
export type JournalLine = Readonly<Record<string, unknown>>

/** What a journal holds. */
export interface Journal {
  /** The first line; undefined if the file ends before it does. */
  readonly header: JournalLine | undefined
  readonly entries: readonly JournalLine[]
  /** Whether the file ends in an incomplete line, which is not among the entries. */
  readonly torn: boolean
  /** Bytes of the complete lines. */
  readonly size: number
}

/**
 * Reads a journal that may have been cut off anywhere.
 *
 * @throws BenchError if the file cannot be read or a complete line of it is broken (with its number)
 */
export function readJournal(path: string): Journal {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new BenchError(`journal ${path} cannot be read: ${messageOf(error)}`, { cause: error })
  }
  const lines: JournalLine[] = []
  let start = 0
  for (;;) {
    const end = bytes.indexOf(0x0a, start)
    if (end < 0) break
    lines.push(parseLine(path, lines.length + 1, bytes.toString('utf8', start, end)))
    start = end + 1
  }
  return { header: lines[0], entries: lines.slice(1), torn: start < bytes.length, size: start }
}

/** A complete line. @throws BenchError with its number */
export function parseLine(path: string, number: number, text: string): JournalLine {
  let line: unknown
  try {
    line = JSON.parse(text)
  } catch {
    line = undefined
  }
  if (typeof line === 'object' && line !== null && !Array.isArray(line)) return line as JournalLine
  throw new BenchError(`journal ${path} is damaged: line ${number} is not a JSON object; restore it or start a new one`)
}

/** How a journal is opened. */
export interface JournalOptions {
  /** What to tell the user after a failed write. Default: run the same command again to go on. */
  readonly resumeHint?: string
}

/**
 * The one writer of a journal. While it is open, `<path>.lock` keeps other writers away.
 *
 * @example
 * const { writer, journal } = JournalWriter.open('run.jsonl', { version: 1 })
 * writer.append({ event: 'start', trial: 0 })
 * writer.close()
 */
export class JournalWriter {
  readonly #path: string
  readonly #hint: string
  readonly #unlock: () => void
  #file: number | undefined
  #size: number
  #lines: number
  /** Why it could not be written: every later attempt says so again, since callers may show the last error only. */
  #failure: BenchError | undefined

  private constructor(path: string, options: JournalOptions, unlock: () => void, before: Journal | undefined) {
    this.#path = path
    this.#hint = options.resumeHint ?? 'run the same command again to go on from there'
    this.#unlock = unlock
    this.#size = before?.size ?? 0
    this.#lines = before?.entries.length ?? 0
    this.#file = openSync(path, before === undefined ? 'wx' : 'r+')
    if (before?.torn) ftruncateSync(this.#file, this.#size)
  }

  /**
   * Opens a journal to append to it: a new one begins with `header`, an existing one keeps its own and loses an
   * incomplete last line.
   *
   * @param header the first line of a new journal
   * @param accept told what an existing journal holds before anything is changed; throws to refuse it
   * @throws BenchError if another process writes it, or it is damaged
   */
  static open(
    path: string,
    header: JournalLine,
    options: JournalOptions & { readonly accept?: (journal: Journal) => void } = {},
  ): { readonly writer: JournalWriter; readonly journal: Journal } {
    const unlock = lockJournal(path)
    try {
      const before = exists(path) ? readJournal(path) : undefined
      if (before?.header !== undefined) options.accept?.(before)
      const writer = new JournalWriter(path, options, unlock, before)
      if (before?.header === undefined) {
        writer.append(header)
        writer.#lines = 0
        syncDirectory(path)
      }
      return { writer, journal: before?.header === undefined ? { ...EMPTY, header } : before }
    } catch (error) {
      unlock()
      if (error instanceof BenchError) throw error
      throw new BenchError(`journal ${path} cannot be opened: ${messageOf(error)}`, { cause: error })
    }
  }

  /** Appends one line; it is on disk when this returns. @throws BenchError if it cannot be written */
  append(line: JournalLine): void {
    this.appendAll([line])
  }

  /** Appends lines, all flushed at once. @throws BenchError if they cannot be written; none of them is kept then */
  appendAll(lines: readonly JournalLine[]): void {
    if (this.#file === undefined) throw this.#failure ?? new BenchError(`journal ${this.#path} is closed`)
    const bytes = Buffer.from(lines.map((line) => `${journalText(line)}\n`).join(''))
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at, bytes.length - at, this.#size + at)
      fdatasyncSync(this.#file)
    } catch (error) {
      this.#abandon(error)
    }
    this.#size += bytes.length
    this.#lines += lines.length
  }

  /** Ends writing and lets others in. Safe to call twice. */
  close(): void {
    if (this.#file === undefined) return
    const file = this.#file
    this.#file = undefined
    closeSync(file)
    this.#unlock()
  }

  #abandon(error: unknown): never {
    try {
      ftruncateSync(this.#file!, this.#size)
    } catch {
      // The incomplete line is dropped when the journal is read.
    }
    try {
      this.close()
    } catch {
      // nothing more to save
    }
    this.#failure = new BenchError(
      `journal ${this.#path} cannot be written (${messageOf(error)}); its first ${this.#lines} entries are saved: ` +
        `make room, then ${this.#hint}`,
      { exitCode: 1, cause: error },
    )
    throw this.#failure
  }
}

const EMPTY = { entries: [], torn: false, size: 0 } as const

function exists(path: string): boolean {
  try {
    closeSync(openSync(path, 'r'))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** Makes the name of a new file durable, where the system allows it. */
function syncDirectory(path: string): void {
  try {
    const directory = openSync(dirname(path), 'r')
    fdatasyncSync(directory)
    closeSync(directory)
  } catch {
    // not every file system can
  }
}

/** A line as JSON in which numbers keep their full precision; see {@link journalNumber}. */
export function journalText(line: JournalLine): string {
  return JSON.stringify(line, (_key, value: unknown) => (typeof value === 'number' ? journalNumber(value) : value))
}

/** A number as it stands in a journal: itself, or for what JSON has no number for, its name as text. */
export function journalNumber(value: number): number | string {
  return Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value)
}

/** A number back from a journal. @throws BenchError if it is none */
export function numberFromJournal(value: unknown): number {
  if (typeof value === 'number') return value
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity' || value === '-0') return Number(value)
  throw new BenchError(`a number was expected in the journal, got ${JSON.stringify(value)}`)
}
