/** Programs that are ended between saving a level and reporting it: nothing is lost, whoever ended them. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Checkpoints } from '../../../src/backends/local/checkpoints/checkpoints.js'
import { LocalBackend } from '../../../src/backends/local/local-backend.js'
import type { LocalBackendOptions } from '../../../src/backends/local/options.js'
import type { JournalLine } from '../../../src/store/journal.js'
import type { Interrupted } from '../../../src/backends/real-time/lost-levels.js'
import { interruptedRun } from '../../../src/run/interrupted-run.js'

const program = fileURLToPath(new URL('../../fixtures/programs/saves-first.mjs', import.meta.url))
/** Seconds: what does not come within them never comes. */
const LONG = 100
const MAX = 4

let directory: string
const open: LocalBackend[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rungbench-lost-'))
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((backend) => backend.close()))
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
})

function backendFor(
  args: Record<string, number>,
  interrupted?: Partial<Interrupted>,
  change?: Partial<LocalBackendOptions>,
): LocalBackend {
  const backend = new LocalBackend({
    program: { command: ['node', program], arguments: args },
    workers: 1,
    resource: 'epoch',
    maxResource: MAX,
    metrics: ['loss'],
    directory,
    checkpoints: true,
    graceSeconds: LONG,
    interrupted: interrupted && {
      trials: new Set([0]),
      skips: false,
      endsEarly: false,
      retried: new Map(),
      ...interrupted,
    },
    onWarning: (text) => {
      throw new Error(text)
    },
    ...change,
  })
  open.push(backend)
  return backend
}

/** Events until nothing runs any more or a level was reported, in short. */
async function events(backend: LocalBackend, until = MAX + 1): Promise<string[]> {
  const all: string[] = []
  while (backend.busy > 0) {
    const event = await backend.next(backend.now() + LONG)
    if (event === undefined) throw new Error(`no event came after ${all.join(', ')}`)
    const { kind, resource, state, reason } = event
    all.push([kind, kind === 'end' ? state : resource, reason].filter((text) => text !== '').join(' '))
    if (kind === 'report' && resource === until) break
  }
  return all
}

const inTrial = (...path: string[]): string => join(directory, '0', ...path)
const saved = (): string => readFileSync(inTrial('checkpoints', 'level'), 'utf8')
const restart = (level: number, from: string): string =>
  `restart ${level - 1} epoch ${level} was trained before, but its report was lost; again from ${from}`

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + LONG * 1000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Runs up to the report of level 1, and until the program is stuck behind the checkpoint of level 2. */
async function stuck(args: Record<string, number> = {}): Promise<LocalBackend> {
  const backend = backendFor({ stuck: 2, ...args })
  backend.start(0, 0, {}, 0, MAX)
  expect(await events(backend, 1)).toEqual(['report 1'])
  await until(() => existsSync(inTrial('stuck')))
  expect(saved()).toBe('2')
  return backend
}

const rest = ['report 2', 'report 3', 'report 4', 'end completed']

describe('a level that was saved and not reported', () => {
  test('when the runner died: it is trained again', async () => {
    await (await stuck()).close()
    const next = backendFor({}, {})
    next.start(0, 0, {}, 1, MAX)
    expect(await events(next)).toEqual([restart(2, 'its checkpoint of level 1'), ...rest])
  })

  test('when the trial was paused: it is trained again', async () => {
    const backend = await stuck()
    backend.halt(0, 'pause')
    expect(await events(backend)).toEqual(['released 1'])
    backend.start(0, 1, {}, 1, MAX)
    expect(await events(backend)).toEqual([restart(2, 'its checkpoint of level 1'), ...rest])
  })

  test('when it was the last, and the program has nothing left to do', async () => {
    const backend = await stuck({ deaf: 1 })
    const closed = backend.close()
    await until(() => readFileSync(inTrial('stuck'), 'utf8') === 'all saved')
    expect(saved()).toBe('4')
    process.kill(Number(readFileSync(inTrial('pid'), 'utf8')), 'SIGKILL')
    await closed
    const next = backendFor({}, {})
    next.start(0, 0, {}, 1, MAX)
    expect(await events(next)).toEqual([restart(2, 'its checkpoint of level 1'), ...rest])
  })

  test('where there is no copy: from nothing', async () => {
    await (await stuck()).close()
    rmSync(inTrial('kept'), { recursive: true })
    const next = backendFor({}, {})
    next.start(0, 0, {}, 1, MAX)
    expect(await events(next)).toEqual([restart(2, 'nothing'), ...rest])
  })

  test('where the copy is of a later level than it says: from the one before', async () => {
    await (await stuck()).close()
    rmSync(inTrial('kept'), { recursive: true })
    const checkpoints = new Checkpoints(
      () => inTrial(),
      () => {},
    )
    checkpoints.keep(0, 1)
    await checkpoints.settled()
    const next = backendFor({}, {})
    next.start(0, 0, {}, 1, MAX)
    expect(await events(next)).toEqual([restart(2, 'its checkpoint of level 1'), restart(2, 'nothing'), ...rest])
  })
})

