/** A recorded table of a deterministic program, its recording as a module, and simulated runs on it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Experiment } from '../../../src/core/experiment.js'
import { record } from '../../../src/record/record.js'
import { runExperiment } from '../../../src/run/run-experiment.js'
import { readTable } from '../../../src/surrogates/read.js'
import type { TableData } from '../../../src/surrogates/table-data.js'
import { writeTable } from '../../../src/surrogates/write.js'
import { fakeFolder, fakeOptions, fakeRecording } from '../../record/fake.js'

const library = pathToFileURL(fileURLToPath(new URL('../../../dist/src/index.js', import.meta.url))).href

export interface VerifiedToy {
  readonly folder: string
  readonly data: string
  readonly table: string
  /** The module of the recording. */
  readonly recording: string
  /** Simulates, on another table if it is given, into a folder of the name. @returns the run directory */
  simulate(name: string, change?: Partial<Experiment>, table?: string): Promise<string>
  /** Writes the table with other contents. @returns its path */
  forge(name: string, change: (table: TableData) => void): string
  /** How often the program was started. */
  starts(): number
}

/** Twenty-six trainings of three levels. */
export async function makeVerifiedToy(): Promise<VerifiedToy> {
  const folder = fakeFolder()
  const recording = fakeRecording(folder, { configurations: 12 })
  const table = join(folder, 'fake.arrow')
  await record(fakeOptions(folder, recording))
  const started = join(folder, 'starts')
  const module = join(folder, 'recording.mjs')
  writeFileSync(
    module,
    `import { defineRecording } from ${JSON.stringify(library)}\nexport default defineRecording(${JSON.stringify(recording)})\n`,
  )
  return {
    folder,
    data: join(folder, 'data'),
    table,
    recording: module,
    async simulate(name, change = {}, on = table) {
      const out = join(folder, name)
      const experiment: Experiment = {
        name: 'fake-experiment',
        question: 'Which is better?',
        tables: [on],
        objectives: [{ metric: 'loss' }],
        methods: {
          default: { scheduler: { type: 'fifo' }, searcher: { type: 'fixed' } },
          asha: { scheduler: { type: 'asha-stopping', reductionFactor: 2 } },
          promotion: { scheduler: { type: 'asha-promotion', reductionFactor: 2 } },
        },
        budget: { trials: 6 },
        ...change,
      }
      await runExperiment(experiment, { seeds: 4, threads: 0, out })
      return out
    },
    forge(name, change) {
      const data = readTable(table)
      change(data)
      mkdirSync(join(folder, name), { recursive: true })
      const path = join(folder, name, 'fake.arrow')
      writeTable(path, data)
      return path
    },
    starts: () => (existsSync(started) ? readFileSync(started, 'utf8').trim().split('\n').length : 0),
  }
}
