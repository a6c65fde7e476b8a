import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planRecording } from '../../src/record/plan.js'
import { readRecordingJournal } from '../../src/record/record-journal.js'
import { record } from '../../src/record/record.js'
import { JournalWriter } from '../../src/store/journal.js'
import { readTable } from '../../src/surrogates/read.js'
import { fakeFolder, fakeOptions, fakeRecording, removeFolders, starts, timelessBytes } from './fake.js'

afterAll(removeFolders)

/** A recording that nothing interrupted. */
let whole: string
beforeAll(async () => {
  whole = fakeFolder()
  await record(fakeOptions(whole))
})

const journalOf = (folder: string): string => join(folder, 'fake.arrow.journal.jsonl')

/** A folder in which the same recording can go on: same program, same data. */
function copyOf(folder: string): string {
  const copy = fakeFolder()
  copyFileSync(journalOf(folder), journalOf(copy))
  return copy
}

describe('an uninterrupted recording', () => {
  test('trains everything once and writes what the program reported', () => {
    const table = readTable(join(whole, 'fake.arrow'))
    const { trainings } = planRecording(fakeRecording(whole))
    expect(starts(whole)).toHaveLength(8)
    expect(table.rows).toBe(8)
    expect(Array.from(table.repetition)).toEqual([0, 1, 0, 1, 0, 1, 0, 1])
    for (const { index, config, seed } of trainings)
      for (let level = 1; level <= 3; level++) {
        const at = index * 3 + level - 1
        expect(table.curves['loss']![at]).toBe(Math.fround((config['lr'] as number) / level + (seed % 1000) / 1e6))
        expect(table.elapsed[at]).toBe(level * 0.5)
      }
    expect(Array.from(table.statics['size']!)).toEqual(Array(8).fill(7))
    expect(Array.from(table.startup)).toEqual(Array(8).fill(0.25))
  })

  test('says what was run on what', () => {
    const { provenance } = readTable(join(whole, 'fake.arrow')).metadata
    expect(provenance).toMatchObject({
      kind: 'recorded',
      program: { name: 'fake program', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      data: { files: { 'train.txt': expect.stringMatching(/^[0-9a-f]{64}$/) }, described: { train: 100 } },
      workers: 2,
      trainings: 8,
    })
  })

  test('says how many trainings were beside each', async () => {
    const { trainings } = readRecordingJournal(journalOf(whole))
    expect(trainings.map(({ shared }) => shared)).toEqual(Array(8).fill(1))
    const folder = fakeFolder()
    await record({ ...fakeOptions(folder), workers: 1 })
    expect(readRecordingJournal(journalOf(folder)).trainings.map(({ shared }) => shared)).toEqual(Array(8).fill(0))
  })

  test('leaves no logs and no lock behind', () => {
    expect(readdirSync(whole).sort()).toEqual(['data', 'fake.arrow', 'fake.arrow.journal.jsonl', 'program', 'starts'])
  })

  test('run again only writes the same table again, byte for byte', async () => {
    const before = readFileSync(join(whole, 'fake.arrow'))
    const journal = readFileSync(journalOf(whole))
    expect(await record(fakeOptions(whole))).toMatchObject({ status: 'complete', done: 8, failed: 0 })
    expect(readFileSync(join(whole, 'fake.arrow')).equals(before)).toBe(true)
    expect(readFileSync(journalOf(whole)).equals(journal)).toBe(true)
    expect(starts(whole)).toHaveLength(8)
  })
})

describe('an interrupted recording', () => {
  test('keeps what is finished when it is aborted, and goes on to the same table', async () => {
    const folder = fakeFolder()
    for (const end of [1, 4]) {
      const abort = new AbortController()
      const result = await record({
        ...fakeOptions(folder),
        signal: abort.signal,
        onProgress: ({ done }) => {
          if (done >= end) abort.abort()
        },
      })
      expect(result).toMatchObject({ status: 'interrupted', done: end, total: 8, table: undefined })
      expect(result.journal).toBe(journalOf(folder))
      expect(readRecordingJournal(result.journal).trainings).toHaveLength(end)
      expect(existsSync(join(folder, 'fake.arrow'))).toBe(false)
      expect(existsSync(`${result.journal}.lock`)).toBe(false)
    }
    expect(await record(fakeOptions(folder))).toMatchObject({ status: 'complete', done: 8 })
    const indices = readRecordingJournal(journalOf(folder)).trainings.map(({ index }) => index)
    expect(indices.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(timelessBytes(join(folder, 'fake.arrow')).equals(timelessBytes(join(whole, 'fake.arrow')))).toBe(true)
  })

  test('runs nothing when it is aborted before it begins', async () => {
    const folder = fakeFolder()
    const result = await record({ ...fakeOptions(folder), signal: AbortSignal.abort() })
    expect(result).toMatchObject({ status: 'interrupted', done: 0 })
    expect(existsSync(join(folder, 'starts'))).toBe(false)
  })

  test('goes on to the same table from a journal cut at any byte', async () => {
    const journal = readFileSync(journalOf(whole))
    const lineEnds = Array.from(journal.keys()).filter((at) => journal[at] === 0x0a)
    // Within the header; right after it; within, at and after later lines.
    for (const cut of [10, lineEnds[0]! + 1, lineEnds[3]! - 20, lineEnds[5]!, lineEnds[8]! + 1]) {
      const folder = fakeFolder()
      writeFileSync(journalOf(folder), journal.subarray(0, cut))
      await record(fakeOptions(folder))
      expect(timelessBytes(join(folder, 'fake.arrow')).equals(timelessBytes(join(whole, 'fake.arrow')))).toBe(true)
      // The header and the session are no trainings.
      const kept = Math.max(0, lineEnds.filter((end) => end < cut).length - 2)
      expect(starts(folder)).toHaveLength(8 - kept)
    }
  })

  test('writes a table of whole configurations where that is asked for', async () => {
    const folder = fakeFolder()
    // So many trainings in this session, so many rows and whole configurations after it.
    for (const [limit, rows, whole] of [
      [1, 0, 0],
      [2, 2, 1],
      [3, 6, 3],
    ] as const) {
      const abort = new AbortController()
      let ended = 0
      const onProgress = (): void => (++ended >= limit ? abort.abort() : undefined)
      const options = { ...fakeOptions(folder), workers: 1, allowPartial: true, signal: abort.signal, onProgress }
      const { table, lacks } = await record(options)
      expect(table === undefined ? 0 : readTable(table).rows).toBe(rows)
      expect(lacks).toMatch(new RegExp(`^${whole} of 4 configurations are whole`))
    }
  })
})

describe('a journal that was begun before `shared` was kept', () => {
  /** Two sessions: two trainings at a time, then one alone at the same hour as another of the first session. */
  const older = (shared?: unknown): string => {
    const folder = copyOf(whole)
    const [header, session, ...lines] = readFileSync(journalOf(folder), 'utf8').trimEnd().split('\n')
    const trainings = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    const at = (seconds: number): string => new Date(seconds * 1000).toISOString()
    for (const [i, training] of trainings.entries()) {
      delete training['shared']
      if (shared !== undefined) training['shared'] = shared
      Object.assign(training, { startedAt: at(i), endedAt: at(i + 2) })
    }
    Object.assign(trainings[7]!, { startedAt: at(0), endedAt: at(1) })
    const texts = trainings.map((training) => JSON.stringify(training))
    writeFileSync(journalOf(folder), [header, session, ...texts.slice(0, 7), session, texts[7], ''].join('\n'))
    return journalOf(folder)
  }

  test('is read: the times of a session tell', () => {
    const { trainings, sessions } = readRecordingJournal(older())
    expect(sessions).toHaveLength(2)
    expect(trainings.map(({ shared }) => shared)).toEqual([1, 1, 1, 1, 1, 1, 1, 0])
  })

  test('tables say it, and on which hardware where that differs', async () => {
    const folder = copyOf(whole)
    const text = readFileSync(journalOf(folder), 'utf8')
    const lines = text.trimEnd().split('\n')
    const other = {
      ...(JSON.parse(lines[1]!) as object),
      hardware: { cpu: 'Other', cores: 1, memoryGiB: 1, platform: '' },
    }
    lines.splice(5, 0, JSON.stringify(other))
    writeFileSync(journalOf(folder), `${lines.join('\n')}\n`)
    await record(fakeOptions(folder))
    const { shared, hardware } = readTable(join(folder, 'fake.arrow'))
    expect(Array.from(shared!)).toEqual(Array(8).fill(1))
    const own = Array.from(hardware!.values, (code) => hardware!.dictionary[code]!)
    expect(own.filter((name) => name === 'Other, 1 core')).toHaveLength(5)
    expect(readTable(join(whole, 'fake.arrow')).hardware).toBeUndefined()
  })

  test('a training before the first session is damage', () => {
    const folder = copyOf(whole)
    const [header, , ...lines] = readFileSync(journalOf(folder), 'utf8').split('\n')
    writeFileSync(journalOf(folder), [header, ...lines].join('\n'))
    expect(() => readRecordingJournal(journalOf(folder))).toThrow(/line 2: a training before the first session/)
  })

  test.each([-1, 0.5, 'none', null])('what is kept must be a count: %s', (shared) => {
    expect(() => readRecordingJournal(older(shared))).toThrow(/is damaged: line 3: shared/)
  })
})

describe('a recording refuses', () => {
  const refused = async (folder: string, recording = fakeRecording(folder)): Promise<string> => {
    const before = readFileSync(journalOf(folder))
    const error = await record(fakeOptions(folder, recording)).then(
      () => new Error('it was accepted'),
      (thrown: Error) => thrown,
    )
    expect(readFileSync(journalOf(folder)).equals(before)).toBe(true)
    expect(existsSync(`${journalOf(folder)}.lock`)).toBe(false)
    expect(existsSync(join(folder, 'starts'))).toBe(false)
    expect(error.message).not.toContain('\n')
    return error.message
  }

  test('a changed program', async () => {
    const folder = copyOf(whole)
    appendFileSync(join(folder, 'program', 'train.mjs'), '// changed\n')
    expect(await refused(folder)).toMatch(/was recorded with another version of the program \(sha256 .*, now .*\)/)
  })

  test('changed data', async () => {
    const folder = copyOf(whole)
    appendFileSync(join(folder, 'data', 'train.txt'), 'more')
    expect(await refused(folder)).toMatch(/was recorded with other data \(train\.txt: sha256 .*, now sha256 .*\)/)
  })

  test('a changed plan', async () => {
    const folder = copyOf(whole)
    expect(await refused(folder, fakeRecording(folder, { seed: 2 }))).toMatch(/was recorded with another plan/)
    expect(await refused(folder, fakeRecording(folder, { configurations: 4 }))).toMatch(/another plan/)
  })

  test('a journal that another process writes', async () => {
    const folder = copyOf(whole)
    const { writer } = JournalWriter.open(journalOf(folder), {})
    try {
      await expect(record(fakeOptions(folder))).rejects.toThrow(/is being written by process/)
    } finally {
      writer.close()
    }
  })

  test('a number of workers that is none', async () => {
    await expect(record({ ...fakeOptions(fakeFolder()), workers: 0 })).rejects.toThrow(/workers/)
  })
})

describe('failures', () => {
  test('five in a row end a recording, with the reason and the place of the output', async () => {
    const folder = fakeFolder()
    writeFileSync(join(folder, 'broken'), 'all')
    const error = await record({ ...fakeOptions(folder), workers: 1 }).then(
      () => new Error('it was accepted'),
      (thrown: Error) => thrown,
    )
    expect(error.message).toMatch(
      /^5 trainings in a row failed, the last: exit code 1: out of memory \(its output is in /,
    )
    expect(error.message).not.toContain('\n')
    const directory = /its output is in (.*?)\)/.exec(error.message)![1]!
    expect(readFileSync(join(directory, 'std.err'), 'utf8')).toBe('out of memory\n')
    const { trainings } = readRecordingJournal(journalOf(folder))
    expect(trainings.map(({ ended }) => ended)).toEqual(Array(5).fill('failed'))
  })

  test('a failed training is tried once more on resumption, and no more', async () => {
    const folder = fakeFolder()
    const recording = fakeRecording(folder, { program: { timeout: 60 } })
    const bad = planRecording(recording).configurations[2]!['lr'] as number
    writeFileSync(join(folder, 'broken'), String(bad))
    expect(await record(fakeOptions(folder, recording))).toMatchObject({ status: 'complete', done: 8, failed: 2 })
    expect(Array.from(readTable(join(folder, 'fake.arrow')).reached)).toEqual([3, 3, 3, 3, 0, 0, 3, 3])
    expect(starts(folder)).toHaveLength(8)
    const again = copyOf(folder)

    // Broken still: one more try each, then they count as they are.
    expect(await record(fakeOptions(folder, recording))).toMatchObject({ failed: 2 })
    expect(starts(folder)).toHaveLength(10)
    expect(await record(fakeOptions(folder, recording))).toMatchObject({ failed: 2 })
    expect(starts(folder)).toHaveLength(10)

    // Put right: the table is as if nothing had failed.
    expect(await record(fakeOptions(again))).toMatchObject({ status: 'complete', failed: 0 })
    expect(starts(again)).toHaveLength(2)
    expect(timelessBytes(join(again, 'fake.arrow')).equals(timelessBytes(join(whole, 'fake.arrow')))).toBe(true)
  })

  test('a training that takes too long has failed', async () => {
    const folder = fakeFolder()
    const recording = fakeRecording(folder, { program: { arguments: { pause: 600_000 }, timeout: 0.5 } })
    await expect(record({ ...fakeOptions(folder, recording), workers: 4 })).rejects.toThrow(/ran longer than 0.5 s/)
  })

  test('a folder for logs that cannot be written is warned of, not fatal', async () => {
    const folder = fakeFolder()
    const warnings: string[] = []
    writeFileSync(join(folder, 'file'), '')
    const logs = join(folder, 'file', 'logs')
    const result = await record({ ...fakeOptions(folder), logs, onWarning: (text) => warnings.push(text) })
    expect(result).toMatchObject({ status: 'complete', failed: 0 })
    expect(warnings[0]).toContain('could not be written')
  })

  test('a table that cannot be written leaves the journal', async () => {
    const folder = copyOf(whole)
    mkdirSync(join(folder, 'fake.arrow'))
    await expect(record(fakeOptions(folder))).rejects.toThrow(/fake\.arrow/)
    expect(readRecordingJournal(journalOf(folder)).trainings).toHaveLength(8)
  })
})
