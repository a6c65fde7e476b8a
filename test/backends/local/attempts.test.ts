/** Crashed programs that are started again, the time limit of trials, and what is known of each process. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { restSeconds } from '../../../src/backends/real-time/back-off.js'
import { LocalBackend } from '../../../src/backends/local/local-backend.js'
import type { LocalBackendOptions, ProcessRecord } from '../../../src/backends/local/options.js'
import type { BackendEvent } from '../../../src/core/backend.js'

const programs = fileURLToPath(new URL('../../fixtures/programs/', import.meta.url))
/** Seconds: an event that does not come within them never comes. */
const LONG = 60

let directory: string
let processes: ProcessRecord[]
const open: LocalBackend[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rungbench-attempts-'))
  processes = []
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((backend) => backend.close()))
  rmSync(directory, { recursive: true, force: true })
})

function backendFor(name: string, args: Record<string, number>, change: Partial<LocalBackendOptions>): LocalBackend {
  const backend = new LocalBackend({
    program: { command: ['node', join(programs, `${name}.mjs`)], arguments: args },
    workers: 2,
    resource: 'epoch',
    maxResource: 4,
    metrics: ['loss'],
    directory,
    checkpoints: false,
    retryRest: 0.01,
    graceSeconds: 0.2,
    onProcess: (process) => processes.push(process),
    ...change,
  })
  open.push(backend)
  return backend
}

async function next(backend: LocalBackend): Promise<BackendEvent> {
  const event = await backend.next(backend.now() + LONG)
  if (event === undefined) throw new Error('no event came')
  return { ...event }
}

/** All events of trial 0 until nothing runs any more, in short: `report 1`, `restart 2 (exit code 1)`, `end completed`. */
async function all(backend: LocalBackend): Promise<string[]> {
  const events: string[] = []
  while (backend.busy > 0) {
    const { kind, resource, reason, state } = await next(backend)
    events.push(
      kind === 'end' ? `end ${state}${reason && ` (${reason})`}` : `${kind} ${resource}${reason && ` (${reason})`}`,
    )
  }
  return events
}

function run(name: string, args: Record<string, number>, change: Partial<LocalBackendOptions>): Promise<string[]> {
  const backend = backendFor(name, args, change)
  backend.start(0, 0, {}, 0, 4)
  return all(backend)
}

const starts = (): string[] =>
  readFileSync(join(directory, '0', 'starts'), 'utf8')
    .trimEnd()
    .split('\n')
const CRASH = 'exit code 1: out of memory'

