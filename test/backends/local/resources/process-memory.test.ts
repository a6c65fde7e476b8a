import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { PeakMemory, residentMemory } from '../../../../src/backends/local/resources/process-memory.js'

const started: ChildProcess[] = []
afterEach(() => {
  for (const { pid } of started.splice(0)) if (pid !== undefined) process.kill(-pid, 'SIGKILL')
})

/** Starts a process group and waits until it prints something. @returns the group */
async function group(code: string): Promise<number> {
  const child = spawn(process.execPath, ['--expose-gc', '-e', `${code}; setInterval(() => {}, 1000)`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  started.push(child)
  await once(child.stdout!, 'data')
  return child.pid!
}

const MIB = 1024
/** Code that holds so many MiB and says so. */
const holds = (mib: number): string => `let held = Buffer.alloc(${mib} * 1024 * 1024, 1); console.log(held.length)`

describe.skipIf(process.platform !== 'linux')('memory of process groups', () => {
  test('all processes of a group are counted, and nobody else', async () => {
    const alone = await group(holds(1))
    const nested = `const { spawn } = require('node:child_process')
      const child = spawn(process.execPath, ['-e', ${JSON.stringify(`${holds(150)}; setInterval(() => {}, 1000)`)}])
      child.stdout.once('data', () => console.log('both'))`
    const two = await group(nested)
    const samples = residentMemory(new Set([alone, two]))
    expect([...samples.keys()].sort()).toEqual([alone, two].sort())
    expect(samples.get(two)!.sum).toBeGreaterThan(150 * MIB)
    expect(samples.get(two)!.sum).toBeGreaterThan(samples.get(two)!.largest)
    expect(samples.get(alone)!.sum).toBeLessThan(150 * MIB)
  })

  test('others are looked at once, and whoever is new is found', async () => {
    const first = await group(holds(1))
    const others = new Set<string>(['no process any more'])
    expect([...residentMemory(new Set([first]), others).keys()]).toEqual([first])
    expect(others).toContain(String(process.pid))
    expect(others).not.toContain(String(first))
    expect(others).not.toContain('no process any more')
    const second = await group(holds(1))
    expect([...residentMemory(new Set([first, second]), others).keys()].sort()).toEqual([first, second].sort())
    // Nobody looks at a process that is known to be another's.
    expect(residentMemory(new Set([first]), new Set([String(first)])).size).toBe(0)
  })

  test('the peak is kept when memory was given back before the first look', async () => {
    const gone = await group(`{ ${holds(200)}; held = undefined; gc(); gc() }`)
    const memory = new PeakMemory()
    memory.watch(gone)
    memory.look()
    expect(memory.take(gone)).toBeGreaterThan(200)
    expect(memory.take(gone)).toBeUndefined()
  })

  test('a group that was never seen has no peak', () => {
    const memory = new PeakMemory()
    memory.watch(2 ** 22 + 1)
    memory.look()
    expect(memory.take(2 ** 22 + 1)).toBeUndefined()
  })
})
