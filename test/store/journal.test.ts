import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { JournalWriter, journalNumber, numberFromJournal, readJournal } from '../../src/store/journal.js'

let directory: string
let path: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rungbench-journal-'))
  path = join(directory, 'run.jsonl')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const HEADER = { journal: 'test', text: 'näïve 🙂' }
const ENTRIES = [
  { event: 'start', value: 1 / 3 },
  { event: 'report', values: [1e-300, 5], text: 'two\nlines' },
  { event: 'ende', text: '🙂' },
]

/** Writes a journal of a header and entries. */
function write(entries: readonly Readonly<Record<string, unknown>>[] = ENTRIES): void {
  const { writer } = JournalWriter.open(path, HEADER)
  for (const entry of entries) writer.append(entry)
  writer.close()
}

describe('reading', () => {
  test('gives back what was written', () => {
    write()
    expect(readJournal(path)).toEqual({
      header: HEADER,
      entries: ENTRIES,
      torn: false,
      size: readFileSync(path).length,
    })
  })

  test('numbers that JSON does not have, and names of numbers as text', () => {
    const values = [Number.NaN, Infinity, -Infinity, -0, 0, 0.1, 5e-324]
    write([{ values, text: 'NaN' }])
    const [entry] = readJournal(path).entries
    expect((entry!['values'] as unknown[]).map((value) => numberFromJournal(value))).toEqual(values)
    expect(values.map((value) => numberFromJournal(journalNumber(value)))).toEqual(values)
    expect(entry!['text']).toBe('NaN')
    expect(() => numberFromJournal('12')).toThrow(/a number was expected/)
  })

  test('recovers all whole lines when it is cut at any byte, and can be gone on with', () => {
    write()
    const bytes = readFileSync(path)
    const more = { event: 'more' }
    for (let cut = 0; cut <= bytes.length; cut++) {
      writeFileSync(path, bytes.subarray(0, cut))
      const lines = bytes.subarray(0, cut).toString('latin1').split('\n').length - 1
      const journal = readJournal(path)
      expect(journal.header).toEqual(lines === 0 ? undefined : HEADER)
      expect(journal.entries).toEqual(ENTRIES.slice(0, Math.max(0, lines - 1)))
      expect(journal.torn).toBe(cut > 0 && bytes[cut - 1] !== 0x0a)

      const { writer, journal: found } = JournalWriter.open(path, HEADER)
      writer.append(more)
      writer.close()
      expect(found.entries).toEqual(journal.entries)
      expect(readJournal(path)).toMatchObject({
        header: HEADER,
        entries: [...journal.entries, more],
        torn: false,
      })
    }
  })

  test.each(['{"event": "start"', 'null', '[1]', '', '\0\0\0'])(
    'a broken line in the middle is named: %j',
    (broken) => {
      write()
      const lines = readFileSync(path, 'utf8').split('\n')
      lines[2] = broken
      writeFileSync(path, lines.join('\n'))
      expect(() => readJournal(path)).toThrow(/run\.jsonl is damaged: line 3 is not a JSON object/)
      const before = readFileSync(path)
      expect(() => JournalWriter.open(path, HEADER)).toThrow(/line 3/)
      expect(readFileSync(path).equals(before)).toBe(true)
      expect(readdirSync(directory)).toEqual(['run.jsonl'])
    },
  )

  test('a journal that is missing or a folder', () => {
    expect(() => readJournal(path)).toThrow(/cannot be read: ENOENT/)
    expect(() => readJournal(directory)).toThrow(/cannot be read: EISDIR/)
  })
})

