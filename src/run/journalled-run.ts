/** One cell and seed for real: the tuner, its journal, and how an interrupted run goes on. What runs the trials is given. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { RealTimeBackend } from '../core/backend.js'
import type { ConfigSource } from '../core/config-source.js'
import { driveReal } from '../core/drive.js'
import { BenchError } from '../core/errors.js'
import { firstDifference } from '../core/first-difference.js'
import { limitTrials } from '../core/limited-searcher.js'
import { RandomStreams } from '../core/random.js'
import type { Recorder } from '../core/recorder.js'
import type { Config } from '../core/space.js'
import { Tuner } from '../core/tuner.js'
import { incumbentSteps } from '../store/incumbent-steps.js'
import { JournalRecorder } from '../store/journal-recorder.js'
import { type Journal, type JournalLine, JournalWriter, journalText } from '../store/journal.js'
import type { LocalRun } from '../store/local-run.js'
import { RunLog, runDigest } from '../store/run-log.js'
import type { RunSummary } from '../store/run-set.js'
import type { Cell } from './cell.js'
import { findScheduler, findSearcher } from './components.js'
import { Past, type Session } from './past.js'
import { both } from './recorders.js'
import { ReplayedBackend } from './replayed-backend.js'
import { countsOf, findingsOf, inFlightAt } from './summary.js'

/** A run is given up after so many failed trials, unless the experiment says otherwise. */
const MAX_FAILURES = 5

/** The file in a run's folder. */
export const JOURNAL = 'journal.jsonl'

/** What is run. */
export interface JournalledRun {
  readonly cell: Cell
  readonly seed: number
  /** Its journal lies there. */
  readonly folder: string
  /** The journal's header; a run that goes on must have the same, but for `at` and `versions`. */
  readonly about: JournalLine
  /** What the numbers of a report are, the objectives' metrics first. */
  readonly values: readonly string[]
  /** The level at which a trial is complete. */
  readonly maxResource: number
  readonly source: ConfigSource
  /** By whom the programs of this process are known. */
  readonly runner: string
  readonly signal?: AbortSignal | undefined
}

/** What those who run the trials may use. */
export interface RunParts {
  readonly writer: Pick<JournalWriter, 'append'>
  /** What stood in the journal. */
  readonly journal: Journal
  readonly random: RandomStreams
  /** The configurations of the trials so far. */
  readonly configs: () => readonly Config[]
  /** Seconds since the run began. */
  readonly now: () => number
}

/** What trials used of machines, local or not. */
export type Used = Pick<RunSummary, 'machine' | 'jobs' | 'usd'>

/** Who runs the trials. */
export interface TrialRunner {
  /** The backend, when everything that the journal holds has been told again. @param elapsed seconds that the run went on before */
  readonly live: (elapsed: number) => RealTimeBackend
  /** Sees to what a killed runner left behind; told by whom its programs are known. */
  readonly endFormer?: (runner: string) => Promise<void>
  /** US dollars per hour of a trial, where trials have prices of their own. */
  readonly usdPerHourOf?: (config: Config) => number
  /** Is told everything after the journal. */
  readonly recorder?: Recorder | undefined
  /** What the trials used, when everything has ended. */
  readonly used?: () => Used | Promise<Used>
  readonly settled?: () => Promise<void>
}

/**
 * Runs one cell for one seed, or goes on with a run of which the folder holds a journal but no result.
 *
 * @throws BenchError if that is the journal of another run, or of one that cannot be repeated
 */
export async function journalledRun(run: JournalledRun, runnerOf: (parts: RunParts) => TrialRunner): Promise<LocalRun> {
  const { cell, seed, folder, about, values, maxResource, source } = run
  const { objectives } = cell
  mkdirSync(folder, { recursive: true })
  const path = join(folder, JOURNAL)
  const { writer, journal } = JournalWriter.open(path, about, {
    accept: ({ header: before }) => checkSame(path, before!, about),
    resumeHint: 'go on with --resume',
  })
  let backend: ReplayedBackend | undefined
  let trials: TrialRunner | undefined
  try {
    const log = new RunLog(values.length)
    log.beginRun()
    const random = new RandomStreams(seed)
    const context = { source, objectives, maxResource, random }
    const [schedulerKind, searcherKind] = await Promise.all([
      findScheduler(cell.scheduler.type),
      findSearcher(cell.searcher.type),
    ])
    let searcher = searcherKind.create(cell.searcher.options, { ...context, defaultConfig: cell.defaultConfig })
    if (cell.stop.trials !== undefined) searcher = limitTrials(searcher, cell.stop.trials)
    const { live, endFormer, recorder, used, usdPerHourOf } = (trials = runnerOf({
      writer,
      journal,
      random,
      configs: () => log.configs,
      now: () => Math.max(past.elapsed, backend?.now() ?? 0),
    }))
    const past = new Past(path, journal, writer)
    if (past.runner !== undefined) await endFormer?.(past.runner)
    const workers = (backend = new ReplayedBackend({
      workers: cell.workers,
      values: values.length,
      ran: () => past.repeated,
      ...(usdPerHourOf && { usdPerHourOf }),
    }))
    const tuner = new Tuner({
      scheduler: schedulerKind.create(cell.scheduler.options, {
        ...context,
        searcher,
        ...(cell.stop.trials !== undefined && { maxTrials: cell.stop.trials }),
      }),
      searcher,
      backend: workers,
      recorder: both(new JournalRecorder(past), recorder === undefined ? log : both(log, recorder)),
      objectives,
      maxResource,
      stop: cell.stop,
      diverged: cell.diverged,
      maxFailures: cell.maxFailures ?? MAX_FAILURES,
      ...(cell.pricePerHour !== undefined && { pricePerHour: cell.pricePerHour }),
    })
    await driveReal(tuner, workers, run.signal, () => {
      past.replay(tuner, workers, values.length)
      if (tuner.reason !== undefined) return
      writer.append({
        event: 'session',
        time: past.elapsed,
        at: new Date().toISOString(),
        runner: run.runner,
      } satisfies Session)
      workers.goLive(live(past.elapsed))
    })
    const events = log.columns
    return {
      summary: {
        ...countsOf(cell, seed, tuner),
        inFlight: inFlightAt(events, 0, tuner.time),
        ...(await used?.()),
        digest: runDigest(events, 0),
        ...findingsOf(events, 0, cell, log.configs, undefined),
      },
      incumbents: incumbentSteps(events, cell.objectives[0]!, cell.metrics),
    }
  } finally {
    await backend?.close()
    await trials?.settled?.()
    writer.close()
  }
}

/** @throws BenchError where a journal was begun for something else, or under other circumstances */
export function checkSame(path: string, before: JournalLine, now: JournalLine): void {
  const plain = JSON.parse(journalText(now)) as JournalLine
  const difference = firstDifference(before, plain, ['at', 'versions'])
  if (difference !== undefined)
    throw new BenchError(
      `${path} cannot be continued: ${difference}; put it back as it was, or begin the run anew in another --out`,
    )
}
