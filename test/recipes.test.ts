/** The recipe "Add a scheduler" of CONTRIBUTING.md, followed by a script on a copy of the sources. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeToy } from './cli/toy.js'

/** Step 1: the one new file. */
const FILE = 'src/core/schedulers/last-place.ts'
const CODE = `/** Stops a trial that is worse than every other that came to its level; the first there goes on. */
import { z } from 'zod'
import { toLoss } from '../objective.js'
import { type Decision, type Job, type Scheduler, type SchedulerContext, startJob } from '../scheduler.js'
import { defineScheduler, rankBased } from './definition.js'

class LastPlace implements Scheduler {
  readonly #context: SchedulerContext
  readonly #worst = new Map<number, number>()

  constructor(context: SchedulerContext) {
    this.#context = context
  }

  next(): Job {
    return startJob(this.#context.searcher.suggest())
  }

  onReport(_trial: number, level: number, values: Float64Array): Decision {
    const loss = toLoss(values[0]!, this.#context.objectives[0]!.goal)
    const worst = this.#worst.get(level)
    this.#worst.set(level, Math.max(worst ?? loss, loss))
    return worst === undefined || loss <= worst ? 'continue' : 'stop'
  }

  onEnd(): void {}
}

export const lastPlace = defineScheduler({
  summary: 'Stops a trial that is worse than every other at its level.',
  reference: 'none: a test',
  options: z.strictObject({}),
  laws: rankBased,
  create: (_options, context) => new LastPlace(context),
})
`
/** Step 2: the one line in the registry, with its import. */
const REGISTRY = 'src/core/schedulers/index.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rungbench-recipe-'))
  const copied = ['src', 'experiments', 'trainer', 'surrogates', 'benchmarks', 'scripts']
  for (const path of [
    ...copied,
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'tsconfig.trainer.json',
    'test/built.ts',
    'test/built-rates.ts',
    'test/conformance',
  ])
    cpSync(path, join(folder, path), { recursive: true })
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  mkdirSync(join(folder, 'dist'))
  writeFileSync(join(folder, FILE), CODE)
  const registry = readFileSync(join(folder, REGISTRY), 'utf8')
  const changed = registry
    .replace('\nimport ', "\nimport { lastPlace } from './last-place.js'\nimport ")
    .replace('export const schedulers = {\n', "export const schedulers = {\n  'last-place': lastPlace,\n")
  writeFileSync(join(folder, REGISTRY), changed)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs a script of Node in the copy. */
function node(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder })
  if (status !== 0) throw new Error(stdout + stderr)
  return stdout
}

describe('a scheduler is added with one file and one line', () => {
  it('compiles: experiments know its name and options', () => {
    writeFileSync(
      join(folder, 'experiments/typed.ts'),
      `import { defineExperiment } from '../src/core/experiment.js'
export default defineExperiment({
  name: 'typed',
  question: 'Does it compile?',
  tables: ['ngram-stsb'],
  objectives: [{ metric: 'validation_error' }],
  methods: { last: { scheduler: { type: 'last-place' } } },
  budget: { fullEvaluations: 1 },
})
// @ts-expect-error no such option
defineExperiment({ name: 'x', question: 'x', tables: ['x'], objectives: [{ metric: 'x' }], methods: { last: { scheduler: { type: 'last-place', eta: 3 } } }, budget: { trials: 1 } })
`,
    )
    expect(node('scripts/build.mjs')).toBe('')
    const added = (file: string): string[] => {
      const before = new Set(readFileSync(file, 'utf8').split('\n'))
      return readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .filter((line) => !before.has(line))
    }
    expect(added(REGISTRY)).toEqual(["import { lastPlace } from './last-place.js'", "  'last-place': lastPlace,"])
  })

  it('is held to the laws', () => {
    const vitest = resolve('node_modules/vitest/vitest.mjs')
    const report = node(vitest, 'run', 'test/conformance', '--reporter=json', '-t', 'the laws of last-place')
    const { numPassedTests, numFailedTests } = JSON.parse(report) as Record<string, number>
    expect({ enough: numPassedTests! > 11, numFailedTests }).toEqual({ enough: true, numFailedTests: 0 })
  })

  it('is listed and runs by name', () => {
    const bench = join(folder, 'dist/src/cli/bench.js')
    expect(node(bench, 'list')).toMatch(/typed +Does it compile\?/)
    const toy = makeToy({
      methods: { last: { scheduler: { type: 'last-place' } }, all: { scheduler: { type: 'fifo' } } },
    })
    try {
      const { results } = JSON.parse(node(bench, 'run', toy.experiment, '--json', '--out', 'run')) as {
        results: { method: string; trials: number }[]
      }
      const trials = (method: string): number => results.find((result) => result.method === method)!.trials
      expect(trials('last')).toBeGreaterThan(trials('all'))
    } finally {
      toy.remove()
    }
  })
})
