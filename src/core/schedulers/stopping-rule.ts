/** Stopping rules: they look at the reports of trials and stop some, whatever scheduler runs inside. */
import { type Goal, toLoss } from '../objective.js'
import type { Decision, Job, Scheduler, SchedulerContext } from '../scheduler.js'
import type { EndState, TrialId } from '../trial.js'

/** Which trials to stop. It is told of every report and of every end, so it may keep what it needs per trial. */
export interface StoppingRule {
  /** A trial reported. @param loss smaller is better; +Infinity for whatever is not a finite number */
  stops(trial: TrialId, resource: number, loss: number): boolean
  /** A trial ended, for whatever reason: nothing more of it will come. */
  onEnd?(trial: TrialId, state: EndState): void
  /** Why the last answer was given, in a line for people. */
  explain(): string
}

/**
 * A scheduler with a stopping rule around it. Both see every report and every end; a trial is stopped if either says so.
 * The rule looks at the first objective. A trial that reached the maximum resource completes in any case.
 */
export class RuleAround implements Scheduler {
  readonly #rule: StoppingRule
  readonly #inner: Scheduler
  readonly #goal: Goal
  readonly #maxResource: number
  /** Whether the last question was a report. */
  #reported = false

  constructor(rule: StoppingRule, inner: Scheduler, context: SchedulerContext) {
    this.#rule = rule
    this.#inner = inner
    this.#goal = context.objectives[0]!.goal
    this.#maxResource = context.maxResource
  }

  next(trial: TrialId): Job {
    this.#reported = false
    return this.#inner.next(trial)
  }

  onReport(trial: TrialId, resource: number, values: Float64Array): Decision {
    this.#reported = true
    const decision = this.#inner.onReport(trial, resource, values)
    const stops = this.#rule.stops(trial, resource, toLoss(values[0]!, this.#goal))
    if (!stops && decision !== 'stop') return decision
    if (resource < this.#maxResource) {
      if (decision !== 'stop') this.#inner.onEnd(trial, 'stopped')
      this.#rule.onEnd?.(trial, 'stopped')
    }
    return 'stop'
  }

  onEnd(trial: TrialId, state: EndState): void {
    this.#inner.onEnd(trial, state)
    this.#rule.onEnd?.(trial, state)
  }

  explain(): string {
    const inner = this.#inner.explain?.()
    const rule = this.#reported ? [this.#rule.explain()] : []
    return [...rule, ...(inner === undefined ? [] : [inner])].join('\n')
  }
}
