/**
 * Reads what a training program prints: bytes in, reports out. It keeps no more than one line in memory and never
 * throws on what a program may print.
 */
import { nonFiniteJson, objectEnd } from './report-json.js'

/** What stands before a report on its line. */
export const REPORT_TAG = '[tune-metric]:'
/** What stands before the line that says what data a program used. */
export const DATA_TAG = '[data]:'
/** Longer lines are cut here (bytes). */
export const LONGEST_LINE = 50_000

/** One parsed JSON object of a program's output. */
export type Report = Readonly<Record<string, unknown>>

/** Who is told what was read. */
export interface ReportSink {
  report(report: Report): void
  /** The program described the data it uses. */
  data?(description: Report): void
}

/** So many broken objects on one line are enough: each costs a look at the whole line. */
const TRIES = 8
const NEWLINE = 0x0a
const RETURN = 0x0d
const TAGS = [Buffer.from(REPORT_TAG), Buffer.from(DATA_TAG)] as const

/**
 * An incremental parser for one program's standard output. A report is `[tune-metric]: {...}` anywhere on a line, also
 * after other text; lines end with a line feed or a carriage return (progress bars). NaN, Infinity and -Infinity are
 * numbers. Time is linear in the output, memory is one line.
 *
 * @example
 * const parser = new ReportParser({ report: (report) => console.log(report.epoch) })
 * child.stdout.on('data', (chunk) => parser.push(chunk))
 * child.stdout.on('end', () => parser.end())
 */
export class ReportParser {
  /** Lines with a tag whose object could not be read. */
  unreadable = 0
  /** Lines that were longer than {@link LONGEST_LINE} and were cut. */
  cut = 0

  readonly #sink: ReportSink
  /** The beginning of a line whose end has not come yet. */
  readonly #held = Buffer.allocUnsafe(LONGEST_LINE)
  #heldLength = 0
  #heldCut = false

  constructor(sink: ReportSink) {
    this.#sink = sink
  }

  /** The next bytes of the output, in any portions. */
  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    // Where each tag occurs next in the chunk: lines without one are passed over without being looked at again.
    const next = TAGS.map((tag) => position(bytes, tag, 0))
    let start = 0
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!
      if (byte !== NEWLINE && byte !== RETURN) continue
      if (this.#heldLength > 0 || this.#heldCut) {
        this.#hold(bytes, start, i)
        this.#endHeld()
      } else {
        const end = Math.min(i, start + LONGEST_LINE)
        if (end < i) this.cut++
        let tagged = false
        for (let t = 0; t < TAGS.length; t++) {
          if (next[t]! < start) next[t] = position(bytes, TAGS[t]!, start)
          tagged ||= next[t]! < end
        }
        if (tagged) this.#line(bytes.toString('utf8', start, end))
      }
      start = i + 1
    }
    this.#hold(bytes, start, bytes.length)
  }

  /** The output has ended: what is left of a line is tried once. */
  end(): void {
    this.#endHeld()
  }

  #hold(bytes: Buffer, start: number, end: number): void {
    const room = LONGEST_LINE - this.#heldLength
    if (end - start > room) this.#heldCut = true
    this.#heldLength += bytes.copy(this.#held, this.#heldLength, start, Math.min(end, start + room))
  }

  #endHeld(): void {
    if (this.#heldCut) this.cut++
    const held = this.#held.subarray(0, this.#heldLength)
    this.#heldLength = 0
    this.#heldCut = false
    if (TAGS.some((tag) => held.includes(tag))) this.#line(held.toString('utf8'))
  }

  /** Hands over every tagged object of a line. */
  #line(line: string): void {
    for (let at = 0, failures = 0; failures < TRIES;) {
      const report = line.indexOf(REPORT_TAG, at)
      const data = line.indexOf(DATA_TAG, at)
      if (report < 0 && data < 0) return
      const isReport = report >= 0 && (data < 0 || report < data)
      at = isReport ? report + REPORT_TAG.length : data + DATA_TAG.length
      while (line[at] === ' ' || line[at] === '\t') at++
      const end = objectEnd(line, at)
      const parsed = end < 0 ? undefined : parseReport(line.slice(at, end))
      if (parsed === undefined) {
        this.unreadable++
        failures++
        continue
      }
      at = end
      if (isReport) this.#sink.report(parsed)
      else this.#sink.data?.(parsed)
    }
  }
}

function position(bytes: Buffer, tag: Buffer, from: number): number {
  const at = bytes.indexOf(tag, from)
  return at < 0 ? Infinity : at
}

/** A JSON object that may hold NaN, Infinity and -Infinity; undefined if it cannot be read. */
export function parseReport(text: string): Report | undefined {
  try {
    return JSON.parse(text) as Report
  } catch {
    return nonFiniteJson(text)
  }
}
