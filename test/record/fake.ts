/** A small recording of a deterministic program, in a folder of its own. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { choice, float, int } from '../../src/core/space.js'
import type { RecordOptions } from '../../src/record/record.js'
import { type Recording, type RecordingProgram, defineRecording } from '../../src/record/recording.js'
import { readTable } from '../../src/surrogates/read.js'
import { encodeTable } from '../../src/surrogates/write.js'

const programs = fileURLToPath(new URL('../fixtures/programs/', import.meta.url))
const folders: string[] = []

/** A new folder with `program/train.mjs`, `program/sometimes.mjs` and `data/train.txt`; see {@link removeFolders}. */
export function fakeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rungbench-record-'))
  folders.push(folder)
  for (const name of ['program', 'data']) mkdirSync(join(folder, name))
  for (const name of ['train.mjs', 'sometimes.mjs']) copyFileSync(join(programs, name), join(folder, 'program', name))
  writeFileSync(join(folder, 'data', 'train.txt'), 'some data\n')
  return folder
}

/** Removes the folders of the tests so far. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/** What a test changes in the recording. */
export interface Change {
  readonly program?: Partial<RecordingProgram>
  readonly seed?: number
  readonly configurations?: number
}

/** Eight trainings of three levels: the default and three drawn configurations, two repetitions each. */
export function fakeRecording(folder: string, change: Change = {}): Recording {
  return defineRecording({
    name: 'fake',
    program: {
      name: 'fake program',
      command: ['node', 'program/sometimes.mjs'],
      directory: folder,
      files: ['program'],
      dataArgument: 'data',
      dataFiles: ['train.txt'],
      levelsArgument: 'epochs',
      ...change.program,
    },
    resource: { name: 'epoch', levels: 3 },
    metrics: {
      loss: { goal: 'min' },
      accuracy: { goal: 'max' },
      size: { goal: 'min', kind: 'static' },
    },
    space: { lr: float(0.01, 1, { scale: 'log' }), depth: int(-3, 3), color: choice(['red', 'sky blue', '$(x)']) },
    defaultConfig: { lr: 0.1, depth: 0, color: 'red' },
    plan: {
      draw: 'random',
      groups: [{ fixed: {}, configurations: change.configurations ?? 3 }],
      repetitions: 2,
      defaultRepetitions: 2,
      seed: change.seed ?? 1,
    },
  })
}

/** What records it in its folder, two trainings at a time. */
export function fakeOptions(folder: string, recording = fakeRecording(folder), out = 'fake.arrow'): RecordOptions {
  return { recording, dataDir: join(folder, 'data'), workers: 2, out: join(folder, out) }
}

/** The bytes of a table, but for when it was recorded and how busy the machine was, by itself and with others. */
export function timelessBytes(path: string): Buffer {
  const table = readTable(path)
  const provenance = { ...table.metadata.provenance, from: '', to: '', meanLoad: 0 }
  return Buffer.from(encodeTable({ ...table, shared: undefined, metadata: { ...table.metadata, provenance } }))
}

/** One line per start of the program: its process id and arguments. */
export function starts(folder: string): string[] {
  return readFileSync(join(folder, 'starts'), 'utf8').trimEnd().split('\n')
}
