/** An interrupted run, cut off at every line of its journal, goes on: with a backend in memory, so that all cuts are tried. */
import { expect, test } from 'vitest'
import { type BackendEvent, type RealTimeBackend, emptyEvent } from '../../src/core/backend.js'
import { SpaceSource } from '../../src/core/config-source.js'
import { driveReal } from '../../src/core/drive.js'
import { limitTrials } from '../../src/core/limited-searcher.js'
import { RandomStreams } from '../../src/core/random.js'
import { schedulers } from '../../src/core/schedulers/index.js'
import { searchers } from '../../src/core/searchers/index.js'
import { type Config, float } from '../../src/core/space.js'
import type { StopRule } from '../../src/core/stop-rule.js'
import { Tuner } from '../../src/core/tuner.js'
import { Past } from '../../src/run/past.js'
import { replayJournal } from '../../src/run/replay-events.js'
import { ReplayedBackend } from '../../src/run/replayed-backend.js'
import { JournalRecorder, type RunEvent, runEvent } from '../../src/store/journal-recorder.js'
import { type JournalLine, journalText } from '../../src/store/journal.js'

const LEVELS = 9
const WORKERS = 3
const TRIALS = 14

/** One step: somebody's next level, an end, or a worker that is released. Its clock counts steps. */
class Steps implements RealTimeBackend {
  readonly workers = WORKERS
  readonly started: string[] = []
  readonly #event = emptyEvent(1)
  #time: number
  #running: { trial: number; attempt: number; x: number; level: number; halted: boolean }[] = []

  constructor(elapsed: number) {
    this.#time = elapsed
  }

  get busy(): number {
    return this.#running.length
  }

  get idle(): number {
    return this.workers - this.busy
  }

  now(): number {
    return this.#time
  }

  start(trial: number, attempt: number, config: Config, from: number, _until: number, source?: number): void {
    this.started.push(`${trial}.${attempt} after ${from}${source === undefined ? '' : ` of ${source}`}`)
    this.#running.push({ trial, attempt, x: config['x'] as number, level: from, halted: false })
  }

