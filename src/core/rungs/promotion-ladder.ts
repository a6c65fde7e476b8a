/** The walk over rungs of every scheduler that promotes: which trial a free worker gets, and where trials pause. */
import { grown } from '../collections/growable.js'
import { allFinite } from '../objective.js'
import type { Random } from '../random.js'
import { type Decision, type Job, type SchedulerContext, startJob } from '../scheduler.js'
import type { Searcher } from '../searcher.js'
import type { TrialId } from '../trial.js'
import { bracketProbabilities, drawBracket } from './brackets.js'
import type { RungPolicy } from './rung-policy.js'

/** A rung at which trials wait, whatever they are ranked by. */
export interface WaitingRung {
  readonly level: number
  /**
   * The best waiting trial if it passes among all entries of the rung, or -1.
   *
   * @param admits asked for waiting trials, best first, up to the first that it admits
   */
  promotable(admits?: (trial: TrialId, loss: number) => boolean): TrialId
  /** Takes the trial out that `promotable` gave. Its entry still counts. */
  take(): void
  /** The trial must not be promoted any more. Its entry still counts. */
  withdraw(trial: TrialId): void
}

export interface PromotionLadderOptions {
  readonly brackets: number
  /**
   * What becomes of a level that a trial jumped over. `judge`: it is filed and pauses there at the first report past it.
   * `ignore`: it goes on to the next level.
   */
  readonly skipped: 'judge' | 'ignore'
}

const [PAUSED, RUNNING] = [0, 1]

/**
 * Successive halving without waiting (Li et al. 2020, A System for Massively Parallel Hyperparameter Tuning, algorithm 2):
 * rungs are searched from the top for a trial to promote; only if there is none, a new trial starts. A trial of which a
 * value is not a finite number is stopped where it would pause: the tuner stops it anyway, so it must not be promoted.
 * When the searcher is used up, promotions go on.
 */
export class PromotionLadder<R extends WaitingRung> {
  /** Lowest first. */
  readonly rungs: readonly R[]
  /**
   * What the last answer was about: `asked` by a free worker, the trial promoted (-1: none) out of a rung (its index), or
   * by a report, its trial and the rung at which it was filed (-1: none).
   */
  readonly last = { asked: false, trial: -1, rung: -1 }
  readonly #file: (trial: TrialId, rung: number, values: Float64Array) => void
  readonly #searcher: Searcher
  readonly #maxResource: number
  readonly #ignoresSkipped: boolean
  readonly #policy: RungPolicy | undefined
  /** Per rung whether the policy lets a trial go on. */
  readonly #admits: readonly (((trial: TrialId, loss: number) => boolean) | undefined)[]
  readonly #bracketProbabilities: readonly number[]
  readonly #bracketRandom: Random
  /** Per trial the index of the rung at which it pauses next; the number of rungs on its way to the maximum. */
  #nextRung = new Int32Array(64)
  #status = new Uint8Array(64)
  #running = 0

  /** @param file files a trial at a rung (its index), with the values reported */
  constructor(
    rungs: readonly R[],
    options: PromotionLadderOptions,
    context: Pick<SchedulerContext, 'searcher' | 'maxResource' | 'random'>,
    file: (trial: TrialId, rung: number, values: Float64Array) => void,
    policy?: RungPolicy,
  ) {
    this.rungs = rungs
    this.#file = file
    this.#searcher = context.searcher
    this.#maxResource = context.maxResource
    this.#ignoresSkipped = options.skipped === 'ignore'
    this.#policy = policy
    this.#admits = rungs.map((_, j) => policy?.admits && ((trial, loss) => policy.admits!(trial, j, loss)))
    const levels = rungs.map(({ level }) => level)
    this.#bracketProbabilities = bracketProbabilities(levels, context.maxResource, options.brackets)
    this.#bracketRandom = context.random.stream('bracket')
  }

  /** As {@link Scheduler.next}. */
  next(trial: TrialId): Job {
    this.last.asked = true
    this.last.trial = -1
    for (let j = Math.min(this.rungs.length, this.#policy?.openRungs ?? Infinity) - 1; j >= 0; j--) {
      const promoted = this.rungs[j]!.promotable(this.#admits[j])
      if (promoted < 0) continue
      this.rungs[j]!.take()
      this.last.trial = promoted
      this.last.rung = j
      return { kind: 'resume', trial: promoted, until: this.#climb(promoted, j + 1) }
    }
    const suggestion = this.#searcher.suggest()
    if (suggestion === undefined) return this.#running > 0 ? 'wait' : 'exhausted'
    if (suggestion === 'wait') return 'wait'
    if (trial >= this.#nextRung.length) {
      this.#nextRung = grown(this.#nextRung, trial + 1)
      this.#status = grown(this.#status, trial + 1)
    }
    return startJob(suggestion, this.#climb(trial, drawBracket(this.#bracketProbabilities, this.#bracketRandom)))
  }

  /** As {@link Scheduler.onReport}. */
  onReport(trial: TrialId, resource: number, values: Float64Array): Decision {
    const { last, rungs } = this
    last.asked = false
    last.trial = trial
    last.rung = -1
    if (resource >= this.#maxResource) return 'continue'
    let j = this.#nextRung[trial]!
    if (this.#ignoresSkipped && j < rungs.length && rungs[j]!.level < resource) {
      while (j < rungs.length && rungs[j]!.level < resource) j++
      this.#nextRung[trial] = j
    }
    if (j >= rungs.length || resource < rungs[j]!.level) return 'continue'
    last.rung = j
    this.#file(trial, j, values)
    this.#status[trial] = PAUSED
    this.#running--
    return allFinite(values) ? 'pause' : 'stop'
  }

  /** As {@link Scheduler.onEnd}. */
  onEnd(trial: TrialId): void {
    if (this.#status[trial] === RUNNING) this.#running--
    else this.rungs[this.#nextRung[trial]!]?.withdraw(trial)
    this.#status[trial] = PAUSED
  }

  /** A trial runs up to a rung: its level, or the maximum above the top one. */
  #climb(trial: TrialId, rung: number): number {
    this.#status[trial] = RUNNING
    this.#nextRung[trial] = rung
    this.#running++
    return this.rungs[rung]?.level ?? this.#maxResource
  }
}
