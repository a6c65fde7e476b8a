/** What docs/tables.md shows works: its CSV file and mapping import, its Python reads and writes tables. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { csv } from '../../src/formats/csv.js'
import { importTable } from '../../src/formats/import-table.js'
import { METADATA_KEY, OPTIONAL_COLUMNS, RESERVED_COLUMNS, tableMetadataSchema } from '../../src/surrogates/metadata.js'
import { withRanges } from '../../src/surrogates/metric-range.js'
import { readTable } from '../../src/surrogates/read.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { writeTable } from '../../src/surrogates/write.js'
import { makeTable } from './make-table.js'

const folder = mkdtempSync(join(tmpdir(), 'rungbench-docs-'))
afterAll(() => rmSync(folder, { recursive: true }))

const text = readFileSync(new URL('../../docs/tables.md', import.meta.url), 'utf8')

/** The code block that begins with this info string. */
function block(info: string): string {
  const [, code] = text.split(`\n\`\`\`${info}\n`)
  if (code === undefined) throw new Error(`docs/tables.md has no block ${info}`)
  return code.slice(0, code.indexOf('\n```') + 1)
}

test('the CSV file and its mapping import', async () => {
  writeFileSync(join(folder, 'curves.csv'), block('csv'))
  writeFileSync(join(folder, 'map.json'), block('json map'))
  const data = await importTable(csv, [join(folder, 'curves.csv')], { map: join(folder, 'map.json') })
  writeTable(join(folder, 'mine.arrow'), data)
  const table = new SurrogateTable(readTable(join(folder, 'mine.arrow')))
  expect([table.rows, table.configurations, table.levels]).toEqual([3, 2, 2])
  expect([...table.data.ended]).toEqual([0, 0, 2])
  expect(table.configuration(table.defaultIndex)).toEqual({ lr: 0.1, model: 'small' })
})

test('names every column and every entry of the metadata', () => {
  for (const column of [...RESERVED_COLUMNS, ...OPTIONAL_COLUMNS]) expect(text).toContain(`\`${column}\``)
  for (const entry of Object.keys(tableMetadataSchema.shape)) expect(text).toContain(`\`${entry}\``)
  expect(text).toContain(`\`${METADATA_KEY}\``)
})

/** RUNGBENCH_PYTHON names another interpreter. */
const python = process.env['RUNGBENCH_PYTHON'] ?? 'python3'
const hasPyarrow = spawnSync(python, ['-c', 'import pyarrow']).status === 0
if (!hasPyarrow) console.log(`Python in docs/tables.md is not tested: ${python} has no pyarrow`)

describe.skipIf(!hasPyarrow)('Python', { timeout: 300_000 }, () => {
  const run = (code: string): string => {
    const { status, stdout, stderr } = spawnSync(python, ['-c', code], { cwd: folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    return stdout
  }

  test('three lines read a table', () => {
    const data = makeTable()
    writeTable(join(folder, 'table.arrow'), data)
    const code = block('python read')
    expect(code.trim().split('\n')).toHaveLength(3)
    const [rows, ...document] = run(code).split(' ')
    expect(rows).toBe('12')
    expect(JSON.parse(document.join(' '))).toEqual(withRanges(data))
  })

  test('what the example writes is a table', () => {
    run(block('python write'))
    const table = new SurrogateTable(readTable(join(folder, 'table.arrow')))
    expect([table.name, table.rows, table.defaultIndex]).toEqual(['from-python', 2, 0])
    expect([...table.curve('validation_error')]).toEqual([0.5, 0.4, 0.45, 0.35])
  })
})
