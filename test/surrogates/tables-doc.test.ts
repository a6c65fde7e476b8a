/** The examples of docs/tables.md work as they stand. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { importCsv } from '../../src/surrogates/import-csv.js'
import { readTable } from '../../src/surrogates/read.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { writeTable } from '../../src/surrogates/write.js'

const folder = mkdtempSync(join(tmpdir(), 'rungbench-tables-'))
afterAll(() => rmSync(folder, { recursive: true }))

const doc = readFileSync('docs/tables.md', 'utf8')
const blocks = (language: string): string[] =>
  [...doc.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gsu'))].map(([, text]) => text!)

const python = process.env['PYTHON'] ?? 'python3'
const run = (code: string, cwd: string): ReturnType<typeof spawnSync> =>
  spawnSync(python, ['-c', code], { cwd, encoding: 'utf8' })
const hasPyarrow = run('import pyarrow', folder).status === 0

test('the example of a CSV file is imported', () => {
  writeFileSync(join(folder, 'curves.csv'), blocks('csv')[0]!)
  writeFileSync(join(folder, 'map.json'), blocks('json')[0]!)
  writeTable(join(folder, 'mine.arrow'), importCsv(join(folder, 'curves.csv'), join(folder, 'map.json')))
  const table = new SurrogateTable(readTable(join(folder, 'mine.arrow')))
  expect([table.rows, table.configurations, table.levels, table.defaultIndex]).toEqual([4, 3, 3, 0])
  expect([...table.data.ended]).toEqual([0, 0, 0, 2])
})

describe('with pyarrow', () => {
  test('the shipped table is read', (ctx) => {
    if (!hasPyarrow) ctx.skip('pyarrow is not installed')
    const { stdout, stderr } = run(blocks('python')[0]!, resolve('.'))
    expect(String(stderr)).toBe('')
    const { rows } = readTable('surrogates/ngram-mrpc/ngram-mrpc.arrow')
    expect(String(stdout)).toMatch(new RegExp(`^${rows} \\[.*'validation_error'.*b'\\{"formatVersion":1`, 'u'))
  })

  test('the table that Python writes is a valid one', (ctx) => {
    if (!hasPyarrow) ctx.skip('pyarrow is not installed')
    expect(String(run(blocks('python')[1]!, folder).stderr)).toBe('')
    const table = new SurrogateTable(readTable(join(folder, 'from-python.arrow')))
    expect([table.rows, table.levels, table.defaultIndex]).toEqual([2, 3, 0])
  })
})
