/** Nothing outlives a process that was killed, also what is silent, stubborn or went away. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { startOf } from '../../../src/backends/local/process-start.js'
import { RUNNER_VARIABLE, endFormer, processesWith } from '../../../src/backends/local/watchdog.js'
import { until } from '../../cli/process.js'

const runner = fileURLToPath(new URL('watchdog-runner.mjs', import.meta.url))
const silent = fileURLToPath(new URL('../../fixtures/programs/silent.mjs', import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'rungbench-watchdog-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A process that runs the silent program, and the id that its programs have. */
async function started(...args: string[]): Promise<{ readonly kill: () => Promise<unknown>; readonly id: string }> {
  const child = spawn(process.execPath, [runner, silent, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  const [text] = (await once(child.stdout, 'data')) as [Buffer]
  return { id: text.toString().trim(), kill: () => (child.kill('SIGKILL'), exit) }
}

const left = (id: string): number[] => processesWith({ [RUNNER_VARIABLE]: id })

test.runIf(existsSync('/proc/self/environ')).each(['', '--away'])(
  'a program ends with the process that was killed %s',
  async (away) => {
    const { id, kill } = await started(away)
    expect(left(id)).toHaveLength(away === '' ? 1 : 2)
    await kill()
    await until(() => left(id).length === 0)
  },
)

test.runIf(existsSync('/proc/self/environ'))('whoever goes on waits until nothing is left', async () => {
  const { id, kill } = await started('--stubborn', '--away')
  await kill()
  expect(await endFormer(id)).toBe(true)
  expect(left(id)).toEqual([])
})

test('only ids are accepted', async () => {
  for (const id of ['', 'x', '0 1', '.*']) expect(await endFormer(id)).toBe(false)
})

test.runIf(existsSync('/proc/self/stat'))('a process is known by when it began', () => {
  expect(startOf(process.pid)).toMatch(/^\d+$/)
  expect(startOf(2 ** 30)).toBe('')
})
