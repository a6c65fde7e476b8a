/** What of a recording is finished, what is left, and how fast it goes. */
import type { Plan, Training } from './plan.js'
import type { RecordedTraining } from './record-journal.js'

/** How often a training that fails is run, over all sessions. */
export const TRIES = 2

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

/** Which trainings are finished, and how fast. */
export class Progress {
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

  /** What is left to run, in an order of the plan; failed trainings get a second try. */
  waiting(order: readonly number[] = this.plan.order): Training[] {
    return order
      .map((index) => this.plan.trainings[index]!)
      .filter(({ index }) => {
        const last = this.finished.get(index)
        return last === undefined || (last.ended === 'failed' && this.#tries.get(index)! < TRIES)
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
