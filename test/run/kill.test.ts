/** `kill -9` at any moment, and on: no report is lost or doubled, every decision stands, and nothing is left running. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { RandomStreams } from '../../src/core/random.js'
import { type Given, decidedAgain, eventsOf, isFinished, leftOf, levelsOf, reportsOf, startRun } from './local-run.js'

const folder = mkdtempSync(join(tmpdir(), 'rungbench-kill-'))
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** `hasty` programs are mostly killed between saving a level and reporting it, which they do once only. */
test.concurrent.each([
  ['asha-promotion', 'steady', 25],
  ['asha-stopping', 'steady', 25],
  ['asha-promotion', 'hasty', 10],
] as const)(
  '%s of %s programs, killed at %i random moments',
  async (type, program, moments) => {
    const options = { reductionFactor: 2 }
    const given: Given = { folder: join(folder, `${type}-${program}`), type, options, seed: 5, trials: 40, program }
    const random = new RandomStreams(1).stream(type)
    let kills = 0
    while (!isFinished(given)) {
      const { child, ended } = startRun(given)
      const runs = (): boolean => child.exitCode === null && child.signalCode === null
      if (kills < moments) {
        // Some are killed before they have done anything, while they read the journal or clear up after the last.
        const reports = random.int(5) === 0 ? 0 : 1 + random.int(3)
        const before = reportsOf(given)
        while (runs() && reportsOf(given) < before + reports) await sleep(2)
        await sleep(random.int(reports === 0 ? 300 : 30))
        if (runs()) {
          child.kill('SIGKILL')
          kills++
        }
      }
      const { code, error } = await ended
      expect([code, error]).toEqual([code === null ? null : 0, ''])
    }
    expect(kills).toBe(moments)

    const levels = levelsOf(given)
    expect(levels).toHaveLength(40)
    for (const reached of levels) expect(reached).toEqual(reached.map((_, i) => i + 1))
    expect(decidedAgain(given)).toMatchObject({ difference: undefined })
    expect(leftOf(given)).toEqual([])
    const events = eventsOf(given)
    const times = events.map(({ time }) => time)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(events.some(({ event }) => event === 'restart')).toBe(true)
    const { summary } = JSON.parse(readFileSync(join(given.folder, 'run.json'), 'utf8')) as {
      summary: { reports: number; trials: number }
    }
    expect(summary).toMatchObject({ trials: 40, reports: levels.flat().length })
  },
  600_000,
)
