import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LocalBackend } from '../../../src/backends/local/local-backend.js'
import type { LocalBackendOptions } from '../../../src/backends/local/options.js'
import { groupRuns } from '../../../src/backends/local/process-groups.js'
import type { Report } from '../../../src/backends/real-time/report-line.js'
import type { BackendEvent } from '../../../src/core/backend.js'
import type { Config } from '../../../src/core/space.js'
import { until } from '../../cli/process.js'

const programs = fileURLToPath(new URL('../../fixtures/programs/', import.meta.url))
/** Seconds: an event that does not come within them never comes. */
const LONG = 20

let directory: string
const open: LocalBackend[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rungbench-local-'))
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((backend) => backend.close()))
  rmSync(directory, { recursive: true, force: true })
})

/** A backend for one of the fixture programs. */
function backendFor(name: string, change: Partial<LocalBackendOptions> = {}): LocalBackend {
  const backend = new LocalBackend({
    program: { command: ['node', join(programs, `${name}.mjs`)] },
    workers: 2,
    resource: 'epoch',
    maxResource: 4,
    metrics: ['loss'],
    directory: join(directory, 'trials'),
    checkpoints: false,
    ...change,
  })
  open.push(backend)
  return backend
}

/** A copy of the next event, which must come. */
async function next(backend: LocalBackend): Promise<BackendEvent> {
  const event = await backend.next(backend.now() + LONG)
  if (event === undefined) throw new Error('no event came')
  return { ...event, values: event.values.slice() }
}

/** All events until nothing runs any more. */
async function all(backend: LocalBackend): Promise<BackendEvent[]> {
  const events: BackendEvent[] = []
  while (backend.busy > 0) events.push(await next(backend))
  return events
}

/** Starts trial 0 of a program and returns its events. */
function run(name: string, config: Config = {}, change: Partial<LocalBackendOptions> = {}): Promise<BackendEvent[]> {
  const backend = backendFor(name, change)
  backend.start(0, 0, config, 0, 4)
  return all(backend)
}

/** Events in short: `report 1 [0.5]`, `ignored 1`, `end completed`, `released`. */
function short(events: readonly BackendEvent[]): string[] {
  return events.map(({ kind, resource, values, state }) => {
    if (kind === 'report') return `report ${resource} [${values.join()}]`
    if (kind === 'ignored') return `ignored ${resource}`
    return kind === 'end' ? `end ${state}` : kind
  })
}

const log = (trial: number, name: string): string =>
  readFileSync(join(directory, 'trials', String(trial), name), 'utf8')

test('without checkpoints no trial can be a copy of another', () => {
  const backend = backendFor('levels')
  expect(() => backend.start(1, 0, {}, 2, 4, 0)).toThrow(/trials keep none$/)
  expect(backend.busy).toBe(0)
})

