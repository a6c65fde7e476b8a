/** A real run of `steady.sh` or `hasty.sh` as a process of its own, and what it leaves. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RUNNER_VARIABLE, processesWith } from '../../src/backends/local/watchdog.js'
import { SpaceSource } from '../../src/core/config-source.js'
import { limitTrials } from '../../src/core/limited-searcher.js'
import { RandomStreams } from '../../src/core/random.js'
import { schedulers } from '../../src/core/schedulers/index.js'
import { searchers } from '../../src/core/searchers/index.js'
import { int } from '../../src/core/space.js'
import { type JournalReplay, replayJournal } from '../../src/run/replay-events.js'
import { type RunEvent, runEvent } from '../../src/store/journal-recorder.js'
import { readJournal } from '../../src/store/journal.js'

const script = fileURLToPath(new URL('local-run-process.mjs', import.meta.url))

/** Levels of a full training. */
export const LEVELS = 8

export interface Given {
  readonly folder: string
  readonly type: 'asha-stopping' | 'asha-promotion' | 'population-based-training'
  readonly options: object
  readonly seed: number
  readonly trials: number
  /** Default `steady`. */
  readonly program?: 'steady' | 'hasty'
}

export interface Process {
  readonly child: ChildProcess
  readonly ended: Promise<{ readonly code: number | null; readonly error: string }>
}

/** Begins the run, or goes on with it. */
export function startRun({ folder, type, options, seed, trials, program = 'steady' }: Given): Process {
  const args = [script, folder, type, JSON.stringify(options), `${seed}`, `${trials}`, program]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let error = ''
  child.stderr.on('data', (text: Buffer) => (error += text.toString()))
  return { child, ended: once(child, 'exit').then(([code]) => ({ code: code as number | null, error })) }
}

const journalOf = ({ folder }: Given): string => join(folder, 'journal.jsonl')

/** Reports in the journal, also of one that is being written. */
export function reportsOf(given: Given): number {
  const path = journalOf(given)
  return existsSync(path) ? readFileSync(path, 'utf8').split('"event":"report"').length - 1 : 0
}

export function isFinished({ folder }: Given): boolean {
  return existsSync(join(folder, 'run.json'))
}

export function eventsOf(given: Given): RunEvent[] {
  return readJournal(journalOf(given)).entries.flatMap((line) => runEvent(line) ?? [])
}

/** Processes of the run that are left, on Linux. */
export function leftOf(given: Given): number[] {
  const lines = readJournal(journalOf(given)).entries.filter(({ event }) => event === 'session')
  return lines.flatMap(({ runner }) => processesWith({ [RUNNER_VARIABLE]: runner as string }))
}

/** What a fresh scheduler decides at the events of the journal. */
export function decidedAgain(given: Given): JournalReplay {
  const { type, seed, trials } = given
  const objectives = [{ metric: 'loss', goal: 'min', report: 'loss' }] as const
  const space = { quality: int(0, 999) }
  const context = { source: new SpaceSource(space), objectives, maxResource: LEVELS, random: new RandomStreams(seed) }
  const options = searchers.random.options.parse({})
  const searcher = limitTrials(
    searchers.random.create(options, { ...context, defaultConfig: { quality: 500 } }),
    trials,
  )
  const scheduler = schedulers[type].create(schedulers[type].options.parse(given.options) as never, {
    ...context,
    searcher,
    maxTrials: trials,
  })
  return replayJournal(eventsOf(given), { scheduler, searcher, objectives, maxResource: LEVELS })
}

/** Levels by trial, in the order of their reports. */
export function levelsOf(given: Given): number[][] {
  const levels: number[][] = []
  for (const event of eventsOf(given)) {
    if (event.event === 'start') levels[event.trial] = []
    if (event.event === 'report') levels[event.trial]!.push(event.resource)
  }
  return levels
}
