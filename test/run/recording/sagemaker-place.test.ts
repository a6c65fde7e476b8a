/** A recording whose trainings are training jobs of the emulator: times, bills, failures, interruptions. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { jobRequest } from '../../../src/backends/sagemaker/job-request.js'
import { choice, float } from '../../../src/core/space.js'
import { SHIPPED_PRICES } from '../../../src/instances/shipped-prices.js'
import { type RecordOptions, record } from '../../../src/record/record.js'
import { defineRecording } from '../../../src/record/recording.js'
import { sageMakerPlace } from '../../../src/run/recording/sagemaker-place.js'
import { withCosts } from '../../../src/run/recording/sagemaker-recording.js'
import { ENDED } from '../../../src/surrogates/table-data.js'
import { readTable } from '../../../src/surrogates/read.js'
import { type World, world } from '../../backends/sagemaker/emulated.js'
import type { EmulatorOptions } from '../../sagemaker/emulator/options.js'

/** With a clock of its own that says half a second per level, whatever it took. */
const PROGRAM = `#!${process.execPath}
const args = Object.fromEntries(process.argv.slice(2).flatMap((arg, i, all) => (i % 2 === 0 ? [[arg.slice(2), all[i + 1]]] : [])))
if (args.fail) { console.error(args.fail); process.exit(1) }
for (let epoch = 1; epoch <= Number(args.epochs); epoch++) {
  await new Promise((resolve) => setTimeout(resolve, Number(args.pause)))
  const times = args.clockless ? {} : { elapsed_time: epoch * 0.5, startup_time: 0.25, cpu_time: epoch * 0.4 }
  console.log('[tune-metric]: ' + JSON.stringify({ epoch, loss: Number(args.lr) / epoch + Number(args.seed) / 1e12, size: 7, ...times }))
}
`
const MACHINES = ['ml.m5.large', 'ml.c5.xlarge']

function recording(own: object = {}) {
  return defineRecording({
    name: 'fake',
    program: { name: 'fake program', command: ['train.mjs'], levelsArgument: 'epochs', ...own },
    resource: { name: 'epoch', levels: 3 },
    metrics: { loss: { goal: 'min' }, size: { goal: 'min', kind: 'static' } },
    space: { lr: float(0.01, 1), instance_type: choice(MACHINES) },
    defaultConfig: { lr: 0.1, instance_type: 'ml.c5.xlarge' },
    plan: {
      draw: 'random',
      groups: [{ fixed: {}, configurations: 3 }],
      repetitions: 1,
      defaultRepetitions: 2,
      seed: 1,
    },
  })
}

