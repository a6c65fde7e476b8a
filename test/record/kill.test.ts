import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { readRecordingJournal } from '../../src/record/record-journal.js'
import { record } from '../../src/record/record.js'
import { fakeFolder, fakeOptions, removeFolders, timelessBytes } from './fake.js'
import { slowRecording } from './slow.js'

afterAll(removeFolders)

const script = fileURLToPath(new URL('record-process.ts', import.meta.url))

/** A process that records in a folder. */
function recorder(folder: string): { readonly child: ChildProcess; readonly exit: Promise<unknown[]> } {
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder], { stdio: 'ignore' })
  return { child, exit: once(child, 'exit') }
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Trainings of a folder that run: their arguments name its data. */
function running(folder: string): string[] {
  const data = join(folder, 'data')
  if (!existsSync('/proc/self/cmdline'))
    return spawnSync('ps', ['-axo', 'args'], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter((line) => line.includes(data))
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data)
    } catch {
      return false
    }
  })
}

const journalOf = (folder: string): string => join(folder, 'fake.arrow.journal.jsonl')
const recorded = (folder: string): number =>
  existsSync(journalOf(folder)) ? readFileSync(journalOf(folder), 'utf8').split('"event":"training"').length - 1 : 0

test('killed twice in the middle and resumed: nothing lost, nothing doubled, no training left behind', async () => {
  const whole = fakeFolder()
  const folder = fakeFolder()
  const uninterrupted = record(fakeOptions(whole, slowRecording(whole)))
  for (const after of [2, 5]) {
    const { child, exit } = recorder(folder)
    await until(() => recorded(folder) >= after && running(folder).length > 0)
    child.kill('SIGKILL')
    expect(await exit).toEqual([null, 'SIGKILL'])
    expect(recorded(folder)).toBeLessThan(8)
    // They end when they next write to the output that nobody reads any more.
    await until(() => running(folder).length === 0)
  }
  const kept = readRecordingJournal(journalOf(folder)).trainings
  expect(await record(fakeOptions(folder, slowRecording(folder)))).toMatchObject({ status: 'complete', failed: 0 })

  const { trainings } = readRecordingJournal(journalOf(folder))
  expect(trainings.slice(0, kept.length)).toEqual(kept)
  expect(trainings.map(({ index }) => index).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  await uninterrupted
  expect(timelessBytes(join(folder, 'fake.arrow')).equals(timelessBytes(join(whole, 'fake.arrow')))).toBe(true)
})

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s takes the trainings along', async (signal) => {
  const folder = fakeFolder()
  const { child, exit } = recorder(folder)
  await until(() => recorded(folder) >= 1 && running(folder).length > 0)
  child.kill(signal)
  expect(await exit).toEqual([null, signal])
  await until(() => running(folder).length === 0)
})
