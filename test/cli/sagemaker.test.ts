/** `bench run --backend sagemaker` and what belongs to it, as users type them, against the emulator. */
import { existsSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { RunJobs } from '../../src/report/jobs-of-runs.js'
import type { ResultDocument } from '../../src/report/result-document.js'
import { misplaced } from '../backends/whole-runs.js'
import { bench } from './fake-terminal.js'
import { missing, startBench, until } from './process.js'
import { type SageMakerToy, type SageMakerToyOptions, makeSageMakerToy } from './sagemaker-toy.js'

let toy: SageMakerToy
const set = async (options?: SageMakerToyOptions): Promise<SageMakerToy> => (toy = await makeSageMakerToy(options))
afterEach(async () => toy?.close(), 60_000)

const path = (...names: string[]): string => join(toy.directory, ...names)
const count = (out: string, event: string): number => toy.journal(out).filter((line) => line['event'] === event).length
/** A dollar a second, so that what is spent in a test counts. */
const dear = (): string => {
  const file = path('prices.csv')
  const row = (type: string): string => `${type},2,8,3600,0,0\n`
  const header = 'instance,vcpu,memory_gib,usd_per_hour,gpus,gpu_memory_gib\n'
  writeFileSync(file, `${header}${row('ml.m5.large')}${row('ml.c5.xlarge')}`)
  return file
}

/** Under which name a changed entry of sagemaker.json is told, where it is another one. */
const NAMED: Readonly<Record<string, string>> = { environmentFrom: 'environment.TOY_TOKEN', prices: 'usdPerHour' }

/** Levels by trial, in the order of their reports. */
function levels(out: string): number[][] {
  const all: number[][] = []
  for (const event of toy.events(out)) {
    if (event.event === 'start') all[event.trial] = []
    if (event.event === 'report') all[event.trial]!.push(event.resource)
  }
  return all
}
const inOrder = (reached: readonly number[]): number[] => reached.map((_, i) => i + 1)

describe.skipIf(missing !== undefined)('the built command', () => {
  test('runs an experiment; the report, bench show and bench watch say what its jobs took and cost', async () => {
    await set()
    const { status, out, err } = await startBench(toy.run('out', '--yes', '--json'), toy.directory).ended
    expect({ status, err }).toMatchObject({ status: 0 })
    expect(err).toMatch(
      /^sagemaker-toy on SageMaker in us-east-1: 1 run, up to 2 training jobs at a time\ncost: about /,
    )
    expect(toy.emulator.running).toEqual([])
    const document = JSON.parse(out) as ResultDocument
    expect(document.backend).toBe('sagemaker')
    const { jobs } = document.results[0]!
    expect(jobs).toMatchObject({ region: 'us-east-1', jobs: 4, open: 0 })
    expect(new Set(jobs!.trials.map(({ instanceType }) => instanceType)).size).toBe(2)
    for (const { startUp, billable, usd, instanceType } of jobs!.trials) {
      expect(startUp).toBeGreaterThan(0)
      expect(usd).toBeCloseTo((billable * (instanceType === 'ml.m5.large' ? 0.134 : 0.238)) / 3600, 10)
    }
    expect(readFileSync(path('out', 'report.md'), 'utf8')).toMatch(/used of SageMaker.*4 training jobs in us-east-1/)
    // The machines that were billed, with what an hour of each cost.
    const types = document.instanceTypes![0]!.methods[0]!.types
    const tried = jobs!.trials.filter(({ instanceType }) => instanceType === types[0]!.type)
    expect(types.map(({ trials }) => trials)).toEqual([tried.length, 4 - tried.length])
    for (const { type, usdPerHour } of types) expect(usdPerHour).toBeCloseTo(type === 'ml.m5.large' ? 0.134 : 0.238, 9)
    expect(readFileSync(path('out', 'report.md'), 'utf8')).toMatch(/\n## Instance types of the best configurations\n/)
    const shown = await bench(['show', path('out')])
    expect(shown.out).toMatch(/sagemaker-toy, asha, seed 0: 4 trials\n.*\n.*trial.*start-up s/)
    expect(JSON.parse((await bench(['show', path('out'), '--json'])).out)).toMatchObject({
      runs: [{ method: 'asha', ...jobs }] satisfies Partial<RunJobs>[],
    })
    expect(count('out', 'job-made')).toBe(4)
    expect((await bench(['watch', path('out'), '--once'])).out).toMatch(
      /^sagemaker-toy: run 1 of 1.*\n(.*\n)*spent {4}0\.00 US dollars\n/,
    )
    expect((await bench(['report', path('out')])).code).toBe(0)
    expect(readFileSync(path('out', 'report.html'), 'utf8')).toContain('4 training jobs in us-east-1')
  }, 120_000)

  test('Ctrl-C stops all jobs, --resume goes on with their trials', async () => {
    await set({ config: { hyperparameters: { step: 150 } } })
    const { child, ended } = startBench(toy.run('out', '--yes', '--quiet'), toy.directory)
    await until(() => toy.events('out').some(({ event }) => event === 'report'))
    child.kill('SIGINT')
    const { status, err } = await ended
    expect(status).toBe(130)
    expect(err).toContain('\nstopping all training jobs; Ctrl-C again leaves them running: stop them with bench stop ')
    expect(err).toMatch(/what is journalled is kept, go on with: .* --resume\n$/)
    expect(toy.emulator.running).toEqual([])
    const before = toy.events('out').length
    const resumed = await bench(toy.run('out', '--yes', '--quiet', '--resume'))
    expect(resumed.code).toBe(0)
    expect(toy.events('out').length).toBeGreaterThan(before)
    for (const reached of levels('out')) expect(reached).toEqual(inOrder(reached))
    expect(count('out', 'job-end')).toBe(
      new Set(toy.journal('out').flatMap(({ event, job }) => (event === 'job' ? [job] : []))).size,
    )
    expect(toy.emulator.running).toEqual([])
  }, 120_000)

  test('Ctrl-C ends it while the source cannot be put anywhere', async () => {
    await set()
    toy.emulator.faults.add({
      operation: 'PutObject',
      times: Infinity,
      fault: { kind: 'foreign', status: 200, body: '' },
    })
    const { child, ended } = startBench(toy.run('out', '--yes', '--quiet'), toy.directory)
    await until(() => toy.emulator.calls.count('PutObject') > 2)
    child.kill('SIGINT')
    const { status, err } = await ended
    expect(status).toBe(130)
    expect(err).toMatch(/putObject: an answer that is not of AWS \(status 200, without ETag\); .*; trying again\n/)
    expect(err).toMatch(/bench: interrupted; nothing was kept\n$/)
    expect(existsSync(path('out'))).toBe(false)
  }, 60_000)

  test('after kill -9 another training, or another place of it, is refused, and what runs is left alone', async () => {
    vi.stubEnv('TOY_TOKEN', 'hush-hush')
    const environment = { FLAG: 'plainly-said' }
    await set({ config: { hyperparameters: { step: 1000, levels: 9 }, environment, environmentFrom: ['TOY_TOKEN'] } })
    const { child, ended } = startBench(toy.run('out', '--yes', '--quiet'), toy.directory)
    await until(() => toy.events('out').some(({ event }) => event === 'report'))
    child.kill('SIGKILL')
    await ended
    const running = toy.emulator.running.map(({ name }) => name)
    expect(running).not.toEqual([])
    // The scheduler may have stopped one of them before.
    const left = [...toy.emulator.sagemaker.jobs.values()].filter(({ status }) => status === 'InProgress')
    const given = readFileSync(toy.config, 'utf8')
    const before = toy.emulator.calls.calls.length
    const files = readFileSync(path('out', 'runs', '000-0', 'journal.jsonl'), 'utf8')
    const resume = toy.run('out', '--yes', '--resume')
    for (const [field, value] of Object.entries({
      hyperparameters: { step: 100, levels: 9, wd: 0.5 },
      inputs: { train: 's3://bucket/train' },
      seedArgument: 'seed',
      machineArguments: true,
      s3: 's3://bucket/elsewhere',
      image: 'another',
      instanceCount: 2,
      environment: { FLAG: 'otherwise' },
      environmentFrom: [],
      prices: dear(),
    })) {
      writeFileSync(toy.config, JSON.stringify({ ...(JSON.parse(given) as object), [field]: value }))
      const { code, err } = await bench(resume)
      expect([code, err]).toEqual([
        2,
        expect.stringMatching(
          new RegExp(`cannot be continued: ${NAMED[field] ?? field}\\S* was .*; put it back as it was, or begin`),
        ),
      ])
    }
    writeFileSync(toy.config, given)
    const program = readFileSync(path('src', 'train.mjs'), 'utf8')
    writeFileSync(path('src', 'train.mjs'), `${program}\n`)
    expect((await bench(resume)).err).toContain('cannot be continued: program.sha256 was ')
    writeFileSync(path('src', 'train.mjs'), program)
    expect(toy.emulator.calls.calls.slice(before)).toEqual([])
    expect(toy.emulator.sagemaker.jobs.size).toBe(running.length)
    for (const job of left) expect(job.status).not.toMatch(/Stop/)
    expect(readFileSync(path('out', 'runs', '000-0', 'journal.jsonl'), 'utf8')).toBe(files)
    // The order of its entries means nothing, and limits may change.
    const put = { hyperparameters: { levels: 9, step: 1000 }, maxRunSeconds: 3000, tags: { team: 'a' } }
    writeFileSync(toy.config, JSON.stringify({ ...(JSON.parse(given) as object), ...put }))
    // A secret may be renewed; neither it nor what is said plainly is written down.
    vi.stubEnv('TOY_TOKEN', 'hush-anew')
    expect((await bench(toy.run('out', '--yes', '--quiet', '--resume'))).code).toBe(0)
    vi.unstubAllEnvs()
    for (const reached of levels('out')) expect(reached).toEqual(inOrder(reached))
    const written = readdirSync(path('out'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    expect(written.join()).not.toMatch(/hush-|plainly-said/)
  }, 300_000)

  test('after kill -9 bench stop ends the jobs, and --resume goes on and knows what they cost', async () => {
    await set({ config: { hyperparameters: { step: 300 } } })
    const { child, ended } = startBench(toy.run('out', '--yes', '--quiet'), toy.directory)
    await until(() => toy.events('out').some(({ event }) => event === 'report'))
    const refused = await bench(['stop', path('out')])
    expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/process \d+ on .* runs the experiment in /)])
    child.kill('SIGKILL')
    await ended
    expect(toy.emulator.running.length).toBeGreaterThan(0)
    const names = toy.emulator.running.map(({ name }) => name)
    const stopped = await bench(['stop', path('out')])
    expect(stopped.out).toBe(
      `asked ${names.length === 1 ? '1 training job' : `${names.length} training jobs`} to stop:\n${names.map((name) => `  ${name}\n`).join('')}`,
    )
    await until(() => toy.emulator.running.length === 0)
    expect((await bench(['stop', path('out')])).out).toBe('no training job of it was in progress\n')
    expect((await bench(['show', path('out')])).out).toContain('of which no end was seen')
    const resumed = await bench(toy.run('out', '--yes', '--json', '--resume'))
    expect(resumed.code).toBe(0)
    const { results } = JSON.parse(resumed.out) as ResultDocument
    expect(results[0]!.jobs!.open).toBe(0)
    expect(results[0]!.jobs!.jobs).toBe(toy.emulator.sagemaker.jobs.size)
    for (const reached of levels('out')) expect(reached).toEqual(inOrder(reached))
  }, 120_000)
})

describe('before anything is made', () => {
  test('it is asked on the terminal; without one --yes is needed', async () => {
    await set()
    const alone = await bench(toy.run('out'))
    expect(alone.code).toBe(2)
    expect(alone.err).toMatch(
      /cost: .*\nbound: .*\nprices: .*\nbench: training jobs cost money, and there is no terminal .*; add --yes\n$/,
    )
    const questions: string[] = []
    const no = await bench(toy.run('out'), {
      ask: async (question) => {
        questions.push(question)
        return ''
      },
    })
    expect([no.code, questions]).toEqual([1, ['Begin? [y/N] ']])
    expect(no.err).toMatch(/bench: not begun, nothing was made\n$/)
    expect(existsSync(path('out'))).toBe(false)
    expect(toy.emulator.calls.calls).toEqual([])
  })

  test('--dry-run shows what would be sent, and makes no connection', async () => {
    await set({ config: { environment: { TOKEN: 'hush' } } })
    const { code, out, err } = await bench(toy.run('out', '--dry-run'))
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^PutObject s3:\/\/bucket\/tests\/source\/[0-9a-f]{64}\/sourcedir\.tar\.gz: 1 file, /m)
    expect(out).toContain('"InstanceType": "ml.')
    expect(out).toMatch(
      /^cost: about .*\nbound: at most 1\.94 US dollars: every job 1 h long \(maxRunSeconds\) and repeated 1 time \(requeues, retries\), 0\.99 where none is repeated; .*\nprices: /m,
    )
    const capped = await bench(toy.run('out', '--dry-run', '--max-cost', '0.5'))
    expect(capped.out).toMatch(/^cost: about .*\nbound: at most 0\.50 US dollars \(--max-cost\); /m)
    expect(out).not.toContain('hush')
    const json = await bench(toy.run('out', '--dry-run', '--json'))
    const { costs, runs } = JSON.parse(json.out) as {
      costs: { usd: { most: number } }
      runs: { method: string; createTrainingJob: { HyperParameters: object }[] }[]
    }
    expect(costs.usd.most).toBeGreaterThan(0)
    expect(runs[0]!.createTrainingJob).toHaveLength(2)
    expect(runs[0]!.createTrainingJob[0]!.HyperParameters).not.toHaveProperty('instance_type')
    expect(existsSync(path('out'))).toBe(false)
    expect(toy.emulator.calls.calls).toEqual([])
  })

  test('notes say which types and regions are not known; the run may begin all the same', async () => {
    const instanceTypes = ['ml.m5.large', 'ml.c5.xlarge', 'ml.p99.large']
    await set({ config: { instanceTypes, region: 'xx-yyyy-1' } })
    const { code, out, err } = await bench(toy.run('out', '--dry-run'))
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(
      /^prices: .*\nnote: sagemaker\.instanceTypes has "ml\.p99\.large", which .* not known; see "bench instances"\nnote: sagemaker\.region "xx-yyyy-1" is named as no known region of AWS is; .*\n$/m,
    )
  })

  test.each<[string, SageMakerToyOptions, string[], RegExp]>([
    [
      'a budget without a bound',
      { experiment: { budget: { reports: 9 } } },
      [],
      /^bench: nothing limits what sagemaker-toy may cost .*; give --max-cost DOLLARS, or a --budget/,
    ],
    [
      'a limit that stopping exceeds',
      {},
      ['--max-cost', '0.01'],
      /^bench: --max-cost must be more than 0.04 US dollars, which stopping 2 jobs may cost, got 0.01/,
    ],
    [
      'a type that is not allowed',
      { config: { instanceTypes: ['ml.m5.large'] } },
      [],
      /^bench: sagemaker\.instanceTypes must have every type that trials may ask for, also ml\.c5\.xlarge, got \["ml\.m5\.large"\]; add/,
    ],
    [
      'a type with a typo',
      { config: { instanceTypes: ['ml.m5.lorge', 'ml.c5.xlarge'] } },
      [],
      /^bench: sagemaker\.instanceTypes must be types that exist; .*, got "ml\.m5\.lorge"; did you mean "ml\.m5\.large", which trials may ask for\?/,
    ],
    ['a wrong entry', { config: { role: 'me' } }, [], /^bench: sagemaker\.role: must be the ARN of a role/],
    [
      'a name that is taken',
      { config: { hyperparameters: { size: 3 } } },
      [],
      /^bench: the hyperparameter "size" is set twice/,
    ],
  ])('%s is refused', async (_name, options, more, message) => {
    await set(options)
    const { code, err } = await bench(toy.run('out', '--yes', ...more))
    expect([code, err]).toEqual([2, expect.stringMatching(message)])
    expect(existsSync(path('out'))).toBe(false)
    expect(toy.emulator.calls.calls).toEqual([])
  })

  test('a run directory in the source folder is refused, also through a link', async () => {
    await set()
    symlinkSync(path('src'), path('linked'))
    for (const out of ['src/results/one', 'linked/one'])
      for (const more of [['--yes'], ['--dry-run']]) {
        const { code, err } = await bench(toy.run(out, ...more))
        expect([code, err]).toEqual([
          2,
          expect.stringMatching(/^bench: the run directory .* lies in the source folder /),
        ])
      }
    expect(readdirSync(path('src'))).toEqual(['train.mjs'])
    expect(toy.emulator.calls.calls).toEqual([])
  })

  test('options of other backends are refused', async () => {
    await set()
    for (const [more, message] of [
      [['--data', '.'], '--data is for --backend local only; what jobs get stands in the file of --config'],
      [
        ['--threads', '2'],
        '--threads is for the simulated backend only; --workers says how many trainings run at a time',
      ],
    ] as const)
      expect(await bench(toy.run('out', ...more))).toEqual({ code: 2, out: '', err: `bench: ${message}\n` })
    const { err } = await bench(['run', 'asha-vs-default', '--yes'])
    expect(err).toBe('bench: --yes is for --backend sagemaker only\n')
  })

  test('bench stop takes no file of another kind for that of a run, and asks for nothing', async () => {
    await set()
    const refused = async (): Promise<string> => {
      const { code, err } = await bench(['stop', toy.directory])
      expect(code).toBe(2)
      return err
    }
    expect(await refused()).toMatch(
      /holds no run on SageMaker: .*sagemaker\.json\.id must be a text.*; give the run directory/,
    )
    const good = { id: '0123456789', prefix: 'toy-0123456789-', region: 'us-east-1', endpoints: {} }
    const { endpoints } = JSON.parse(readFileSync(toy.config, 'utf8')) as { endpoints: object }
    for (const [field, value] of Object.entries({ prefix: '', id: '', region: 3 })) {
      writeFileSync(toy.config, JSON.stringify({ ...good, endpoints, [field]: value }))
      expect(await refused()).toMatch(new RegExp(`sagemaker\\.json\\.${field}:? must `))
    }
    writeFileSync(toy.config, JSON.stringify({ ...good, endpoints, prefix: 'toy-' }))
    expect(await refused()).toMatch(/sagemaker\.json\.prefix: must .* ends with the id \(got "toy-"\)/)
    expect(toy.emulator.calls.calls).toEqual([])
    writeFileSync(toy.config, JSON.stringify({ ...good, endpoints }))
    expect(await bench(['stop', toy.directory])).toMatchObject({ code: 0 })
  })

  test('a service that cannot be reached is named', async () => {
    await set()
    await toy.emulator.close()
    const { code, err } = await bench(toy.run('out', '--yes'))
    expect(code).toBe(1)
    expect(err).toMatch(/\nbench: AWS does not answer \(headObject: .*ECONNREFUSED.*\); check the network, /)
    expect(existsSync(path('out'))).toBe(false)
  }, 60_000)
})

