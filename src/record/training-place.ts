/** Where the trainings of a recording run when they are no processes of this machine. */
import type { Machine } from './machine.js'
import type { Training } from './plan.js'
import type { RecordingHeader } from './record-journal.js'
import type { FinishedTraining } from './run-trainings.js'

/** What a place is told when trainings are to run. */
export interface PlaceOptions {
  /** Trainings at a time. */
  readonly workers: number
  /** How often the recording was begun or gone on with before. */
  readonly session: number
  /** Of the journal: by this the place knows what an interrupted recorder left behind. */
  readonly header: RecordingHeader
  readonly onWarning?: ((text: string) => void) | undefined
  /** Ends all that runs; nothing of it is handed over. */
  readonly signal?: AbortSignal | undefined
}

export interface TrainingPlace {
  /** What the trainings have in common there. */
  readonly header: RecordingHeader
  readonly machine: Machine
  /** Runs trainings in the given order. @param onFinished what it throws ends the run, after all trainings are ended */
  readonly run: (
    trainings: readonly Training[],
    options: PlaceOptions,
    onFinished: (finished: FinishedTraining) => void,
  ) => Promise<void>
}
