/** A table from the journal of a recording that was made elsewhere, e.g. by `trainer/drive.py` on a GPU machine. */
import { BenchError } from '../core/errors.js'
import type { TableData } from '../surrogates/table-data.js'
import { dataChecksums, programChecksum, recordingKey } from './recording.js'
import { planRecording } from './plan.js'
import { Progress } from './progress.js'
import { differenceOf, readRecordingJournal } from './record-journal.js'
import { recordedTable } from './recorded-table.js'
import type { Recording } from './recording.js'
import { type Whole, wholeConfigurations } from './whole-configurations.js'

/** What to make a table of. */
export interface FromJournalOptions {
  readonly recording: Recording
  readonly journal: string
  /** Checked against the journal's checksums if given. */
  readonly dataDir?: string | undefined
  /** Makes a table of the configurations all of whose trainings are there. Default false: all must be. */
  readonly allowPartial?: boolean | undefined
}

/** A table and what it is made of. */
export interface FromJournal extends Whole {
  readonly table: TableData
  /** Trainings of the plan. */
  readonly total: number
  /** Rows that failed. */
  readonly failed: number
}

/**
 * The table of a journal.
 *
 * @throws BenchError if the journal is of another recording, program, data or plan, or lacks trainings
 */
export function tableFromJournal(options: FromJournalOptions): FromJournal {
  const { recording, journal: path, dataDir, allowPartial } = options
  const { header, sessions, trainings, alone } = readRecordingJournal(path)
  const difference = differenceOf(header, {
    ...header,
    recording: recording.name,
    key: recordingKey(recording),
    program: programChecksum(recording.program),
    ...(dataDir === undefined ? {} : { data: dataChecksums(recording.program, dataDir) }),
  })
  if (difference !== undefined) throw new BenchError(`journal ${path} was recorded with ${difference}`)
  const plan = planRecording(recording)
  const { finished } = new Progress(plan, trainings, undefined)
  const whole = wholeConfigurations(plan, finished)
  const total = plan.trainings.length
  if (finished.size < total && allowPartial !== true)
    throw new BenchError(
      `journal ${path} holds ${finished.size} of ${total} trainings; go on recording, or add --allow-partial for a table ` +
        `of the ${whole.configurations} whole configurations`,
    )
  if (whole.configurations === 0)
    throw new BenchError(`journal ${path} holds no configuration with all its trainings; go on recording`)
  const table = recordedTable({ recording, plan, header, sessions, trainings, alone, finished: whole.finished })
  const failed = [...whole.finished.values()].filter(({ ended }) => ended === 'failed').length
  return { ...whole, table, total, failed }
}
