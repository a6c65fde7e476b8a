/** Whole runs on the emulator: planned as an experiment, journalled, interrupted and gone on with. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Experiment } from '../../../src/core/experiment.js'
import { choice, float } from '../../../src/core/space.js'
import { planExperiment } from '../../../src/run/plan.js'
import { prepareSageMaker } from '../../../src/run/sagemaker/prepare.js'
import { sageMakerRequests } from '../../../src/run/sagemaker/requests.js'
import { type SageMakerOptions, executeOnSageMaker, openSageMaker } from '../../../src/run/sagemaker/runs.js'
import { stopSageMakerRuns } from '../../../src/run/sagemaker/stop.js'
import type { RunEvent } from '../../../src/store/journal-recorder.js'
import { readSageMakerRuns } from '../../../src/store/sagemaker-runs-file.js'
import { readJournal } from '../../../src/store/journal.js'
import { tableOf } from '../../../src/testing/table-of.js'
import { type World, world } from './emulated.js'
import { type Given, decidedAgain, eventsOf, inOrder, levelsOf } from './journals.js'

const TRIALS = 6
const space = { size: float(1, 2), instance_type: choice(['ml.m5.large', 'ml.c5.xlarge']) }
const table = tableOf({
  levels: 9,
  space,
  configurations: [
    { size: 1, instance_type: 'ml.m5.large' },
    { size: 2, instance_type: 'ml.c5.xlarge' },
  ],
  metrics: { loss: 'min' },
  value: ({ level, config }) => config.size / level,
})
const experiment: Experiment = {
  name: 'on-sagemaker',
  question: 'Does it run?',
  tables: ['in-memory'],
  objectives: [{ metric: 'loss' }],
  methods: { asha: { scheduler: { type: 'asha-stopping' } } },
  workers: 2,
  budget: { trials: TRIALS },
  seeds: 1,
} as Experiment

let made: World | undefined
const folders: string[] = []

afterEach(async () => {
  await made?.close()
  made = undefined
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

async function setUp(given: object = {}) {
  const { config, calls, emulator, warnings } = (made = await world({ hyperparameters: { step: 20 }, ...given }))
  const directory = mkdtempSync(join(tmpdir(), 'sagemaker-runs-'))
  folders.push(directory)
  const plan = await planExperiment(experiment, [table], [0], directory)
  const execute = async (more: Partial<SageMakerOptions> = {}) => {
    const prepared = await prepareSageMaker(plan, [table], config, more.maxCost)
    const session = await openSageMaker(prepared, (text) => warnings.push(text), calls)
    return executeOnSageMaker(plan, session, { directory, ...more })
  }
  const journal = join(directory, 'runs', '000-0', 'journal.jsonl')
  const events = (): RunEvent[] => eventsOf(journal)
  return { config, plan, emulator, directory, execute, journal, events }
}

const GIVEN: Given = {
  scheduler: 'asha-stopping',
  options: {},
  space,
  defaultConfig: { size: 1, instance_type: 'ml.m5.large' },
  maxResource: 9,
  trials: TRIALS,
}

describe('a run on SageMaker', () => {
  it('is decided as its journal says, costs what its machines cost, and leaves nothing running', async () => {
    const { execute, events, journal, emulator, directory } = await setUp()
    const set = await execute()
    expect(set.failures).toEqual([])
    expect(set.runs[0]!.usd).toBeGreaterThan(0)
    expect(levelsOf(events())).toHaveLength(TRIALS)
    for (const levels of levelsOf(events())) expect(levels).toEqual(inOrder(levels))
    expect(decidedAgain(events(), GIVEN).difference).toBeUndefined()
    const { entries } = readJournal(journal)
    const jobs = entries.filter(({ event }) => event === 'job')
    expect(entries.filter(({ event }) => event === 'job-end')).toHaveLength(jobs.length)
    expect(new Set(jobs.map(({ instanceType }) => instanceType)).size).toBe(2)
    const { prefix } = readSageMakerRuns(directory)
    for (const job of emulator.sagemaker.jobs.values()) {
      expect(job.name.startsWith(prefix)).toBe(true)
      expect(job.status).toMatch(/Completed|Stopped/)
    }
  })

  it('that is interrupted goes on: no level is lost or comes twice', async () => {
    const { execute, events } = await setUp()
    const controller = new AbortController()
    const interrupted = execute({ signal: controller.signal })
    const settled = interrupted.catch((error: unknown) => error)
    await expect
      .poll(() => events().filter(({ event }) => event === 'report').length, { timeout: 300_000 })
      .toBeGreaterThan(5)
    controller.abort()
    await settled
    const before = events().length
    const set = await execute({ resume: true })
    expect(set.failures).toEqual([])
    expect(events().length).toBeGreaterThan(before)
    for (const levels of levelsOf(events())) expect(levels).toEqual(inOrder(levels))
    expect(decidedAgain(events(), GIVEN).difference).toBeUndefined()
  })
})

describe('what nobody runs any more', () => {
  it('is stopped by its run directory', async () => {
    const { directory, emulator } = await setUp({ hyperparameters: {}, warmPool: { keepAliveSeconds: 600 } })
    const { backend, calls } = made!
    const runs = { id: 'x1', prefix: 'test-x1-', region: 'us-east-1', endpoints: {} }
    writeFileSync(join(directory, 'sagemaker.json'), JSON.stringify(runs))
    const killed = backend()
    killed.start(0, 0, { size: 1, step: 10_000 }, 0, 9)
    killed.start(1, 0, { size: 1, step: 1 }, 0, 9)
    const left = () => emulator.sagemaker.jobs.get('test-x1-c0-s0-t1-a0-r0')?.describe(1).WarmPoolStatus?.Status
    await expect.poll(left, { timeout: 300_000 }).toBe('Available')
    expect(await stopSageMakerRuns(directory, calls)).toEqual(['test-x1-c0-s0-t0-a0-r0'])
    expect(left()).toBe('Terminated')
    expect(await stopSageMakerRuns(directory, calls)).toEqual([])
    await expect(stopSageMakerRuns(join(directory, 'nowhere'), calls)).rejects.toThrow(/holds no run on SageMaker/)
  })
})

describe('before a run', () => {
  it('its first requests are shown, and they are those that are sent', async () => {
    const { plan, config, execute, emulator } = await setUp({ environment: { TOKEN: 'hush' } })
    const shown = await sageMakerRequests(await prepareSageMaker(plan, [table], config, undefined))
    const sent = (): number => emulator.sagemaker.jobs.size
    expect(sent()).toBe(0)
    const { createTrainingJob } = shown.runs[0]!
    expect(createTrainingJob).toHaveLength(2)
    expect(JSON.stringify(shown)).not.toContain('hush')
    await execute()
    for (const request of createTrainingJob) {
      const place = request.TrainingJobName.slice('on-sagemaker-0000000000'.length)
      const job = [...emulator.sagemaker.jobs.values()].find(({ name }) => name.endsWith(place))!
      const id = job.name.slice('on-sagemaker-'.length, job.name.length - place.length)
      const expected = JSON.parse(JSON.stringify(request.HyperParameters).replaceAll('0000000000', id)) as object
      expect(job.request.HyperParameters).toEqual(expected)
    }
  })

  it('what it may cost is known: a bound from the time of its trials, or what was said', async () => {
    const { plan, config } = await setUp({ maxRunSeconds: 3600, requeues: 0 })
    const { estimate } = await prepareSageMaker(plan, [table], config, undefined)
    // 6 trials, an hour each on the dearest (ml.c5.xlarge), and two workers that stop.
    expect(estimate.most).toBeCloseTo(0.238 * (6 + (2 * 300) / 3600))
    expect((await prepareSageMaker(plan, [table], config, 0.5)).estimate.most).toBe(0.5)
  })

  it('a run directory in the source folder is refused: what is written there would be packed', async () => {
    const { config, execute } = await setUp()
    const directory = join(config.source, 'results', 'one')
    await expect(execute({ directory })).rejects.toThrow(/lies in the source folder .* choose another --out/)
  })

  it('a machine that is not allowed is refused', async () => {
    const { plan, config } = await setUp({ instanceTypes: ['ml.m5.large'] })
    await expect(prepareSageMaker(plan, [table], config, undefined)).rejects.toThrow(/ml\.c5\.xlarge/)
  })
})