describe('programs that behave badly', () => {
  test('fails before its first report', async () => {
    const events = await run('exit-1')
    expect(short(events)).toEqual(['end failed'])
    // Control characters of the program do not reach the terminal.
    expect(events[0]!.reason).toBe('exit code 1: no such model:  [31mbert [0m')
    expect(log(0, 'std.err')).toContain('first line\n')
  })

  test('cannot be started', async () => {
    const events = await run('', {}, { program: { command: [join(directory, 'nothing')] } })
    expect(short(events)).toEqual(['end failed'])
    expect(events[0]!.reason).toMatch(/^could not be started: .*ENOENT/)
  })

  test('gets an argument that no process can get', async () => {
    const events = await run('levels', { text: 'a\0b' })
    expect(short(events)).toEqual(['end failed'])
    expect(events[0]!.reason).toMatch(/^could not be started: /)
  })

  test('prints junk', async () => {
    const warnings: string[] = []
    const events = await run('junk', {}, { onWarning: (text) => warnings.push(text) })
    expect(short(events)).toEqual(['report 1 [0.5]', 'report 2 [0.25]', 'end completed'])
    expect(warnings).toEqual(['trial 0: 2 report lines could not be read'])
  })

  test('dies within a line', async () => {
    const events = await run('half-line', {}, { onWarning: () => {} })
    expect(short(events)).toEqual(['report 1 [0.5]', 'end failed'])
    expect(events[1]!.reason).toBe('exit code 3')
  })

  test('reports a level twice, backwards, past the end or as no level', async () => {
    const events = await run('levels', { levels: '[1, 2, 2, 1, 0, -1, 1.5, "3", null, 3, 5, 4]' })
    expect(short(events)).toEqual([
      ...['report 1', 'report 2'].map((text) => `${text} [${1 / 3}]`),
      'ignored 2',
      'ignored 1',
      'ignored 0',
      'ignored -1',
      'ignored 1.5',
      'ignored NaN',
      'ignored NaN',
      `report 3 [${1 / 3}]`,
      'ignored 5',
      `report 4 [${1 / 3}]`,
      'end completed',
    ])
    expect(events.filter(({ kind }) => kind === 'ignored').map(({ reason }) => reason)).toEqual([
      'epoch 2 was reported before',
      'epoch went back from 2 to 1',
      '"epoch" must be a whole number from 1 on, got 0',
      '"epoch" must be a whole number from 1 on, got -1',
      '"epoch" must be a whole number from 1 on, got 1.5',
      '"epoch" must be a whole number from 1 on, got "3"',
      '"epoch" must be a whole number from 1 on, got null',
      'epoch 5 is past the maximum 4',
    ])
  })

  test('reports NaN and infinities', async () => {
    const events = await run('nan', {}, { metrics: ['accuracy', 'loss'] })
    expect(events.map(({ values }) => Array.from(values)).slice(0, 3)).toEqual([
      [0.5, 0.5],
      [-Infinity, Number.NaN],
      [0.5, 0.1],
    ])
    expect(events.at(-1)!.state).toBe('completed')
  })

  test('lacks a metric: that trial fails at once, and says which', async () => {
    const backend = backendFor('no-metric')
    backend.start(0, 0, {}, 0, 4)
    const event = await next(backend)
    expect(short([event])).toEqual(['end failed'])
    expect(event.reason).toBe('the report at epoch 1 lacks the metric "loss"; it has "epoch", "lose"')
    expect(backend.idle).toBe(2)
  })

  test('lacks a metric that it need not report: that is NaN', async () => {
    const events = await run('levels', { levels: '[1]' }, { metrics: ['loss', 'time'], optional: ['time'] })
    expect(short(events)).toEqual([`report 1 [${1 / 3},NaN]`, 'end completed'])
  })

  test('reports a metric that is no number', async () => {
    const events = await run('arguments', {}, { metrics: ['cwd'] })
    expect(events.at(-1)!.reason).toMatch(/^the report at epoch 1 has no number as "cwd" but "/)
  })

  test('ignores SIGTERM: it is killed after the grace period', async () => {
    const backend = backendFor('stubborn', { graceSeconds: 0.2 })
    backend.start(0, 0, {}, 0, 4)
    expect((await next(backend)).resource).toBe(1)
    const halted = backend.now()
    backend.halt(0, 'stop')
    const event = await next(backend)
    // Its answer to SIGTERM is a report, which must not arrive.
    expect(event.kind).toBe('released')
    expect(event.time - halted).toBeGreaterThanOrEqual(0.19)
    expect(log(0, 'std.out')).toContain('"epoch": 2')
  })

  test.each(['', '--stay'])('leaves a process behind %s: the whole group is ended', async (stay) => {
    let group = 0
    const backend = backendFor('grandchild', {
      graceSeconds: 0.2,
      program: { command: ['node', join(programs, 'grandchild.mjs'), ...(stay === '' ? [] : [stay])] },
      onReport: (_trial, _attempt, report) => {
        group = report['group'] as number
      },
    })
    backend.start(0, 0, {}, 0, 4)
    expect((await next(backend)).kind).toBe('report')
    expect(group).toBeGreaterThan(1)
    if (stay !== '') backend.halt(0, 'stop')
    expect((await next(backend)).kind).toBe(stay === '' ? 'end' : 'released')
    expect(groupRuns(group)).toBe(false)
  })

  test.skipIf(process.platform !== 'linux')(
    'leaves a process behind that went into a session of its own: it is ended too, and none of another trial',
    async () => {
      const daemons: number[] = []
      const command = ['node', join(programs, 'grandchild.mjs'), '--stay', '--away']
      const backend = backendFor('grandchild', {
        workers: 2,
        program: { command },
        onReport: (trial, _attempt, report) => {
          daemons[trial] = report['child'] as number
        },
      })
      for (const trial of [0, 1]) {
        backend.start(trial, 0, {}, 0, 4)
        expect((await next(backend)).kind).toBe('report')
      }
      for (const trial of [0, 1]) {
        expect(groupRuns(daemons[trial]!)).toBe(true)
        backend.halt(trial, 'stop')
        expect((await next(backend)).kind).toBe('released')
        expect(groupRuns(daemons[trial]!)).toBe(false)
      }
    },
  )

  test('floods its log: memory stays bounded, the newest is kept, reports arrive', async () => {
    const before = process.memoryUsage().rss
    let most = 0
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss)
    }, 20)
    const limit = 1_000_000
    const events = await run('flood', { megabytes: 200 }, { logLimit: limit })
    clearInterval(watch)
    expect(short(events)).toEqual(['report 1 [0.5]', 'report 2 [0.25]', 'end completed'])
    expect(most - before).toBeLessThan(100 * 2 ** 20)
    const files = readdirSync(join(directory, 'trials', '0')).filter((name) => name.startsWith('std.out'))
    expect(files.sort()).toEqual(['std.out', 'std.out.1', 'std.out.2', 'std.out.3'])
    expect(files.reduce((sum, name) => sum + log(0, name).length, 0)).toBeLessThanOrEqual(limit)
    expect(log(0, 'std.out').endsWith('[tune-metric]: {"epoch": 2, "loss": 0.25}\n')).toBe(true)
  })

  test('has a folder that cannot be written: it runs without logs', async () => {
    const warnings: string[] = []
    writeFileSync(join(directory, 'trials'), '')
    const events = await run('levels', { levels: '[1]' }, { onWarning: (text) => warnings.push(text) })
    expect(short(events)).toEqual([`report 1 [${1 / 3}]`, 'end completed'])
    expect(warnings).toHaveLength(3)
  })
})

