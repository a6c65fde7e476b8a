import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readTable } from '../../src/surrogates/read.js'
import { writeTable } from '../../src/surrogates/write.js'
import { makeTable } from './make-table.js'

const folder = mkdtempSync(join(tmpdir(), 'rungbench-tables-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('what is written is read back', () => {
  const table = makeTable()
  const path = join(folder, 'new', 'a.arrow')
  writeTable(path, table)
  expect(readdirSync(join(folder, 'new'))).toEqual(['a.arrow'])
  const back = readTable(path)
  expect(back).toEqual(table)
  expect(back.elapsed.buffer).toBeInstanceOf(SharedArrayBuffer)
  expect(back.elapsed.buffer.byteLength).toBe(readFileSync(path).length)
})