const folders: string[] = []
let made: World | undefined
afterEach(async () => {
  await made?.close()
  made = undefined
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

async function setUp(own: object = {}, given: object = {}, options: EmulatorOptions = {}) {
  const [folder, results] = ['program', 'results'].map((name) => mkdtempSync(join(tmpdir(), `sagemaker-${name}-`)))
  folders.push(folder!, results!)
  writeFileSync(join(folder!, 'train.mjs'), PROGRAM, { mode: 0o755 })
  made = await world({ source: folder, entryPoint: 'train.mjs', hyperparameters: { pause: 60 }, ...given }, options)
  const { config, calls } = made
  const costly = withCosts(recording(own), config, SHIPPED_PRICES)
  const out = join(results!, 'fake.arrow')
  const run = (more: Partial<RecordOptions> & { maxCost?: number } = {}) =>
    record({
      recording: costly,
      place: sageMakerPlace({ recording: costly, config, prices: SHIPPED_PRICES, calls, maxCost: more.maxCost }),
      workers: 2,
      out,
      onWarning: (line) => made!.warnings.push(line),
      ...more,
    })
  return { run, out, emulator: made.emulator, config }
}

describe('a recording on SageMaker', () => {
  it('has start-up delays, billable seconds and prices of its jobs, and says so', { timeout: 120_000 }, async () => {
    const times = { startUp: [0.3, 0.4], download: [0.1, 0.1] } as const
    const { run, out, emulator } = await setUp({}, {}, { times })
    expect(await run()).toMatchObject({ status: 'complete', done: 5, failed: 0 })
    const table = readTable(out)
    expect([...table.ended].map((code) => ENDED[code])).toEqual(Array.from({ length: 5 }, () => 'completed'))
    const { provenance, metrics, space } = table.metadata
    expect(provenance).toMatchObject({
      kind: 'recorded',
      hardware: { sagemaker: { region: 'us-east-1', usdPerHour: { 'ml.m5.large': 0.134, 'ml.c5.xlarge': 0.238 } } },
      times: { elapsed_time: 'reported by the program (elapsed_time)' },
    })
    expect(String((provenance['times'] as Record<string, string>)['startup_time'])).toContain(
      'CreationTime to TrainingStartTime',
    )
    expect(provenance).not.toHaveProperty('meanLoad')
    expect(metrics['bill_usd']!.description).toContain(SHIPPED_PRICES.date!)
    expect(space['instance_type']).toMatchObject({ values: MACHINES })
    const type = table.hyperparameters['instance_type']!
    for (let row = 0; row < 5; row++) {
      const name = type.kind === 'text' ? type.dictionary[type.values[row]!]! : ''
      const price = SHIPPED_PRICES.types.find((one) => one.name === name)!.usdPerHour!
      // The program says half a second per level; its job took what the emulator let it take.
      expect(Array.from(table.elapsed.slice(row * 3, row * 3 + 3))).toEqual([0.5, 1, 1.5])
      expect(table.curves['cost']![row * 3 + 2]).toBeCloseTo((1.5 * price) / 3600, 8)
      expect(table.startup[row]).toBeGreaterThanOrEqual(0.3)
      const job = [...emulator.sagemaker.jobs.values()].find(({ name: one }) => one.includes(`-t${row}-`))
      const { BillableTimeInSeconds: billable } = job!.describe(1)
      expect(table.statics['billable_seconds']![row]).toBe(billable)
      expect(table.statics['bill_usd']![row]).toBeCloseTo((billable! * price) / 3600, 12)
      expect(table.hardware!.dictionary[table.hardware!.values[row]!]).toBe(`Amazon SageMaker ${name}`)
    }
  })

  it('takes times from the log where the program has no clock', { timeout: 120_000 }, async () => {
    const { run, out } = await setUp({}, { hyperparameters: { pause: 60, clockless: 1 } })
    expect(await run()).toMatchObject({ status: 'complete', failed: 0 })
    const { elapsed, metadata } = readTable(out)
    for (let row = 0; row < 5; row++) expect(elapsed[row * 3 + 2]!).toBeGreaterThan(elapsed[row * 3]!)
    expect((metadata.provenance['times'] as Record<string, string>)['elapsed_time']).toContain('log lines')
  })

  it('goes on after an interruption; what was left in progress is stopped first', { timeout: 120_000 }, async () => {
    const { run, emulator } = await setUp({}, { hyperparameters: { pause: 300 } })
    const controller = new AbortController()
    const first = await run({ signal: controller.signal, onProgress: () => controller.abort() })
    expect(first).toMatchObject({ status: 'interrupted', done: 1 })
    expect(emulator.running).toEqual([])
    const second = await run()
    expect(second).toMatchObject({ status: 'complete', done: 5, failed: 0 })
    const names = [...emulator.sagemaker.jobs.keys()]
    expect(names.filter((name) => /^fake-\w+-s1-t/.test(name))).toHaveLength(4)
    expect(new Set(names.map((name) => name.split('-s')[0])).size).toBe(1)
  })

  it('stops what a killed recorder left in progress', { timeout: 120_000 }, async () => {
    const { run, emulator, out } = await setUp({}, { hyperparameters: { pause: 20 } })
    await run({ signal: AbortSignal.abort() })
    const { jobs } = JSON.parse(readFileSync(`${out}.journal.jsonl`, 'utf8').split('\n')[0]!) as { jobs: string }
    const { calls, config } = made!
    const place = { id: jobs, s3: config.s3, sourceUri: `${config.s3}/none.tar.gz`, checkpoints: false }
    const left = { trial: 0, attempt: 0, restarts: 0, config: { lr: 0.1 }, seed: 1, level: 0 }
    await calls.call('createTrainingJob', jobRequest(config, { ...place, prefix: `fake-${jobs}-s0-` }, left))
    expect(await run()).toMatchObject({ status: 'complete', failed: 0 })
    expect(emulator.job(`fake-${jobs}-s0-t0-a0-r0`).status).toMatch(/Stopp|Failed/)
  })

  it('ends when nothing more may be spent, and keeps what is finished', { timeout: 120_000 }, async () => {
    const { run, emulator } = await setUp()
    await expect(run({ maxCost: 1e-9 })).rejects.toThrow('--max-cost 1e-9 USD is spent')
    expect(emulator.sagemaker.jobs.size).toBe(0)
    // Five minutes of two machines at 0.238 dollars an hour are kept back for stopping them.
    await expect(run({ maxCost: (0.238 * 2 * 300) / 3600 + 1e-5 })).rejects.toThrow(
      /is spent.* stop 2 jobs; everything/,
    )
    expect(emulator.sagemaker.jobs.size).toBeGreaterThan(0)
    expect(emulator.running).toEqual([])
  })

  it('a program that fails is a failed training with its reason', { timeout: 120_000 }, async () => {
    const { run } = await setUp({}, { hyperparameters: { pause: 0, fail: 'no luck' } })
    await expect(run()).rejects.toThrow(/5 trainings in a row failed.*AlgorithmError.*log of the training job fake-/)
  })
})

describe('what does not go together', () => {
  it.each([
    [
      { dataArgument: 'data' },
      {},
      /gets the folder of its data as --data: put them on S3, name them in sagemaker\.inputs/,
    ],
    [{}, { spot: { maxWaitSeconds: 100_000 } }, /leave sagemaker\.spot out/],
    [
      {},
      { instanceTypes: ['ml.m5.large'] },
      /sagemaker\.instanceTypes must have every type .* ml\.c5\.xlarge, got \["ml\.m5\.large"\]/,
    ],
    [
      {},
      { instanceTypes: ['ml.m5.lorge', 'ml.c5.xlarge'] },
      /sagemaker\.instanceTypes must be types that exist;.*did you mean "ml\.m5\.large"/,
    ],
  ])('is refused: %j %j', async (own, given, message) => {
    await expect(setUp(own, given).then(({ run }) => run())).rejects.toThrow(message)
    expect(made!.emulator.sagemaker.jobs.size).toBe(0)
  })
})