describe('arguments', () => {
  const said = async (config: Config, change: Partial<LocalBackendOptions> = {}): Promise<Report> => {
    let report: Report = {}
    const onReport = (_trial: number, _attempt: number, found: Report): void => {
      report = found
    }
    await run('arguments', config, { onReport, ...change })
    return report
  }

  test('arrive unchanged, one argument per value, without a shell', async () => {
    const values = [
      'two words',
      `it's "quoted"`,
      '$(touch x) `id` $HOME',
      '--lr',
      '-1',
      '',
      'a\nb',
      '*',
      'näïve 🙂',
      '\\',
    ]
    const config = Object.fromEntries(values.map((value, i) => [`arg${i}`, value]))
    const { argv } = await said({ ...config, small: 1e-7, third: 1 / 3, flag: false })
    expect(argv).toEqual([
      ...values.flatMap((value, i) => [`--arg${i}`, value]),
      '--small',
      '1e-7',
      '--third',
      '0.3333333333333333',
      '--flag',
      'false',
    ])
  })

  test('fixed ones, the seed and the checkpoint folder', async () => {
    const { argv, cwd, env } = await said(
      { lr: 1 },
      {
        program: {
          command: ['node', join(programs, 'arguments.mjs'), 'first'],
          arguments: { epochs: 3 },
          env: { COLOR: 'blue' },
          workingDirectory: directory,
          seedArgument: 'random_seed',
        },
        seedOf: (trial) => trial + 7,
        checkpoints: true,
      },
    )
    const checkpoints = join(directory, 'trials', '0', 'checkpoints')
    expect(argv).toEqual([
      'first',
      '--epochs',
      '3',
      '--lr',
      '1',
      '--random_seed',
      '7',
      '--st_checkpoint_dir',
      checkpoints,
    ])
    expect(cwd).toBe(realpathSync(directory))
    expect(env).toEqual({ color: 'blue', path: true })
    expect(statSync(checkpoints).isDirectory()).toBe(true)
    expect(JSON.parse(log(0, 'config.json'))).toMatchObject({ config: { lr: 1 }, seed: 7 })
  })

  test.each([{ 'a b': 1 }, { '-a': 1 }, { 'a=b': 1 }, { '': 1 }, { seed: 1 }] as Config[])('refused: %o', (config) => {
    const backend = backendFor('arguments', { seedOf: () => 1 })
    expect(() => backend.start(0, 0, config, 0, 4)).toThrow(/argument/)
    expect(backend.busy).toBe(0)
  })
})