describe('a program that crashes', () => {
  test.each([false, true])(
    'is started again, and what it says again is passed over (checkpoints %s)',
    async (checkpoints) => {
      const reported: unknown[] = []
      const onReport: LocalBackendOptions['onReport'] = (_trial, _attempt, { epoch }) => reported.push(epoch)
      const events = await run('crashes', { crash_at: 2, times: 2 }, { retries: 2, checkpoints, onReport })
      expect(events).toEqual([
        'report 1',
        'report 2',
        `restart 2 (${CRASH})`,
        `restart 2 (${CRASH})`,
        'report 3',
        'report 4',
        'end completed',
      ])
      expect(reported).toEqual(checkpoints ? [1, 2, 3, 4] : [1, 2, 1, 2, 1, 2, 3, 4])
      expect(starts()).toEqual(['0.0', '0.1', '0.2'])
      expect(processes.map(({ restarts, exit, worker }) => [restarts, exit, worker])).toEqual([
        [0, CRASH, 0],
        [1, CRASH, 0],
        [2, 'exit code 0', 0],
      ])
    },
  )

  test('counts as failed after the last retry', async () => {
    const events = await run('crashes', { crash_at: 1, times: 9 }, { retries: 1 })
    expect(events).toEqual(['report 1', `restart 1 (${CRASH})`, `end failed (${CRASH})`])
  })

  test('is not started again by default', async () => {
    expect(await run('crashes', { crash_at: 1, times: 1 }, {})).toEqual(['report 1', `end failed (${CRASH})`])
  })

  test('may crash before its first report', async () => {
    const events = await run('crashes', { crash_at: 0, times: 1 }, { retries: 1 })
    expect(events.slice(0, 2)).toEqual([`restart 0 (${CRASH})`, 'report 1'])
  })

  test('has nothing to be started again for after the last level', async () => {
    const program = {
      command: ['node', '-e', `console.log('[tune-metric]: {"epoch":4,"loss":1}'); process.exitCode = 3`],
    }
    expect(await run('', {}, { retries: 5, program })).toEqual(['report 4', 'end failed (exit code 3)'])
  })

  test.each([
    ['reports that cannot be used', 'no-metric', {}],
    ['no such program', '', { program: { command: ['/nowhere/program'] } }],
  ] as const)('%s: not started again', async (_what, name, change) => {
    const events = await run(name, {}, { retries: 5, ...change })
    expect(events).toEqual([expect.stringMatching(/^end failed \((the report at epoch 1 lacks|could not be started)/)])
  })

  test.each(['pause', 'stop'] as const)('%s while it rests: it is released and not started again', async (how) => {
    const backend = backendFor('crashes', { crash_at: 1, times: 1 }, { retries: 1, retryRest: 3600, workers: 1 })
    backend.start(0, 0, {}, 0, 4)
    expect((await next(backend)).kind).toBe('report')
    await until(() => processes.length === 1)
    expect(backend.idle).toBe(0)
    backend.halt(0, how)
    expect(await all(backend)).toEqual(['released 1'])
    expect(starts()).toEqual(['0.0'])
    if (how === 'stop') return
    backend.start(0, 1, {}, 1, 4)
    expect(await all(backend)).toEqual([
      'ignored 1 (epoch 1 was reported before)',
      'report 2',
      'report 3',
      'report 4',
      'end completed',
    ])
    expect(starts()).toEqual(['0.0', '1.0'])
  })

  test('close() ends a rest', async () => {
    const backend = backendFor('crashes', { crash_at: 0, times: 1 }, { retries: 1, retryRest: 3600 })
    backend.start(0, 0, {}, 0, 4)
    await until(() => processes.length === 1)
    await backend.close()
    expect(backend.busy).toBe(0)
    expect(starts()).toEqual(['0.0'])
  })

  test('rests longer each time, up to a minute', () => {
    expect([0, 1, 2, 5, 6, 400].map((restarts) => restSeconds(restarts))).toEqual([1, 2, 4, 32, 60, 60])
    expect([0, 3].map((restarts) => restSeconds(restarts, 0.5))).toEqual([0.5, 4])
  })
})

describe('the time limit of a trial', () => {
  test('a trial that runs longer fails: SIGTERM, then SIGKILL', async () => {
    const events = await run('stubborn', {}, { timeLimit: 1, retries: 3 })
    // On a machine so busy that a program takes a second to begin, it has reported nothing yet.
    expect(events.filter((event) => event !== 'report 1')).toEqual(['end failed (ran longer than 1 s)'])
    expect(processes.map(({ exit }) => exit)).toEqual(['ended by SIGKILL'])
    expect(processes[0]!.ended - processes[0]!.begun).toBeGreaterThanOrEqual(1)
  })

  test('counts the time of restarts together', async () => {
    const events = await run('crashes', { crash_at: 0, times: 1e9, pause: 100 }, { timeLimit: 1, retries: 1e6 })
    expect(events.at(-1)).toBe('end failed (ran longer than 1 s)')
  })

  test('counts the time of attempts together', async () => {
    const backend = backendFor('stubborn', {}, { timeLimit: 2 })
    backend.start(0, 0, {}, 0, 4)
    expect((await next(backend)).kind).toBe('report')
    backend.halt(0, 'pause')
    backend.start(0, 1, {}, 1, 4)
    const events = await all(backend)
    expect(events[0]).toBe('released 1')
    expect(events.at(-1)).toBe('end failed (ran longer than 2 s)')
    const [first, second] = processes.map(({ begun, ended }) => ended - begun)
    // Had it begun to count anew, the second attempt would have had two seconds for itself, and the grace period.
    expect(first! + second!).toBeGreaterThanOrEqual(2)
    expect(backend.busy).toBe(0)
  })

  test('what a program leaves behind with its output open takes none of its time', async () => {
    // The pipe is given up a second after the end of the program, and thus after the limit; a machine so busy that the
    // program itself takes longer says so in its exit.
    const spawn = `require('child_process').spawn('sleep', ['60'], { detached: true, stdio: 'inherit' }).unref()`
    const code = `console.log('[tune-metric]: {"epoch": 1, "loss": 0.5}'); ${spawn}`
    const events = await run('', {}, { timeLimit: 0.9, program: { command: ['node', '-e', code] } })
    const ended = processes[0]!.exit === 'exit code 0'
    expect(events.at(-1)).toBe(ended ? 'end completed' : 'end failed (ran longer than 0.9 s)')
  })

  test('a trial that ends in time is left alone', async () => {
    expect((await run('levels', {}, { timeLimit: LONG, program: quick })).at(-1)).toBe('end completed')
  })
})

const quick = { command: ['node', '-e', `console.log('[tune-metric]: {"epoch":1,"loss":1}')`] }

test.skipIf(process.platform !== 'linux')('each process tells the most memory it was seen to use', async () => {
  const backend = backendFor('stubborn', {}, {})
  backend.start(0, 0, {}, 0, 4)
  await next(backend)
  // The first look comes after a tenth of a second.
  await new Promise((resolve) => setTimeout(resolve, 500))
  backend.halt(0, 'stop')
  await all(backend)
  expect(processes).toHaveLength(1)
  expect(processes[0]!.peakMemoryMiB).toBeGreaterThan(10)
  expect(processes[0]!.peakMemoryMiB).toBeLessThan(2000)
})

test.each([{ retries: -1 }, { retries: 0.5 }, { timeLimit: 0 }, { timeLimit: Number.NaN }])('refused: %o', (change) =>
  expect(() => backendFor('levels', {}, change)).toThrow(/must be a/),
)

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + LONG * 1000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
