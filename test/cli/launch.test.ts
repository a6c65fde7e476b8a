/** `bench launch`, `bench fetch` and `bench stop` as users type them: the tuner is a training job of the emulator itself. */
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { PROGRAM } from '../backends/sagemaker/emulated.js'
import { bench } from './fake-terminal.js'
import { missing, startBench } from './process.js'
import { type SageMakerToy, type SageMakerToyOptions, makeSageMakerToy } from './sagemaker-toy.js'

const LAUNCH = { image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/node:22-slim', maxRunSeconds: 36_000 }

let toy: SageMakerToy
const set = async (options: SageMakerToyOptions = {}): Promise<SageMakerToy> =>
  (toy = await makeSageMakerToy({ ...options, config: { launch: LAUNCH, ...options.config } }))
afterEach(async () => toy?.close(), 60_000)

const launch = (...more: string[]): string[] => [
  'launch',
  join(toy.directory, 'experiment.mjs'),
  '--on',
  'sagemaker',
  '--config',
  toy.config,
  ...more,
]
/** Waits before its second level until there is such a file. */
const gated = (gate: string): string =>
  PROGRAM.replace(
    'await new Promise',
    `while (epoch === 2 && !existsSync(${JSON.stringify(gate)})) await new Promise((r) => setTimeout(r, 50))\n  await new Promise`,
  )
const run = (...args: string[]) => startBench(args, toy.directory).ended
const levels = (): number[][] => {
  const found: number[][] = []
  for (const event of toy.events('far')) {
    if (event.event === 'start') found[event.trial] = []
    if (event.event === 'report') found[event.trial]!.push(event.resource)
  }
  return found
}
const tuner = () => [...toy.emulator.sagemaker.jobs.values()].filter(({ name }) => name.startsWith('tuner-'))

describe.skipIf(missing !== undefined)('the built command', () => {
  test('launches a tuner, stops it with all its jobs, launches it again, and brings the results home', async () => {
    await set({
      config: { entryPoint: 'gated.mjs', hyperparameters: { step: 1 }, environment: { TOKEN: 'very-secret' } },
    })
    const gate = join(toy.directory, 'gate')
    writeFileSync(join(toy.directory, 'src', 'gated.mjs'), gated(gate), { mode: 0o755 })
    const far = join(toy.directory, 'far')
    const begun = await run(...launch('--out', far, '--yes'))
    expect(begun).toMatchObject({ status: 0 })
    expect(begun.err).toMatch(
      /cost: about .*\nbound: .*\nprices: .*\ntuner, on top of that: ml\.m5\.large, .* at most 10 hours .*, 1\.34 US dollars; together at most \d+\.\d\d\n/,
    )
    const trials = () => toy.emulator.running.filter(({ name }) => !name.startsWith('tuner-'))
    await expect.poll(() => trials().length, { timeout: 240_000, interval: 500 }).toBe(2)
    const early = await run('fetch', far)
    expect(early.out).toContain('It goes on')

    const stopped = await run('stop', far)
    expect(stopped.out).toContain(tuner()[0]!.name)
    await expect.poll(() => toy.emulator.running.length, { timeout: 60_000 }).toBe(0)
    const ended = await run('fetch', far)
    expect(ended).toMatchObject({ status: 1 })
    expect(ended.out).toMatch(/^The tuner ended as Stopped\n(\d training jobs? of it had .*\n)?.*--resume goes on\n$/)
    expect(existsSync(join(far, 'runs.lock'))).toBe(false)

    const given = readFileSync(toy.config, 'utf8')
    writeFileSync(toy.config, given.replace('very-secret', 'another-one'))
    const other = await run(...launch('--out', far, '--resume', '--yes'))
    expect(other).toMatchObject({ status: 2 })
    expect(other.err).toMatch(/cannot be continued: environment\.TOKEN was "checksum \w{4}" and is /)
    writeFileSync(toy.config, given)
    writeFileSync(gate, '')
    const again = await run(...launch('--out', far, '--resume', '--yes'))
    expect(again).toMatchObject({ status: 0 })
    const home = await run('fetch', far, '--wait')
    expect(home).toMatchObject({ status: 0 })
    expect(home.out).toContain(`Result: ${far}`)
    expect(tuner().map(({ status }) => status)).toEqual(['Stopped', 'Completed'])
    for (const file of ['manifest.json', 'report.html', 'runs/000-0/run.json'])
      expect(existsSync(join(far, file))).toBe(true)
    expect(levels()).toHaveLength(4)
    for (const of of levels()) expect(of).toEqual(of.map((_, i) => i + 1))
    for (const job of toy.emulator.sagemaker.jobs.values()) {
      expect(job.tags).toContainEqual({ Key: 'rungbench:experiment', Value: expect.any(String) as string })
      expect(job.request.Environment!['TOKEN']).toBe('very-secret')
    }
    const packed = toy.emulator.store.list('bucket', 'tests/launch/')
    expect(packed.length).toBe(1)
  }, 600_000)

  test('says why a tuner failed, with the end of its log', async () => {
    await set({ config: { environment: { PATH: '/nowhere' } } })
    const far = join(toy.directory, 'far')
    await run(...launch('--out', far, '--yes', '--max-cost', '50'))
    const home = await run('fetch', far, '--wait')
    expect(home).toMatchObject({ status: 1 })
    expect(home.out).toMatch(/^The tuner failed: AlgorithmError/)
    expect(home.err).toMatch(/not found/)
  }, 300_000)
})

describe.skipIf(missing !== undefined)('the built command, where nobody answers', () => {
  const NONE = {
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    AWS_PROFILE: undefined,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/nowhere',
    AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
  }
  /** As if `launch` had been there. */
  const launched = (endpoint: string): string => {
    const far = join(toy.directory, 'far')
    mkdirSync(far)
    const endpoints = { sagemaker: endpoint, logs: endpoint, s3: endpoint }
    const record = { jobs: ['tuner-x-0'], results: 's3://bucket/x/run', region: 'us-east-1', endpoints, pollSeconds: 1 }
    writeFileSync(join(far, 'launch.json'), JSON.stringify(record))
    return far
  }

  test('Ctrl-C says that the tuner may have been launched already, and bench stop ends it', async () => {
    await set()
    toy.emulator.faults.add({ operation: 'CreateTrainingJob', fault: { kind: 'drop', when: 'after' } })
    toy.emulator.faults.add({ operation: 'CreateTrainingJob', fault: { kind: 'delay', seconds: 60 } })
    const far = join(toy.directory, 'new')
    const { child, ended } = startBench(launch('--out', far, '--yes'), toy.directory)
    await expect.poll(() => tuner().length, { timeout: 60_000, interval: 100 }).toBe(1)
    child.kill('SIGINT')
    const { status, err } = await ended
    expect(status).toBe(130)
    expect(err).toContain(
      'bench: interrupted; the tuner may have been launched already; make sure that it ends: bench stop ',
    )
    expect((await bench(['stop', far])).out).toContain(tuner()[0]!.name)
    expect(toy.emulator.running).toEqual([])
  }, 120_000)

  test('a tuner that somebody deleted has ended: stop has nothing to stop, and it is launched again', async () => {
    await set()
    const far = launched(toy.emulator.endpoint)
    const launchedRuns = { id: '0123456789', prefix: 'x-0123456789-', region: 'us-east-1' }
    const { endpoint } = toy.emulator
    const endpoints = { sagemaker: endpoint, logs: endpoint, s3: endpoint }
    writeFileSync(join(far, 'sagemaker.json'), JSON.stringify({ ...launchedRuns, endpoints }))
    expect(await bench(['stop', far])).toMatchObject({ code: 0, out: 'no training job of it was in progress\n' })
    expect((await bench(['fetch', far])).out).toMatch(/^The tuner failed: its job was deleted\n/)
    expect(await run(...launch('--out', far, '--resume', '--yes'))).toMatchObject({ status: 0 })
    expect(tuner().map(({ name }) => name)).toEqual(['tuner-x-0123456789-1'])
  }, 120_000)

  test('fetch says of how many jobs a tuner that has ended did not see the end', async () => {
    await set()
    const far = launched(toy.emulator.endpoint)
    const lines = [
      { event: 'header', backend: 'sagemaker', region: 'us-east-1' },
      ...['a', 'b', 'c'].map((job, trial) => ({ event: 'job', job, trial, time: 1 })),
      { event: 'job-end', job: 'b', trial: 1, status: 'Completed', billable: 8, usd: 1 },
    ]
    const manifest = { formatVersion: 1, cells: [{ table: 't', method: 'asha' }], seeds: [0] }
    const put = (path: string, text: string) => toy.emulator.store.put('bucket', `x/run/${path}`, Buffer.from(text))
    await put('manifest.json', JSON.stringify(manifest))
    await put('runs/000-0/journal.jsonl', lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    const fetched = await bench(['fetch', far])
    expect(fetched.out).toMatch(
      /^The tuner failed: its job was deleted\n2 training jobs of it had not ended when the tuner did: .* until it goes on; "bench stop .*" ends/,
    )
    expect(JSON.parse((await bench(['fetch', far, '--json'])).out)).toMatchObject({ ended: true, open: 2 })
  }, 120_000)

  test('fetch and launch say at once that there are no credentials, and make nothing', async () => {
    await set()
    for (const [name, value] of Object.entries(NONE)) vi.stubEnv(name, value)
    try {
      const begun = await run(...launch('--out', join(toy.directory, 'new'), '--yes'))
      expect(begun).toMatchObject({ status: 1 })
      expect(begun.err).toMatch(/\nbench: AWS has no valid credentials of yours .*AWS_PROFILE\n$/)
      expect(existsSync(join(toy.directory, 'new'))).toBe(false)
      const home = await run('fetch', launched(toy.emulator.endpoint))
      expect(home).toMatchObject({ status: 1, out: '' })
      expect(home.err).toMatch(/^bench: AWS has no valid credentials of yours .*AWS_PROFILE\n$/)
    } finally {
      vi.unstubAllEnvs()
    }
    expect(toy.emulator.calls.calls).toEqual([])
  }, 120_000)

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s ends fetch while it waits for an answer',
    async (signal, status) => {
      await set()
      const silent = createServer(() => {})
      await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve))
      try {
        const far = launched(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`)
        const asked = once(silent, 'request')
        const { child, ended } = startBench(['fetch', far, '--wait'], toy.directory)
        await asked
        child.kill(signal)
        const err = `bench: interrupted; what was fetched is in ${far}; the tuner goes on\n`
        expect(await ended).toEqual({ status, out: '', err })
      } finally {
        silent.closeAllConnections()
        silent.close()
      }
    },
    120_000,
  )
})

describe('before anything is made', () => {
  test.each([
    [['--on', 'mars'], /launch needs --on sagemaker/],
    [['--resume'], /--resume needs --out/],
    [['--seeds', '0'], /--seeds/],
    [
      ['--resume', '--out', '/nowhere'],
      /^bench: \/nowhere is not the directory of a launched run: .*; give that of --out\n$/,
    ],
  ])('it refuses %j', async (more, message) => {
    await set()
    const { code, err } = await bench(launch(...more))
    expect(code).toBe(2)
    expect(err).toMatch(message)
    expect(toy.emulator.calls.calls).toEqual([])
  })

  test('it refuses a directory in the source folder', async () => {
    await set()
    const { code, err } = await bench(launch('--yes', '--out', join(toy.directory, 'src', 'far')))
    expect(code).toBe(2)
    expect(err).toMatch(/^bench: the run directory .* lies in the source folder /)
    expect(toy.emulator.calls.calls).toEqual([])
  })

  test('it needs to know where the tuner runs', async () => {
    await set({ config: { launch: undefined } })
    const { code, err } = await bench(launch('--yes'))
    expect(code).toBe(2)
    expect(err).toMatch(/has no "launch", .*add "launch": \{ "image"/)
  })

  test('it does not begin where nobody says yes', async () => {
    await set()
    const { code, err } = await bench(launch('--out', join(toy.directory, 'far')))
    expect(code).toBe(2)
    expect(err).toMatch(/tuner, on top of that: .*\nbench: training jobs cost money/)
    expect(existsSync(join(toy.directory, 'far'))).toBe(false)
    expect(readFileSync(toy.config, 'utf8')).toContain('node:22-slim')
  })
})