describe('commands', () => {
  test.each(['pause', 'stop'] as const)('%s: nothing of the attempt arrives any more, then released', async (how) => {
    const backend = backendFor('checkpoint', { workers: 1 })
    // All four reports and the end may be waiting already; none is handed over.
    backend.start(0, 0, { pause: 0 }, 0, 4)
    expect((await next(backend)).resource).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 150))
    backend.halt(0, how)
    backend.halt(0, how)
    expect(backend.idle).toBe(0)
    expect(short([await next(backend)])).toEqual(['released'])
    expect(backend.idle).toBe(1)
    expect(await backend.next(backend.now() + LONG)).toBeUndefined()
  })

  test('a paused trial goes on from its checkpoint, also when it is resumed before it is gone', async () => {
    const backend = backendFor('checkpoint', { checkpoints: true })
    backend.start(0, 0, { pause: 60_000 }, 0, 1)
    const first = await next(backend)
    backend.halt(0, 'pause')
    backend.start(0, 1, { pause: 0 }, first.resource, 4)
    expect(backend.busy).toBe(2)
    const events = await all(backend)
    expect(events.filter(({ attempt }) => attempt === 0).map(({ kind }) => kind)).toEqual(['released'])
    const resumed = events.filter(({ attempt }) => attempt === 1)
    expect(short(resumed)).toEqual([`report 2 [0.5]`, `report 3 [${1 / 3}]`, 'report 4 [0.25]', 'end completed'])
    expect(events.findIndex(({ kind }) => kind === 'released')).toBe(0)
  })

  test('a trial without checkpoints starts over, and its old levels are ignored', async () => {
    const backend = backendFor('checkpoint')
    backend.start(0, 1, {}, 2, 4)
    expect(short(await all(backend))).toEqual([
      'ignored 1',
      'ignored 2',
      `report 3 [${1 / 3}]`,
      'report 4 [0.25]',
      'end completed',
    ])
  })

  test('a resumed trial may say the level of its checkpoint once more, which is passed over in silence', async () => {
    const backend = backendFor('levels', { checkpoints: true })
    backend.start(0, 1, { levels: '[2, 2, 1, 3, 2, 4]' }, 2, 4)
    expect(short(await all(backend))).toEqual([
      'ignored 2',
      'ignored 1',
      `report 3 [${1 / 3}]`,
      'ignored 2',
      `report 4 [${1 / 3}]`,
      'end completed',
    ])
  })

  test('a resumption that is halted before it began is released too', async () => {
    const backend = backendFor('stubborn', { graceSeconds: 0.1 })
    backend.start(0, 0, {}, 0, 4)
    await next(backend)
    backend.halt(0, 'pause')
    backend.start(0, 1, {}, 1, 4)
    backend.halt(0, 'stop')
    const events = await all(backend)
    expect(events.map(({ attempt, kind }) => `${attempt} ${kind}`).sort()).toEqual(['0 released', '1 released'])
    expect(log(0, 'std.out').split('"epoch": 1').length - 1).toBe(1)
  })

  test('time never decreases and the levels of a trial come in order', async () => {
    const backend = backendFor('checkpoint', { workers: 3 })
    for (let trial = 0; trial < 3; trial++) backend.start(trial, 0, { pause: 10 * trial }, 0, 4)
    expect(() => backend.start(3, 0, {}, 0, 4)).toThrow(/no worker is free/)
    const events = await all(backend)
    const times = events.map(({ time }) => time)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    for (let trial = 0; trial < 3; trial++)
      expect(short(events.filter((event) => event.trial === trial))).toEqual([
        'report 1 [1]',
        'report 2 [0.5]',
        `report 3 [${1 / 3}]`,
        'report 4 [0.25]',
        'end completed',
      ])
    expect(events.at(-1)!.time).toBeLessThanOrEqual(backend.now())
  })

  test('a trial cannot run twice', async () => {
    const backend = backendFor('stubborn', { graceSeconds: 0 })
    backend.start(0, 0, {}, 0, 4)
    expect(() => backend.start(0, 1, {}, 0, 4)).toThrow(/while it runs/)
    expect(backend.busy).toBe(1)
  })

  test('next() gives up at its deadline, and at once when nothing runs', async () => {
    const backend = backendFor('stubborn', { graceSeconds: 0 })
    expect(await backend.next(Infinity)).toBeUndefined()
    backend.start(0, 0, {}, 0, 4)
    await next(backend)
    const deadline = backend.now() + 0.05
    expect(await backend.next(deadline)).toBeUndefined()
    expect(backend.now()).toBeGreaterThanOrEqual(deadline)
    expect(await backend.next(0)).toBeUndefined()
  })

  test('an event after the deadline is kept for the next call', async () => {
    const backend = backendFor('levels')
    backend.start(0, 0, { levels: '[1]' }, 0, 4)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await backend.next(0)).toBeUndefined()
    expect(short(await all(backend))).toEqual([`report 1 [${1 / 3}]`, 'end completed'])
  })

  test('two readers are refused', async () => {
    const backend = backendFor('stubborn', { graceSeconds: 0 })
    backend.start(0, 0, {}, 0, 4)
    await next(backend)
    const waiting = backend.next(backend.now() + 0.05)
    await expect(backend.next(LONG)).rejects.toThrow(/another next/)
    expect(await waiting).toBeUndefined()
  })
})

