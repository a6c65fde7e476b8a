/** Runs trainings of a recording as child processes, several at a time, and hands over each one when it has ended. */
import { rmSync, rmdirSync } from 'node:fs'
import { loadavg } from 'node:os'
import type { BackendEvent } from '../core/backend.js'
import { LocalBackend } from '../backends/local/local-backend.js'
import type { ProcessRecord } from '../backends/local/options.js'
import type { Resources } from '../backends/local/resources/resources.js'
import { hasAccelerator } from './machine.js'
import type { Training } from './plan.js'
import type { Recording } from './recording.js'
import { trainingProgram } from './training-program.js'
import { TrainingCollector, type TrainingResult } from './training-result.js'

/** How trainings are run. */
export interface RunOptions {
  readonly recording: Recording
  /** The folder with the data; needed if the program takes data. */
  readonly dataDir?: string | undefined
  /** Trainings at a time. */
  readonly workers: number
  /** What each training gets of the machine. */
  readonly resources: Resources
  /** A training that runs longer fails, in seconds. Default: what the recording says, if anything. */
  readonly timeLimit?: number | undefined
  /** Where the output of trainings goes, a folder each; the folders of those that did not fail are removed. */
  readonly logs: string
  readonly onWarning?: ((text: string) => void) | undefined
  /** Ends all that runs; nothing of it is handed over. */
  readonly signal?: AbortSignal | undefined
  /** A training is ended after so many levels, and comes back as one that ended early. Default: all levels. */
  readonly untilOf?: ((training: Training) => number) | undefined
  /** Asked before every training: false lets those that run come to their end, and begins no other. */
  readonly more?: (() => boolean) | undefined
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
  /** Most other trainings that ran on the same device at any moment of it. */
  readonly shared: number
  /** The GPUs it was given, else what the program says it runs on, else `cpu` where the machine has nothing else. */
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
  /** What its process had of the machine; undefined while it runs. */
  process: ProcessRecord | undefined
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
  const { levels } = recording.resource
  const running = new Map<number, Running>()
  const backend = trainingBackend(options, running, new Map(trainings.map((training) => [training.index, training])))
  const queue = trainings.toReversed()
  const aborted = (): boolean => signal?.aborted === true
  const abort = (): void => void backend.close()
  const untilOf = (index: number): number => options.untilOf?.(running.get(index)!.training) ?? Infinity
  signal?.addEventListener('abort', abort, { once: true })
  const begin = (training: Training): void => {
    const { index, config } = training
    const startedAt = new Date().toISOString()
    const collector = new TrainingCollector(recording)
    running.set(index, {
      training,
      collector,
      startedAt,
      load: loadavg()[0]!,
      worker: backend.nextWorker,
      process: undefined,
    })
    backend.start(index, 0, config, 0, levels)
  }
  try {
    while (!aborted()) {
      while (backend.idle > 0 && queue.length > 0 && options.more?.() !== false) begin(queue.pop()!)
      const event = await backend.next(Infinity)
      if (event === undefined) break
      if (event.kind === 'report' && event.resource >= untilOf(event.trial) && event.resource < levels)
        backend.halt(event.trial, 'stop')
      else if (event.kind === 'end' || event.kind === 'released') {
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

/** A backend whose trials are trainings, by index. @throws BenchError if the machine has not what is asked for */
function trainingBackend(
  { recording, dataDir, workers, resources, timeLimit, logs, onWarning }: RunOptions,
  running: ReadonlyMap<number, Running>,
  trainings: ReadonlyMap<number, Training>,
): LocalBackend {
  const { resource, metrics } = recording
  return new LocalBackend({
    program: trainingProgram(recording, dataDir),
    workers,
    resources,
    timeLimit: timeLimit ?? recording.program.timeout,
    metrics: Object.keys(metrics).filter((name) => metrics[name]!.kind === 'curve'),
    resource: resource.name,
    maxResource: resource.levels,
    directory: logs,
    checkpoints: false,
    seedOf: (trial) => trainings.get(trial)!.seed,
    onProcess: (process) => {
      const of = running.get(process.trial)
      if (of !== undefined) of.process = process
    },
    onReport: (trial, _attempt, report, arrival) => running.get(trial)?.collector.add(report, arrival),
    onData: (trial, description) => {
      const collector = running.get(trial)?.collector
      if (collector !== undefined) collector.data = description
    },
    ...(onWarning === undefined ? {} : { onWarning }),
  })
}

function finish(
  { training, collector, startedAt, load, worker, process }: Running,
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
    shared: process?.shared ?? 0,
    ...deviceOf(process?.gpus ?? [], collector.data),
    ...place,
  }
}

/**
 * The device as the program describes it (`device` of its data line); where it says `cuda:0`, as every program calls the
 * first of its GPUs, or nothing, the GPUs that it was given as this machine numbers them; else `cpu` on a machine without a
 * known accelerator.
 */
function deviceOf(
  gpus: readonly string[],
  data: Readonly<Record<string, unknown>> | undefined,
): { readonly device?: string } {
  const said = data?.['device']
  const device = typeof said === 'string' ? said : ''
  if (gpus.length > 0 && /^(?:cuda(?::\d+)?)?$/.test(device))
    return { device: gpus.map((gpu) => `cuda:${gpu}`).join(',') }
  if (device !== '') return { device }
  return hasAccelerator() ? {} : { device: 'cpu' }
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
