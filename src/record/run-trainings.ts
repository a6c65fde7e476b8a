/** Runs trainings of a recording as child processes, several at a time, and hands over each one when it has ended. */
import { rmSync, rmdirSync } from 'node:fs'
import { loadavg } from 'node:os'
import { resolve } from 'node:path'
import type { BackendEvent } from '../core/backend.js'
import { LocalBackend } from '../backends/local/local-backend.js'
import { hasAccelerator } from './machine.js'
import type { Training } from './plan.js'
import { type Recording, programDirectory } from './recording.js'
import { TrainingCollector, type TrainingResult } from './training-result.js'

/** How trainings are run. */
export interface RunOptions {
  readonly recording: Recording
  /** The folder with the data; needed if the program takes data. */
  readonly dataDir?: string | undefined
  /** Trainings at a time. */
  readonly workers: number
  /** Where the output of trainings goes, a folder each; the folders of those that did not fail are removed. */
  readonly logs: string
  readonly onWarning?: ((text: string) => void) | undefined
  /** Ends all that runs; nothing of it is handed over. */
  readonly signal?: AbortSignal | undefined
}

/** A training that has ended. */
export interface FinishedTraining {
  readonly training: Training
  readonly result: TrainingResult
  /** What the program said about its data. */
  readonly data: Readonly<Record<string, unknown>> | undefined
  /** ISO 8601, UTC */
  readonly startedAt: string
  readonly endedAt: string
  /** 0..workers-1 */
  readonly worker: number
  /** Load average of the machine at start and end. */
  readonly load: readonly [number, number]
  /** Most other trainings that ran at any moment of it: the recorder gives all of them the same devices. */
  readonly shared: number
  /** What the program says it runs on, else `cpu` where the machine has nothing else. */
  readonly device?: string | undefined
  /** Where its output is, if it failed. */
  readonly directory: string
  /** Trainings that still run. */
  readonly running: number
}

interface Running {
  readonly training: Training
  readonly collector: TrainingCollector
  readonly startedAt: string
  readonly load: number
  readonly worker: number
  /** Most others beside it so far. */
  shared: number
  /** When its time is up, in seconds of the backend. */
  due: number
}

/**
 * Runs trainings in the given order.
 *
 * @param onFinished what it throws ends the run, after all children are gone
 */
export async function runTrainings(
  options: RunOptions,
  trainings: readonly Training[],
  onFinished: (finished: FinishedTraining) => void,
): Promise<void> {
  const { recording, signal } = options
  const running = new Map<number, Running>()
  const backend = trainingBackend(options, running, new Map(trainings.map((training) => [training.index, training])))
  const timeout = recording.program.timeout ?? Infinity
  const queue = trainings.toReversed()
  const aborted = (): boolean => signal?.aborted === true
  const abort = (): void => void backend.close()
  signal?.addEventListener('abort', abort, { once: true })
  const begin = (training: Training): void => {
    const { index, config } = training
    const startedAt = new Date().toISOString()
    const due = backend.now() + timeout
    const collector = new TrainingCollector(recording)
    running.set(index, {
      training,
      collector,
      startedAt,
      load: loadavg()[0]!,
      worker: backend.nextWorker,
      shared: 0,
      due,
    })
    for (const each of running.values()) each.shared = Math.max(each.shared, running.size - 1)
    backend.start(index, 0, config, 0, recording.resource.levels)
  }
  try {
    while (!aborted()) {
      while (backend.idle > 0 && queue.length > 0) begin(queue.pop()!)
      const event = await backend.next(earliest(running.values()))
      if (event === undefined) {
        if (backend.busy === 0 || aborted()) break
        haltLate(backend, running.values(), timeout)
      } else if (event.kind === 'end' || event.kind === 'released') {
        const ended = running.get(event.trial)!
        running.delete(event.trial)
        const directory = backend.directoryOf(event.trial)
        const finished = finish(ended, event, { directory, running: running.size })
        onFinished(finished)
        if (finished.result.ended !== 'failed') removeFolder(directory)
      }
    }
  } finally {
    signal?.removeEventListener('abort', abort)
    await backend.close()
    removeIfEmpty(options.logs)
  }
}

/** A backend whose trials are trainings, by index. */
function trainingBackend(
  { recording, dataDir, workers, logs, onWarning }: RunOptions,
  running: ReadonlyMap<number, Running>,
  trainings: ReadonlyMap<number, Training>,
): LocalBackend {
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
    seedOf: (trial) => trainings.get(trial)!.seed,
    onReport: (trial, _attempt, report, arrival) => running.get(trial)?.collector.add(report, arrival),
    onData: (trial, description) => {
      const collector = running.get(trial)?.collector
      if (collector !== undefined) collector.data = description
    },
    ...(onWarning === undefined ? {} : { onWarning }),
  })
}

function finish(
  { training, collector, startedAt, load, worker, shared }: Running,
  event: BackendEvent,
  place: { readonly directory: string; readonly running: number },
): FinishedTraining {
  const failure = event.kind === 'end' && event.state === 'failed' ? event.reason : ''
  return {
    training,
    result: collector.result(failure),
    data: collector.data,
    startedAt,
    endedAt: new Date().toISOString(),
    worker,
    load: [load, loadavg()[0]!],
    shared,
    ...deviceOf(collector.data),
    ...place,
  }
}

/** The device as the program describes it (`device` of its data line); `cpu` on a machine without a known accelerator. */
function deviceOf(data: Readonly<Record<string, unknown>> | undefined): { readonly device?: string } {
  const device = data?.['device']
  if (typeof device === 'string' && device !== '') return { device }
  return hasAccelerator() ? {} : { device: 'cpu' }
}

function earliest(running: Iterable<Running>): number {
  let earliest = Infinity
  for (const { due } of running) earliest = Math.min(earliest, due)
  return earliest
}

/** Ends the trainings whose time is up; they come back as `released`. */
function haltLate(backend: LocalBackend, running: Iterable<Running>, timeout: number): void {
  for (const late of running) {
    if (late.due > backend.now()) continue
    late.due = Infinity
    late.collector.fault = `did not end within ${timeout} s`
    backend.halt(late.training.index, 'stop')
  }
}

/** Removes the output of a training; output that cannot be removed is no reason to lose anything. */
function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // it stays
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // something is in it, or it was never made
  }
}
