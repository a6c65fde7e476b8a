/** What synchronous successive halving and Hyperband share: brackets whose rungs are judged when they are full. */
import { z } from 'zod'
import { rungText, valueText } from '../rungs/explain-rung.js'
import { grown } from '../collections/growable.js'
import { NumberHeap } from '../collections/heap.js'
import { BRACKET_SIZES, type RungSize } from '../rungs/hyperband-brackets.js'
import { type Goal, allFinite, toLoss } from '../objective.js'
import { type Decision, type Job, type Scheduler, type SchedulerContext, startJob } from '../scheduler.js'
import type { Searcher } from '../searcher.js'
import { SynchronousBracket } from '../rungs/synchronous-bracket.js'
import type { EndState, TrialId } from '../trial.js'

export const synchronousOptions = z.strictObject({
  /** The least level at which trials are compared, in units of the resource. */
  gracePeriod: z.int().min(1).default(1).describe('least level at which trials are compared'),
  /** eta: one of eta trials passes a rung. */
  reductionFactor: z.number().min(2).default(3).describe('eta: one of eta trials passes a rung'),
  /** How large the rungs are; see {@link BRACKET_SIZES}. */
  sizes: z.enum(BRACKET_SIZES).default('algorithm').describe('how large the rungs are'),
  /**
   * What a worker does for which the rungs that run have no slot: `next-bracket` opens the next bracket, `wait` lets it
   * wait until a rung is full.
   */
  idle: z.enum(['next-bracket', 'wait']).default('next-bracket').describe('what a worker without a slot does'),
})
export type SynchronousOptions = z.infer<typeof synchronousOptions>

/** Settings under which the laws are tested, beside the defaults. */
export const synchronousVariants: z.input<typeof synchronousOptions>[] = [
  { idle: 'wait' },
  { sizes: 'table', reductionFactor: 2 },
  { sizes: 'syne-tune', gracePeriod: 2 },
]

const [RUNNING, PAUSED, COMPLETE] = [0, 1, 2]

/**
 * Runs brackets of the given types in turn, again and again. A trial pauses at the level of its rung. When a rung is
 * full its best trials go on to the next one, as many as that has slots; equal values in the order of their slots. A
 * free worker takes a slot of the oldest bracket that has one. Trials that failed, diverged, were stopped or ended early
 * rank last and never go on. When the searcher is used up, the last bracket shrinks to the trials it has, and its rungs
 * are filled as far as that goes.
 *
 * A report costs O(1), a rung of n trials O(n log n) once, a free worker O(log(brackets that run)).
 */
