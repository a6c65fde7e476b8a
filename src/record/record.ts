/** Runs the trainings of a recording, keeps each one the moment it ends, and writes the table when all are done. */
import { resolve } from 'node:path'
import { type ResourceOptions, resolveResources } from '../backends/local/resources/resources.js'
import { BenchError, invalid } from '../core/errors.js'
import type { JournalWriter } from '../store/journal.js'
import { writeTable } from '../surrogates/write.js'
import { type Machine, thisMachine } from './machine.js'
import { type Training, planRecording } from './plan.js'
import { Progress, type RecordProgress } from './progress.js'
import { openRecordingJournal } from './record-journal.js'
import { recordedTable } from './recorded-table.js'
import type { Recording } from './recording.js'
import { recordingHeader } from './recording-header.js'
import { trainingNeeds } from './training-program.js'
import { AlonePass, type AloneState } from './run-alone.js'
import { type FinishedTraining, runTrainings } from './run-trainings.js'
import type { TrainingPlace } from './training-place.js'
import { describeMissing, wholeConfigurations } from './whole-configurations.js'

/** So many failed trainings in a row end a recording. */
export const FAILURES_IN_A_ROW = 5

/** What to record and where to. */
export interface RecordOptions {
  readonly recording: Recording
  /** The folder with the data; needed if the program takes data. */
  readonly dataDir?: string | undefined
  /** Trainings at a time. */
  readonly workers: number
  /** Where trainings run. Default: in processes of this machine, to which the next two options belong. */
  readonly place?: TrainingPlace | undefined
  /** What each training gets of the machine. Default: a GPU where there are some, and its share of the cores. */
  readonly resources?: ResourceOptions | undefined
  /** A training that runs longer fails, in seconds. Default: what the recording says, if anything. */
  readonly timeLimit?: number | undefined
  /** The table, `<name>.arrow`. */
  readonly out: string
  /** Default `<out>.journal.jsonl`. */
  readonly journal?: string | undefined
  /** The folder for the output of trainings; those that did not fail are cleared. Default `<out>.logs`. */
  readonly logs?: string | undefined
  /**
   * Writes a table also when trainings are missing: of the configurations that have all of theirs. Trainings then run in
   * the plan's `wholeOrder`. Default false.
   */
  readonly allowPartial?: boolean | undefined
  /**
   * Runs the second pass instead: each configuration that is recorded once more, one at a time, ended after so many levels,
   * for its times; see `alone-pass.ts`. Default: trainings are recorded.
   */
  readonly aloneLevels?: number | undefined
  readonly onProgress?: ((progress: RecordProgress) => void) | undefined
  readonly onWarning?: ((text: string) => void) | undefined
  /** Ends the recording; everything finished is kept. */
  readonly signal?: AbortSignal | undefined
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
  /** What the table lacks, in words; undefined if nothing. */
  readonly lacks: string | undefined
  readonly journal: string
  /** How far the second pass is, in configurations; undefined if it was not asked for. */
  readonly alone: AloneState | undefined
}

/**
 * Records, or goes on with a recording that was interrupted: what its journal holds is not run again, except that a
 * failed training gets one more try. With everything recorded it only writes the table again.
 *
 * @throws BenchError if the journal belongs to something else, or if {@link FAILURES_IN_A_ROW} trainings failed
 */
export async function record(options: RecordOptions): Promise<RecordResult> {
  const { recording, out, aloneLevels } = options
  const workers = aloneLevels === undefined ? options.workers : 1
  const { levels } = recording.resource
  if (aloneLevels !== undefined && !(Number.isInteger(aloneLevels) && aloneLevels >= 1 && aloneLevels <= levels))
    throw invalid('the levels of the pass alone', aloneLevels, `must be a whole number from 1 to ${levels}`)
  if (!Number.isInteger(workers) || workers < 1) throw invalid('workers', workers, 'must be a whole number from 1 on')
  const plan = planRecording(recording)
  const path = options.journal ?? `${out}.journal.jsonl`
  const header = options.place?.header ?? recordingHeader(recording, options.dataDir)
  const { writer, journal } = openRecordingJournal(path, header)
  const state = new Progress(plan, journal.trainings, options.onProgress)
  const sessions = [...journal.sessions]
  const pass = new AlonePass(plan, state.finished, journal.alone, aloneLevels)
  try {
    if ((aloneLevels === undefined ? state : pass).waiting().length > 0) {
      const begin = (machine: Machine): void => {
        const session = { event: 'session', at: new Date().toISOString(), workers, ...machine } as const
        writer.append(session)
        sessions.push(session)
      }
      const { place } = options
      if (place !== undefined) {
        begin(place.machine)
        const given = { ...options, workers, session: sessions.length - 1, header: journal.header }
        await recordTrainings(options, state, { writer, session: sessions.length - 1 }, (trainings, onFinished) =>
          place.run(trainings, given, onFinished),
        )
      } else {
        const resources = resolveResources(options.resources ?? {}, trainingNeeds(recording, workers))
        begin(thisMachine(resources.gpus))
        const given = { ...options, workers, resources, logs: logsOf(options) }
        if (aloneLevels !== undefined) await pass.run(given, writer)
        else
          await recordTrainings(options, state, { writer, session: sessions.length - 1 }, (trainings, onFinished) =>
            runTrainings(given, trainings, onFinished),
          )
      }
    }
  } finally {
    writer.close()
  }
  const { done, failed, trainings } = state
  const total = plan.trainings.length
  const whole = wholeConfigurations(plan, state.finished)
  const write = done === total || (options.allowPartial === true && whole.configurations > 0)
  const alone = pass.lines
  if (write)
    writeTable(out, recordedTable({ recording, plan, header, sessions, trainings, alone, finished: whole.finished }))
  const status = done === total ? 'complete' : 'interrupted'
  const lacks = describeMissing(whole)
  return { status, done, total, failed, table: write ? out : undefined, lacks, journal: path, alone: pass.state }
}

/** Runs what is left; every training is in the journal before the next one is looked at. */
async function recordTrainings(
  options: RecordOptions,
  state: Progress,
  { writer, session }: { readonly writer: JournalWriter; readonly session: number },
  run: (trainings: readonly Training[], onFinished: (finished: FinishedTraining) => void) => Promise<void>,
): Promise<void> {
  let lastData = state.lastData
  let failuresInARow = 0
  const { order, wholeOrder } = state.plan
  const waiting = state.waiting(options.allowPartial === true ? wholeOrder : order)
  await run(waiting, (finished) => {
    const { training, result, directory, running, data, ...facts } = finished
    const described = JSON.stringify(data)
    const news = described === undefined || described === lastData ? {} : { data }
    const line = { event: 'training', ...training, ...result, ...news, ...facts } as const
    writer.append(line)
    lastData = described ?? lastData
    state.finish({ ...line, session }, running)
    failuresInARow = result.ended === 'failed' ? failuresInARow + 1 : 0
    if (failuresInARow >= FAILURES_IN_A_ROW)
      throw new BenchError(
        `${failuresInARow} trainings in a row failed, the last: ${result.reason} (its output is in ${directory}); ` +
          'everything recorded is kept: put the program right and run the same command again',
        { exitCode: 1 },
      )
  })
}

function logsOf({ logs, out }: RecordOptions): string {
  return resolve(logs ?? `${out}.logs`)
}