describe('writing', () => {
  test('every line is in the file when append returns', () => {
    const { writer } = JournalWriter.open(path, HEADER)
    for (const [i, entry] of ENTRIES.entries()) {
      writer.append(entry)
      expect(readJournal(path).entries).toEqual(ENTRIES.slice(0, i + 1))
    }
    writer.appendAll(ENTRIES)
    expect(readJournal(path).entries).toHaveLength(6)
    writer.close()
    writer.close()
    expect(() => writer.append({})).toThrow(/is closed/)
    expect(readdirSync(directory)).toEqual(['run.jsonl'])
  })

  test('an existing journal keeps its header and can be refused', () => {
    write()
    const before = readFileSync(path)
    appendFileSync(path, '{"torn')
    const accept = (): never => {
      throw new Error('not mine')
    }
    expect(() => JournalWriter.open(path, { other: 1 }, { accept })).toThrow('not mine')
    expect(readFileSync(path)).toHaveLength(before.length + 6)
    const { writer, journal } = JournalWriter.open(path, { other: 1 })
    writer.close()
    expect(journal.header).toEqual(HEADER)
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('a folder that is missing', () => {
    expect(() => JournalWriter.open(join(directory, 'none', 'x'), HEADER)).toThrow(/cannot be locked: ENOENT/)
  })

  test('a full disk: what was saved stays, and going on after making room loses nothing', (context) => {
    const disk = join(directory, 'disk')
    const mounted = spawnSync('sh', ['-c', `mkdir "${disk}" && mount -t tmpfs -o size=64k tmpfs "${disk}"`])
    if (mounted.status !== 0) return context.skip(`a small tmpfs cannot be mounted here: ${mounted.stderr.toString()}`)
    try {
      const full = join(disk, 'run.jsonl')
      const { writer } = JournalWriter.open(full, HEADER, { resumeHint: 'press the button' })
      const filler = join(disk, 'filler')
      writer.append(ENTRIES[0]!)
      writeFileSync(filler, Buffer.alloc(40_000))
      const entry = { text: 'x'.repeat(30_000) }
      expect(() => writer.append(entry)).toThrow(
        /cannot be written \(ENOSPC.*\); its first 1 entries are saved: make room, then press the button$/,
      )
      expect(() => writer.append(ENTRIES[1]!)).toThrow(/cannot be written \(ENOSPC/)
      expect(readJournal(full)).toMatchObject({ entries: [ENTRIES[0]], torn: false })

      rmSync(filler)
      const again = JournalWriter.open(full, HEADER)
      again.writer.append(entry)
      again.writer.close()
      expect(readJournal(full).entries).toEqual([ENTRIES[0], entry])

      // No room for even a lock.
      spawnSync('sh', ['-c', `cat /dev/zero > "${filler}" 2>/dev/null`])
      expect(() => JournalWriter.open(full, HEADER)).toThrow(/cannot be locked: ENOSPC/)
    } finally {
      execFileSync('umount', ['-l', disk])
    }
  })
})

describe('the lock', () => {
  const lock = (): string => `${path}.lock`

  test('keeps a second writer away until the first has closed', () => {
    const { writer } = JournalWriter.open(path, HEADER)
    expect(() => JournalWriter.open(path, HEADER)).toThrow(
      `is being written by process ${process.pid} on ${hostname()}; wait for it or end it`,
    )
    writer.append(ENTRIES[0]!)
    writer.close()
    JournalWriter.open(path, HEADER).writer.close()
    expect(readJournal(path).entries).toEqual([ENTRIES[0]])
  })

  const dead = (): number => spawnSync(process.execPath, ['-e', '']).pid

  test.each([
    ['a dead process', () => ({ pid: dead(), host: hostname(), began: '1' })],
    // The same id, begun at another time.
    ['an earlier process of the same number', () => ({ pid: process.pid, host: hostname(), began: '1' })],
  ])('of %s is taken over', (_name, holder) => {
    writeFileSync(lock(), JSON.stringify(holder()))
    const { writer } = JournalWriter.open(path, HEADER)
    expect(JSON.parse(readFileSync(lock(), 'utf8'))).toMatchObject({ pid: process.pid })
    writer.close()
    expect(readdirSync(directory)).toEqual(['run.jsonl'])
  })

  test('that was deleted and is now held by another process is left alone', () => {
    const { writer } = JournalWriter.open(path, HEADER)
    const other = JSON.stringify({ pid: 1, host: 'elsewhere', began: '1' })
    writeFileSync(lock(), other)
    writer.close()
    expect(readFileSync(lock(), 'utf8')).toBe(other)
  })

  test.each([
    ['another machine', () => JSON.stringify({ pid: dead(), host: 'elsewhere', began: '1' }), /on elsewhere/],
    ['nobody knows whom', () => 'what is this', /another process; .*delete .*\.lock/],
  ])('of %s is respected', (_name, text, message) => {
    writeFileSync(lock(), text())
    expect(() => JournalWriter.open(path, HEADER)).toThrow(message)
    expect(existsSync(path)).toBe(false)
    expect(readdirSync(directory)).toEqual(['run.jsonl.lock'])
  })
})