export class SynchronousHalving implements Scheduler {
  readonly #searcher: Searcher
  readonly #goal: Goal
  readonly #maxResource: number
  readonly #types: readonly (readonly RungSize[])[]
  readonly #waits: boolean
  /** Brackets that are not over, by number. One that is not in `#ready` has a running trial, or free slots for new ones. */
  readonly #active = new Map<number, SynchronousBracket>()
  /** Numbers of the brackets with a rung to be judged or trials to be promoted; the oldest on top. */
  readonly #ready = new NumberHeap()
  /** The bracket opened last: the only one whose first rung may have free slots. */
  #newest: SynchronousBracket | undefined
  #opened = 0
  #usedUp = false
  /** Per trial: its bracket, the level at which it pauses, and how it is. */
  #bracket = new Int32Array(64)
  #until = new Int32Array(64)
  #status = new Uint8Array(64)
  /** What the last answer was about, for {@link explain}: -1 for no trial, no loss where none was filed. */
  readonly #last: { trial: TrialId; bracket: SynchronousBracket | undefined; loss: number } = {
    trial: -1,
    bracket: undefined,
    loss: Number.NaN,
  }

  /** @param types the brackets' rungs, in the order in which brackets open */
  constructor(types: readonly (readonly RungSize[])[], options: SynchronousOptions, context: SchedulerContext) {
    this.#types = types
    this.#waits = options.idle === 'wait'
    this.#searcher = context.searcher
    this.#goal = context.objectives[0]!.goal
    this.#maxResource = context.maxResource
  }

  next(trial: TrialId): Job {
    this.#note(-1, undefined)
    for (;;) {
      const promoted = this.#promote()
      if (promoted !== undefined) return promoted
      if (this.#usedUp) return this.#active.size > 0 ? 'wait' : 'exhausted'
      if (this.#newest === undefined || this.#newest.free === 0) {
        if (this.#waits && this.#active.size > 0) return 'wait'
        this.#open()
      }
      const bracket = this.#newest!
      const suggestion = this.#searcher.suggest()
      if (suggestion === 'wait') return 'wait'
      if (suggestion === undefined) {
        this.#usedUp = true
        bracket.close()
        if (bracket.size === 0) this.#active.delete(bracket.number)
        else if (bracket.full) this.#ready.push(bracket.number)
        continue
      }
      bracket.add(trial)
      if (trial >= this.#status.length) {
        this.#bracket = grown(this.#bracket, trial + 1)
        this.#until = grown(this.#until, trial + 1)
        this.#status = grown(this.#status, trial + 1)
      }
      this.#bracket[trial] = bracket.number
      this.#run(trial, bracket)
      return startJob(suggestion, bracket.level)
    }
  }

  onReport(trial: TrialId, resource: number, values: Float64Array): Decision {
    if (resource < this.#until[trial]!) {
      this.#note(trial, undefined)
      return 'continue'
    }
    const complete = resource >= this.#maxResource
    this.#status[trial] = complete ? COMPLETE : PAUSED
    // Of any objective: the tuner stops such a trial, so it must not go on.
    const loss = allFinite(values) ? toLoss(values[0]!, this.#goal) : Infinity
    this.#fill(trial, loss)
    return complete ? 'continue' : loss === Infinity ? 'stop' : 'pause'
  }

  onEnd(trial: TrialId, _state: EndState): void {
    const status = this.#status[trial]
    if (status === COMPLETE) return
    this.#status[trial] = COMPLETE
    if (status === RUNNING) this.#fill(trial, Infinity)
    else this.#active.get(this.#bracket[trial]!)?.fill(trial, Infinity)
  }

  explain(): string {
    const { trial, bracket, loss } = this.#last
    if (trial < 0) return this.#explainNothing()
    if (bracket === undefined)
      return `trial ${trial} runs on to level ${this.#until[trial]!}, where its bracket compares`
    const name = `bracket ${bracket.number}, rung ${bracket.rung} at level ${bracket.level}`
    if (!Number.isNaN(loss)) {
      const [losses, goes] = [bracket.sorted(), bracket.sizes[bracket.rung + 1]?.trials ?? 0]
      return (
        `${name}: trial ${trial} is filed with ${valueText(loss, this.#goal)}, ${losses.length} of ${bracket.size} are in, ` +
        `${goes} go on when it is full\n${rungText(losses, Infinity, this.#goal)}`
      )
    }
    const { judged } = bracket
    if (judged === undefined) return `${name}: trial ${trial} is new, ${bracket.free} slots are left`
    const cutoff = judged.losses[judged.passed - 1]!
    return (
      `${name}: trial ${trial} is among the best ${judged.passed} of ${judged.losses.length} at level ${judged.level}\n` +
      rungText(judged.losses, cutoff, this.#goal)
    )
  }

  #explainNothing(): string {
    const lines = Array.from(
      this.#active.values(),
      (bracket) =>
        `bracket ${bracket.number}, rung ${bracket.rung} at level ${bracket.level}: ` +
        `${bracket.sorted().length} of ${bracket.size} are in, ${bracket.free} slots are left`,
    )
    return lines.length === 0 ? 'no bracket runs' : lines.join('\n')
  }

  /** Resumes the next trial that passed a full rung, of the oldest bracket that has one. */
  #promote(): Job | undefined {
    while (this.#ready.size > 0) {
      const bracket = this.#active.get(this.#ready.top)
      // A bracket is noted twice where the last trials to be promoted were stopped while they waited.
      if (bracket === undefined || (bracket.full && !bracket.advance())) {
        this.#active.delete(this.#ready.pop())
        continue
      }
      const trial = bracket.promote()
      if (trial >= 0) {
        this.#run(trial, bracket)
        return { kind: 'resume', trial, until: bracket.level }
      }
      if (!bracket.full) this.#ready.pop()
    }
    return undefined
  }

  #run(trial: TrialId, bracket: SynchronousBracket): void {
    this.#until[trial] = bracket.level
    this.#status[trial] = RUNNING
    this.#note(trial, bracket)
  }

  /** A trial has got to its level or never will; judging waits until a worker is free, for it may still be stopped. */
  #fill(trial: TrialId, loss: number): void {
    const bracket = this.#active.get(this.#bracket[trial]!)!
    bracket.fill(trial, loss)
    if (bracket.full) this.#ready.push(bracket.number)
    this.#note(trial, bracket, loss)
  }

  #note(trial: TrialId, bracket: SynchronousBracket | undefined, loss = Number.NaN): void {
    const last = this.#last
    last.trial = trial
    last.bracket = bracket
    last.loss = loss
  }

  #open(): void {
    const number = this.#opened++
    this.#newest = new SynchronousBracket(number, this.#types[number % this.#types.length]!)
    this.#active.set(number, this.#newest)
  }
}
