import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { JournalTail } from '../../src/store/journal-tail.js'
import { type JournalLine, readJournal } from '../../src/store/journal.js'

let directory: string
let path: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rungbench-tail-'))
  path = join(directory, 'journal.jsonl')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** Reads until there is nothing more now. */
function readAll(tail: JournalTail): JournalLine[] {
  const lines: JournalLine[] = []
  for (;;) {
    const read = tail.read()
    lines.push(...read.lines)
    if (!read.more) return lines
  }
}

describe('the tail of a journal', () => {
  it('waits for a file, for lines, and for the end of a line', () => {
    const tail = new JournalTail(path)
    expect(tail.read()).toEqual({ lines: [], more: false, anew: false, writtenAt: Number.NaN })
    writeFileSync(path, '')
    expect(tail.read()).toMatchObject({ lines: [], more: false })
    appendFileSync(path, '{"a":1}\n{"a"')
    expect(tail.read()).toMatchObject({ lines: [{ a: 1 }], more: false, anew: false })
    expect(tail.read().lines).toEqual([])
    appendFileSync(path, ':2}\n')
    expect(tail.read().lines).toEqual([{ a: 2 }])
    expect(tail.read().lines).toEqual([])
  })

  it('forgets a torn line that the next writer takes back', () => {
    const tail = new JournalTail(path)
    writeFileSync(path, '{"a":1}\n{"torn":')
    expect(tail.read().lines).toEqual([{ a: 1 }])
    truncateSync(path, 8)
    expect(tail.read()).toMatchObject({ lines: [], anew: false })
    appendFileSync(path, '{"a":2}\n')
    expect(tail.read().lines).toEqual([{ a: 2 }])
  })

  it('begins anew where the file became shorter than what was read', () => {
    const tail = new JournalTail(path)
    writeFileSync(path, '{"a":1}\n{"a":2}\n')
    readAll(tail)
    writeFileSync(path, '{"b":1}\n')
    expect(tail.read()).toMatchObject({ lines: [{ b: 1 }], anew: true })
    expect(tail.read()).toMatchObject({ lines: [], anew: false })
  })

  it('names the line that is broken', () => {
    writeFileSync(path, '{"a":1}\nnothing\n')
    expect(() => readAll(new JournalTail(path))).toThrow(/line 2 is not a JSON object/)
  })

  it('gives the lines of the whole journal, in whatever pieces it was written and is read', () => {
    const text = fc.array(fc.record({ text: fc.string({ unit: 'grapheme', maxLength: 30 }), n: fc.integer() }), {
      maxLength: 30,
    })
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 60 })), fc.integer({ min: 1, max: 100 }), (lines, pieces, chunk) => {
        rmSync(path, { force: true })
        const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
        const tail = new JournalTail(path, chunk)
        const found: JournalLine[] = []
        let at = 0
        for (const piece of [...pieces, bytes.length]) {
          appendFileSync(path, bytes.subarray(at, at + piece))
          at += piece
          found.push(...readAll(tail))
        }
        const whole = readJournal(path)
        expect(found).toEqual(lines.length === 0 ? [] : [whole.header, ...whole.entries])
        expect(found).toEqual(lines)
      }),
      { numRuns: 50 },
    )
  })

  it('reads nothing twice: of a long journal only what is new', () => {
    const line = (i: number): string => `{"event":"report","time":${i}}\n`
    writeFileSync(path, Array.from({ length: 50_000 }, (_, i) => line(i)).join(''))
    const tail = new JournalTail(path)
    expect(readAll(tail)).toHaveLength(50_000)
    // What was read is no JSON any more: nobody looks at it again.
    const size = readJournal(path).size
    writeFileSync(path, `${'x'.repeat(size - 1)}\n`, { flag: 'r+' })
    appendFileSync(path, line(50_000))
    expect(readAll(tail)).toEqual([{ event: 'report', time: 50_000 }])
  })
})
