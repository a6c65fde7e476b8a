/** A small experiment with its table, as files of a user. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeTable } from '../../src/surrogates/write.js'
import { makeTable } from '../surrogates/make-table.js'

export interface Toy {
  readonly directory: string
  /** The module of the experiment. */
  readonly experiment: string
  readonly table: string
  remove(): void
}

/** @param change replaces parts of the experiment */
export function makeToy(change: Readonly<Record<string, unknown>> = {}): Toy {
  const directory = mkdtempSync(join(tmpdir(), 'rungbench-cli-'))
  const table = join(directory, 'toy.arrow')
  writeTable(table, makeTable({ name: 'toy', levels: 9, configurations: 60, repetitions: 3 }))
  const experiment = join(directory, 'toy-experiment.mjs')
  const definition = {
    name: 'toy-experiment',
    question: 'Is a random configuration better than the first one?',
    tables: [table],
    objectives: [{ metric: 'error', report: 'test_error' }],
    methods: {
      default: { scheduler: { type: 'fifo' }, searcher: { type: 'fixed' } },
      random: { scheduler: { type: 'fifo' } },
      asha: { scheduler: { type: 'asha-stopping' } },
    },
    budget: { fullEvaluations: 5 },
    seeds: 3,
    ...change,
  }
  writeFileSync(experiment, `export default ${JSON.stringify(definition)}\n`)
  return { directory, experiment, table, remove: () => rmSync(directory, { recursive: true, force: true }) }
}
