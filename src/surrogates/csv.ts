/** Comma-separated values as RFC 4180 has them, read piece by piece. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { BenchError, messageOf } from '../core/errors.js'

const PIECE_BYTES = 1 << 20

/** One record and the line of the file, from 1, where it begins. */
export interface CsvRecord {
  readonly line: number
  readonly fields: readonly string[]
}

/**
 * The text of a UTF-8 file, piece by piece and without a byte order mark.
 *
 * @returns when all was read, the sha256 of the bytes, hexadecimal
 * @throws BenchError if the file cannot be read or is not UTF-8
 */
export function* readPieces(path: string): Generator<string, string> {
  const hash = createHash('sha256')
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const bytes = new Uint8Array(PIECE_BYTES)
    for (;;) {
      const count = readSync(file, bytes)
      if (count === 0) break
      hash.update(bytes.subarray(0, count))
      yield decoder.decode(bytes.subarray(0, count), { stream: true })
    }
    yield decoder.decode()
  } catch (error) {
    if (error instanceof BenchError) throw error
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new BenchError(`${path}: is not UTF-8 text; save it as UTF-8`, { cause: error })
    throw new BenchError(`${path}: cannot be read: ${messageOf(error)}`, { cause: error })
  } finally {
    if (file !== undefined) closeSync(file)
  }
  return hash.digest('hex')
}

/** Where the splitter stands. */
const START = 0
const PLAIN = 1
const QUOTED = 2
const QUOTE_IN_QUOTED = 3

/**
 * Splits text into records: fields between commas, quoted where they hold commas, quotes (doubled) or line breaks; lines
 * end in LF, CRLF or CR. Empty lines are left out.
 *
 * @param file what messages begin with
 * @returns what `pieces` returns
 * @throws BenchError with the line of a misplaced or missing quote
 */
export function* splitCsv<R>(pieces: Generator<string, R>, file: string): Generator<CsvRecord, R> {
  const splitter = new CsvSplitter(file)
  let piece = pieces.next()
  for (; piece.done !== true; piece = pieces.next()) yield* splitter.push(piece.value)
  yield* splitter.end()
  return piece.value
}

/** {@link splitCsv} for text that arrives by and by. */
export class CsvSplitter {
  readonly #file: string
  #fields: string[] = []
  #field = ''
  #state = START
  #line = 1
  #firstLine = 1
  #afterReturn = false

  constructor(file: string) {
    this.#file = file
  }

  /** The records that end in this piece of text. @throws BenchError */
  *push(text: string): Generator<CsvRecord, void> {
    let from = 0
    for (let at = 0; at < text.length; at++) {
      const char = text.charCodeAt(at)
      if (this.#afterReturn) {
        this.#afterReturn = false
        if (char === 10) {
          from = at + 1
          continue
        }
      }
      if (this.#state === QUOTED) {
        if (char === 34) {
          this.#field += text.slice(from, at)
          this.#state = QUOTE_IN_QUOTED
        } else if (char === 10) this.#line++
        continue
      }
      switch (char) {
        case 34:
          if (this.#state === PLAIN)
            throw this.#fault('has a quote inside a field; quote the whole field and double the quote')
          if (this.#state === QUOTE_IN_QUOTED) this.#field += '"'
          this.#state = QUOTED
          from = at + 1
          break
        case 44:
          if (this.#state === PLAIN) this.#field += text.slice(from, at)
          this.#fields.push(this.#field)
          this.#field = ''
          this.#state = START
          from = at + 1
          break
        case 10:
        case 13: {
          if (this.#state === PLAIN) this.#field += text.slice(from, at)
          const record = this.#record()
          if (record !== undefined) yield record
          this.#firstLine = ++this.#line
          this.#afterReturn = char === 13
          from = at + 1
          break
        }
        default:
          if (this.#state === QUOTE_IN_QUOTED)
            throw this.#fault('has text after a closing quote; double quotes inside a field')
          if (this.#state === START) {
            this.#state = PLAIN
            from = at
          }
      }
    }
    if (this.#state === PLAIN || this.#state === QUOTED) this.#field += text.slice(from)
  }

  /** The last record, where no line end follows it. @throws BenchError for a quote that is never closed */
  *end(): Generator<CsvRecord, void> {
    if (this.#state === QUOTED)
      throw new BenchError(`${this.#file}, line ${this.#firstLine}: has a quote that is never closed`)
    const record = this.#record()
    if (record !== undefined) yield record
  }

  #record(): CsvRecord | undefined {
    const whole = this.#fields.length > 0 || this.#state !== START
    const record = whole ? { line: this.#firstLine, fields: [...this.#fields, this.#field] } : undefined
    this.#fields = []
    this.#field = ''
    this.#state = START
    return record
  }

  #fault(what: string): BenchError {
    return new BenchError(`${this.#file}, line ${this.#line}: ${what}`)
  }
}