describe('close()', () => {
  test('ends everything, wakes a reader, and may be called twice', async () => {
    const groups: number[] = []
    const backend = backendFor('grandchild', {
      graceSeconds: 0.1,
      program: { command: ['node', join(programs, 'grandchild.mjs'), '--stay'] },
      onReport: (_trial, _attempt, report) => groups.push(report['group'] as number),
    })
    backend.start(0, 0, {}, 0, 4)
    backend.start(1, 0, {}, 0, 4)
    await next(backend)
    await next(backend)
    const waiting = backend.next(Infinity)
    await Promise.all([backend.close(), backend.close()])
    expect(await waiting).toBeUndefined()
    expect(groups).toHaveLength(2)
    expect(groups.some((group) => groupRuns(group))).toBe(false)
    await backend.close()
    expect(backend.idle).toBe(0)
    expect(() => backend.start(2, 0, {}, 0, 4)).toThrow(/no worker is free/)
    for (const signal of ['exit', 'SIGINT', 'SIGTERM'])
      expect(
        process
          .listeners(signal as 'exit')
          .map(String)
          .join(),
      ).not.toContain('killAll')
  })

  test('does not start what waits to be resumed', async () => {
    const backend = backendFor('stubborn', { graceSeconds: 0.1 })
    backend.start(0, 0, {}, 0, 4)
    await next(backend)
    backend.halt(0, 'pause')
    backend.start(0, 1, {}, 1, 4)
    await backend.close()
    expect(log(0, 'std.out').split('"epoch": 1').length - 1).toBe(1)
  })

  test('of a backend that started nothing', async () => {
    await backendFor('levels').close()
    expect(existsSync(join(directory, 'trials'))).toBe(false)
  })
})

test.each([{ workers: 0 }, { workers: 1.5 }, { maxResource: 0 }, { program: { command: [] } }])(
  'refused: %o',
  (change) => expect(() => backendFor('levels', change)).toThrow(/must/),
)

