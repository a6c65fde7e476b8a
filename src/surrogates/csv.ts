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
  let fields: string[] = []
  let field = ''
  let state = START
  let line = 1
  let firstLine = 1
  let afterReturn = false
  const fault = (what: string): BenchError => new BenchError(`${file}, line ${line}: ${what}`)
  let piece = pieces.next()
  for (; piece.done !== true; piece = pieces.next()) {
    const text = piece.value
    let from = 0
    for (let at = 0; at < text.length; at++) {
      const char = text.charCodeAt(at)
      if (afterReturn) {
        afterReturn = false
        if (char === 10) {
          from = at + 1
          continue
        }
      }
      if (state === QUOTED) {
        if (char === 34) {
          field += text.slice(from, at)
          state = QUOTE_IN_QUOTED
        } else if (char === 10) line++
        continue
      }
      switch (char) {
        case 34:
          if (state === PLAIN) throw fault('has a quote inside a field; quote the whole field and double the quote')
          if (state === QUOTE_IN_QUOTED) field += '"'
          state = QUOTED
          from = at + 1
          break
        case 44:
          if (state === PLAIN) field += text.slice(from, at)
          fields.push(field)
          field = ''
          state = START
          from = at + 1
          break
        case 10:
        case 13:
          if (state === PLAIN) field += text.slice(from, at)
          if (fields.length > 0 || state !== START) yield { line: firstLine, fields: [...fields, field] }
          fields = []
          field = ''
          state = START
          firstLine = ++line
          afterReturn = char === 13
          from = at + 1
          break
        default:
          if (state === QUOTE_IN_QUOTED) throw fault('has text after a closing quote; double quotes inside a field')
          if (state === START) {
            state = PLAIN
            from = at
          }
      }
    }
    if (state === PLAIN || state === QUOTED) field += text.slice(from)
  }
  if (state === QUOTED) throw new BenchError(`${file}, line ${firstLine}: has a quote that is never closed`)
  if (fields.length > 0 || state !== START) yield { line: firstLine, fields: [...fields, field] }
  return piece.value
}
