/** Stops a trial whose value leaves given bounds. */
import { z } from 'zod'
import { valueText } from '../rungs/explain-rung.js'
import type { Goal } from '../objective.js'
import type { TrialId } from '../trial.js'
import { CheckInterval, intervalOptions } from './check-interval.js'
import { defineScheduler } from './definition.js'
import { type Registry, innerScheduler, makeInner } from './inner-scheduler.js'
import { RuleAround, type StoppingRule } from './stopping-rule.js'

export const thresholdOptions = z.strictObject({
  /** A smaller value stops the trial, whatever the goal; in the metric's unit. */
  lower: z.number().optional().describe('a smaller value stops the trial'),
  /** A larger value stops the trial, whatever the goal; in the metric's unit. */
  upper: z.number().optional().describe('a larger value stops the trial'),
  ...intervalOptions,
})
export type ThresholdOptions = z.infer<typeof thresholdOptions>

/** The check that goes with {@link thresholdOptions}, for `refine`. */
export const boundsInOrder: [check: (bounds: Pick<ThresholdOptions, 'lower' | 'upper'>) => boolean, fault: Fault] = [
  ({ lower = -Infinity, upper = Infinity }) => lower <= upper,
  { path: ['lower'], message: 'must not be above upper' },
]
interface Fault {
  path: string[]
  message: string
}

/**
 * The rule of Optuna's ThresholdPruner: a trial stops once a value lies below `lower` or above `upper` (the bounds
 * themselves are allowed). A value that is not a finite number always stops it; without bounds it is the only one that
 * does. O(1) per report.
 */
export class ThresholdRule implements StoppingRule {
  readonly #goal: Goal
  /** As losses: with goal `max` the bounds change places. */
  readonly #least: number
  readonly #most: number
  readonly #interval: CheckInterval
  #why = { trial: 0, resource: 0, loss: 0, due: false }

  constructor(options: ThresholdOptions, goal: Goal) {
    const { lower = -Infinity, upper = Infinity } = options
    this.#goal = goal
    this.#least = goal === 'min' ? lower : -upper
    this.#most = goal === 'min' ? upper : -lower
    this.#interval = new CheckInterval(options)
  }

  stops(trial: TrialId, resource: number, loss: number): boolean {
    const due = this.#interval.due(trial, resource)
    const why = this.#why
    why.trial = trial
    why.resource = resource
    why.loss = loss
    why.due = due
    return due && this.#outside(loss)
  }

  explain(): string {
    const { trial, resource, loss, due } = this.#why
    const head = `level ${resource}: trial ${trial} has ${valueText(loss, this.#goal)}`
    if (!due) return `${head}; not judged at this level`
    const [lower, upper] = this.#goal === 'min' ? [this.#least, this.#most] : [-this.#most, -this.#least]
    return `${head}; ${this.#outside(loss) ? 'not ' : ''}within ${lower} and ${upper}`
  }

  #outside(loss: number): boolean {
    return loss === Infinity || loss < this.#least || loss > this.#most
  }
}

export const thresholdStopping = (registry: Registry) =>
  defineScheduler({
    summary: 'Stops a trial whose value leaves given bounds; around any scheduler.',
    reference: 'Akiba et al. 2019, Optuna: A Next-generation Hyperparameter Optimization Framework',
    options: thresholdOptions.extend({ scheduler: innerScheduler(registry) }).refine(...boundsInOrder),
    pauses: false,
    laws: {
      dominance: 'also the best trial must keep within the bounds',
      monotone: 'the bounds are in the unit of the metric',
      mirror: 'the bounds are those of the metric as reported',
    },
    variants: [
      { upper: 1.5 },
      { lower: 0.5, upper: 2, warmupSteps: 3, intervalSteps: 2 },
      { upper: 1.5, scheduler: { type: 'asha-promotion' } },
    ],
    create: ({ scheduler, ...options }, context) =>
      new RuleAround(
        new ThresholdRule(options, context.objectives[0]!.goal),
        makeInner(registry, scheduler, context),
        context,
      ),
  })
