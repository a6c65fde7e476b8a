/** bench diff and bench compare, on runs of small experiments. */
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DirectoryDiff } from '../../src/report/directory-diff.js'
import type { Regressions } from '../../src/report/regressions.js'
import type { Manifest } from '../../src/store/manifest.js'
import { bench } from './fake-terminal.js'
import { type Toy, makeToy } from './toy.js'

const methods = (reductionFactor: number): object => ({
  default: { scheduler: { type: 'fifo' }, searcher: { type: 'fixed' } },
  asha: { scheduler: { type: 'asha-stopping', reductionFactor } },
})
const long = { budget: { fullEvaluations: 20 } }
const two = { objectives: [{ metric: 'error', report: 'test_error' }, { metric: 'test_error' }] }
const toys: Toy[] = []
let folder: string

/** Runs an experiment with some changes into a folder of the name. */
async function run(name: string, change: Readonly<Record<string, unknown>>, ...more: string[]): Promise<string> {
  const toy = makeToy(change)
  toys.push(toy)
  const out = join(folder, name)
  const { code, err } = await bench(['run', toy.experiment, '--threads', '0', '--out', out, ...more])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return out
}

beforeAll(async () => {
  const toy = makeToy()
  toys.push(toy)
  folder = toy.directory
  await run('before', { ...long, methods: methods(3) })
  await run('same', { ...long, methods: methods(3) }, '--seeds', '5')
  await run('after', { ...long, methods: methods(2) })
  await run('fronts', { ...two, methods: methods(3) })
  await run('fewer', { ...two, methods: methods(3), simulation: { startup: 'table', stopDelay: 30 } })
})
afterAll(() => toys.forEach((toy) => toy.remove()))

const at = (name: string): string => join(folder, name)
const runs = (command: string, a: string, b: string, ...more: string[]) => bench([command, at(a), at(b), ...more])

