/** The median stopping rule: a trial in the worse half of all that came to its level is stopped. */
import { z } from 'zod'
import { valueText } from '../rungs/explain-rung.js'
import type { Goal } from '../objective.js'
import { pairwiseSum } from '../collections/pairwise-sum.js'
import { SortedNumbers } from '../collections/sorted-numbers.js'
import { TrialHistories } from '../collections/trial-history.js'
import type { TrialId } from '../trial.js'
import { defineScheduler } from './definition.js'
import { type Registry, innerScheduler, makeInner } from './inner-scheduler.js'
import { RuleAround, type StoppingRule } from './stopping-rule.js'

export const medianOptions = z.strictObject({
  /** Compare a trial's mean over all its reports so far, as published, rather than its last value. */
  runningAverage: z.boolean().default(true).describe('compare means over all reports so far, not last values'),
  /** No trial is stopped below this level, in units of the resource; null: from the first report on. */
  graceTime: z.number().min(0).nullable().default(1).describe('no trial is stopped below this resource level'),
  /** No trial is stopped at a level with fewer entries than this, its own included; null: from the first on. */
  gracePopulation: z.int().min(0).nullable().default(5).describe('no trial is stopped at a level with fewer entries'),
  /** A trial is stopped if a larger part of its level's entries is strictly better; 0.5 is the median. */
  rankCutoff: z.number().min(0).max(1).default(0.5).describe('stopped if a larger part of the entries is better'),
})

/**
 * The median stopping rule of Golovin et al. 2017 (Google Vizier: A Service for Black-Box Optimization, section 3.2.2), with
 * the decisions of Syne Tune 0.13: at every level the trial's running mean (or its value) is entered, and the trial stops
 * if `better / n > rankCutoff`, where `better` of the n entries, its own included, are strictly better. Entries of ended
 * trials stay. A value that is not a finite number makes the mean worst from there on.
 *
 * Per report: O(log n) to enter (see {@link SortedNumbers}) and O(r) additions for the mean over r reports, taken anew in
 * numpy's order so that it is the reference's to the last bit; below 0.1 microseconds at r = 81.
 */
export class MedianRule implements StoppingRule {
  readonly #options: z.infer<typeof medianOptions>
  readonly #goal: Goal
  readonly #levels = new Map<number, SortedNumbers>()
  readonly #histories = new TrialHistories()
  #last = { trial: 0, resource: 0, loss: 0, better: 0, entries: 0, stops: false }

  /** @param goal for explanations, which show values as they were reported */
  constructor(options: z.infer<typeof medianOptions>, goal: Goal) {
    this.#options = options
    this.#goal = goal
  }

  stops(trial: TrialId, resource: number, loss: number): boolean {
    const { runningAverage, graceTime, gracePopulation, rankCutoff } = this.#options
    const entered = runningAverage ? this.#mean(trial, resource, loss) : loss
    let level = this.#levels.get(resource)
    if (level === undefined) this.#levels.set(resource, (level = new SortedNumbers()))
    const better = level.insert(entered)
    const entries = level.size
    const judged = entries >= (gracePopulation ?? 0) && resource >= (graceTime ?? 0)
    const stops = judged && better / entries > rankCutoff
    const last = this.#last
    last.trial = trial
    last.resource = resource
    last.loss = entered
    last.better = better
    last.entries = entries
    last.stops = stops
    return stops
  }

  onEnd(trial: TrialId): void {
    this.#histories.take(trial)
  }

  explain(): string {
    const { runningAverage, graceTime, gracePopulation, rankCutoff } = this.#options
    const { trial, resource, loss, better, entries, stops } = this.#last
    const place =
      `level ${resource}: ${better} of ${entries} entries are better than trial ${trial} with ` +
      `${runningAverage ? 'the mean ' : ''}${valueText(loss, this.#goal)}`
    if (entries < (gracePopulation ?? 0)) return `${place}; not judged with fewer than ${gracePopulation} entries`
    if (resource < (graceTime ?? 0)) return `${place}; not judged below ${graceTime}`
    return `${place}; ${better / entries} ${stops ? '>' : '<='} ${rankCutoff}, ${stops ? 'it is stopped' : 'it goes on'}`
  }

  #mean(trial: TrialId, resource: number, loss: number): number {
    const { losses, length } = this.#histories.append(trial, resource, loss)
    const mean = pairwiseSum(losses, 0, length) / length
    // -Infinity from an overflow and +Infinity for what is not a number do not add up.
    return Number.isNaN(mean) ? Infinity : mean
  }
}

export const medianStopping = (registry: Registry) =>
  defineScheduler({
    summary: 'Stops a trial that is worse than the median at its level; around any scheduler.',
    reference: 'Golovin et al. 2017, Google Vizier: A Service for Black-Box Optimization',
    options: medianOptions.extend({ scheduler: innerScheduler(registry) }),
    pauses: false,
    laws: {
      dominance: true,
      monotone: 'means of transformed values are not transformed means; with runningAverage: false it holds',
      mirror: true,
    },
    variants: [
      { runningAverage: false, gracePopulation: 2 },
      { gracePopulation: null, graceTime: 3, rankCutoff: 0.25 },
      { scheduler: { type: 'asha-stopping', reductionFactor: 2 } },
      { gracePopulation: 2, scheduler: { type: 'asha-promotion' } },
    ],
    create: ({ scheduler, ...options }, context) =>
      new RuleAround(
        new MedianRule(options, context.objectives[0]!.goal),
        makeInner(registry, scheduler, context),
        context,
      ),
  })
