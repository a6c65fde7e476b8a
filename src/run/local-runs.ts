/** Runs a plan for real: every cell and seed in turn, its trials as processes on this machine, journalled. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { CheckpointBudget } from '../backends/local/checkpoints/checkpoint-budget.js'
import { LocalBackend } from '../backends/local/local-backend.js'
import { endFormer, runnerId } from '../backends/local/watchdog.js'
import { SpaceSource } from '../core/config-source.js'
import { driveReal } from '../core/drive.js'
import { BenchError, messageOf, show } from '../core/errors.js'
import { limitTrials } from '../core/limited-searcher.js'
import { RandomStreams, mix } from '../core/random.js'
import type { Recorder } from '../core/recorder.js'
import type { TrialId } from '../core/trial.js'
import { Tuner } from '../core/tuner.js'
import { runHeader } from '../record/run-header.js'
import { trainingProgram } from '../record/training-program.js'
import { type IncumbentSteps, incumbentSteps, joinSteps } from '../store/incumbent-steps.js'
import { ProcessLog } from './process-log.js'
import { JournalRecorder } from '../store/journal-recorder.js'
import { type JournalLine, JournalWriter, journalText } from '../store/journal.js'
import { type LocalRun, localRunFolder, readLocalRun, writeLocalRun } from '../store/local-run.js'
import { RunLog, digestOf, runDigest } from '../store/run-log.js'
import type { RunFailure, RunSet, RunSummary } from '../store/run-set.js'
import { TableSource } from '../surrogates/table-source.js'
import type { SurrogateTable } from '../surrogates/table.js'
import { ELAPSED_TIME } from '../surrogates/elapsed-metric.js'
import type { Cell } from './cell.js'
import { findScheduler, findSearcher } from './components.js'
import { Past, type Session } from './past.js'
import type { Plan } from './plan.js'
import { recordedSeeds } from './recorded-seeds.js'
import type { LocalPreparation } from './prepare-local.js'
import { ReplayedBackend } from './replayed-backend.js'
import { countsOf, findingsOf, inFlightAt } from './summary.js'

/** A run is given up after so many failed trials, unless the experiment says otherwise. */
const MAX_FAILURES = 5

export interface LocalOptions {
  readonly directory?: string
  readonly dataDir: string | undefined
  readonly resume?: boolean
  /**
   * Draws the configurations and training seeds that a simulation of the same seed would replay, from these tables by name.
   * Default: from the space, with training seeds of the run.
   */
  readonly drawFrom?: ReadonlyMap<string, SurrogateTable>
  readonly onProgress?: (done: number, total: number) => void
  readonly onWarning?: (text: string) => void
  readonly signal?: AbortSignal
}

/** Runs every cell of the plan for every seed, one after another, with the programs that the tables were recorded with. */
export async function executeLocally(plan: Plan, prepared: LocalPreparation, options: LocalOptions): Promise<RunSet> {
  if (options.directory === undefined)
    throw new BenchError('a local run needs a run directory: its trials and its journal lie there')
  const runs: RunSummary[] = []
  const incumbents: IncumbentSteps[] = []
  const failures: RunFailure[] = []
  const total = plan.cells.length * plan.seeds.length
  let done = 0
  for (const cell of plan.cells)
    for (const seed of plan.seeds) {
      options.signal?.throwIfAborted()
      const folder = join(options.directory, localRunFolder(cell.index, seed))
      try {
        const finished = options.resume === true ? readLocalRun(folder) : undefined
        const run = finished ?? (await runLocally(cell, seed, prepared, folder, options))
        if (finished === undefined) writeLocalRun(folder, run)
        runs.push(run.summary)
        incumbents.push(run.incumbents)
      } catch (error) {
        options.signal?.throwIfAborted()
        if (error instanceof BenchError && error.exitCode === 2) throw error
        failures.push({ table: cell.table, method: cell.method, seeds: [seed], message: messageOf(error) })
      }
      options.onProgress?.(++done, total)
    }
  if (runs.length === 0) throw new BenchError(`every run failed; the first: ${failures[0]!.message}`, { exitCode: 1 })
  return {
    runs,
    details: { incumbents: joinSteps(incumbents), rowsUsed: {} },
    failures,
    digest: digestOf(runs.map(({ digest }) => digest)),
    simulatedSeconds: runs.reduce((sum, run) => sum + run.simulatedSeconds, 0),
    reports: runs.reduce((sum, run) => sum + run.reports, 0),
  }
}

/**
 * Runs one cell for one seed, or goes on with a run of which the folder holds a journal but no result.
 *
 * @throws BenchError if that is the journal of another run, or of one that cannot be repeated
 */
