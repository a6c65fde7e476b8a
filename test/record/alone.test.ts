import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { tableFromJournal } from '../../src/record/from-journal.js'
import { readRecordingJournal } from '../../src/record/record-journal.js'
import { type RecordResult, record } from '../../src/record/record.js'
import { readTable } from '../../src/surrogates/read.js'
import { drive, journalOf, linesOf, noPython, writePlan } from './driver.js'
import { fakeFolder, fakeOptions, fakeRecording, removeFolders, starts } from './fake.js'

afterAll(removeFolders)

const recordAlone = (folder: string, aloneLevels: number): Promise<RecordResult> =>
  record({ ...fakeOptions(folder), journal: journalOf(folder), workers: 4, aloneLevels })

/** As if everything had been recorded beside one other. */
function makeShared(folder: string): void {
  writeFileSync(journalOf(folder), readFileSync(journalOf(folder), 'utf8').replaceAll(/"shared":\d+/g, '"shared":1'))
}

const KEPT = ['index', 'configuration', 'seed', 'config', 'ended', 'reason', 'elapsed', 'startup', 'statics', 'shared']
const kept = (lines: readonly object[]): object[] =>
  lines.map((line) => Object.fromEntries(Object.entries(line).filter(([key]) => KEPT.includes(key))))

describe('the pass alone', () => {
  test('measures repetition 0 of every configuration for so many levels, once', async () => {
    const folder = fakeFolder()
    await record({ ...fakeOptions(folder), journal: journalOf(folder) })
    makeShared(folder)
    expect(await recordAlone(folder, 2)).toMatchObject({ status: 'complete', alone: { done: 4, total: 4, failed: 0 } })
    const { alone, trainings, sessions } = readRecordingJournal(journalOf(folder))
    expect(trainings).toHaveLength(8)
    expect(sessions.map(({ workers }) => workers)).toEqual([2, 1])
    expect(alone.map(({ repetition }) => repetition)).toEqual([0, 0, 0, 0])
    expect(new Set(alone.map(({ configuration }) => configuration)).size).toBe(4)
    for (const line of alone)
      expect(line).toMatchObject({
        elapsed: [0.5, 1],
        startup: 0.25,
        statics: { size: 7 },
        shared: 0,
        ended: 'completed',
      })

    const { metadata, elapsed } = readTable(join(folder, 'fake.arrow'))
    expect(metadata.provenance).toMatchObject({ workers: 2, alone: { own: 0, measured: 8, scaled: 0 } })
    expect(metadata.columnProvenance?.['elapsed_time']).toMatchObject({
      kind: 'modelled',
      rule: expect.stringContaining('past epoch 2 at the pace until then') as string,
    })
    expect(Array.from(elapsed.slice(0, 3))).toEqual([0.5, 1, 1.5])

    // What is measured is not measured again, unless for more levels.
    await recordAlone(folder, 1)
    expect(starts(folder)).toHaveLength(12)
    await recordAlone(folder, 3)
    expect(starts(folder)).toHaveLength(16)
    await expect(recordAlone(folder, 4)).rejects.toThrow(/must be a whole number from 1 to 3, got 4/)
  })

  /** Records a program that, once there is a file "hang", never ends by itself and says nothing after level 1. */
  async function hanging(): Promise<string> {
    const folder = fakeFolder()
    const program = join(folder, 'program', 'train.mjs')
    const text = readFileSync(program, 'utf8').replace(
      'await sleep(',
      "if (epoch === 2 && (await import('node:fs')).existsSync('hang')) await sleep(600_000)\n  await sleep(",
    )
    writeFileSync(program, text)
    await record({ ...fakeOptions(folder), journal: journalOf(folder), workers: 4 })
    writeFileSync(join(folder, 'hang'), '')
    return folder
  }

  test('ends trainings after the last level that is asked for', async () => {
    expect((await recordAlone(await hanging(), 1)).alone).toEqual({ done: 4, total: 4, failed: 0 })
    if (noPython !== undefined) return
    const folder = await hanging()
    writePlan(folder, fakeRecording(folder))
    expect(await drive(folder, '--alone', '--alone-levels', '1')).toMatchObject({ status: 0 })
    expect(linesOf(folder, 'alone').map(({ elapsed }) => elapsed)).toEqual([[0.5], [0.5], [0.5], [0.5]])
  })

  test('measures what is recorded only, and tries a failed one twice', async () => {
    const folder = fakeFolder()
    const abort = new AbortController()
    const onProgress = ({ done }: { done: number }): void => (done >= 4 ? abort.abort() : undefined)
    const options = { ...fakeOptions(folder), journal: journalOf(folder), workers: 1, allowPartial: true }
    await record({ ...options, signal: abort.signal, onProgress })
    writeFileSync(join(folder, 'broken'), 'all')
    for (let times = 0; times < 3; times++) {
      const { alone } = await recordAlone(folder, 1)
      expect(alone).toEqual({ done: 2, total: 2, failed: 2 })
    }
    expect(starts(folder)).toHaveLength(4 + 4)
  })

  test.skipIf(noPython !== undefined)(`by drive.py gives the same lines${noPython ?? ''}`, async () => {
    const [here, there] = [fakeFolder(), fakeFolder()]
    for (const folder of [here, there]) {
      await record({ ...fakeOptions(folder), journal: journalOf(folder) })
      makeShared(folder)
    }
    await recordAlone(here, 2)
    writePlan(there, fakeRecording(there))
    const { status, out } = await drive(there, '--alone', '--alone-levels', '2')
    expect({ status, out }).toEqual({ status: 0, out: expect.stringContaining('4 of 4 trainings alone') as string })
    const [mine, its] = [here, there].map((folder) => readRecordingJournal(journalOf(folder)).alone)
    expect(kept(its!)).toEqual(kept(mine!))
    const { table } = tableFromJournal({ recording: fakeRecording(there), journal: journalOf(there) })
    expect(table.metadata.columnProvenance).toEqual(readTable(join(here, 'fake.arrow')).metadata.columnProvenance)
    expect(table.elapsed).toEqual(readTable(join(here, 'fake.arrow')).elapsed)

    // Nothing is left; more levels are.
    const before = linesOf(there, 'alone').length
    await drive(there, '--alone', '--alone-levels', '2')
    expect(linesOf(there, 'alone')).toHaveLength(before)
    await drive(there, '--alone', '--limit', '1')
    expect(linesOf(there, 'alone').at(-1)).toMatchObject({ elapsed: [0.5, 1, 1.5], shared: 0, device: 'cpu' })
  })
})
