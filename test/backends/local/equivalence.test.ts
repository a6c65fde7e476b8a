/**
 * A simulated run and a real one of the same scheduler, seed and table decide the same in the same order; and the real run,
 * replayed, decides again as it did.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type JournalReplay, replayJournal } from '../../../src/run/replay-events.js'
import type { RunEvent } from '../../../src/store/journal-recorder.js'
import {
  CLOCKS,
  type Case,
  type Planned,
  type Verdict,
  compare,
  fresh,
  plan,
  program,
  runForReal,
} from './equivalence.js'

/** Milliseconds: where the machine was too late, the same again with more room. With one worker little can come between. */
const TICKS = { alone: [100, 200, 400, 800], several: [200, 400, 800, 1600] }

const cases: readonly Case[] = (['asha-stopping', 'asha-promotion', 'hyperband', 'mo-asha-stopping'] as const).flatMap(
  (scheduler) => [1, 4].map((workers) => ({ scheduler, workers })),
)

interface Outcome {
  readonly planned: Planned
  readonly real: readonly RunEvent[]
  readonly verdict: Verdict
  readonly tick: number
  readonly replay: JournalReplay
}

let directory: string
const outcomes: Outcome[] = []

async function outcomeOf(given: Case): Promise<Outcome> {
  const planned = plan(given)
  const ticks = given.workers === 1 ? TICKS.alone : TICKS.several
  for (const tick of ticks) {
    const real = await runForReal(planned, tick, join(directory, `${given.scheduler}-${given.workers}-${tick}`))
    const verdict = compare(planned.events, real, tick)
    if (verdict === 'inconclusive' && tick !== ticks.at(-1)) continue
    return { planned, real, verdict, tick, replay: replayJournal(real, fresh(given, planned.table)) }
  }
  throw new Error('there is no tick')
}

// The programs sleep, so that all cases together take little more than the longest.
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rungbench-equivalence-'))
  outcomes.push(...(await Promise.all(cases.map(outcomeOf))))
}, 900_000)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('a simulated and a real run', () => {
  it('decide the same in the same order', ({ annotate }) => {
    const text = outcomes.map(
      ({ planned: { given }, verdict, tick }) =>
        `${given.scheduler}, ${given.workers} workers: ${verdict} (${tick} ms)`,
    )
    void annotate(text.join('\n'))
    const those = (verdict: Verdict): string[] => text.filter((_, i) => outcomes[i]!.verdict === verdict)
    expect(those('different')).toEqual([])
    // More than half of them say nothing.
    expect(those('inconclusive').slice(cases.length / 2)).toEqual([])
  })

  it('are long enough to say something', () => {
    const compared = outcomes.filter(({ verdict }) => verdict === 'equal').flatMap(({ real }) => real)
    const planned = outcomes.flatMap((outcome) => outcome.planned.events)
    const decisions = (events: readonly RunEvent[], ...kinds: string[]): number =>
      events.filter((event) => event.event === 'report' && kinds.includes(event.decision)).length
    expect(decisions(planned, 'continue', 'pause', 'stop')).toBeGreaterThanOrEqual(200)
    expect(decisions(planned, 'stop')).toBeGreaterThanOrEqual(20)
    expect(decisions(planned, 'pause')).toBeGreaterThanOrEqual(20)
    expect(planned.filter((event) => event.event === 'end' && event.state === 'failed').length).toBeGreaterThanOrEqual(
      8,
    )
    expect(2 * compared.length).toBeGreaterThanOrEqual(planned.length)
  })

  it('have a tick between any two events, as planned', () => {
    for (const { planned } of outcomes) {
      const times = new Map<number, number>()
      for (const { event, time, trial } of planned.events) {
        expect(Number.isInteger(time)).toBe(true)
        if (event === 'report' || event === 'end') expect(times.get(time) ?? trial).toBe(trial)
        times.set(time, times.get(time) ?? trial)
      }
    }
  })
})

it('the journal of every real run, replayed, gives every decision in it', () => {
  for (const { replay, real } of outcomes) {
    expect(replay.difference).toBeUndefined()
    expect(replay.decisions).toBe(real.filter(({ event }) => event !== 'end').length)
  }
})

it('a program whose stamp is behind the clock does not begin a tick early', () => {
  const [tick, startup, now] = [400, 1, Date.now()]
  const trial = join(directory, 'stamped')
  const config = join(trial, 'config.json')
  const path = join(directory, 'stamped.json')
  mkdirSync(join(trial, 'checkpoints'), { recursive: true })
  writeFileSync(config, '')
  writeFileSync(
    path,
    JSON.stringify({
      origin: now,
      tick,
      clocks: CLOCKS,
      startup,
      rows: { 0: { elapsed: [2], values: [{}] } },
      failures: {},
    }),
  )
  utimesSync(config, now / 1000, (now - 5) / 1000)
  const ran = spawnSync('node', [
    program,
    '--x',
    '0',
    '--plan',
    path,
    '--st_checkpoint_dir',
    join(trial, 'checkpoints'),
  ])
  expect(ran.stdout.toString()).toContain('"epoch":1')
  // Timers may be a millisecond early.
  expect(Date.now()).toBeGreaterThanOrEqual(now + (startup + 2) * tick - 2)
})

describe('the verdict', () => {
  const planned = plan({ scheduler: 'asha-stopping', workers: 4 }).events
  const inSeconds = planned.map((event) => ({ ...event, time: event.time / 10 }))
  /** The first two reports that follow one another, of two trials. */
  const at = planned.findIndex(
    (event, i) =>
      event.event === 'report' && planned[i + 1]?.event === 'report' && planned[i + 1]!.trial !== event.trial,
  )
  const swapped = (time: number): RunEvent[] => {
    const events: RunEvent[] = [...inSeconds]
    ;[events[at], events[at + 1]] = [{ ...events[at + 1]!, time }, events[at]!]
    return events
  }

  it('is "equal" for the plan itself', () => expect(compare(planned, inSeconds, 100)).toBe('equal'))
  it('is "inconclusive" where something came when it was due, and what was due before it had not come', () =>
    expect(compare(planned, swapped(inSeconds[at + 1]!.time), 100)).toBe('inconclusive'))
  it('is "different" where something came before it was due', () =>
    expect(compare(planned, swapped(inSeconds[at]!.time), 100)).toBe('different'))
  it('is "different" for another decision, and where the end is missing', () => {
    const events = inSeconds.map((event, i) => (i === at ? { ...event, decision: 'pause' as const } : event))
    expect(compare(planned, events as RunEvent[], 100)).toBe('different')
    expect(compare(planned, inSeconds.slice(0, -1), 100)).toBe('different')
  })
})