test('population-based training: copies are made on S3 and journalled', async () => {
  const scheduler = { type: 'population-based-training', populationSize: 4, quantile: 0.5 }
  // Slow enough that there is something left to train after a copy.
  await set({
    experiment: { methods: { pbt: { scheduler } }, budget: { trials: 10 } },
    config: { hyperparameters: { step: 60 } },
  })
  const { code, err } = await bench(toy.run('out', '--yes'))
  expect([code, err]).toEqual([0, expect.not.stringContaining('refused')])
  const starts = toy.events('out').flatMap((event) => (event.event === 'start' && event.copy ? [event] : []))
  expect(starts.length).toBeGreaterThan(0)
  const copied = toy.journal('out').filter(({ event }) => event === 'copied')
  const pairs = copied.map(({ trial, source }) => `${trial} from ${source}`)
  expect(pairs.toSorted()).toEqual(starts.map(({ trial, copy }) => `${trial} from ${copy!.trial}`).toSorted())
  expect(misplaced(toy.events('out'))).toEqual([])
  expect(readFileSync(path('out', 'manifest.json'), 'utf8')).not.toContain('assumed')
}, 120_000)

describe('warm pools', () => {
  test('are ended with the run, also by bench stop, and what they waited is in its cost', async () => {
    await set({ config: { warmPool: { keepAliveSeconds: 600 } } })
    const { code, out } = await bench(toy.run('out', '--yes', '--json'))
    expect(code).toBe(0)
    const { jobs } = (JSON.parse(out) as ResultDocument).results[0]!
    const pools = [...toy.emulator.sagemaker.jobs.values()].map((job) => job.describe(1))
    const waited = pools.map(({ WarmPoolStatus }) => WarmPoolStatus!)
    expect(waited.filter(({ Status }) => Status === 'Available')).toEqual([])
    const seconds = waited.reduce((sum, pool) => sum + (pool.ResourceRetainedBillableTimeInSeconds ?? 0), 0)
    expect(seconds).toBeGreaterThan(0)
    expect(jobs!.pools!.seconds).toBe(seconds)
    expect(jobs!.usd).toBeCloseTo(
      jobs!.trials.reduce((sum, { usd }) => sum + usd!, jobs!.pools!.usd!),
      12,
    )
    expect(jobs!.pools!.usd).toBeGreaterThanOrEqual((seconds * 0.134) / 3600 - 1e-12)
    expect((await bench(['show', path('out')])).out).toMatch(
      /of\s+machines\s+that\s+were\s+kept\s+for\s+a\s+next\s+job/,
    )
  }, 120_000)
})

