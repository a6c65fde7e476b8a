/** A small experiment that can be run for real: a table, the recording it belongs to, and its program. */
import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { float } from '../../src/core/space.js'
import type { RecordingProgram } from '../../src/record/recording.js'
import { type RunEvent, runEvent } from '../../src/store/journal-recorder.js'
import { type JournalLine, readJournal } from '../../src/store/journal.js'
import { writeTable } from '../../src/surrogates/write.js'
import { makeTable } from '../surrogates/make-table.js'

const programs = fileURLToPath(new URL('../fixtures/programs/', import.meta.url))
const library = pathToFileURL(fileURLToPath(new URL('../../dist/src/index.js', import.meta.url))).href

export interface LocalToy {
  readonly directory: string
  /** What runs it in `<directory>/<out>`, arguments of the command: quietly, but with `--live` as `bench run` does. */
  readonly run: (out: string, ...more: string[]) => string[]
  /** The path of the recording's module. */
  readonly recording: string
  /** The journal of the first run in a run directory. */
  readonly journal: (out: string) => readonly JournalLine[]
  /** Its first line. */
  readonly header: (out: string) => JournalLine | undefined
  readonly events: (out: string) => readonly RunEvent[]
  /** A file in the folder of a trial of the first run. */
  readonly file: (out: string, trial: number, name: string) => string
  remove(): void
}

export interface LocalToyOptions {
  /** Replaces parts of the recording's program. */
  readonly program?: Partial<RecordingProgram>
  /** Replaces parts of the experiment. */
  readonly experiment?: Readonly<Record<string, unknown>>
}

/**
 * Four epochs of `loss` with one hyperparameter `lr`; random search over three trials.
 *
 * @param program one of the fixture programs
 */
export function makeLocalToy(program: string, change: LocalToyOptions = {}): LocalToy {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'rungbench-local-toy-')))
  const space = { lr: float(0.01, 1) }
  const metrics = { loss: { goal: 'min', unit: '', split: 'validation', kind: 'curve' } } as const
  const configurations = Array.from({ length: 8 }, (_, i) => ({ lr: (i + 1) / 8 }))
  const defaultConfig = configurations[0]!
  const table = join(directory, 'local-toy.arrow')
  writeTable(
    table,
    makeTable({ name: 'local-toy', levels: 4, configurations, space, defaultConfig, repetitions: 2, metrics }),
  )
  const recording = join(directory, 'recording.mjs')
  const definition = {
    name: 'local-toy',
    program: {
      name: program,
      command: ['node', `./${program}.mjs`],
      directory: programs,
      files: [`${program}.mjs`],
      seedArgument: 'seed',
      ...change.program,
    },
    resource: { name: 'epoch', levels: 4 },
    metrics: { loss: { goal: 'min' } },
    space,
    defaultConfig,
    plan: {
      draw: 'random',
      groups: [{ fixed: {}, configurations: 2 }],
      repetitions: 1,
      defaultRepetitions: 1,
      seed: 1,
    },
  }
  writeFileSync(
    recording,
    `import { defineRecording } from ${JSON.stringify(library)}\nexport default defineRecording(${JSON.stringify(definition)})\n`,
  )
  const experiment = join(directory, 'experiment.mjs')
  const given = {
    name: 'local-toy',
    question: 'Does it run?',
    tables: [table],
    objectives: [{ metric: 'loss' }],
    methods: { random: { scheduler: { type: 'fifo' } } },
    budget: { trials: 3 },
    seeds: 1,
    ...change.experiment,
  }
  writeFileSync(experiment, `export default ${JSON.stringify(given)}\n`)
  const folder = (out: string): string => {
    const runs = join(directory, out, 'runs')
    return join(runs, readdirSync(runs).sort()[0]!)
  }
  const journal = (out: string): readonly JournalLine[] => readJournal(join(folder(out), 'journal.jsonl')).entries
  return {
    directory,
    recording,
    run: (out, ...more) => [
      'run',
      experiment,
      '--backend',
      'local',
      '--recording',
      recording,
      '--out',
      join(directory, out),
      ...(more.includes('--quiet') || more.includes('--live') ? [] : ['--quiet']),
      ...more.filter((argument) => argument !== '--live'),
    ],
    journal,
    header: (out) => readJournal(join(folder(out), 'journal.jsonl')).header,
    events: (out) => journal(out).flatMap((line) => runEvent(line) ?? []),
    file: (out, trial, name) => readFileSync(join(folder(out), 'trials', String(trial), name), 'utf8'),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}
