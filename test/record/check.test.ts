import { appendFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type CheckOptions, checkRecordedTable, describeDifference } from '../../src/record/check.js'
import { record } from '../../src/record/record.js'
import { readTable } from '../../src/surrogates/read.js'
import type { TableData } from '../../src/surrogates/table-data.js'
import { fakeFolder, fakeOptions, fakeRecording, removeFolders, starts } from './fake.js'

afterAll(removeFolders)

let whole: TableData
beforeAll(async () => {
  const folder = fakeFolder()
  await record(fakeOptions(folder))
  whole = readTable(join(folder, 'fake.arrow'))
})

let folder: string
beforeEach(() => {
  folder = fakeFolder()
})

const options = (table = whole, rows = 8): CheckOptions => ({
  table,
  recording: fakeRecording(folder),
  dataDir: join(folder, 'data'),
  rows,
})

/** The table with one cell of a column changed. */
function changed(column: 'loss' | 'size' | 'elapsed', cell: number, value: number): TableData {
  const change = <A extends Float32Array | Float64Array>(array: A): A => {
    const copy = array.slice() as A
    copy[cell] = value
    return copy
  }
  if (column === 'elapsed') return { ...whole, elapsed: change(whole.elapsed) }
  if (column === 'size') return { ...whole, statics: { ...whole.statics, size: change(whole.statics['size']!) } }
  return { ...whole, curves: { ...whole.curves, loss: change(whole.curves['loss']!) } }
}

describe('rows trained again', () => {
  test('come out equal', async () => {
    const seen: number[] = []
    const result = await checkRecordedTable({ ...options(), rows: 100, onRow: ({ row }) => seen.push(row) })
    expect(result).toMatchObject({ equal: 8, timesAgree: 8 })
    expect(result.rows.map(({ row }) => row)).toEqual(seen)
    expect(seen.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  test('are drawn by the seed, and as many as asked for', async () => {
    const rows = async (seed: number): Promise<number[]> => {
      const { rows: found } = await checkRecordedTable({ ...options(whole, 2), seed })
      return found.map(({ row }) => row).sort()
    }
    const first = await rows(1)
    expect(first).toHaveLength(2)
    expect(await rows(1)).toEqual(first)
    expect(starts(folder)).toHaveLength(4)
  })

  test('a changed metric is reported with the first difference', async () => {
    const cell = 5 * 3 + 1
    const was = whole.curves['loss']![cell]!
    const { rows, equal } = await checkRecordedTable(options(changed('loss', cell, was + 0.25)))
    expect(equal).toBe(7)
    const found = rows.filter(({ difference }) => difference !== undefined)
    expect(found).toMatchObject([{ row: 5, difference: { metric: 'loss', level: 2, now: was } }])
    expect(describeDifference(found[0]!.difference!)).toBe(
      `"loss" at level 2 is ${was}, in the table ${Math.fround(was + 0.25)}`,
    )
  })

  test('a changed static metric, and times that are far off', async () => {
    const statics = await checkRecordedTable(options(changed('size', 3, 8)))
    expect(statics.rows.find(({ row }) => row === 3)!.difference).toEqual({
      metric: 'size',
      level: 0,
      table: 8,
      now: 7,
    })
    const times = await checkRecordedTable(options(changed('elapsed', 2, 15)))
    expect(times).toMatchObject({ equal: 8, timesAgree: 7 })
    expect(times.rows.find(({ row }) => row === 0)!.timeRatio).toBe(0.1)
  })

  test('a training that fails now differs, with the reason', async () => {
    const recording = fakeRecording(folder, { program: { timeout: 0.001 } })
    const { rows, equal } = await checkRecordedTable({ ...options(whole, 1), recording })
    expect(equal).toBe(0)
    expect(rows[0]!.difference).toBe('the training failed: ran longer than 0.001 s')
  })

  test('end when they are aborted, and leave nothing behind', async () => {
    vi.stubEnv('TMPDIR', folder)
    const abort = new AbortController()
    const { rows } = await checkRecordedTable({
      ...options(),
      workers: 1,
      signal: abort.signal,
      onRow: () => abort.abort(),
    })
    vi.unstubAllEnvs()
    expect(rows).toHaveLength(1)
    expect(readdirSync(folder).sort()).toEqual(['data', 'program', 'starts'])
  })
})

describe('a check refuses in one line, before it trains anything', () => {
  const refused = async (change: Partial<CheckOptions>): Promise<string> => {
    const error = await checkRecordedTable({ ...options(), ...change }).then(
      () => new Error('it was accepted'),
      (thrown: Error) => thrown,
    )
    expect(readdirSync(folder)).not.toContain('starts')
    expect(error.message).not.toContain('\n')
    return error.message
  }

  test('a changed program', async () => {
    appendFileSync(join(folder, 'program', 'train.mjs'), '// changed\n')
    expect(await refused({})).toMatch(
      /^table fake cannot be checked: it was recorded with another version of the program/,
    )
  })

  test('changed data', async () => {
    appendFileSync(join(folder, 'data', 'train.txt'), 'more')
    expect(await refused({})).toMatch(/it was recorded with other data \(train\.txt: /)
  })

  test('a changed plan', async () => {
    expect(await refused({ recording: fakeRecording(folder, { seed: 2 }) })).toMatch(/with another plan/)
  })

  test('a table that was not recorded or is not complete', async () => {
    const provenance = { kind: 'imported' } as never
    expect(await refused({ table: { ...whole, metadata: { ...whole.metadata, provenance } } })).toMatch(
      /is imported, not/,
    )
    expect(await refused({ table: { ...whole, rows: 7 } })).toMatch(/holds 7 of 8 trainings; finish the recording/)
  })

  test('no rows', async () => {
    expect(await refused({ rows: 0 })).toMatch(/^rows must be a whole number/)
  })
})
