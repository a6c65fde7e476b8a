/** The examples in the documents run as they stand, against the built package. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { schedulers } from '../../src/core/schedulers/index.js'
import { searchers } from '../../src/core/searchers/index.js'

// Inside the package, so that `rungbench` is the package itself.
mkdirSync('dist', { recursive: true })
const folder = mkdtempSync(resolve('dist', 'examples-'))
afterAll(() => rmSync(folder, { recursive: true }))

function examples(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!)
}

function node(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder })
  if (status !== 0) throw new Error(stdout + stderr)
  return stdout
}

/** What the compiler says under `--strict`, as in a project of the reader's. @throws Error with its errors */
function compiled(...files: readonly string[]): string {
  const compiler = resolve('node_modules/typescript/bin/tsc')
  const flags = ['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--types', 'node']
  return node([compiler, ...flags, '--module', 'nodenext', '--target', 'es2023', ...files])
}

describe('README.md', () => {
  it('has a library example that compiles and gives forty results', () => {
    const [code] = examples('README.md')
    writeFileSync(join(folder, 'readme.ts'), code!)
    expect(compiled('readme.ts')).toBe('')
    const lines = node(['--import', 'tsx', 'readme.ts']).trim().split('\n')
    expect(lines).toHaveLength(40)
    for (const line of lines) expect(line).toMatch(/^(random|asha\[reductionFactor=[234]\]) \d 0\.\d+$/)
  })
})

describe('docs/schedulers.md', () => {
  const text = readFileSync('docs/schedulers.md', 'utf8')

  it('has an experiment that runs', () => {
    writeFileSync(join(folder, 'schedulers.ts'), examples('docs/schedulers.md')[0]!)
    const bench = resolve('dist/src/cli/bench.js')
    const args = ['run', './schedulers.ts', '--seeds', '1', '--threads', '0', '--out', 'schedulers', '--json']
    const { results } = JSON.parse(node([bench, ...args])) as { results: { method: string; trials: number }[] }
    expect(results).toHaveLength(6)
    for (const { trials } of results) expect(trials).toBeGreaterThan(1)
  })

  it('names every scheduler, with every option of its own', () => {
    for (const [name, { options }] of Object.entries(schedulers)) {
      expect(text).toContain(`\`${name}\``)
      for (const option of Object.keys(options.shape)) expect(text, `${name}.${option}`).toContain(`\`${option}`)
    }
  })
})

describe('docs/searchers.md', () => {
  it('has an experiment that runs', () => {
    writeFileSync(join(folder, 'searchers.ts'), examples('docs/searchers.md')[0]!)
    const bench = resolve('dist/src/cli/bench.js')
    const output = node([
      bench,
      'run',
      './searchers.ts',
      '--seeds',
      '2',
      '--threads',
      '0',
      '--out',
      'searchers',
      '--json',
    ])
    const { results } = JSON.parse(output) as { results: { method: string; trials: number }[] }
    expect(new Set(results.map(({ method }) => method)).size).toBe(
      examples('docs/searchers.md')[0]!.split('scheduler:').length - 1,
    )
    for (const { trials } of results) expect(trials).toBeGreaterThan(1)
  })

  it('has a line for every searcher with every option and its default', () => {
    const lines = readFileSync('docs/searchers.md', 'utf8').split('\n')
    for (const [name, { options }] of Object.entries(searchers)) {
      const line = lines.find((text) => text.startsWith(`| \`${name}\` |`))
      const defaults = options.parse({}) as Record<string, unknown>
      for (const [option, value] of Object.entries(defaults))
        expect(line).toContain(`\`${option}\` (\`${typeof value === 'string' ? value : JSON.stringify(value)}\`)`)
    }
  })
})

describe('CONTRIBUTING.md', () => {
  it('has a scheduler that compiles and runs by path, in worker threads', () => {
    writeFileSync(join(folder, 'patient.ts'), examples('CONTRIBUTING.md')[0]!)
    expect(compiled('patient.ts')).toBe('')
    writeFileSync(
      join(folder, 'patience.ts'),
      `import { defineExperiment } from 'rungbench'
       export default defineExperiment({
         name: 'patience',
         question: 'Does patience pay?',
         tables: ['ngram-mrpc'],
         objectives: [{ metric: 'validation_error', report: 'test_error' }],
         methods: {
           random: { scheduler: { type: 'fifo' } },
           patient: { scheduler: { type: './patient.ts', patience: [2, 4] } },
         },
         budget: { fullEvaluations: 3 },
       })`,
    )
    const bench = resolve('dist/src/cli/bench.js')
    const output = node([bench, 'run', './patience.ts', '--seeds', '2', '--threads', '2', '--out', 'run', '--json'])
    const { results } = JSON.parse(output) as { results: { method: string; trials: number }[] }
    expect(results.map(({ method }) => method)).toEqual(
      ['random', 'patient[patience=2]', 'patient[patience=4]'].flatMap((method) => [method, method]),
    )
    const trials = (method: string): number => results.find((result) => result.method === method)!.trials
    expect(trials('patient[patience=2]')).toBeGreaterThan(trials('random'))
  })
})

describe('docs/testing.md', () => {
  it('has examples that compile with the scheduler of CONTRIBUTING.md', () => {
    writeFileSync(join(folder, 'patient.ts'), examples('CONTRIBUTING.md')[0]!)
    const [vitest, nodeTest] = examples('docs/testing.md')
    writeFileSync(join(folder, 'patient.test.ts'), vitest!)
    writeFileSync(join(folder, 'patient.node.ts'), nodeTest!)
    expect(compiled('patient.test.ts', 'patient.node.ts')).toBe('')
  })
})

describe('docs/results.md', () => {
  it('has a library example whose hypervolumes lie in [0, 1]', () => {
    writeFileSync(join(folder, 'results.ts'), examples('docs/results.md')[0]!)
    const lines = node(['--import', 'tsx', 'results.ts']).trim().split('\n')
    expect(lines).toHaveLength(6)
    for (const line of lines) expect(line).toMatch(/^(random-search|asha-stopping) \d 0\.\d+ 0\.\d+ \d+$/)
  })

  it('has commands that run', () => {
    const text = readFileSync('docs/results.md', 'utf8')
    const commands = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, code]) => code!.trim().split('\n'))
    expect(commands.length).toBeGreaterThan(4)
    const bench = resolve('dist/src/cli/bench.js')
    for (const command of commands) {
      const words = command.split(' ').map((word) => word.replaceAll("'", ''))
      expect(words[0]).toBe('bench')
      expect(node([bench, ...words.slice(1)])).not.toBe('')
    }
  })
})

describe('docs/reports.md', () => {
  it('has a library example that leaves a report', () => {
    writeFileSync(join(folder, 'reports.ts'), examples('docs/reports.md')[0]!)
    const path = node(['--import', 'tsx', 'reports.ts']).trim()
    const page = readFileSync(path, 'utf8')
    expect(page).toContain('<h1>')
    expect(page).toContain('node my-script.js')
  })
})
