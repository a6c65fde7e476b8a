import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { expect, it } from 'vitest'
import { encodeEvents } from '../../src/store/batch-file.js'
import { writeWhole } from '../../src/store/write-whole.js'
import { readSummaries } from '../../src/store/read-batch.js'
import { EVENT_KINDS, RunLog, digestOf, runDigest } from '../../src/store/run-log.js'

/** Three runs of one trial with so many reports each. */
function log(reports: readonly number[], room = 0): RunLog {
  const runs = new RunLog(2, room)
  for (const count of reports) {
    runs.beginRun()
    runs.start(0, 0, { x: count })
    for (let i = 1; i <= count; i++)
      runs.report(i, 0, 0, i, Float64Array.of(1 / i, i), i === count ? 'pause' : 'continue')
    runs.resume(count, 0, 1, count)
    runs.end(count + 1, 0, 1, 'failed')
  }
  return runs
}

it('holds many runs after one another, however long they grow', () => {
  const { columns, configs } = log([2, 3000, 1])
  expect(columns.offsets).toEqual([0, 5, 3008, 3012])
  expect([...columns.kind.subarray(0, 5)].map((kind) => EVENT_KINDS[kind])).toEqual([
    'start',
    'continue',
    'pause',
    'resume',
    'failed',
  ])
  expect([...columns.values[1]!.subarray(0, 5)]).toEqual([Number.NaN, 1, 2, Number.NaN, Number.NaN])
  expect(columns.time[3007]).toBe(3001)
  expect(configs).toEqual([{ x: 1 }])
})

it('has a digest per run that depends on that run only, not on room or position', () => {
  const a = log([2, 3]).columns
  const b = log([3, 2], 5000).columns
  expect(runDigest(a, 0)).toBe(runDigest(b, 1))
  expect(runDigest(a, 1)).toBe(runDigest(b, 0))
  expect(runDigest(a, 0)).not.toBe(runDigest(a, 1))
  const digests = [runDigest(a, 0), runDigest(a, 1)]
  expect(digestOf(digests)).not.toBe(digestOf(digests.toReversed()))
})

it('is written as Arrow with its summaries; a file that is not whole has none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rungbench-log-'))
  try {
    const path = join(folder, 'events.arrow')
    const bytes = encodeEvents(log([2, 1]).columns, ['error', 'test'], [{ seed: 0 }, { seed: 1 }])
    writeWhole(path, bytes)
    expect(readdirSync(folder)).toEqual(['events.arrow'])
    const rows = tableFromIPC(readFileSync(path))
      .toArray()
      .map((row) => JSON.parse(JSON.stringify(row)) as object)
    expect(rows.length).toBe(9)
    expect(rows[1]).toEqual({ run: 0, event: 'continue', trial: 0, resource: 1, time: 1, error: 1, test: 1 })
    expect(rows[5]).toMatchObject({ run: 1, event: 'start' })
    expect(readSummaries(path)).toEqual([{ seed: 0 }, { seed: 1 }])
    for (const length of [0, 10, bytes.length >> 1]) {
      writeFileSync(path, bytes.subarray(0, length))
      expect(readSummaries(path)).toBeUndefined()
    }
    expect(readSummaries(join(folder, 'none'))).toBeUndefined()
    expect(() => writeWhole(join(folder, 'no', 'file'), 'x')).toThrow(/^cannot write .*go on with --resume$/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
