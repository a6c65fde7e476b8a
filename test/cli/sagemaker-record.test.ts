/** `bench record --backend sagemaker` as users type it, against the emulator: killed, stopped, gone on with. */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { float } from '../../src/core/space.js'
import { readTable } from '../../src/surrogates/read.js'
import { bench } from './fake-terminal.js'
import { missing, startBench, until } from './process.js'
import { type SageMakerToy, type SageMakerToyOptions, makeSageMakerToy } from './sagemaker-toy.js'

/** All but the default configuration wait while there is a file `hold`. */
const PROGRAM = `#!${process.execPath}
import { existsSync } from 'node:fs'
const args = Object.fromEntries(process.argv.slice(2).flatMap((arg, i, all) => (i % 2 === 0 ? [[arg.slice(2), all[i + 1]]] : [])))
for (let epoch = 1; epoch <= 3; epoch++) {
  do await new Promise((resolve) => setTimeout(resolve, Number(args.step)))
  while (epoch > 1 && Number(args.size) !== 1 && existsSync(args.hold))
  console.log('[tune-metric]: ' + JSON.stringify({ epoch, loss: Number(args.size) / epoch, elapsed_time: epoch / 2 }))
}
`
const RECORDING = {
  name: 'toy-recording',
  program: { name: 'toy program', command: ['train.mjs'] },
  resource: { name: 'epoch', levels: 3 },
  metrics: { loss: { goal: 'min' } },
  space: { size: float(1, 2) },
  defaultConfig: { size: 1 },
  plan: { draw: 'random', groups: [{ fixed: {}, configurations: 4 }], repetitions: 1, defaultRepetitions: 1, seed: 1 },
}

let toy: SageMakerToy
const set = async (config: SageMakerToyOptions['config'] = {}): Promise<void> => {
  toy = await makeSageMakerToy({ config })
  const given = JSON.parse(readFileSync(toy.config, 'utf8')) as object
  const hyperparameters = { step: 30, hold: path('hold') }
  writeFileSync(toy.config, JSON.stringify({ ...given, hyperparameters }))
  writeFileSync(path('src', 'train.mjs'), PROGRAM, { mode: 0o755 })
  writeFileSync(path('recording.mjs'), `export default ${JSON.stringify(RECORDING)}\n`)
}
afterEach(async () => toy?.close(), 60_000)

const path = (...names: string[]): string => join(toy.directory, ...names)
const record = (...more: string[]): string[] => [
  'record',
  path('recording.mjs'),
  '--backend',
  'sagemaker',
  '--config',
  toy.config,
  '--out',
  path('mine.arrow'),
  ...more,
]

describe.skipIf(missing !== undefined)('the built command', () => {
  test('a recording that is killed is stopped, and goes on; another training is refused', async () => {
    await set({ environment: { FLAG: '0' } })
    writeFileSync(path('hold'), '')
    const { child, ended } = startBench(record('--yes', '--workers', '5'), toy.directory)
    const journal = path('mine.arrow.journal.jsonl')
    await until(() => existsSync(journal) && readFileSync(journal, 'utf8').includes('"event":"training"'))
    const refused = await bench(['stop', path('mine.arrow')])
    expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/process \d+ on .* records into .*; end it/)])
    child.kill('SIGKILL')
    await ended
    await until(() => toy.emulator.running.length > 0)

    const stopped = await bench(['stop', path('mine.arrow')])
    expect(stopped.out).toMatch(/^asked \d training jobs? to stop:\n {2}toy-recording-[0-9a-f]{10}-s0-t/)
    await until(() => toy.emulator.running.length === 0)
    for (const given of [journal, toy.directory])
      expect((await bench(['stop', given])).out).toBe('no training job of it was in progress\n')

    const given = readFileSync(toy.config, 'utf8')
    const before = toy.emulator.sagemaker.jobs.size
    for (const [field, value, named] of [
      ['hyperparameters', { step: 30 }, 'hyperparameters.hold'],
      ['environment', { FLAG: '1' }, 'environment.FLAG'],
      ['image', 'another', 'image'],
      ['instanceTypes', ['ml.c5.xlarge'], 'usdPerHour'],
    ] as const) {
      writeFileSync(toy.config, JSON.stringify({ ...(JSON.parse(given) as object), [field]: value }))
      const { code, err } = await bench(record('--yes'))
      expect(code).toBe(2)
      expect(err).toMatch(
        new RegExp(`was recorded with another configuration \\(${named}\\S* was .*; record to another`),
      )
    }
    expect(toy.emulator.sagemaker.jobs.size).toBe(before)
    rmSync(path('hold'))
    writeFileSync(toy.config, JSON.stringify({ ...(JSON.parse(given) as object), maxRunSeconds: 3000 }))
    expect(await bench(record('--yes', '--workers', '2'))).toMatchObject({ code: 0 })
    expect(readTable(path('mine.arrow')).rows).toBe(5)
    expect(toy.emulator.running).toEqual([])
  }, 120_000)

  test('Ctrl-C stops all jobs, and the same command goes on', async () => {
    await set()
    writeFileSync(path('hold'), '')
    const { child, ended } = startBench(record('--yes', '--workers', '2'), toy.directory)
    await until(
      () => toy.emulator.logs.streams('/aws/sagemaker/TrainingJobs')?.some(({ events }) => events.length > 0) === true,
    )
    child.kill('SIGINT')
    const { status, err } = await ended
    expect(status).toBe(130)
    expect(err).toContain('\nstopping all training jobs; Ctrl-C again leaves them running: stop them with bench stop ')
    expect(toy.emulator.running).toEqual([])
    rmSync(path('hold'))
    expect(await bench(record('--yes', '--workers', '4'))).toMatchObject({ code: 0 })
    expect(readTable(path('mine.arrow')).rows).toBe(5)
  }, 120_000)
})

describe('before anything is made', () => {
  test('a table in the source folder is refused', async () => {
    await set()
    const { code, err } = await bench(record('--yes', '--out', path('src', 'mine.arrow')))
    expect([code, err]).toEqual([2, expect.stringMatching(/^bench: the table .* lies in the source folder /)])
    expect(readdirSync(path('src'))).toEqual(['train.mjs'])
    expect(toy.emulator.calls.calls).toEqual([])
  })

  test('bench stop says what it found no jobs of', async () => {
    await set()
    mkdirSync(path('empty'))
    const none = await bench(['stop', path('empty')])
    expect([none.code, none.err]).toEqual([2, expect.stringMatching(/holds no run on SageMaker: .*or the table of a/)])
    const header = { journal: 'rungbench-recording', version: 1, recording: 'x', key: '', program: '', data: {} }
    for (const more of [{}, { jobs: '', settings: { region: 'us-east-1' } }, { jobs: '0123456789' }]) {
      writeFileSync(path('x.arrow.journal.jsonl'), `${JSON.stringify({ ...header, ...more })}\n`)
      const { code, err } = await bench(['stop', path('x.arrow')])
      expect([code, err]).toEqual([2, expect.stringMatching(/recording that was not made on SageMaker/)])
    }
    expect(toy.emulator.calls.calls).toEqual([])
  })
})
