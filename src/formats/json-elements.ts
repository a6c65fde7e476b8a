/**
 * Large JSON files element by element. Files of learning curves reach a gigabyte, more than a text can be in
 * Node; but each training is small. So the brackets of the outermost levels are followed byte by byte, and what lies
 * within is handed on as text, which `JSON.parse` reads many times faster than any parser that is fed piece by piece.
 */
import { BenchError, messageOf, show } from '../core/errors.js'

/** An element of the outermost levels. */
export interface JsonElement {
  /** The keys (of lists: positions) that lead to it. */
  readonly path: readonly (string | number)[]
  readonly text: string
}

interface Container {
  readonly list: boolean
  /** Of an object the key whose value is read, of a list the position. */
  key: string | number
  /** Of an object: whether the key was read and its value comes next. */
  hasKey: boolean
}

const [QUOTE, COMMA, COLON, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x5c]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * The elements of a JSON document at one depth: at 1 those of the outermost list or object, at 2 theirs, and so on.
 *
 * @param wanted which elements' text is needed; others are passed over
 * @throws BenchError if the document ends early or has no list or object where one is due
 */
export async function* jsonElements(
  pieces: AsyncIterable<Uint8Array>,
  depth: number,
  file: string,
  wanted: (path: readonly (string | number)[]) => boolean = () => true,
): AsyncGenerator<JsonElement, void> {
  const around: Container[] = []
  let offset = 0
  /** How many brackets are open within the element; -1 outside of one. */
  let inside = -1
  /** Whether the element's own bracket is closed, after which nothing of it may follow. */
  let closed = false
  let keep = false
  let parts: Uint8Array[] = []
  let quoted = false
  let escaped = false
  let keyParts: Uint8Array[] | undefined
  let ended = false
  const path = (): (string | number)[] => around.map(({ key }) => key)
  const fault = (at: number, what: string): BenchError =>
    new BenchError(`${file}: is not JSON as it should be: ${what} at byte ${offset + at}`)
  for await (const bytes of pieces) {
    let from = 0
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!
      if (quoted) {
        if (escaped) escaped = false
        else if (byte === BACKSLASH) escaped = true
        else if (byte === QUOTE) {
          quoted = false
          if (keyParts !== undefined && inside < 0) {
            keyParts.push(bytes.slice(from, at + 1))
            const within = around.at(-1)!
            within.key = parse(
              Buffer.concat(keyParts).toString('utf8'),
              `${file}: a key at byte ${offset + at}`,
            ) as string
            keyParts = undefined
          }
        }
        continue
      }
      if (byte <= 0x20) continue
      if (inside >= 0) {
        if (closed && byte !== COMMA && byte !== CLOSE_LIST && byte !== CLOSE_OBJECT)
          throw fault(at, 'something follows a value')
        if (byte === QUOTE) quoted = true
        else if (byte === OPEN_LIST || byte === OPEN_OBJECT) inside++
        else if (inside > 0) {
          if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) closed = --inside === 0
        } else if (byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
          if (keep) {
            parts.push(bytes.slice(from, at))
            yield { path: path(), text: Buffer.concat(parts).toString('utf8') }
          }
          parts = []
          inside = -1
          closed = false
        }
        if (inside >= 0) continue
      }
      const within = around.at(-1)
      if (within === undefined && (ended || (byte !== OPEN_LIST && byte !== OPEN_OBJECT)))
        throw fault(at, ended ? 'something follows the end' : 'neither a list nor an object begins')
      if (within !== undefined && (byte === CLOSE_LIST || byte === CLOSE_OBJECT)) {
        if ((byte === CLOSE_LIST) !== within.list) throw fault(at, 'a bracket closes what another kind opened')
        around.pop()
        ended = around.length === 0
      } else if (within !== undefined && byte === COMMA) {
        if (within.list) within.key = (within.key as number) + 1
        else within.hasKey = false
      } else if (within !== undefined && !within.list && !within.hasKey) {
        if (byte === QUOTE) {
          ;[quoted, keyParts, from] = [true, [], at]
        } else if (byte === COLON) within.hasKey = true
        else throw fault(at, 'a key is missing')
      } else if (around.length === depth) {
        // An element begins.
        inside = byte === OPEN_LIST || byte === OPEN_OBJECT ? 1 : 0
        quoted = byte === QUOTE
        keep = wanted(path())
        from = at
      } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
        around.push({ list: byte === OPEN_LIST, key: byte === OPEN_LIST ? 0 : '', hasKey: false })
      } else throw fault(at, `neither a list nor an object begins (${show(path())})`)
    }
    if (inside >= 0 && keep) parts.push(bytes.slice(from))
    else if (keyParts !== undefined) keyParts.push(bytes.slice(from))
    offset += bytes.length
  }
  if (!ended) throw new BenchError(`${file}: ends early; the file is cut off: fetch or copy it again`)
}

const NOT_JSON = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity|inf|nan)\b/gu

/** Parses JSON in which numbers may also be NaN, Infinity and -Infinity, as Python writes them; they become null. @throws BenchError */
export function parse(text: string, place: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    try {
      return JSON.parse(text.replaceAll(NOT_JSON, (token) => (token.startsWith('"') ? token : 'null')))
    } catch (error) {
      throw new BenchError(`${place}: is not JSON: ${messageOf(error).replaceAll(/\s+/gu, ' ')}`, { cause: error })
    }
  }
}

/** A list of numbers as a curve; null and what is not finite are NaN. @throws BenchError */
export function curveOf(value: unknown, place: string): Float64Array {
  if (!Array.isArray(value)) throw new BenchError(`${place}: must be a list of numbers, got ${show(value)}`)
  return Float64Array.from(value as unknown[], (entry, i) => {
    if (typeof entry === 'number' || entry === null) return Number.isFinite(entry) ? (entry as number) : Number.NaN
    throw new BenchError(`${place}: must be a list of numbers, got ${show(entry)} at position ${i}`)
  })
}