describe('what programs leave out by themselves', () => {
  const interrupted = async (args: Record<string, number>): Promise<void> => {
    const backend = backendFor(args)
    backend.start(0, 0, {}, 0, MAX)
    await until(() => existsSync(inTrial('stuck')))
    await backend.close()
  }
  const restarts = (all: readonly string[]): number => all.filter((event) => event.startsWith('restart')).length

  test('levels: asked for once more, until it has trained everything itself; then it is known', async () => {
    await interrupted({ every: 2, stuck: 3 })
    const backend = backendFor({ every: 2 }, {})
    backend.start(0, 0, {}, 2, MAX)
    const all = await events(backend)
    expect(all.slice(restarts(all))).toEqual(['report 4', 'end completed'])
    expect(restarts(all)).toBeGreaterThan(0)
    backend.start(1, 0, {}, 0, MAX)
    expect(await events(backend, 2)).toEqual(['report 2'])
    backend.halt(1, 'pause')
    await events(backend)
    backend.start(1, 1, {}, 2, MAX)
    expect(restarts(await events(backend))).toBe(0)
  })

  test('levels: known from before', async () => {
    await interrupted({ every: 2, stuck: 3 })
    const backend = backendFor({ every: 2 }, { skips: true })
    backend.start(0, 0, {}, 2, MAX)
    expect(await events(backend)).toEqual(['report 4', 'end completed'])
  })

  test('the last levels', async () => {
    await interrupted({ epochs: 2, stuck: 2 })
    const backend = backendFor({ epochs: 2 }, {})
    backend.start(0, 0, {}, 1, MAX)
    expect(await events(backend)).toEqual([restart(2, 'its checkpoint of level 1'), 'report 2', 'end completed'])
  })

  test('the last levels: known from before', async () => {
    await interrupted({ epochs: 2, stuck: 2 })
    const backend = backendFor({ epochs: 2 }, { endsEarly: true })
    backend.start(0, 0, {}, 2, MAX)
    expect(await events(backend)).toEqual(['end completed'])
  })

  test.each([
    ['nothing yet', [], false, false],
    ['every level', [1, 2, 'restart', 4, 5], false, false],
    ['every other level', [2, 4], true, false],
    ['another step', [1, 3], true, false],
    ['up to the last level', [1, 2, 3, 4, 5, 6, 'end'], false, false],
    ['up to the level before it', [1, 2, 3, 4, 5, 'end'], false, true],
    ['more than can be told', [1, 'resume', 3, 'restart', 'end'], false, false],
  ] as const)('the journal says %s', (_what, happened, skips, endsEarly) => {
    const about = { time: 1, trial: 3, attempt: 0 }
    const entries = happened.map((what) => {
      if (typeof what === 'number')
        return { ...about, event: 'report', resource: what, values: [1], decision: 'continue' }
      if (what === 'end') return { ...about, event: 'end', state: 'completed', reason: '' }
      return { ...about, event: what, from: 1, reason: '' }
    })
    const start = { event: 'start', time: 0, trial: 3, config: {} }
    const trials = new Set(happened.at(-1) === ('end' as unknown) ? [] : [3])
    expect(interruptedRun({ entries: [start, ...entries] }, 6)).toMatchObject({ trials, skips, endsEarly })
  })
})

test('retries of the attempt that was interrupted count, restarts for other reasons do not', () => {
  const crash = 'exit code 1: out of memory'
  const line = (event: string, attempt: number, more: object): JournalLine => ({
    event,
    time: 1,
    trial: 3,
    attempt,
    ...more,
  })
  const again = (attempt: number): JournalLine[] => [
    line('attempt', attempt, { exit: crash }),
    line('restart', attempt, { from: 1, reason: crash }),
  ]
  const restart = (reason: string): JournalLine => line('restart', 1, { from: 1, reason })
  const entries = [
    { event: 'start', time: 0, trial: 3, config: {} },
    ...again(0),
    line('resume', 1, { from: 1 }),
    ...again(1),
    restart('the run was interrupted'),
    restart(`${crash}; again from nothing`),
    ...again(1),
  ]
  expect(interruptedRun({ entries }, 6).retried).toEqual(new Map([[3, { attempt: 1, times: 2 }]]))
})

test('an attempt that was interrupted has the retries left that it had', async () => {
  const crash = ['sh', '-c', 'exit 1']
  const retried = new Map([[0, { attempt: 0, times: 1 }]])
  const backend = backendFor({}, { retried }, { program: { command: crash }, retries: 2, retryRest: 0.001 })
  for (const trial of [0, 1]) {
    backend.start(trial, 0, {}, 0, MAX)
    expect(await events(backend)).toEqual([
      ...Array.from({ length: trial + 1 }, () => 'restart 0 exit code 1'),
      'end failed exit code 1',
    ])
  }
})
