/** `bench record --from-run`: all runs of a run directory as one table. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runHeader } from '../../src/record/run-header.js'
import { JournalRecorder } from '../../src/store/journal-recorder.js'
import { JournalWriter } from '../../src/store/journal.js'
import { readTable } from '../../src/surrogates/read.js'
import { fakeFolder, fakeRecording, removeFolders } from '../record/fake.js'
import { bench } from './fake-terminal.js'

afterAll(removeFolders)

let folder: string
beforeAll(() => {
  folder = fakeFolder()
  for (const seed of [0, 1]) {
    const run = join(folder, 'run', 'runs', `000-${seed}`)
    // A program may write a journal of its own among its checkpoints.
    mkdirSync(join(run, 'trials', '0'), { recursive: true })
    JournalWriter.open(join(run, 'trials', '0', 'journal.jsonl'), { journal: 'of the program' }).writer.close()
    const options = { recording: fakeRecording(folder), dataDir: join(folder, 'data'), values: ['loss'], workers: 1 }
    const { writer } = JournalWriter.open(join(run, 'journal.jsonl'), { ...runHeader(options), seed })
    const recorder = new JournalRecorder(writer)
    for (const trial of [0, 1]) recorder.start(0, trial, { lr: 0.1, depth: trial, color: 'red' })
    recorder.report(1, 0, 0, 1, Float64Array.of(seed), 'stop')
    writer.close()
  }
})

test('takes a run directory, and says what is left out', async () => {
  const out = join(folder, 'all.arrow')
  const { code, out: text } = await bench(['record', '--from-run', join(folder, 'run'), '--out', out])
  expect(code).toBe(0)
  expect(text).toContain(`${out} holds 2 trials of 2 runs\nLeft out: 2 trials without a report\n`)
  const table = readTable(out)
  expect([Array.from(table.repetition), table.curves['loss']![3]]).toEqual([[0, 1], 1])
})

test('takes one run of it, by its folder or its journal', async () => {
  for (const path of ['run/runs/000-1', 'run/runs/000-1/journal.jsonl']) {
    const out = join(folder, 'one.arrow')
    const { out: text } = await bench(['record', '--from-run', join(folder, path), '--out', out])
    expect(text).toContain('holds 1 trial of 1 run\nLeft out: 1 trial without')
  }
})

test('refuses a folder without a journal', async () => {
  const { code, err } = await bench(['record', '--from-run', join(folder, 'data'), '--out', join(folder, 'x.arrow')])
  expect([code, err]).toEqual([2, expect.stringContaining('holds no journal of a real run')])
})
