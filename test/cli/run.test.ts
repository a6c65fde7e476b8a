import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ResultDocument } from '../../src/report/result-document.js'
import { bench } from './fake-terminal.js'
import { type Toy, makeToy } from './toy.js'

let toy: Toy
beforeEach(() => {
  toy = makeToy()
})
afterEach(() => toy.remove())

/** Runs the toy on the calling thread. */
function run(...more: string[]): ReturnType<typeof bench> {
  const out = more.includes('--out') ? [] : ['--out', join(toy.directory, 'result')]
  return bench(['run', toy.experiment, '--threads', '0', ...out, ...more])
}

async function runJson(...more: string[]): Promise<ResultDocument> {
  const { code, out } = await run('--json', ...more)
  expect(code).toBe(0)
  return JSON.parse(out) as ResultDocument
}

describe('bench run', () => {
  it('answers the question of the experiment', async () => {
    const { code, out, err } = await run()
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('toy-experiment: Is a random configuration better than the first one?')
    expect(out).toContain('over 3 seeds')
    expect(out).toMatch(/^ {2}default +\d\.\d+/m)
    expect(out).toMatch(/^toy: /m)
    expect(out).toContain('Tables: synthetic (toy).')
    expect(out).toContain(`Result: ${join(toy.directory, 'result')}`)
    expect(out).toContain(`Repeat: bench run ${toy.experiment} --threads 0\n`)
    expect(existsSync(join(toy.directory, 'result', 'manifest.json'))).toBe(true)
  })

  it('--json prints one document, everything in it', async () => {
    const document = await runJson('--seeds', '4-5')
    expect(document).toMatchObject({
      experiment: 'toy-experiment',
      seeds: [4, 5],
      runDirectory: join(toy.directory, 'result'),
    })
    expect(document.results.map(({ method, seed }) => [method, seed])).toEqual(
      ['default', 'random', 'asha'].flatMap((method) => [4, 5].map((seed) => [method, seed])),
    )
    expect(document.comparisons.map(({ method, baseline }) => [method, baseline])).toEqual([
      ['random', 'default'],
      ['asha', 'default'],
    ])
    expect(document.digest).toMatch(/^[0-9a-f]{64}$/)
  })

  it('--json holds the statistics; tests where there are seeds enough', async () => {
    const { methods, comparisons } = await runJson('--seeds', '7')
    expect(methods.map(({ table, method, value }) => [table, method, value!.n])).toEqual([
      ['toy', 'default', 7],
      ['toy', 'random', 7],
      ['toy', 'asha', 7],
    ])
    for (const { value, quartiles, normalisedRegret, regretScale, timeToTarget, target } of methods) {
      expect(quartiles!.low).toBeLessThanOrEqual(quartiles!.high)
      const { optimum, reference } = regretScale!
      expect(normalisedRegret!.mean).toBeCloseTo((value!.mean - optimum) / (reference - optimum), 10)
      expect(normalisedRegret!.mean).toBeGreaterThanOrEqual(0)
      expect(timeToTarget).toMatchObject({ runs: 7, horizon: { fullEvaluations: 5 } })
      expect(target).toBe(methods[0]!.value!.mean)
    }
    for (const { signedRank, superiority, bootstrap95, relativeImprovement, pairsToTest } of comparisons) {
      expect(pairsToTest).toBe(7)
      // All of seven pairs on one side: 2 / 2^7, and no correction of two makes it less.
      expect(signedRank!.p).toBeGreaterThanOrEqual(2 / 128)
      expect(signedRank!.holm).toBeGreaterThanOrEqual(signedRank!.p)
      expect(superiority).toBeGreaterThanOrEqual(0)
      expect(bootstrap95![0]).toBeLessThanOrEqual(relativeImprovement.mean!)
      expect(bootstrap95![1]).toBeGreaterThanOrEqual(relativeImprovement.mean!)
    }
  })

  it('says how many seeds a test takes, or how far tests and intervals agree', async () => {
    expect((await run('--seeds', '6')).out).toContain('with so few seeds they cannot reject, it takes 7.')
    const seven = (await run('--seeds', '7', '--out', join(toy.directory, 'seven'))).out
    expect(seven.replaceAll(/\n */g, ' ')).toMatch(/Holm's correction over the methods of a table: [012] of 2 agree/)
  })

  it('takes other methods, workers and budgets', async () => {
    const document = await runJson(
      '--methods',
      'default,asha',
      '--workers',
      '1,2',
      '--budget',
      '20reports',
      '--seeds',
      '2',
    )
    expect(document.results).toHaveLength(2 * 2 * 2)
    expect(new Set(document.results.map(({ workers }) => workers))).toEqual(new Set([1, 2]))
    expect(document.results.every(({ budget, reports }) => budget.reports === 20 && reports <= 20)).toBe(true)
  })

  it('gives the same digest again, and --resume runs nothing twice', async () => {
    const first = await runJson()
    const resumed = await runJson('--resume')
    expect(resumed.digest).toBe(first.digest)
    expect(resumed.results).toEqual(first.results)
  })

  it('draws a progress bar on a terminal, and none where standard error is piped or with --json', async () => {
    const onTerminal = await bench(['run', toy.experiment, '--threads', '0', '--out', join(toy.directory, 'a')], {
      errIsTerminal: true,
    })
    expect(onTerminal.err).toContain('runs')
    expect(onTerminal.err.endsWith('\r\u001B[K')).toBe(true)
    const json = await bench(['run', toy.experiment, '--threads', '0', '--json', '--out', join(toy.directory, 'b')], {
      errIsTerminal: true,
    })
    expect(json.err).toBe('')
  })

  it('colours the report on a terminal only', async () => {
    const coloured = await bench(['run', toy.experiment, '--threads', '0', '--out', join(toy.directory, 'a')], {
      colors: true,
    })
    expect(coloured.out).toContain('\u001B[')
    expect((await run()).out).not.toContain('\u001B[')
  })
})

describe('bench run with bad input says what and exits with 2, and leaves nothing behind', () => {
  const cases: readonly (readonly [string, (toy: Toy) => readonly string[], RegExp])[] = [
    ['an unknown experiment', () => ['run', 'asha-vs-defualt'], /asha-vs-defualt/],
    ['a module that does not exist', () => ['run', './nowhere.ts'], /nowhere\.ts/],
    ['an unknown table', ({ experiment }) => ['run', experiment, '--tables', 'ngram-mprc'], /ngram-mprc/],
    [
      'an unknown method',
      ({ experiment }) => ['run', experiment, '--methods', 'ahsa'],
      /"ahsa"; did you mean "asha"\?/,
    ],
  ]
  it.each(cases)('%s', async (_name, argv, message) => {
    const before = readdirSync(toy.directory)
    const { code, out, err } = await bench(argv(toy))
    expect(err).toMatch(message)
    expect(err).toMatch(/^bench: [^\n]+\n$/)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(readdirSync(toy.directory)).toEqual(before)
  })

  it.each([
    ['a metric that the table lacks', { objectives: [{ metric: 'eror' }] }, /"eror"; did you mean "error"\?/],
    ['an unknown hyperparameter', { fixed: { modle: 'small' } }, /"modle"; did you mean "model"\?/],
    ['an unknown scheduler', { methods: { a: { scheduler: { type: 'fifi' } } } }, /"fifi"; did you mean "fifo"\?/],
    [
      'an unknown option of a scheduler',
      { methods: { a: { scheduler: { type: 'asha-stopping', gracePeriode: 1 } } } },
      /did you mean "gracePeriod"\?/,
    ],
    ['an unknown entry', { budgets: {} }, /"budgets"; did you mean "budget"\?/],
  ])('%s in the experiment', async (_name, change, message) => {
    toy.remove()
    toy = makeToy(change)
    const { code, err } = await bench(['run', toy.experiment])
    expect(err).toMatch(message)
    expect(err).toMatch(/^bench: [^\n]+\n$/)
    expect(code).toBe(2)
  })

  it('a table that is no table', async () => {
    const path = join(toy.directory, 'text.arrow')
    writeFileSync(path, 'this is no Arrow file')
    const { code, err } = await bench(['run', toy.experiment, '--tables', path])
    expect(err).toMatch(/^bench: [^\n]*text\.arrow[^\n]*\n$/)
    expect(code).toBe(2)
  })
})