describe('checkpoints', () => {
  const historyOf = (report: Report): string => report['history'] as string

  test('a trial starts from a copy of another, under its own configuration', async () => {
    const copied: unknown[] = []
    const histories: string[] = []
    const backend = backendFor('in-place', {
      checkpoints: true,
      onCopied: (...about) => copied.push(about),
      onReport: (trial, _attempt, report) => trial === 1 && histories.push(historyOf(report)),
    })
    backend.start(0, 0, { x: 5, pause: 60_000 }, 0, 4)
    backend.halt(0, 'pause')
    await all(backend)
    backend.start(0, 1, { x: 5, epochs: 2 }, 0, 4)
    await all(backend)
    backend.start(1, 0, { x: 7 }, 2, 4, 0)
    expect(short(await all(backend))).toEqual([`report 3 [${7 + 1 / 3}]`, 'report 4 [7.25]', 'end completed'])
    expect(copied).toEqual([[1, 0, undefined]])
    expect(histories).toEqual(['5,5', '5,5,7', '5,5,7,7'])
  })

  test('a copy of what is not there starts over', async () => {
    const copied: unknown[] = []
    const backend = backendFor('checkpoint', {
      checkpoints: true,
      onCopied: (...about) => copied.push(about),
      onWarning: () => {},
    })
    backend.start(1, 0, {}, 2, 4, 0)
    const events = short(await all(backend))
    expect(events.filter((event) => !event.startsWith('ignored'))).toEqual([
      `report 3 [${1 / 3}]`,
      'report 4 [0.25]',
      'end completed',
    ])
    expect(copied).toEqual([[1, 0, 0]])
  })

  test('a torn one is passed over for the copy before it', async () => {
    const warnings: string[] = []
    const histories: string[] = []
    const options = { checkpoints: true, onWarning: (text: string) => warnings.push(text) }
    const first = backendFor('in-place', options)
    first.start(0, 0, { x: 1, tear: 3, pause: 200 }, 0, 4)
    const begun = await all(first)
    expect(short(begun)).toEqual(['report 1 [2]', 'report 2 [1.5]', 'end failed'])
    await first.close()
    // As after an interruption: the copies are dropped when a trial has ended, so it is given one.
    const kept = join(directory, 'trials', '0', 'kept', '1')
    mkdirSync(join(kept, 'files'), { recursive: true })
    writeFileSync(join(kept, 'files', 'state.json'), '["1"]')
    const sha256 = createHash('sha256').update('["1"]').digest('hex')
    writeFileSync(join(kept, 'manifest.json'), JSON.stringify({ files: [{ path: 'state.json', size: 5, sha256 }] }))
    const again = backendFor('in-place', {
      ...options,
      onReport: (_trial, _attempt, report) => histories.push(historyOf(report)),
    })
    again.start(0, 0, { x: 1 }, 2, 4)
    const events = await all(again)
    expect(short(events)).toEqual(['restart', `report 3 [${1 + 1 / 3}]`, 'report 4 [1.25]', 'end completed'])
    expect(events[0]!.reason).toMatch(/^exit code 1: .*; again from its checkpoint of level 1$/)
    expect(histories).toEqual(['1,1', '1,1,1', '1,1,1,1'])
    expect(warnings).toHaveLength(1)
  })

  test('with no copy it starts over; a program that fails then has failed', async () => {
    const backend = backendFor('in-place', { checkpoints: true, onWarning: () => {} })
    const folder = join(directory, 'trials', '0', 'checkpoints')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'state.json'), '["1",')
    backend.start(0, 1, { x: 1, tear: 1 }, 2, 4)
    expect(short(await all(backend))).toEqual(['restart', 'end failed'])
    expect(readFileSync(join(`${folder}.failed`, 'state.json'), 'utf8')).toBe('["1",')
  })

  /** A trial that was paused at level 1, when its program had already trained and saved all four. */
  async function pausedBehind(): Promise<LocalBackend> {
    const backend = backendFor('checkpoint', { checkpoints: true })
    const saved = join(directory, 'trials', '0', 'checkpoints', 'epoch')
    backend.start(0, 0, { pause: 0 }, 0, 1)
    expect((await next(backend)).resource).toBe(1)
    await until(() => existsSync(saved) && readFileSync(saved, 'utf8') === '4')
    await until(() => log(0, 'std.out').includes('"epoch":4'))
    backend.halt(0, 'pause')
    expect(short(await all(backend))).toEqual(['released'])
    return backend
  }
  const rest = ['report 2 [0.5]', `report 3 [${1 / 3}]`, 'report 4 [0.25]', 'end completed']

  test('a program that is ahead of its pause and repeats nothing leaves no level out', async () => {
    const backend = await pausedBehind()
    backend.start(0, 1, {}, 1, 4)
    expect(short(await all(backend))).toEqual(rest)
  })

  test('what was trained after a pause is not counted if it is trained again', async () => {
    const backend = await pausedBehind()
    rmSync(join(directory, 'trials', '0', 'checkpoints', 'epoch'))
    backend.start(0, 1, {}, 1, 4)
    expect(short(await all(backend))).toEqual(rest)
  })
})
