/** Runs the trainings of a recording, keeps each one the moment it ends, and writes the table when all are done. */
import { rmSync, rmdirSync } from 'node:fs'
import { loadavg } from 'node:os'
import { resolve } from 'node:path'
import { LocalBackend } from '../backends/local/local-backend.js'
import { BenchError, invalid } from '../core/errors.js'
import type { JournalWriter } from '../store/journal.js'
import { writeTable } from '../surrogates/write.js'
import { thisMachine } from './machine.js'
import { type Plan, type Training, planRecording } from './plan.js'
import { type RecordedTraining, type RecordingHeader, openRecordingJournal } from './record-journal.js'
import { recordedTable } from './recorded-table.js'
import { type Recording, dataChecksums, programChecksum, programDirectory, recordingKey } from './recording.js'
import { TrainingCollector } from './training-result.js'

/** So many failed trainings in a row end a recording. */
export const FAILURES_IN_A_ROW = 5

/** What to record and where to. */
export interface RecordOptions {
  readonly recording: Recording
  /** The folder with the data; needed if the program takes data. */
  readonly dataDir?: string | undefined
  /** Trainings at a time. */
  readonly workers: number
  /** The table, `<name>.arrow`. */
  readonly out: string
  /** Default `<out>.journal.jsonl`. */
  readonly journal?: string | undefined
  /** The folder for the output of trainings; those that did not fail are cleared. Default `<out>.logs`. */
  readonly logs?: string | undefined
  /** Writes a table of what there is also when trainings are missing. Default false. */
  readonly allowPartial?: boolean | undefined
  readonly onProgress?: ((progress: RecordProgress) => void) | undefined
  readonly onWarning?: ((text: string) => void) | undefined
  /** Ends the recording; everything finished is kept. */
  readonly signal?: AbortSignal | undefined
}

/** How far a recording is. */
export interface RecordProgress {
  /** Trainings that are finished, those of earlier sessions included. */
  readonly done: number
  readonly total: number
  readonly failed: number
  /** Trainings that run now. */
  readonly running: number
  /** Trainings per hour in this session; NaN before the first. */
  readonly perHour: number
  /** Seconds until all are done at this rate; NaN before the first. */
  readonly secondsLeft: number
  /** The training that has just ended. */
  readonly latest: RecordedTraining | undefined
}

/** How a recording ended. */
export interface RecordResult {
  readonly status: 'complete' | 'interrupted'
  readonly done: number
  readonly total: number
  /** Among `done`. */
  readonly failed: number
  /** The table, if it was written. */
  readonly table: string | undefined
  readonly journal: string
}

/**
 * Records, or goes on with a recording that was interrupted: what its journal holds is not run again, except that a
 * failed training gets one more try. With everything recorded it only writes the table again.
 *
 * @throws BenchError if the journal belongs to something else, or if {@link FAILURES_IN_A_ROW} trainings failed
 */
export async function record(options: RecordOptions): Promise<RecordResult> {
  const { recording, out, workers } = options
  if (!Number.isInteger(workers) || workers < 1) throw invalid('workers', workers, 'must be a whole number from 1 on')
  const plan = planRecording(recording)
  const path = options.journal ?? `${out}.journal.jsonl`
  const header = recordingHeader(recording, options.dataDir)
  const { writer, journal } = openRecordingJournal(path, header)
  const session = { event: 'session', at: new Date().toISOString(), workers, ...thisMachine() } as const
  const state = new Progress(plan, journal.trainings, options.onProgress)
  const sessions = [...journal.sessions]
  try {
    const waiting = state.waiting()
    if (waiting.length > 0) {
      writer.append(session)
      sessions.push(session)
      await runTrainings(options, waiting, state, writer)
    }
  } finally {
    writer.close()
  }
  const { done, failed } = state
  const total = plan.trainings.length
  const write = done === total || (options.allowPartial === true && done > 0)
  if (write)
    writeTable(
      out,
      recordedTable({ recording, plan, header, sessions, trainings: state.trainings, finished: state.finished }),
    )
  const status = done === total ? 'complete' : 'interrupted'
  return { status, done, total, failed, table: write ? out : undefined, journal: path }
}

/** What the trainings of a recording have in common, as its program and data are now. */
export function recordingHeader(recording: Recording, dataDir: string | undefined): RecordingHeader {
  return {
    journal: 'rungbench-recording',
    version: 1,
    recording: recording.name,
    key: recordingKey(recording),
    program: programChecksum(recording.program),
    data: dataChecksums(recording.program, dataDir),
  }
}

/** A backend that runs the trainings of a recording; trial numbers are positions in `trainings`. */
export function trainingBackend(
  options: Pick<RecordOptions, 'recording' | 'dataDir' | 'workers' | 'onWarning'> & { readonly logs: string },
  trainings: readonly Training[],
  collectors: ReadonlyMap<number, TrainingCollector>,
): LocalBackend {
  const { recording, dataDir, workers, logs, onWarning } = options
  const { program, resource, metrics } = recording
  const fixed = { ...program.arguments }
  if (program.dataArgument !== undefined) fixed[program.dataArgument] = resolve(dataDir!)
  if (program.levelsArgument !== undefined) fixed[program.levelsArgument] = resource.levels
  return new LocalBackend({
    program: {
      command: program.command,
      arguments: fixed,
      env: program.env ?? {},
      workingDirectory: programDirectory(program),
      seedArgument: program.seedArgument ?? 'seed',
    },
    workers,
    metrics: Object.keys(metrics).filter((name) => metrics[name]!.kind === 'curve'),
    resource: resource.name,
    maxResource: resource.levels,
    directory: logs,
    checkpoints: false,
    seedOf: (trial) => trainings[trial]!.seed,
    onReport: (trial, _attempt, report, arrival) => collectors.get(trial)?.add(report, arrival),
    onData: (trial, description) => {
      const collector = collectors.get(trial)
      if (collector !== undefined) collector.data = description
    },
    ...(onWarning === undefined ? {} : { onWarning }),
  })
}