describe('bench diff', () => {
  it('exits with 0 where all common runs are equal, whatever other seeds there are', async () => {
    const { code, out, err } = await runs('diff', 'before', 'same')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('6 runs in common, all equal')
    expect(out).toContain('4 runs planned in B only, not compared.')
  })

  it('exits with 1 and shows where runs part and what it did', async () => {
    const { code, out, err } = await runs('diff', 'before', 'after')
    expect({ code, err }).toEqual({ code: 1, err: '' })
    expect(out).toMatch(/^6 runs in common: 3 equal, 3 runs different\.$/m)
    expect(out).toMatch(/^toy, asha, seed 0: event \d+ differs in decision/m)
    expect(out).toMatch(/^ {2}A {2}[\d.]+ s: trial \d+, level \d, error [\d.]+, test_error [\d.]+: (continue|stop)$/m)
    expect(out).toMatch(/^ {2}toy, asha: 3 of 3 runs different; mean test_error [\d.]+ became [\d.]+/m)
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  it('--json lists every difference', async () => {
    const { code, out } = await runs('diff', 'before', 'after', '--json')
    expect(code).toBe(1)
    const diff = JSON.parse(out) as DirectoryDiff
    expect(diff).toMatchObject({ common: 6, equal: 3, onlyA: 0, onlyB: 0 })
    expect(diff.different.map(({ method, seed }) => [method, seed])).toEqual([0, 1, 2].map((seed) => ['asha', seed]))
    for (const { divergence } of diff.different) {
      expect(divergence!.differs).toEqual(['event'])
      expect(divergence!.a).toEqual({ ...divergence!.b, event: divergence!.a!.event })
      expect(divergence!.a!.event).not.toBe(divergence!.b!.event)
    }
    expect(diff.outcomes).toHaveLength(1)
    expect(diff.outcomes[0]!.difference!.mean).toBeCloseTo(diff.outcomes[0]!.b! - diff.outcomes[0]!.a!, 12)
  })

  it('counts a run that one side lost as different', async () => {
    const lost = await run('lost', { ...long, methods: methods(3) })
    // The batch of asha: one of two files of trials.
    const [, asha] = readdirSync(join(lost, 'runs')).filter((file) => file.endsWith('.trials.arrow'))
    rmSync(join(lost, 'runs', asha!))
    const { code, out } = await runs('diff', 'before', 'lost')
    expect(code).toBe(1)
    expect(out).toContain('toy, asha, seed 0: B has no such run')
    const compared = await runs('compare', 'before', 'lost', '--fail-on', 'regret>50%')
    expect(compared.code).toBe(1)
    expect(compared.out).toContain('Failed regret>50%: toy, asha: B lacks the test_error of 3 seeds that A has.')
  })
})

describe('bench compare', () => {
  it('shows how every method changed, and fails nothing without a condition', async () => {
    const { code, out, err } = await runs('compare', 'before', 'after')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('toy: regret, by test_error')
    expect(out).toMatch(/^ {2}default +[\d.]+ +[\d.]+ +0\.0 % +\[0\.0 %, 0\.0 %\] +3$/m)
    expect(out).toMatch(/^ {2}asha +[\d.]+ +[\d.]+ +[+-][\d.]+ % /m)
    expect(out).not.toMatch(/Passed|Failed/)
  })

  it('judges conditions on the mean and says which hold', async () => {
    const document = JSON.parse((await runs('compare', 'before', 'after', '--json')).out) as Regressions
    const asha = document.changes.find(({ method }) => method === 'asha')!
    const [worse, better] = asha.change! > 0 ? ['before', 'after'] : ['after', 'before']
    const back = JSON.parse((await runs('compare', worse, better, '--json')).out) as Regressions
    const percent = 100 * back.changes.find(({ method }) => method === 'asha')!.change!
    expect(percent).toBeGreaterThan(0)
    const below = `regret>${(percent * 0.9).toFixed(6)}%`
    const above = `regret>${(percent * 1.1).toFixed(6)}%`
    const failed = await runs('compare', worse, better, '--fail-on', above, '--fail-on', below)
    expect(failed.code).toBe(1)
    expect(failed.out).toContain(`Failed ${below}: toy, asha: test_error `)
    expect(failed.out).not.toContain(`Failed ${above}`)
    expect(failed.out).toContain('judged on the mean')
    const passed = await runs('compare', worse, better, '--fail-on', above)
    expect(passed.code).toBe(0)
    expect(passed.out).toContain(`Passed: ${above}`)
    const equal = await runs('compare', 'before', 'same', '--fail-on', 'regret>0%')
    expect(equal.code).toBe(0)
  })

  it('fails where B lacks what A has: a method, seeds, a metric', async () => {
    const { default: fixed, asha } = methods(3) as Record<string, object>
    await run('renamed', { ...long, methods: { default: fixed, halving: asha } })
    await run('one-seed', { ...long, methods: methods(3) }, '--seeds', '1')
    await run('metric', { ...long, methods: methods(3), objectives: [{ metric: 'error', report: 'error' }] })
    const failOn = async (a: string, b: string, condition = 'regret>200%') => {
      const { code, out, err } = await runs('compare', a, b, '--fail-on', condition)
      expect(err).toBe('')
      return { code, failed: out.split('\n').filter((line) => line.startsWith('Failed')) }
    }
    const lacks = (method: string, what: string, seeds: string, condition = 'regret>200%') =>
      `Failed ${condition}: toy, ${method}: B lacks the ${what} of ${seeds} that A has.`
    expect(await failOn('before', 'renamed')).toEqual({ code: 1, failed: [lacks('asha', 'test_error', '3 seeds')] })
    expect(await failOn('before', 'one-seed')).toEqual({
      code: 1,
      failed: ['default', 'asha'].map((method) => lacks(method, 'test_error', '2 seeds')),
    })
    expect(await failOn('before', 'metric')).toEqual({
      code: 1,
      failed: ['default', 'asha'].map((method) => lacks(method, 'test_error', '3 seeds')),
    })
    // One objective fewer: no hypervolumes.
    await run('one-objective', { methods: methods(3) })
    const condition = 'hypervolume<-50%'
    expect(await failOn('fronts', 'one-objective', condition)).toEqual({
      code: 1,
      failed: ['default', 'asha'].map((method) => lacks(method, 'hypervolume', '3 seeds', condition)),
    })
    // What only B has is no matter.
    expect(await failOn('one-seed', 'before')).toEqual({ code: 0, failed: [] })
  })

  it('knows the hypervolume of several objectives', async () => {
    const [front, slower] = ['fronts', 'fewer'] as const
    const { code, out } = await runs('compare', front, slower, '--fail-on', 'hypervolume<-0.01%')
    const { changes } = JSON.parse((await runs('compare', front, slower, '--json')).out) as Regressions
    expect(changes.map(({ measure, method }) => [measure, method])).toEqual([
      ['regret', 'default'],
      ['hypervolume', 'default'],
      ['regret', 'asha'],
      ['hypervolume', 'asha'],
    ])
    const lost = changes.filter(({ measure, change }) => measure === 'hypervolume' && change! < -0.0001)
    expect(lost.length).toBeGreaterThan(0)
    expect(code).toBe(1)
    for (const { method } of lost) expect(out).toContain(`Failed hypervolume<-0.01%: toy, ${method}: hypervolume `)
  })
})

describe('different tables of one name', () => {
  it('are not compared, and named where runs are', async () => {
    const other = await run('other-table', { ...long, methods: methods(3) })
    const path = join(other, 'manifest.json')
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest
    const tables = manifest.tables.map((table) => ({ ...table, sha256: 'ab'.repeat(32) }))
    writeFileSync(path, JSON.stringify({ ...manifest, tables }))
    const compared = await runs('compare', 'before', 'other-table')
    expect(compared).toMatchObject({ code: 2, out: '' })
    expect(compared.err).toMatch(/^bench: [^\n]* have two different tables of the name "toy", [^\n]*\n$/)
    expect((await runs('diff', 'before', 'other-table')).out).toContain(
      'toy: A and B replayed different tables of this name.',
    )
  })
})

describe('bad input is one line, and exit code 2', () => {
  const cases: readonly (readonly [string, () => readonly string[], RegExp])[] = [
    ['no run directory', () => ['diff', at('before'), folder], /is no run directory: it has no manifest\.json/],
    ['a folder that is not there', () => ['compare', at('nowhere'), at('before')], /nowhere is no run directory/],
    ['one directory', () => ['diff', at('before')], /missing required argument 'B'/],
    [
      'an unknown measure',
      () => ['compare', at('before'), at('after'), '--fail-on', 'regrets>2%'],
      /knows no measure "regrets"; did you mean "regret"\?/,
    ],
    ...['regret', 'regret>2', 'regret>=2%', '2%', 'regret>x%', ''].map(
      (text) =>
        [
          `the condition ${JSON.stringify(text)}`,
          () => ['compare', at('before'), at('after'), '--fail-on', text],
          /--fail-on must be a measure, > or <, and a percentage, got .*; write --fail-on 'regret>2%'/,
        ] as const,
    ),
    ...['regret<2%', 'regret>-2%', 'hypervolume>2%', 'hypervolume<2%'].map(
      (text) =>
        [
          `the condition ${text}`,
          () => ['compare', at('before'), at('after'), '--fail-on', text],
          /--fail-on must look for (more regret|a loss of hypervolume)/,
        ] as const,
    ),
    [
      'hypervolume of one objective',
      () => ['compare', at('before'), at('after'), '--fail-on', 'hypervolume<-2%'],
      /one objective and so no hypervolume/,
    ],
  ]
  it.each(cases)('%s', async (_name, argv, message) => {
    const { code, out, err } = await bench(argv())
    expect(err).toMatch(message)
    expect(err).toMatch(/^bench: [^\n]+\n$/)
    expect({ code, out }).toEqual({ code: 2, out: '' })
  })

  it('runs without anything in common, of real trainings, damaged', async () => {
    const other = await run('other', { methods: { other: { scheduler: { type: 'fifo' } } } })
    expect((await bench(['diff', at('before'), other])).err).toContain('have no run in common')
    const manifest = join(other, 'manifest.json')
    const text = readFileSync(manifest, 'utf8')
    writeFileSync(manifest, text.replace('"backend": "simulated"', '"backend": "local"'))
    expect((await bench(['diff', at('before'), other])).err).toContain('only simulated runs are compared')
    writeFileSync(manifest, '[]')
    expect((await bench(['diff', at('before'), other])).err).toContain('is not the manifest of a run')
    writeFileSync(manifest, '{')
    expect((await bench(['diff', at('before'), other])).err).toContain('is damaged')
    writeFileSync(manifest, text)
    for (const file of readdirSync(join(other, 'runs'))) writeFileSync(join(other, 'runs', file), 'nothing')
    const damaged = await bench(['diff', other, other])
    expect(damaged).toMatchObject({ code: 2, out: '' })
    expect(damaged.err).toMatch(/^bench: [^\n]*damaged[^\n]*\n$/)
  })
})
