import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LOG_FILES, LogFile } from '../../../src/backends/local/log-file.js'

let directory: string
let path: string
let warnings: string[]
const open = (limit = 10, at = path): LogFile => new LogFile(at, limit, (text) => warnings.push(text))
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rungbench-log-'))
  path = join(directory, 'std.out')
  warnings = []
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** All that is kept, the oldest first. */
function kept(): string {
  const names = [`${path}.3`, `${path}.2`, `${path}.1`, path]
  return names.map((name) => (existsSync(name) ? readFileSync(name, 'utf8') : '')).join('')
}

test('goes on in a file that is there, and begins another when it is full', () => {
  const first = open(40)
  first.write(Buffer.from('one\ntwo\n'))
  first.close()
  first.close()
  const second = open(40)
  second.write(Buffer.from('3\n'))
  expect(existsSync(`${path}.1`)).toBe(false)
  second.write(Buffer.from('four\n'))
  second.close()
  expect(readFileSync(`${path}.1`, 'utf8')).toBe('one\ntwo\n3\n')
  expect(readFileSync(path, 'utf8')).toBe('four\n')
  expect(warnings).toEqual([])
})

test('lines stay whole where they fit; a line that fits nowhere is cut', () => {
  const log = open(40)
  log.write(Buffer.from('first\nsecond\n'))
  expect([readFileSync(`${path}.1`, 'utf8'), readFileSync(path, 'utf8')]).toEqual(['first\n', 'second\n'])
  log.write(Buffer.from('a line of 27 characters...\n'))
  log.close()
  expect([3, 2, 1].map((i) => readFileSync(`${path}.${i}`, 'utf8'))).toEqual(['second\n', 'a line of ', '27 charact'])
  expect(readFileSync(path, 'utf8')).toBe('ers...\n')
})

test('whatever is written: the end of it is kept, whole and bounded', () => {
  const text = fc
    .array(fc.constantFrom('a', 'bc', 'def', '\n', '\n\n'), { maxLength: 30 })
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.array(text, { maxLength: 20 }), fc.integer({ min: 1, max: 60 }), (parts, limit) => {
      rmSync(directory, { recursive: true })
      mkdirSync(directory)
      for (const half of [parts.slice(0, parts.length / 2), parts.slice(parts.length / 2)]) {
        const log = open(limit)
        for (const part of half) log.write(Buffer.from(part))
        log.close()
      }
      const all = parts.join('')
      expect(all.endsWith(kept())).toBe(true)
      expect(kept().length).toBeLessThanOrEqual(Math.max(limit, LOG_FILES))
      expect(kept().length).toBeGreaterThanOrEqual(Math.min(all.length, 1))
      expect(warnings).toEqual([])
    }),
    { numRuns: 50 },
  )
})

test('most of the limit is used before anything is dropped', () => {
  const log = open(4000)
  for (let i = 0; i < 1000; i++) log.write(Buffer.from(`line ${i}\n`))
  log.close()
  expect(kept().length).toBeGreaterThan(2900)
  expect(kept().length).toBeLessThanOrEqual(4000)
  expect(kept().endsWith('line 998\nline 999\n')).toBe(true)
})

test('a file that cannot be opened is warned of once', () => {
  const log = open(10, join(path, 'below'))
  log.write(Buffer.from('x'))
  log.close()
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toMatch(/could not be written \(ENOENT.*\); the program goes on without it$/)
})

test('a full disk is warned of once, and the rest is dropped', (context) => {
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', directory])
  if (mounted.status !== 0) return context.skip('a small tmpfs cannot be mounted here')
  try {
    const log = open(1_000_000)
    for (let i = 0; i < 20; i++) log.write(Buffer.alloc(10_000, 'x'))
    log.close()
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('ENOSPC')
  } finally {
    spawnSync('umount', ['-l', directory])
  }
})