async function runTrainings(
  options: RecordOptions,
  waiting: readonly Training[],
  state: Progress,
  writer: JournalWriter,
): Promise<void> {
  const { recording, signal } = options
  const logs = resolve(options.logs ?? `${options.out}.logs`)
  const collectors = new Map<number, TrainingCollector>()
  const started = new Map<
    number,
    { readonly at: string; readonly load: number; readonly due: number; worker: number }
  >()
  const backend = trainingBackend({ ...options, logs }, state.plan.trainings, collectors)
  const queue = waiting.toReversed()
  const aborted = (): boolean => signal?.aborted === true
  const abort = (): void => void backend.close()
  signal?.addEventListener('abort', abort, { once: true })
  const begin = (training: Training): void => {
    const { index, config } = training
    collectors.set(index, new TrainingCollector(recording))
    backend.start(index, 0, config, 0, recording.resource.levels)
    const due = backend.now() + (recording.program.timeout ?? Infinity)
    started.set(index, { at: new Date().toISOString(), load: loadavg()[0]!, due, worker: backend.workerOf(index) ?? 0 })
  }
  try {
    let inARow = 0
    let lastData = state.lastData
    while (!aborted()) {
      while (backend.idle > 0 && queue.length > 0) begin(queue.pop()!)
      const event = await backend.next(Math.min(...Array.from(started.values(), ({ due }) => due)))
      if (event === undefined) {
        if (backend.busy === 0 || aborted()) break
        for (const [index, { due }] of started)
          if (due <= backend.now()) {
            collectors.get(index)!.fault = `did not end within ${recording.program.timeout} s`
            backend.halt(index, 'stop')
            started.set(index, { ...started.get(index)!, due: Infinity })
          }
        continue
      }
      if (event.kind !== 'end' && event.kind !== 'released') continue
      const index = event.trial
      const { at, load, worker } = started.get(index)!
      const collector = collectors.get(index)!
      started.delete(index)
      collectors.delete(index)
      const result = collector.result(event.kind === 'end' && event.state === 'failed' ? event.reason : '')
      const data = JSON.stringify(collector.data)
      const entry: RecordedTraining = {
        event: 'training',
        ...state.plan.trainings[index]!,
        ...result,
        ...(data === undefined || data === lastData ? {} : { data: collector.data }),
        startedAt: at,
        endedAt: new Date().toISOString(),
        worker,
        load: [load, loadavg()[0]!],
      }
      writer.append({ ...entry })
      lastData = data ?? lastData
      state.finish(entry, started.size)
      if (result.ended !== 'failed') {
        inARow = 0
        rmSync(backend.directoryOf(index), { recursive: true, force: true })
      } else if (++inARow >= FAILURES_IN_A_ROW)
        throw new BenchError(
          `${inARow} trainings in a row failed, the last: ${result.reason} (output in ${backend.directoryOf(index)}); ` +
            'what was recorded is kept: put the program right, or run the same command again to go on',
          { exitCode: 1 },
        )
    }
  } finally {
    signal?.removeEventListener('abort', abort)
    await backend.close()
    removeIfEmpty(logs)
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // something is in it, or it was never made
  }
}

/** Which trainings are finished, and how fast. */
class Progress {
  readonly plan: Plan
  /** All lines of the journal, in their order. */
  readonly trainings: RecordedTraining[]
  /** By index: the last line of each training. */
  readonly finished = new Map<number, RecordedTraining>()
  readonly #began = performance.now()
  readonly #tries = new Map<number, number>()
  readonly #onProgress: ((progress: RecordProgress) => void) | undefined
  #finishedNow = 0

  constructor(
    plan: Plan,
    trainings: readonly RecordedTraining[],
    onProgress: ((progress: RecordProgress) => void) | undefined,
  ) {
    this.plan = plan
    this.trainings = []
    this.#onProgress = onProgress
    for (const training of trainings) this.#keep(training)
  }

  get done(): number {
    return this.finished.size
  }

  get failed(): number {
    let failed = 0
    for (const { ended } of this.finished.values()) if (ended === 'failed') failed++
    return failed
  }

  /** What the program last said about its data, as JSON. */
  get lastData(): string | undefined {
    return JSON.stringify(this.trainings.findLast((training) => training.data !== undefined)?.data)
  }

  /** What is left to run, in the order of the plan; failed trainings get a second try. */
  waiting(): Training[] {
    return this.plan.order
      .map((index) => this.plan.trainings[index]!)
      .filter(({ index }) => {
        const last = this.finished.get(index)
        return last === undefined || (last.ended === 'failed' && this.#tries.get(index)! < 2)
      })
  }

  finish(training: RecordedTraining, running: number): void {
    this.#keep(training)
    this.#finishedNow++
    const seconds = (performance.now() - this.#began) / 1000
    const total = this.plan.trainings.length
    this.#onProgress?.({
      done: this.done,
      total,
      failed: this.failed,
      running,
      perHour: (this.#finishedNow / seconds) * 3600,
      secondsLeft: ((total - this.done) * seconds) / this.#finishedNow,
      latest: training,
    })
  }

  #keep(training: RecordedTraining): void {
    this.trainings.push(training)
    this.finished.set(training.index, training)
    this.#tries.set(training.index, (this.#tries.get(training.index) ?? 0) + 1)
  }
}