export async function runLocally(
  cell: Cell,
  seed: number,
  { recordings, resources, settings }: LocalPreparation,
  folder: string,
  options: LocalOptions,
): Promise<LocalRun> {
  const recording = recordings.get(cell.table)!
  const { resource } = recording
  const { objectives } = cell
  const needed = new Set([...cell.metrics, ...Object.keys(recording.metrics)])
  const values = [...new Set([...needed, ELAPSED_TIME])]
  mkdirSync(folder, { recursive: true })
  const header = runHeader({
    recording,
    dataDir: options.dataDir,
    values,
    workers: cell.workers,
    gpus: resources.get(cell)?.gpus ?? [],
    checkpoints: cell.simulation.checkpoints,
  })
  const path = join(folder, 'journal.jsonl')
  const { table, method, pricePerHour } = cell
  const drawnFrom = options.drawFrom?.get(table)
  // The price is for those who follow the run: budgets in dollars are limits too.
  const about = {
    ...header,
    table,
    method,
    seed,
    ...(pricePerHour !== undefined && { pricePerHour }),
    ...(drawnFrom !== undefined && { drawnFrom: drawnFrom.data.checksum }),
  }
  const { writer, journal } = JournalWriter.open(path, about, {
    accept: ({ header: before }) => checkSame(path, before!, about),
    resumeHint: 'go on with --resume',
  })
  const processes = new ProcessLog(writer, journal)
  const log = new RunLog(values.length)
  log.beginRun()
  const random = new RandomStreams(seed)
  const maxResource = resource.levels
  const source =
    drawnFrom === undefined ? new SpaceSource(cell.space) : new TableSource(drawnFrom, cell.fixed, cell.space)
  const context = { source, objectives, maxResource, random }
  const [schedulerKind, searcherKind] = await Promise.all([
    findScheduler(cell.scheduler.type),
    findSearcher(cell.searcher.type),
  ])
  let searcher = searcherKind.create(cell.searcher.options, { ...context, defaultConfig: cell.defaultConfig })
  if (cell.stop.trials !== undefined) searcher = limitTrials(searcher, cell.stop.trials)
  const trials = join(folder, 'trials')
  const budget =
    settings.checkpointBudget === undefined
      ? undefined
      : new CheckpointBudget({
          bytes: settings.checkpointBudget,
          directoryOf: (trial) => join(trials, String(trial)),
          objective: objectives[0]!,
          onRemoved: (trial, bytes) => writer.append({ event: 'removed', time: backend!.now(), trial, bytes }),
          onWarning: options.onWarning ?? ((text) => process.emitWarning(text)),
        })
  const seedOf =
    drawnFrom === undefined
      ? (trial: TrialId) => mix(random.key('training'), trial)
      : recordedSeeds(drawnFrom, recording, { seed, fixed: cell.fixed }, () => log.configs)
  const localBackend = (elapsed: number): LocalBackend =>
    new LocalBackend({
      elapsed,
      program: trainingProgram(recording, options.dataDir),
      workers: cell.workers,
      resources: resources.get(cell)!,
      retries: settings.retries,
      timeLimit: settings.trialTimeout ?? recording.program.timeout,
      ran: processes.ran,
      onProcess: (process) => processes.add(process),
      ...(options.onWarning && { onWarning: options.onWarning }),
      metrics: values,
      optional: values.filter((metric) => !needed.has(metric)),
      resource: resource.name,
      maxResource,
      directory: trials,
      checkpoints: cell.simulation.checkpoints,
      onCopied: (trial, source, level) =>
        writer.append({ event: 'copied', time: backend!.now(), trial, source, level: level ?? null }),
      seedOf,
    })
  let backend: ReplayedBackend | undefined
  try {
    const past = new Past(path, journal, writer)
    if (past.runner !== undefined && !(await endFormer(past.runner)))
      throw new BenchError(`${folder}: a program of the interrupted run cannot be ended; end it, then --resume`)
    const workers = (backend = new ReplayedBackend({
      workers: cell.workers,
      values: values.length,
      ran: () => past.repeated,
    }))
    const tuner = new Tuner({
      scheduler: schedulerKind.create(cell.scheduler.options, {
        ...context,
        searcher,
        ...(cell.stop.trials !== undefined && { maxTrials: cell.stop.trials }),
      }),
      searcher,
      backend: workers,
      recorder: both(new JournalRecorder(past), budget === undefined ? log : both(log, budget)),
      objectives,
      maxResource,
      stop: cell.stop,
      diverged: cell.diverged,
      maxFailures: cell.maxFailures ?? MAX_FAILURES,
      ...(cell.pricePerHour !== undefined && { pricePerHour: cell.pricePerHour }),
    })
    await driveReal(tuner, workers, options.signal, () => {
      past.replay(tuner, workers, values.length)
      if (tuner.reason !== undefined) return
      writer.append({
        event: 'session',
        time: past.elapsed,
        at: new Date().toISOString(),
        runner: runnerId,
      } satisfies Session)
      workers.goLive(localBackend(past.elapsed))
    })
    const events = log.columns
    return {
      summary: {
        ...countsOf(cell, seed, tuner),
        inFlight: inFlightAt(events, 0, tuner.time),
        machine: processes.summary,
        digest: runDigest(events, 0),
        ...findingsOf(events, 0, cell, log.configs, undefined),
      },
      incumbents: incumbentSteps(events, cell.objectives[0]!, cell.metrics),
    }
  } finally {
    await backend?.close()
    await budget?.settled()
    writer.close()
  }
}

/** @throws BenchError where a journal was begun for something else, or under other circumstances */
function checkSame(path: string, before: JournalLine, now: JournalLine): void {
  const plain = JSON.parse(journalText(now)) as JournalLine
  for (const field of new Set([...Object.keys(before), ...Object.keys(plain)])) {
    if (field === 'at' || field === 'versions') continue
    if (JSON.stringify(before[field]) !== JSON.stringify(plain[field]))
      throw new BenchError(
        `${path} cannot be continued: ${field} was ${show(before[field])} and is ${show(plain[field])} now; ` +
          'put it back as it was, or begin the run anew in another --out',
      )
  }
}

/** Tells two recorders, the first before the second. */
function both(first: Recorder, second: Recorder): Recorder {
  return {
    start(...event) {
      first.start(...event)
      second.start(...event)
    },
    resume(...event) {
      first.resume(...event)
      second.resume(...event)
    },
    report(...event) {
      first.report(...event)
      second.report(...event)
    },
    end(...event) {
      first.end(...event)
      second.end(...event)
    },
    released(...event) {
      first.released?.(...event)
      second.released?.(...event)
    },
    ignored(...event) {
      first.ignored(...event)
      second.ignored(...event)
    },
    restart(...event) {
      first.restart?.(...event)
      second.restart?.(...event)
    },
  }
}
