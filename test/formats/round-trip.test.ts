/** What is exported and imported again is the same table. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exporters } from '../../src/formats/exporters.js'
import { importTable } from '../../src/formats/import-table.js'
import { importers } from '../../src/formats/index.js'
import { ENDED, type TableData } from '../../src/surrogates/table-data.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { checkTable } from '../../src/surrogates/validate.js'
import { bench } from '../cli/fake-terminal.js'
import { variedTable } from './varied-table.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rungbench-round-trip-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** All that a training holds, by configuration and repetition. */
function trainings(data: TableData, keep: (row: number) => boolean = () => true): unknown[] {
  const table = new SurrogateTable(data)
  const rows: unknown[] = []
  for (let row = 0; row < data.rows; row++) {
    if (!keep(row)) continue
    const of = (values: ArrayLike<number>) =>
      Array.from({ length: data.levels }, (_, l) => values[row * data.levels + l])
    rows.push({
      config: table.configuration(table.configurationOf[row]!),
      repetition: data.repetition[row],
      reached: data.reached[row],
      ended: ENDED[data.ended[row]!],
      startup: data.startup[row],
      cpu: data.cpu[row],
      elapsed: of(data.elapsed),
      curves: Object.entries(data.curves).map(([name, values]) => [name, of(values)]),
      statics: Object.entries(data.statics).map(([name, values]) => [name, values[row]]),
    })
  }
  return rows
}

describe('export and import', { timeout: 120_000 }, () => {
  test.each(['csv', 'parquet'])('%s: every value of every training that has levels', async (format) => {
    const data = variedTable()
    checkTable(data, 'varied')
    const out = join(folder, `varied.${format}`)
    const { files, trainings: count, leftOut } = await exporters[format]!.write(data, out)
    expect(files).toEqual([out, join(folder, 'varied.map.json')])
    expect(count).toBe(data.rows - 1)
    expect(leftOut).toEqual(['1 trainings without any level'])
    const again = await importTable(importers[format]!, [out], { map: files[1]! })
    checkTable(again, out)
    // The training without levels is the last of its configuration, so that no other is renumbered.
    expect(trainings(again)).toEqual(trainings(data, (row) => data.reached[row]! > 0))
    const { name, description, resource, space, defaultConfig } = data.metadata
    expect(again.metadata).toMatchObject({ name, description, resource, space, defaultConfig })
    for (const [metric, about] of Object.entries(data.metadata.metrics))
      expect(again.metadata.metrics[metric]).toMatchObject(about)
    expect(again.metadata.provenance).toMatchObject({ kind: 'imported', source: 'made up', licence: 'CC0-1.0' })
    expect(again.metadata.provenance).not.toHaveProperty('warnings')
    rmSync(files[1]!)
  })

  test('blackbox-repository: every value of the configurations that are whole', async () => {
    const data = variedTable(true)
    const out = join(folder, 'varied')
    const { files, trainings: count, leftOut } = await exporters['blackbox-repository']!.write(data, out)
    expect([files, count, leftOut]).toEqual([[out], data.rows, ['start-up times']])
    const again = await importTable(importers['blackbox-repository']!, [out])
    expect(trainings(again)).toEqual(trainings({ ...data, startup: new Float64Array(data.rows) }))
    expect(again.metadata).toMatchObject({
      name: 'varied',
      space: data.metadata.space,
      defaultConfig: data.metadata.defaultConfig,
    })
    expect(again.metadata.provenance).not.toHaveProperty('warnings')
  })

  test('blackbox-repository: of a table with gaps the repetitions that all whole configurations have', async () => {
    const data = variedTable()
    const out = join(folder, 'gaps')
    const { trainings: count, leftOut } = await exporters['blackbox-repository']!.write(data, out)
    const table = new SurrogateTable(data)
    const whole = Array.from({ length: 9 }, (_, i) => i).filter((i) => table.completeConfiguration(i))
    expect(count).toBe(whole.length)
    expect(leftOut[0]).toMatch(
      /^\d+ trainings: of every configuration the first 1 are there, and none that was stopped$/,
    )
    const again = await importTable(importers['blackbox-repository']!, [out])
    const kept = new Set(whole.map((i) => table.rowOrder[table.rowStart[i]!]!))
    expect(trainings(again)).toEqual(
      trainings({ ...data, startup: new Float64Array(data.rows) }, (row) => kept.has(row)),
    )
  })

  test('times by a rule stay a rule', async () => {
    const base = variedTable(true)
    const elapsed = base.elapsed.map((_, i) => 2 * ((i % 5) + 1))
    const modelled = { kind: 'modelled', from: 'x', rule: '2 seconds per level' } as const
    const data = { ...base, elapsed, metadata: { ...base.metadata, columnProvenance: { elapsed_time: modelled } } }
    for (const format of ['csv', 'blackbox-repository']) {
      const out = join(folder, `rule-${format}`)
      const { files } = await exporters[format]!.write(data, out)
      const again = await importTable(importers[format]!, [out], { map: files[1] })
      expect(again.metadata.columnProvenance).toEqual({ elapsed_time: { ...modelled, from: 'varied' } })
      expect([...again.elapsed]).toEqual([...elapsed])
    }
  })

  test('a Parquet file whose bytes are damaged, or cut off, is refused with the cure', async () => {
    const out = join(folder, 'damaged.parquet')
    const { files } = await exporters['parquet']!.write(variedTable(), out)
    const bytes = readFileSync(out)
    for (const damaged of [bytes.subarray(0, -20), Buffer.from(bytes).fill(0xff, 4, 200)]) {
      writeFileSync(out, damaged)
      await expect(importTable(importers['parquet']!, [out], { map: files[1]! })).rejects.toThrow(
        /damaged\.parquet: is no whole Parquet file.*; fetch or write it again/u,
      )
    }
  })

  test('CSV and Parquet beside each other share the mapping; another one is not written over', async () => {
    const data = variedTable()
    const shared = join(folder, 'shared.map.json')
    await exporters['csv']!.write(data, join(folder, 'shared.csv'))
    const mapping = readFileSync(shared, 'utf8')
    expect((await exporters['parquet']!.write(data, join(folder, 'shared.parquet'))).files).toContain(shared)
    expect(readFileSync(shared, 'utf8')).toBe(mapping)
    const renamed = { ...data, metadata: { ...data.metadata, name: 'other' } }
    rmSync(join(folder, 'shared.csv'))
    await expect(exporters['csv']!.write(renamed, join(folder, 'shared.csv'))).rejects.toThrow(
      /shared\.map\.json: exists already; remove it or write to another path/u,
    )
    expect(existsSync(join(folder, 'shared.csv'))).toBe(false)
    expect(readFileSync(shared, 'utf8')).toBe(mapping)
  })

  test('what exists is not written over, and a failed export leaves nothing', async () => {
    const out = join(folder, 'there')
    mkdirSync(out)
    await expect(exporters['blackbox-repository']!.write(variedTable(), out)).rejects.toThrow(/there: exists already/u)
    await expect(exporters['csv']!.write(variedTable(), join(folder, 'varied.csv', 'x'))).rejects.toThrow(
      /cannot make the folder .*give another --out/u,
    )
    expect(readdirSync(out)).toEqual([])
  })
})

