import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { choice, float } from '../../src/core/space.js'
import { tableFromJournal } from '../../src/record/from-journal.js'
import { planRecording } from '../../src/record/plan.js'
import { type RecordedTraining, readRecordingJournal } from '../../src/record/record-journal.js'
import { record } from '../../src/record/record.js'
import { type Recording, defineRecording } from '../../src/record/recording.js'
import { JournalWriter } from '../../src/store/journal.js'
import { readTable } from '../../src/surrogates/read.js'
import { writeTable } from '../../src/surrogates/write.js'
import { until } from '../cli/process.js'
import { drive, journalOf, linesOf, noPython, startDriver, writePlan } from './driver.js'
import { fakeFolder, fakeOptions, fakeRecording, removeFolders, starts, timelessBytes } from './fake.js'
import { slowRecording } from './slow.js'

const odd = fakeFolderOf('odd.mjs')
afterAll(removeFolders)

/** A folder whose program is a fixture. */
function fakeFolderOf(program: string): string {
  const folder = fakeFolder()
  copyFileSync(new URL(`../fixtures/programs/${program}`, import.meta.url), join(folder, 'program', program))
  return folder
}

function planned(recording = fakeRecording, folder = fakeFolder()): string {
  writePlan(folder, recording(folder))
  return folder
}

/** The table of the driver's journal, written where `fakeOptions` would write it. */
function tableOf(folder: string, recording: Recording = fakeRecording(folder)): string {
  const { table } = tableFromJournal({ recording, journal: journalOf(folder), dataDir: join(folder, 'data') })
  writeTable(join(folder, 'fake.arrow'), table)
  return join(folder, 'fake.arrow')
}

/** A line without what differs from run to run. */
function timeless(training: RecordedTraining): object {
  const { startedAt: _from, endedAt: _to, load: _load, worker: _worker, data: _data, ...rest } = training
  // Where the program says no time, arrival is all there is.
  const startup = rest.startupSource === 'arrival' ? 0 : rest.startup
  return { ...rest, startup, elapsed: rest.elapsedSource === 'arrival' ? rest.elapsed.length : rest.elapsed }
}

const byIndex = (trainings: readonly RecordedTraining[]): RecordedTraining[] =>
  trainings.toSorted((a, b) => a.index - b.index)

