/** The walk over rungs of every scheduler that stops trials: at which levels a report is judged. */
import { grown } from '../collections/growable.js'
import { invalid } from '../errors.js'
import type { Random } from '../random.js'
import { type Decision, type Job, type SchedulerContext, startJob } from '../scheduler.js'
import type { Searcher } from '../searcher.js'
import type { EndState, TrialId } from '../trial.js'
import { bracketProbabilities, drawBracket } from './brackets.js'

export interface StoppingLadderOptions {
  readonly brackets: number
  /**
   * What becomes of a level that a trial jumped over. `judge`: it is judged there at the first report past it. `ignore`:
   * it is not filed there and goes on. `late`: a report is filed at one level only, the highest reached where the trial is
   * not filed yet, so that lower ones fill up with later values.
   */
  readonly skipped: 'judge' | 'ignore' | 'late'
  /** A trial that ends by itself files its last values once more, at a level that is still open to it. With `late` only. */
  readonly refileLast: boolean
}

/** All brackets share one system of rungs; a trial goes on as long as it passes wherever it is filed. */
export class StoppingLadder {
  /** What the last answer was about: the trial, the rung at which it was filed last (-1: none), whether it passed there. */
  readonly last = { trial: -1, rung: -1, passes: true }
  readonly #levels: readonly number[]
  readonly #file: (trial: TrialId, rung: number, values: Float64Array) => boolean
  readonly #searcher: Searcher
  readonly #maxResource: number
  readonly #skipped: StoppingLadderOptions['skipped']
  readonly #bracketProbabilities: readonly number[]
  readonly #bracketRandom: Random
  /** Per trial the index of the rung at which it is judged next; with `late` its bracket. */
  #nextRung = new Int32Array(64)
  /** With `late`: per trial the rungs where it is filed, one bit each. */
  #filed = new Int32Array(64)
  /** With `refileLast`: the last report of each trial that runs. */
  readonly #reports: Map<TrialId, { resource: number; readonly values: Float64Array }> | undefined

  /**
   * @param levels lowest first
   * @param file files a trial at a rung (its index), with the values reported, and says whether it passes
   * @throws BenchError for options that contradict each other
   */
  constructor(
    levels: readonly number[],
    options: StoppingLadderOptions,
    context: Pick<SchedulerContext, 'searcher' | 'maxResource' | 'random'>,
    file: (trial: TrialId, rung: number, values: Float64Array) => boolean,
  ) {
    checkSkipped(options, levels.length)
    this.#levels = levels
    this.#file = file
    this.#searcher = context.searcher
    this.#maxResource = context.maxResource
    this.#skipped = options.skipped
    this.#reports = options.refileLast ? new Map() : undefined
    this.#bracketProbabilities = bracketProbabilities(levels, context.maxResource, options.brackets)
    this.#bracketRandom = context.random.stream('bracket')
  }

  /** As {@link Scheduler.next}. */
  next(trial: TrialId): Job {
    const job = startJob(this.#searcher.suggest())
    if (typeof job === 'string') return job
    if (trial >= this.#nextRung.length) {
      this.#nextRung = grown(this.#nextRung, trial + 1)
      this.#filed = grown(this.#filed, trial + 1)
    }
    this.#nextRung[trial] = drawBracket(this.#bracketProbabilities, this.#bracketRandom)
    return job
  }

  /** As {@link Scheduler.onReport}. */
  onReport(trial: TrialId, resource: number, values: Float64Array): Decision {
    this.last.trial = trial
    this.last.rung = -1
    if (this.#reports !== undefined) this.#keep(trial, resource, values)
    if (resource >= this.#maxResource) return 'continue'
    return this.#skipped === 'late' ? this.#judgeLate(trial, resource, values) : this.#judge(trial, resource, values)
  }

  /** As {@link Scheduler.onEnd}. */
  onEnd(trial: TrialId, state: EndState): void {
    const report = this.#reports?.get(trial)
    if (report === undefined) return
    this.#reports!.delete(trial)
    this.last.trial = trial
    if (state === 'completed') this.#judgeLate(trial, report.resource, report.values)
  }

  /** Files at every level reached, until it does not pass at one. */
  #judge(trial: TrialId, resource: number, values: Float64Array): Decision {
    const levels = this.#levels
    let j = this.#nextRung[trial]!
    if (this.#skipped === 'ignore') while (j < levels.length && levels[j]! < resource) j++
    if (j >= levels.length || resource < levels[j]!) return 'continue'
    let passes = true
    while (passes && j < levels.length && resource >= levels[j]!) passes = this.#file(trial, j++, values)
    this.#nextRung[trial] = j
    this.last.rung = j - 1
    this.last.passes = passes
    return passes ? 'continue' : 'stop'
  }

  /** Files at the highest level reached where the trial is not filed yet. */
  #judgeLate(trial: TrialId, resource: number, values: Float64Array): Decision {
    for (let j = this.#levels.length - 1; j >= this.#nextRung[trial]!; j--) {
      if (this.#levels[j]! > resource || (this.#filed[trial]! & (1 << j)) !== 0) continue
      this.#filed[trial]! |= 1 << j
      const passes = this.#file(trial, j, values)
      this.last.rung = j
      this.last.passes = passes
      return passes ? 'continue' : 'stop'
    }
    return 'continue'
  }

  /** A complete trial is not filed again. */
  #keep(trial: TrialId, resource: number, values: Float64Array): void {
    const kept = this.#reports!.get(trial)
    if (resource >= this.#maxResource) this.#reports!.delete(trial)
    else if (kept === undefined) this.#reports!.set(trial, { resource, values: values.slice() })
    else {
      kept.resource = resource
      kept.values.set(values)
    }
  }
}

function checkSkipped({ skipped, refileLast }: StoppingLadderOptions, rungs: number): void {
  if (refileLast && skipped !== 'late')
    throw invalid('refileLast', true, 'goes with skipped "late" only', 'set skipped to "late" or leave refileLast out')
  // Where a trial is filed is kept in one bit per rung.
  if (skipped === 'late' && rungs > 31)
    throw invalid(
      'skipped',
      'late',
      `needs 31 rungs at most, and there are ${rungs}`,
      'raise gracePeriod or reductionFactor',
    )
}
