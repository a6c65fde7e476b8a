/** `kill -9` of the runner at any moment, and on: no report is lost or doubled, no trial has two jobs at a time, none is left. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { RandomStreams } from '../../../src/core/random.js'
import { choice, float } from '../../../src/core/space.js'
import { type World, world } from './emulated.js'
import { misplaced } from '../whole-runs.js'
import { type Given, decidedAgain, doubled, eventsOf, levelsOf } from './journals.js'

const KILLS = 10
const SCRIPT = fileURLToPath(new URL('run-process.mjs', import.meta.url))

let made: World | undefined
afterEach(async () => {
  await made?.close()
  made = undefined
}, 60_000)

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** As run-process.mjs has it. */
const given = (scheduler: Given['scheduler'], trials: number, options: object): Given => ({
  scheduler,
  options,
  space: { size: float(1, 2), instance_type: choice(['ml.m5.large', 'ml.c5.xlarge']) },
  defaultConfig: { size: 1, instance_type: 'ml.m5.large' },
  maxResource: 4,
  trials,
})

test.each([
  ['asha-stopping', 20, { reductionFactor: 2 }],
  ['asha-promotion', 14, { reductionFactor: 2 }],
  ['population-based-training', 14, { populationSize: 8, quantile: 0.5 }],
] as const)(
  `%s, killed at ${KILLS} random moments`,
  async (scheduler, trials, options) => {
    const { config, emulator, folder } = (made = await world({ hyperparameters: { step: 30, levels: 4 } }))
    const directory = join(folder, 'run')
    mkdirSync(directory)
    const file = join(directory, 'config.json')
    writeFileSync(file, JSON.stringify(config))
    const run = given(scheduler, trials, options)
    const journal = join(directory, 'runs', '000-0', 'journal.jsonl')
    const isFinished = (): boolean => existsSync(join(directory, 'runs', '000-0', 'run.json'))
    const lines = (): number => (existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length : 0)
    const random = new RandomStreams(1).stream(scheduler)
    const args = [SCRIPT, directory, file, scheduler, JSON.stringify(run.options), String(trials)]
    let kills = 0
    while (!isFinished()) {
      const child: ChildProcess = spawn(process.execPath, args, {
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      let error = ''
      child.stderr!.on('data', (text: Buffer) => (error += text.toString()))
      const ended = once(child, 'exit') as Promise<[number | null]>
      const runs = (): boolean => child.exitCode === null && child.signalCode === null
      if (kills < KILLS) {
        // After a few lines of the journal (jobs are asked for, reports come, trials are paused), or before there is any.
        const before = lines()
        const more = random.int(5) === 0 ? 0 : 1 + random.int(12)
        while (runs() && lines() < before + more) await sleep(5)
        await sleep(random.int(more === 0 ? 500 : 50))
        if (runs()) {
          child.kill('SIGKILL')
          kills++
        }
      }
      const [code] = await ended
      if (code !== null) expect([code, error]).toEqual([0, ''])
    }
    expect(kills).toBe(KILLS)

    const events = eventsOf(journal)
    const copies = events.filter((event) => event.event === 'start' && event.copy !== undefined)
    // A population is complete when all of its members are.
    if (scheduler === 'population-based-training') expect(copies.length).toBeGreaterThan(0)
    else expect(levelsOf(events)).toHaveLength(trials)
    expect(misplaced(events)).toEqual([])
    expect(decidedAgain(events, run)).toMatchObject({ difference: undefined })
    // They have been asked to stop, and take their time.
    await expect.poll(() => emulator.running, { timeout: 60_000 }).toEqual([])
    expect(doubled(emulator)).toEqual([])
    expect(events.some(({ event }) => event === 'restart')).toBe(true)
  },
  600_000,
)
