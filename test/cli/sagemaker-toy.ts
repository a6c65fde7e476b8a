/** A small experiment that trains on an emulator of SageMaker: a table, an experiment, a program and its sagemaker.json. */
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { choice, float } from '../../src/core/space.js'
import { type RunEvent, runEvent } from '../../src/store/journal-recorder.js'
import { type JournalLine, readJournal } from '../../src/store/journal.js'
import { writeTable } from '../../src/surrogates/write.js'
import { PROGRAM } from '../backends/sagemaker/emulated.js'
import { Emulator } from '../sagemaker/emulator/emulator.js'
import { fastCalls } from '../sagemaker/fast-calls.js'
import type { EmulatorOptions } from '../sagemaker/emulator/options.js'
import { makeTable } from '../surrogates/make-table.js'

export interface SageMakerToy {
  readonly emulator: Emulator
  readonly directory: string
  /** The path of sagemaker.json. */
  readonly config: string
  /** What runs it in `<directory>/<out>`, arguments of the command. */
  readonly run: (out: string, ...more: string[]) => string[]
  /** The journal of its first run; empty while there is none. */
  readonly journal: (out: string) => readonly JournalLine[]
  readonly events: (out: string) => readonly RunEvent[]
  close(): Promise<void>
}

export interface SageMakerToyOptions {
  /** Replaces entries of sagemaker.json. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Replaces parts of the experiment. */
  readonly experiment?: Readonly<Record<string, unknown>>
  readonly emulator?: EmulatorOptions
}

/** Nine epochs of `loss` with the hyperparameters `size` and `instance_type`; ASHA over four trials on two workers. */
export async function makeSageMakerToy(change: SageMakerToyOptions = {}): Promise<SageMakerToy> {
  fastCalls()
  const emulator = await Emulator.start(change.emulator)
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'rungbench-sagemaker-')))
  mkdirSync(join(directory, 'src'))
  writeFileSync(join(directory, 'src', 'train.mjs'), PROGRAM, { mode: 0o755 })
  const metrics = { loss: { goal: 'min', unit: '', split: 'validation', kind: 'curve' } } as const
  const space = { size: float(1, 2), instance_type: choice(['ml.m5.large', 'ml.c5.xlarge']) }
  const configurations = Array.from({ length: 8 }, (_, i) => ({
    size: 1 + i / 8,
    instance_type: i % 2 === 0 ? 'ml.m5.large' : 'ml.c5.xlarge',
  }))
  const table = join(directory, 'sagemaker-toy.arrow')
  writeTable(
    table,
    makeTable({
      name: 'sagemaker-toy',
      levels: 9,
      configurations,
      space,
      defaultConfig: configurations[0]!,
      metrics,
    }),
  )
  const experiment = join(directory, 'experiment.mjs')
  const given = {
    name: 'sagemaker-toy',
    question: 'Does it run?',
    tables: [table],
    objectives: [{ metric: 'loss' }],
    methods: { asha: { scheduler: { type: 'asha-stopping' } } },
    workers: 2,
    budget: { trials: 4 },
    seeds: 1,
    ...change.experiment,
  }
  writeFileSync(experiment, `export default ${JSON.stringify(given)}\n`)
  const config = join(directory, 'sagemaker.json')
  const { endpoint } = emulator
  const jobs = {
    role: 'arn:aws:iam::123456789012:role/training',
    region: 'us-east-1',
    s3: 's3://bucket/tests',
    image: 'any',
    source: 'src',
    entryPoint: 'train.mjs',
    instanceTypes: ['ml.m5.large', 'ml.c5.xlarge'],
    seedArgument: false,
    hyperparameters: { step: 20 },
    maxRunSeconds: 3600,
    requeues: 1,
    pollSeconds: 0.05,
    logSettleSeconds: 0.2,
    endpoints: { sagemaker: endpoint, logs: endpoint, s3: endpoint },
    ...change.config,
  }
  writeFileSync(config, JSON.stringify(jobs))
  const journal = (out: string): readonly JournalLine[] => {
    const path = join(directory, out, 'runs', '000-0', 'journal.jsonl')
    return existsSync(path) ? readJournal(path).entries : []
  }
  return {
    emulator,
    directory,
    config,
    run: (out, ...more) => [
      'run',
      experiment,
      '--backend',
      'sagemaker',
      '--config',
      config,
      '--out',
      join(directory, out),
      ...more,
    ],
    journal,
    events: (out) => journal(out).flatMap((line) => runEvent(line) ?? []),
    close: async () => {
      await emulator.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