describe.skipIf(noPython !== undefined)(`drive.py${noPython === undefined ? '' : `, ${noPython}`}`, () => {
  let whole: string
  beforeAll(async () => {
    whole = fakeFolder()
    await record(fakeOptions(whole))
  })

  test('records the same table as bench record, byte for byte', async () => {
    const folder = planned()
    const { status, out, err } = await drive(folder, '--workers', '2')
    expect({ status, err, out }).toMatchObject({ status: 0, out: expect.stringContaining('8 of 8 trainings') })
    expect(starts(folder)).toHaveLength(8)
    expect(timelessBytes(tableOf(folder)).equals(timelessBytes(join(whole, 'fake.arrow')))).toBe(true)
    expect(readdirSync(folder).sort()).toEqual(
      ['data', 'fake.arrow', 'journal.jsonl', 'plan.json', 'program', 'starts'].sort(),
    )
    const { trainings } = readRecordingJournal(journalOf(folder))
    expect(trainings.map(({ device }) => device)).toEqual(Array(8).fill('cpu'))
    expect(Math.max(...trainings.map(({ shared }) => shared))).toBe(1)

    // Once more: nothing is left to do.
    const before = readFileSync(journalOf(folder))
    expect(await drive(folder)).toMatchObject({ status: 0 })
    expect(readFileSync(journalOf(folder)).equals(before)).toBe(true)
  })

  test('goes on with a journal of bench record, and bench record with its', async () => {
    const folder = planned()
    await drive(folder, '--limit', '3')
    expect(linesOf(folder, 'training')).toHaveLength(3)
    const options = { ...fakeOptions(folder), journal: journalOf(folder) }
    const abort = new AbortController()
    const onProgress = ({ done }: { done: number }): void => (done >= 5 ? abort.abort() : undefined)
    await record({ ...options, workers: 1, signal: abort.signal, onProgress })
    expect(linesOf(folder, 'training')).toHaveLength(5)
    expect(await drive(folder)).toMatchObject({ status: 0 })
    expect(starts(folder)).toHaveLength(8)
  })

  test('runs whole configurations, the default first, the others in a shuffle', async () => {
    const folder = planned()
    await drive(folder)
    const order = linesOf(folder, 'training').map(({ configuration }) => configuration)
    expect(order.slice(0, 2)).toEqual([0, 0])
    for (let i = 0; i < 8; i += 2) expect(order[i]).toBe(order[i + 1])
    const { wholeOrder } = planRecording(fakeRecording(folder))
    expect(linesOf(folder, 'training').map(({ index }) => index)).toEqual(wholeOrder)
  })

  const cases = {
    good: [
      'plain',
      'junk',
      'unicode',
      'nan',
      'infinite',
      'huge',
      'token',
      'worker',
      'cpu',
      'again',
      'late',
      'long',
      'whole',
    ],
    bad: ['no metric', 'no number', 'skipped', 'backwards'],
    worse: ['no static', 'early', 'early nan', 'crash', 'signal'],
    endless: ['sleep'],
  }
  test.each(Object.entries(cases))('reads what programs print as bench record does: %s', async (_name, values) => {
    const recording = defineRecording({
      name: 'odd',
      program: {
        name: 'odd',
        command: ['node', 'program/odd.mjs'],
        directory: odd,
        files: ['program'],
        timeout: values.includes('sleep') ? 0.5 : 60,
      },
      resource: { name: 'epoch', levels: 3 },
      metrics: { loss: { goal: 'min' }, size: { goal: 'min', kind: 'static' } },
      space: { case: choice(values), lr: float(1e-9, 1) },
      defaultConfig: { case: values[0]!, lr: 1e-7 },
      plan: {
        draw: 'random',
        groups: values
          .slice(1)
          .map((value) => ({ fixed: { case: value }, configurations: 1 }))
          .concat([{ fixed: { case: values[0]! }, configurations: 1 }]),
        repetitions: 1,
        defaultRepetitions: 1,
        seed: 1,
      },
    })
    const folder = fakeFolder()
    writePlan(folder, recording)
    const options = { recording, workers: 1, out: join(folder, 'odd.arrow'), allowPartial: true, onWarning: () => {} }
    await record(options).catch(() => undefined)
    await drive(folder, '--program', odd)
    const here = readRecordingJournal(join(folder, 'odd.arrow.journal.jsonl')).trainings
    const there = readRecordingJournal(journalOf(folder)).trainings
    expect(here.length).toBeGreaterThanOrEqual(values.length)
    expect(byIndex(there).map(timeless)).toEqual(byIndex(here).map(timeless))
    expect(there.findLast(({ data }) => data !== undefined)?.data).toEqual(
      here.findLast(({ data }) => data !== undefined)?.data,
    )
  })

  test('a failed training is tried once more, and no more', async () => {
    const folder = planned()
    const bad = planRecording(fakeRecording(folder)).configurations[2]!['lr'] as number
    writeFileSync(join(folder, 'broken'), String(bad))
    const first = await drive(folder, '--workers', '3')
    expect(first).toMatchObject({ status: 1, err: expect.stringContaining('2 failed') })
    expect(readFileSync(join(`${journalOf(folder)}.logs`, '4', 'std.err'), 'utf8')).toBe('out of memory\n')
    for (const times of [10, 10]) {
      await drive(folder)
      expect(starts(folder)).toHaveLength(times)
    }
    expect(linesOf(folder, 'training').filter(({ reason }) => reason === 'exit code 1: out of memory')).toHaveLength(4)
  })

  test('five failures in a row end it, with the reason', async () => {
    const folder = planned()
    writeFileSync(join(folder, 'broken'), 'all')
    const { status, err } = await drive(folder)
    expect(status).toBe(1)
    expect(err).toMatch(
      /drive\.py: 5 trainings in a row failed, the last: exit code 1: out of memory \(its output is in /,
    )
    expect(starts(folder)).toHaveLength(5)
  })

  test('does not start what cannot end in time', async () => {
    const folder = planned(slowRecording)
    // One ends quickly enough to know how long they take; by its time nothing fits in what is left.
    await drive(folder, '--limit', '1')
    const line = linesOf(folder, 'training')[0]!
    const journal = readFileSync(journalOf(folder), 'utf8')
    const later = new Date(Date.parse(line['startedAt'] as string) + 3_600_000).toISOString()
    writeFileSync(journalOf(folder), journal.replace(line['endedAt'] as string, later))
    const { status, out } = await drive(folder, '--minutes', '1')
    expect({ status, out }).toMatchObject({ status: 0, out: expect.stringContaining('1 of 8 trainings') })
    expect(starts(folder)).toHaveLength(1)
  })

  test('ends what runs when the time is over; it is run again', async () => {
    const folder = planned((place) => fakeRecording(place, { program: { arguments: { pause: 600_000 } } }))
    const { status, out } = await drive(folder, '--workers', '2', '--minutes', '0.01')
    expect({ status, out }).toMatchObject({ status: 0, out: expect.stringContaining('0 of 8 trainings') })
    expect(linesOf(folder, 'training')).toEqual([])
    expect(readdirSync(folder)).not.toContain('journal.jsonl.lock')
  })

  describe('is interrupted', () => {
    test.each(['SIGINT', 'SIGTERM'] as const)('%s keeps what has ended', async (signal) => {
      const folder = planned(slowRecording)
      const { child, ended } = startDriver(folder, '--workers', '2')
      await until(() => linesOf(folder, 'training').length >= 2)
      child.kill(signal)
      expect(await ended).toMatchObject({ status: signal === 'SIGINT' ? 130 : 143 })
      const kept = linesOf(folder, 'training').length
      expect(kept).toBeLessThan(8)
      expect(readdirSync(folder)).not.toContain('journal.jsonl.lock')
      expect(await drive(folder, '--workers', '4')).toMatchObject({ status: 0 })
      expect(
        linesOf(folder, 'training')
          .map(({ index }) => index)
          .toSorted(),
      ).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    })

    test('by SIGKILL at random moments: nothing is lost, nothing doubled', async () => {
      const folder = planned(slowRecording)
      for (let i = 0; i < 5; i++) {
        const before = linesOf(folder, 'training')
        const { child, ended } = startDriver(folder, '--workers', '2')
        const [lines, size] = [before.length + (i % 2), Math.random() * 900]
        // At some byte of the journal: after a line has begun to show, or right at the start.
        await until(() => linesOf(folder, 'training').length >= lines && journalSize(folder) > size)
        child.kill('SIGKILL')
        await ended
        expect(linesOf(folder, 'training').slice(0, before.length)).toEqual(before)
      }
      expect(await drive(folder, '--workers', '4')).toMatchObject({ status: 0 })
      expect(
        linesOf(folder, 'training')
          .map(({ index }) => index)
          .toSorted(),
      ).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
      const slowly = fakeFolder()
      await record({ ...fakeOptions(slowly, slowRecording(slowly)), workers: 4 })
      const table = columnsOf(tableOf(folder, slowRecording(folder)))
      expect(table).toEqual(columnsOf(join(slowly, 'fake.arrow')))
    })

    test('with a torn last line, anywhere in it', async () => {
      const journal = readFileSync(join(whole, 'fake.arrow.journal.jsonl'))
      const ends = Array.from(journal.keys()).filter((at) => journal[at] === 0x0a)
      for (const cut of [10, ends[0]! + 1, ends[3]! - 20, ends[5]!]) {
        const folder = planned()
        writeFileSync(journalOf(folder), journal.subarray(0, cut))
        expect(await drive(folder)).toMatchObject({ status: 0 })
        expect(starts(folder)).toHaveLength(8 - Math.max(0, ends.filter((end) => end < cut).length - 2))
        expect(tableFromJournal({ recording: fakeRecording(folder), journal: journalOf(folder) }).table.rows).toBe(8)
      }
    })
  })

  describe('refuses', () => {
    const refused = async (folder: string, ...more: string[]): Promise<string> => {
      const { status, out, err } = await drive(folder, ...more)
      expect({ status, out, err }).toMatchObject({ status: 2, out: '' })
      expect(err).toMatch(/^drive\.py: [^\n]+\n$/)
      expect(readdirSync(folder)).not.toContain('starts')
      return err
    }

    test('a plan that was changed', async () => {
      const folder = planned()
      const path = join(folder, 'plan.json')
      const text = readFileSync(path, 'utf8')
      const changed = text.replace('"--lr","', '"--lr","1')
      expect(changed).not.toBe(text)
      writeFileSync(path, changed)
      expect(await refused(folder)).toMatch(/plan\.json was changed after it was made/)
    })

    test('a changed program, and files that are not part of it', async () => {
      const folder = planned()
      writeFileSync(join(folder, 'program', 'more.mjs'), '')
      expect(await refused(folder)).toMatch(/more\.mjs is not part of it/)
      appendFileSync(join(folder, 'program', 'train.mjs'), '// changed\n')
      expect(await refused(folder)).toMatch(/the program differs from the plan's: .*train\.mjs has sha256/)
    })

    test('other data, and none', async () => {
      const folder = planned()
      appendFileSync(join(folder, 'data', 'train.txt'), 'more')
      expect(await refused(folder)).toMatch(/other data than the plan's: .*train\.txt has sha256/)
      mkdirSync(join(folder, 'empty'))
      expect(await refused(folder, '--data', join(folder, 'empty'))).toMatch(/train\.txt cannot be read/)
    })

    test("another recording's journal, and one that somebody writes", async () => {
      const folder = planned()
      await drive(
        planned((place) => fakeRecording(place, { seed: 2 }), folder),
        '--limit',
        '1',
      )
      writePlan(folder, fakeRecording(folder))
      const { err } = await drive(folder)
      expect(err).toMatch(/was recorded with another plan/)

      const locked = planned()
      const { writer } = JournalWriter.open(journalOf(locked), {})
      expect(await refused(locked)).toMatch(/is being written by process/)
      writer.close()
    })

    test('arguments that do not fit, in one line each', async () => {
      const folder = planned()
      const wrong = {
        '--workers 0': 'must be a whole number from 1 on, got "0"',
        '--trials-per-gpu 2': '--trials-per-gpu needs GPUs',
        '--trials-per-gpu 2 --workers 2': 'give --trials-per-gpu or --workers, not both',
        '--minutes soon': 'must be a number above 0, got "soon"',
        '--gpus 0,0': '--gpus must be all, none or distinct GPUs, got "0,0"',
        '--gpus some': '--gpus must be all, none or distinct GPUs, got "some"',
        '--env x': 'must be NAME=VALUE, got "x"',
        '--alone --workers 2': '--alone runs one training per device',
        '--alone-levels 2': '--alone-levels is for --alone',
        '--alone --alone-levels 4': '--alone-levels must be from 1 to 3, got 4',
      }
      for (const [line, message] of Object.entries(wrong))
        expect(await refused(folder, ...line.split(' '))).toContain(message)
    })

    test('what is no plan', async () => {
      const folder = planned()
      writeFileSync(join(folder, 'plan.json'), '{}')
      expect(await refused(folder)).toMatch(/is no plan; make one with/)
    })

    test('a plan that lacks something, without its checksum', async () => {
      const folder = planned()
      const path = join(folder, 'plan.json')
      const { sha256: _checksum, ...plan } = JSON.parse(readFileSync(path, 'utf8')) as {
        sha256: string
        program: object
        trainings: object[]
      }
      const wrong: Record<string, object> = {
        resource: { ...plan, resource: undefined },
        'resource.levels': { ...plan, resource: { name: 'epoch' } },
        'program.env': { ...plan, program: { ...plan.program, env: 'none' } },
        'trainings[0].seed': { ...plan, trainings: [{ ...plan.trainings[0], seed: '1' }] },
      }
      for (const [name, one] of Object.entries(wrong)) {
        writeFileSync(path, JSON.stringify(one))
        expect(await refused(folder)).toContain(`lacks ${name}; copy it again`)
      }
    })
  })

  test('spreads trainings over GPUs and says which each had, and beside how many', async () => {
    const folder = fakeFolder()
    const script = '#!/bin/sh\nprintf "0, Some GPU, 81559, 550.1\\n1, Some GPU, 81559, 550.1\\n"\n'
    writeFileSync(join(folder, 'nvidia-smi'), script)
    chmodSync(join(folder, 'nvidia-smi'), 0o755)
    const visible =
      "console.log(`[data]: ${JSON.stringify({ visible: process.env.CUDA_VISIBLE_DEVICES, device: 'cuda:0', pid: process.pid, given: process.env.GIVEN })}`)\n"
    appendFileSync(join(folder, 'program', 'train.mjs'), visible)
    writePlan(folder, slowRecording(folder))
    const path = process.env['PATH']
    process.env['PATH'] = `${folder}:${path}`
    try {
      const more = ['--gpus', 'all', '--trials-per-gpu', '2', '--env', 'GIVEN=a b;$(c)', '--env', `PLACE=${folder}`]
      expect(await drive(folder, ...more)).toMatchObject({ status: 0 })
    } finally {
      process.env['PATH'] = path
    }
    const { sessions, trainings } = readRecordingJournal(journalOf(folder))
    expect(sessions[0]).toMatchObject({
      workers: 4,
      hardware: { gpu: 'Some GPU', gpus: 2, gpuMemoryGiB: 79.6 },
      versions: { 'nvidia-driver': '550.1' },
      env: { GIVEN: 'a b;$(c)', PLACE: folder },
    })
    const { table } = tableFromJournal({ recording: slowRecording(folder), journal: journalOf(folder) })
    expect(table.metadata.provenance['env']).toEqual({ GIVEN: 'a b;$(c)', PLACE: '(a path)' })
    expect(new Set(trainings.map(({ device }) => device))).toEqual(new Set(['cuda:0', 'cuda:1']))
    for (const { device, data, shared } of trainings) {
      expect(data).toMatchObject({ visible: device!.slice(-1), given: 'a b;$(c)' })
      expect(shared).toBeLessThanOrEqual(1)
    }
    expect(trainings.some(({ shared }) => shared === 1)).toBe(true)
  })
})

function journalSize(folder: string): number {
  return existsSync(journalOf(folder)) ? readFileSync(journalOf(folder)).length : 0
}

/** The columns of a table that do not depend on how many sessions recorded it. */
function columnsOf(path: string): object {
  const { hyperparameters, repetition, reached, ended, elapsed, startup, cpu, curves, statics } = readTable(path)
  return { hyperparameters, repetition, reached, ended, elapsed, startup, cpu, curves, statics }
}
