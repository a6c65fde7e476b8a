import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LogFile } from '../../../src/backends/local/log-file.js'

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

test('appends up to the limit, what is there included, and says that it was cut', () => {
  const first = open()
  first.write(Buffer.from('12345'))
  first.close()
  first.close()
  const second = open()
  second.write(Buffer.from('67890'))
  second.write(Buffer.from('more'))
  second.write(Buffer.from('and more'))
  second.close()
  expect(readFileSync(path, 'utf8')).toBe('1234567890\n[this log was cut at 10 bytes]\n')
  expect(warnings).toEqual([])
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