  halt(trial: number): void {
    for (const one of this.#running) if (one.trial === trial) one.halted = true
  }

  async next(deadline: number): Promise<BackendEvent | undefined> {
    // In turns, so that what is halted stays for a while.
    const one = this.#running.shift()
    if (one === undefined || this.#time + 1 > deadline) return undefined
    const event = Object.assign(this.#event, { time: ++this.#time, trial: one.trial, attempt: one.attempt })
    event.kind = one.halted ? 'released' : one.level < LEVELS ? 'report' : 'end'
    event.state = one.trial === 4 && one.level === 2 ? 'failed' : 'completed'
    if (event.state === 'failed' && !one.halted) event.kind = 'end'
    if (event.kind !== 'report') return event
    event.resource = ++one.level
    event.values[0] = one.x + 1 / one.level
    this.#running.push(one)
    return event
  }

  async close(): Promise<void> {}
}

const objectives = [{ metric: 'loss', goal: 'min', report: 'loss' }] as const
type Name = 'asha-stopping' | 'asha-promotion' | 'hyperband' | 'population-based-training' | 'fifo'

function parts(name: Name, seed: number): Pick<ConstructorParameters<typeof Tuner>[0], 'scheduler' | 'searcher'> {
  const source = new SpaceSource({ x: float(0, 1) })
  const context = { source, objectives, maxResource: LEVELS, random: new RandomStreams(seed) }
  const drawn = searchers.random.create(searchers.random.options.parse({}), { ...context, defaultConfig: { x: 0.5 } })
  const searcher = limitTrials(drawn, TRIALS)
  const options = name === 'population-based-training' ? { populationSize: 5, perturbationInterval: 2 } : {}
  const kind = schedulers[name]
  const all = { ...context, searcher, maxTrials: TRIALS }
  return { searcher, scheduler: kind.create(kind.options.parse(options) as never, all) }
}

interface Run {
  readonly events: RunEvent[]
  readonly tuner: Tuner
  readonly started: readonly string[]
}

/** Runs, or goes on: the journal's lines are given, and what is added to them is found there. */
async function run(lines: JournalLine[], name: Name, seed = 1, stop: StopRule = {}): Promise<Run> {
  const writer = { append: (line: JournalLine) => void lines.push(JSON.parse(journalText(line)) as JournalLine) }
  const past = new Past('journal.jsonl', { entries: [...lines] }, writer)
  const backend = new ReplayedBackend({ workers: WORKERS, values: 1, ran: () => past.repeated })
  const recorder = new JournalRecorder(past)
  const tuner = new Tuner({ ...parts(name, seed), backend, recorder, objectives, maxResource: LEVELS, stop })
  let live: Steps | undefined
  await driveReal(tuner, backend, undefined, () => {
    past.replay(tuner, backend, 1)
    if (tuner.reason !== undefined) return
    writer.append({ event: 'session', time: past.elapsed, runner: '0' })
    live = new Steps(past.elapsed)
    backend.goLive(live)
  })
  return { events: lines.flatMap((line) => runEvent(line) ?? []), tuner, started: live?.started ?? [] }
}

function levelsOf(events: readonly RunEvent[]): number[][] {
  const levels: number[][] = []
  for (const event of events) {
    if (event.event === 'start') levels[event.trial] = [...Array(event.copy?.resource ?? 0).keys()].map((i) => i + 1)
    if (event.event === 'report') levels[event.trial]!.push(event.resource)
  }
  return levels
}

test.each(['asha-stopping', 'asha-promotion', 'hyperband', 'population-based-training', 'fifo'] as const)(
  '%s goes on from any line of its journal',
  async (name) => {
    const lines: JournalLine[] = []
    const whole = await run(lines, name)
    const restarted = new Set<string>()
    for (let cut = 0; cut <= lines.length; cut++) {
      const kept = lines.slice(0, cut)
      const { events, tuner, started } = await run(kept, name)
      for (const one of started) restarted.add(one)
      expect(kept.slice(0, cut)).toEqual(lines.slice(0, cut))
      for (const levels of levelsOf(events)) expect(levels).toEqual(levels.map((_, i) => i + 1))
      expect(replayJournal(events, { ...parts(name, 1), objectives, maxResource: LEVELS }).difference).toBeUndefined()
      const times = events.map(({ time }) => time)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(tuner).toMatchObject({ reason: whole.tuner.reason, running: 0 })
      expect(tuner.trials).toBe(events.filter(({ event }) => event === 'start').length)
    }
    expect([...restarted].some((one) => / after [1-9]/.test(one))).toBe(true)
  },
)

test('worker seconds and limits count on', async () => {
  const lines: JournalLine[] = []
  const whole = await run(lines, 'asha-promotion', 1, { seconds: 60 })
  expect(whole.tuner.reason).toBe('seconds')
  const { tuner, events } = await run(lines.slice(0, 50), 'asha-promotion', 1, { seconds: 60 })
  expect([tuner.reason, tuner.time]).toEqual(['seconds', 60])
  expect(events.at(-1)!.time).toBeLessThanOrEqual(60)
  // All workers were busy all the time.
  expect(tuner.busySeconds).toBe(whole.tuner.busySeconds)
})

test('a limit that the journal has reached already starts nothing', async () => {
  const lines: JournalLine[] = []
  const { events } = await run(lines, 'fifo', 1, { reports: 20 })
  const again = await run(lines, 'fifo', 1, { reports: 20 })
  expect(again).toMatchObject({ events, started: [] })
  expect(again.tuner.reason).toBe('reports')
})

test('another run is refused, and nothing is written', async () => {
  const lines: JournalLine[] = []
  await run(lines, 'asha-stopping')
  const before = [...lines]
  await expect(run(lines, 'asha-stopping', 2)).rejects.toThrow(
    /line 2 is \{"event":"start".*what comes now is.*begin the run anew/,
  )
  await expect(run(lines, 'fifo')).rejects.toThrow(/its line \d+ is .*, but what comes now is .*"decision":"continue"/)
  await expect(run(lines, 'asha-stopping', 1, { reports: 20 })).rejects.toThrow('the run ends (reports)')
  expect(lines).toEqual(before)
})

test('a journal that does not say when workers were free is refused', async () => {
  const lines: JournalLine[] = []
  await run(lines, 'fifo')
  const old = lines.filter(({ event }) => event !== 'session')
  await expect(run(old, 'fifo')).rejects.toThrow('is of an older version, which cannot be resumed')
})
