/** The second pass of a recording: each recorded configuration once more, with nothing beside it, for its times. */
import type { JournalWriter } from '../store/journal.js'
import type { Plan, Training } from './plan.js'
import { type RecordProgress, TRIES } from './progress.js'
import type { AloneTraining, RecordedTraining } from './record-journal.js'
import { type RunOptions, runTrainings } from './run-trainings.js'
import type { TrainingResult } from './training-result.js'

/** How far a pass alone is, in configurations. */
export interface AloneState {
  /** Measured for as many levels as asked for, or tried in vain. */
  readonly done: number
  readonly total: number
  /** Among `done`. */
  readonly failed: number
}

interface AloneOptions extends RunOptions {
  readonly onProgress?: ((progress: RecordProgress) => void) | undefined
}

/** Which configurations are measured alone, for so many levels. */
export class AlonePass {
  /** All lines of the journal, in their order. */
  readonly lines: AloneTraining[]
  readonly #levels: number | undefined
  readonly #trainings: readonly Training[]

  /**
   * @param finished the recorded trainings: repetition 0 of each configuration that did not fail is measured, in the plan's
   *   `wholeOrder`, so that what there is when time runs out is a random sample of the configurations
   * @param levels undefined: there is no pass now
   */
  constructor(
    plan: Plan,
    finished: ReadonlyMap<number, RecordedTraining>,
    lines: readonly AloneTraining[],
    levels: number | undefined,
  ) {
    this.lines = [...lines]
    this.#levels = levels
    this.#trainings = plan.wholeOrder
      .map((index) => plan.trainings[index]!)
      .filter(({ index, repetition }) => repetition === 0 && (finished.get(index)?.ended ?? 'failed') !== 'failed')
  }

  get state(): AloneState | undefined {
    if (this.#levels === undefined) return undefined
    const last = this.#trainings.flatMap(({ index }) => this.#of(index).at(-1) ?? [])
    const failed = last.filter(({ ended }) => ended === 'failed').length
    return { done: last.length, total: this.#trainings.length, failed }
  }

  /** What is left; a failed one gets a second try. */
  waiting(): Training[] {
    return this.#trainings.filter(({ index }) => {
      const lines = this.#of(index)
      return lines.at(-1)?.ended !== 'completed' && lines.length < TRIES
    })
  }

  /** Runs what is left, one at a time; every line is in the journal before the next training. */
  async run({ onProgress, ...options }: AloneOptions, writer: JournalWriter): Promise<void> {
    const levels = this.#levels!
    const began = performance.now()
    let now = 0
    await runTrainings({ ...options, untilOf: () => levels }, this.waiting(), (finished) => {
      const { training, result, directory: _directory, data: _data, running, ...facts } = finished
      const line: AloneTraining = { event: 'alone', ...training, ...aloneResult(result, levels), ...facts }
      writer.append({ ...line })
      this.lines.push(line)
      const perSecond = (++now * 1000) / (performance.now() - began)
      const secondsLeft = this.waiting().length / perSecond
      onProgress?.({ ...this.state!, running, perHour: perSecond * 3600, secondsLeft, latest: undefined })
    })
  }

  /** The lines of a training that count: an earlier pass may have measured fewer levels. */
  #of(index: number): readonly AloneTraining[] {
    return this.lines.filter(
      (line) => line.index === index && (line.ended === 'failed' || line.elapsed.length >= this.#levels!),
    )
  }
}

/** What is kept: times and finite static metrics of the first levels, no curves. */
function aloneResult(
  result: TrainingResult,
  levels: number,
): Pick<AloneTraining, 'ended' | 'reason' | 'elapsed' | 'statics' | 'elapsedSource' | 'startup' | 'startupSource'> {
  const { elapsedSource, startup, startupSource } = result
  const enough = result.elapsed.length >= levels
  return {
    ended: enough ? 'completed' : 'failed',
    reason: enough ? '' : result.reason,
    elapsed: result.elapsed.slice(0, levels),
    statics: Object.fromEntries(Object.entries(result.statics).filter(([, value]) => Number.isFinite(value))),
    elapsedSource,
    startup,
    startupSource,
  }
}