describe('--max-cost', () => {
  test('ends a run in time, and more of it goes on where it ended', async () => {
    await set({ config: { hyperparameters: { step: 300 } } })
    const config = JSON.parse(readFileSync(toy.config, 'utf8')) as object
    writeFileSync(toy.config, JSON.stringify({ ...config, prices: dear() }))
    // 600 are kept back for stopping two jobs.
    const first = await bench(toy.run('out', '--yes', '--json', '--max-cost', '604'))
    expect(first.code).toBe(1)
    const ended = '--max-cost ended 1 run early; the same command with --resume and a higher --max-cost goes on\n'
    expect(first.err).toMatch(/\nbench: --max-cost ended 1 run early; .*\n$/)
    const { results, methods, warnings } = JSON.parse(first.out) as ResultDocument
    expect(results[0]).toMatchObject({ reason: 'cost', maxCost: 604, jobs: { open: 0 } })
    // What it found is of a smaller budget than the plan's.
    expect(results[0]!.best).not.toBeNull()
    expect(methods[0]).toMatchObject({ seeds: 0, missing: 1, value: null })
    const warning =
      'asha on sagemaker-toy was ended early by --max-cost 604 for seed 0: what it found is of a smaller budget'
    expect(warnings).toEqual([expect.stringContaining(warning)])
    for (const file of ['report.md', 'report.html']) expect(readFileSync(path('out', file), 'utf8')).toContain(warning)
    const shown = await bench(['report', path('out')])
    expect(shown.code).toBe(0)
    expect(results[0]!.jobs!.usd).toBeLessThan(604)
    const reports = results[0]!.reports
    expect((await bench(['watch', path('out'), '--once'])).out).toMatch(/\nspent .* US dollars of 604\.00 US dollars\n/)
    expect(reports).toBeLessThan(20)
    // With the same limit it stays as it is.
    const same = await bench(toy.run('out', '--yes', '--json', '--max-cost', '604', '--resume'))
    expect((JSON.parse(same.out) as ResultDocument).results[0]!.reports).toBe(reports)
    expect(same.code).toBe(1)
    expect(same.err).toMatch(
      /\nasha on sagemaker-toy, seed 0, stays as --max-cost 604 ended it: to go on takes a --max-cost of more than 120\d\.?\d*, stopping/,
    )
    expect(same.err.endsWith(`bench: ${ended}`)).toBe(true)
    const more = await bench(toy.run('out', '--yes', '--json', '--max-cost', '5000', '--resume'))
    const [run] = (JSON.parse(more.out) as ResultDocument).results
    expect(run).toMatchObject({ reason: 'trials', trials: 4 })
    expect(run).not.toHaveProperty('maxCost')
    expect([more.code, (JSON.parse(more.out) as ResultDocument).methods[0]!.seeds]).toEqual([0, 1])
    for (const reached of levels('out')) expect(reached).toEqual(inOrder(reached))
  }, 120_000)
})
