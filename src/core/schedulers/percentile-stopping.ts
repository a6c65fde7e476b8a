/** Stops a trial whose best value so far is worse than a percentile of the completed trials at the same level. */
import { z } from 'zod'
import { valueText } from '../rungs/explain-rung.js'
import type { Goal } from '../objective.js'
import { SortedNumbers } from '../collections/sorted-numbers.js'
import { TrialHistories } from '../collections/trial-history.js'
import type { EndState, TrialId } from '../trial.js'
import { CheckInterval, intervalOptions } from './check-interval.js'
import { defineScheduler } from './definition.js'
import { type Registry, innerScheduler, makeInner } from './inner-scheduler.js'
import { RuleAround, type StoppingRule } from './stopping-rule.js'

export const percentileOptions = z.strictObject({
  /** 25 keeps about the best quarter; 50 is the median. */
  percentile: z.number().min(0).max(100).default(50).describe('25 keeps about the best quarter; 50 is the median'),
  /** No trial is stopped before so many have completed (one at least). */
  startupTrials: z.int().min(0).default(5).describe('no trial is stopped before so many have completed'),
  ...intervalOptions,
  /** No trial is stopped at a level that fewer completed trials have reported. */
  minTrials: z.int().min(1).default(1).describe('no trial is stopped at a level with fewer completed trials'),
})

/**
 * The rule of Optuna's PercentilePruner and, at 50, of its MedianPruner (Akiba et al. 2019, Optuna: A Next-generation
 * Hyperparameter Optimization Framework): a trial stops if the best of its values so far is worse than the percentile, with
 * linear interpolation, of what completed trials reported at the same level. Trials that run, failed or were stopped do
 * not count. A value that is not a finite number counts as the worst (Optuna leaves it out); a trial that never reported a
 * number stops at the first judgement.
 *
 * Takes O(log n) per report, and as much again per level when a trial completes, for n completed trials.
 */
export class PercentileRule implements StoppingRule {
  readonly #options: z.infer<typeof percentileOptions>
  readonly #goal: Goal
  readonly #interval: CheckInterval
  /** By level what completed trials reported there. */
  readonly #completed = new Map<number, SortedNumbers>()
  readonly #histories = new TrialHistories()
  #completedTrials = 0
  #why = { trial: 0, resource: 0, best: 0, due: false, stops: false }

  /** @param goal for explanations, which show values as they were reported */
  constructor(options: z.infer<typeof percentileOptions>, goal: Goal) {
    this.#options = options
    this.#goal = goal
    this.#interval = new CheckInterval(options)
  }

  stops(trial: TrialId, resource: number, loss: number): boolean {
    const { best } = this.#histories.append(trial, resource, loss)
    const due = this.#interval.due(trial, resource)
    const why = this.#why
    why.trial = trial
    why.resource = resource
    why.best = best
    why.due = due
    why.stops = due && this.#enoughCompleted && (best === Infinity || best > this.#bound(resource))
    return why.stops
  }

  onEnd(trial: TrialId, state: EndState): void {
    const history = this.#histories.take(trial)
    if (state !== 'completed' || history === undefined) return
    this.#completedTrials++
    for (let i = 0; i < history.length; i++) {
      const resource = history.resources[i]!
      let level = this.#completed.get(resource)
      if (level === undefined) this.#completed.set(resource, (level = new SortedNumbers()))
      level.insert(history.losses[i]!)
    }
  }

  explain(): string {
    const { trial, resource, best, due, stops } = this.#why
    const { percentile, startupTrials, minTrials } = this.#options
    const head = `level ${resource}: the best of trial ${trial} is ${valueText(best, this.#goal)}`
    if (!due) return `${head}; not judged at this level`
    if (!this.#enoughCompleted) return `${head}; not judged before ${Math.max(1, startupTrials)} trials completed`
    const entries = this.#completed.get(resource)?.size ?? 0
    if (entries < minTrials && !stops) return `${head}; ${entries} < ${minTrials} completed trials to compare with`
    return (
      `${head}, the percentile ${percentile} of ${entries} completed trials ` +
      `${valueText(this.#bound(resource), this.#goal)}; it ${stops ? 'is stopped' : 'goes on'}`
    )
  }

  get #enoughCompleted(): boolean {
    return this.#completedTrials >= Math.max(1, this.#options.startupTrials)
  }

  /** The percentile at a level; Infinity where too few trials completed it. */
  #bound(resource: number): number {
    const level = this.#completed.get(resource)
    if (level === undefined || level.size < this.#options.minTrials) return Infinity
    return level.quantile(this.#options.percentile / 100)
  }
}

export const percentileStopping = (registry: Registry) =>
  defineScheduler({
    summary: 'Stops a trial whose best value is worse than a percentile of completed trials; around any scheduler.',
    reference: 'Akiba et al. 2019, Optuna: A Next-generation Hyperparameter Optimization Framework',
    options: percentileOptions.extend({ scheduler: innerScheduler(registry) }),
    pauses: false,
    laws: {
      dominance: true,
      monotone: 'the percentile is interpolated between two values',
      mirror: true,
    },
    variants: [
      { startupTrials: 1, percentile: 25 },
      { startupTrials: 2, warmupSteps: 2, intervalSteps: 3, minTrials: 3 },
      { startupTrials: 0, percentile: 0, scheduler: { type: 'asha-stopping' } },
      { startupTrials: 1, scheduler: { type: 'asha-promotion', reductionFactor: 2 } },
    ],
    create: ({ scheduler, ...options }, context) =>
      new RuleAround(
        new PercentileRule(options, context.objectives[0]!.goal),
        makeInner(registry, scheduler, context),
        context,
      ),
  })