describe('bench export', { timeout: 300_000 }, () => {
  test('writes a table that ships, which is imported with a licence', async () => {
    const out = join(folder, 'cola.parquet')
    const exported = await bench(['export', 'ngram-cola', '--format', 'parquet', '--out', out])
    expect(exported).toMatchObject({ code: 0, err: '' })
    expect(exported.out).toMatch(/^\d[\d,]* trainings written to .*cola\.parquet, .*cola\.map\.json\n/)
    const table = join(folder, 'cola.arrow')
    const given = ['import', 'parquet', out, '--map', join(folder, 'cola.map.json'), '--out', table]
    expect(await bench(given)).toMatchObject({ code: 2, err: expect.stringMatching(/licence .* give --licence/) })
    expect(await bench([...given, '--licence', 'Apache-2.0'])).toMatchObject({ code: 0, err: '' })
    expect(existsSync(table)).toBe(true)
  })

  test('an unknown format, and instance types, are refused in one line', async () => {
    const odd = await bench(['export', 'ngram-cola', '--format', 'parqet', '--out', 'x'])
    expect(odd).toMatchObject({
      code: 2,
      err: expect.stringMatching(/unknown format "parqet"; did you mean "parquet"\?/),
    })
    const derived = await bench(['export', 'ngram-mrpc-modelled-instances', '--format', 'csv', '--out', 'x'])
    expect(derived).toMatchObject({ code: 2, err: expect.stringMatching(/modelled instance types.*derived from/) })
  })
})

describe('a folder of the blackbox repository that is not whole', { timeout: 120_000 }, () => {
  test.each([
    ['a file is missing', (at: string) => rmSync(join(at, 'metadata.json')), /has no metadata\.json/u],
    [
      'an array is cut off',
      (at: string) => cut(join(at, 'objectives_evaluations.npy'), 200),
      /objectives_evaluations\.npy: holds fewer/u,
    ],
    [
      'an array is none',
      (at: string) => writeFileSync(join(at, 'fidelities_values.npy'), 'no array, but text'),
      /is no NumPy array/u,
    ],
    [
      'the files are of two tables',
      (at: string) => rewrite(join(at, 'metadata.json'), '"val_error",\n  "test', '"test'),
      /do not belong together/u,
    ],
    [
      'there is no Parquet file',
      (at: string) => writeFileSync(join(at, 'hyperparameters.parquet'), 'no'),
      /is no whole Parquet file.*; fetch or write it again/u,
    ],
    [
      'a domain is unknown',
      (at: string) => rewrite(join(at, 'configspace.json'), '"Integer"', '"Odd"'),
      /configspace\.json\.units: has the domain "Odd"/u,
    ],
  ])('%s', async (name, damage, message) => {
    const out = join(folder, name.replaceAll(' ', '-'))
    await exporters['blackbox-repository']!.write(variedTable(true), out)
    damage(out)
    await expect(importTable(importers['blackbox-repository']!, [out])).rejects.toThrow(message)
  })

  test('an unknown task is refused with the nearest one', async () => {
    const out = join(folder, 'tasks')
    await exporters['blackbox-repository']!.write(variedTable(true), out)
    await expect(importTable(importers['blackbox-repository']!, [out], { task: 'varid' })).rejects.toThrow(
      /has no task "varid"; did you mean "varied"\?/u,
    )
  })
})

function cut(path: string, bytes: number): void {
  writeFileSync(path, readFileSync(path).subarray(0, bytes))
}

function rewrite(path: string, from: string, to: string): void {
  const text = readFileSync(path, 'utf8')
  expect(text).toContain(from)
  writeFileSync(path, text.replace(from, to))
}
