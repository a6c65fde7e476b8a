/** Stops a trial that has not improved for a while; alone, or as patience with another stopping rule. */
import { z } from 'zod'
import { valueText } from '../rungs/explain-rung.js'
import { grown } from '../collections/growable.js'
import type { Goal } from '../objective.js'
import { TrialHistories } from '../collections/trial-history.js'
import type { EndState, TrialId } from '../trial.js'
import { defineScheduler } from './definition.js'
import { type Registry, innerScheduler, makeInner } from './inner-scheduler.js'
import { MedianRule, medianOptions } from './median-stopping.js'
import { PercentileRule, percentileOptions } from './percentile-stopping.js'
import { RuleAround, type StoppingRule } from './stopping-rule.js'
import { ThresholdRule, boundsInOrder, thresholdOptions } from './threshold-stopping.js'

const otherRule = z.discriminatedUnion('type', [
  medianOptions.extend({ type: z.literal('median-stopping') }),
  percentileOptions.extend({ type: z.literal('percentile-stopping') }),
  thresholdOptions.extend({ type: z.literal('threshold-stopping') }).refine(...boundsInOrder),
])

export const patientOptions = z.strictObject({
  /** How many reports in a row may bring no improvement, beside the one that is judged. */
  patience: z.int().min(0).default(5).describe('how many reports in a row may bring no improvement'),
  /** A value that is worse than the best by no more than this still counts as one; in the metric's unit. */
  minDelta: z.number().min(0).default(0).describe('how much worse than the best still counts, in the metric'),
  /** Another rule, with its options: a trial then stops only when both say so. Without one, when it stopped improving. */
  rule: otherRule.optional().describe('another stopping rule that has to agree'),
})
export type PatientOptions = z.infer<typeof patientOptions>

/**
 * Patience (Prechelt 1998, Early Stopping - But When?, class UP; the rule of Optuna's PatientPruner): a trial stops if
 * each of its last `patience + 1` values is worse, by more than `minDelta`, than the best before them. The other rule
 * sees every report, and is overruled while patience lasts. A value that is not a finite number is no improvement.
 * O(patience) per report.
 */
export class PatientRule implements StoppingRule {
  readonly #options: PatientOptions
  readonly #goal: Goal
  readonly #other: StoppingRule | undefined
  readonly #histories = new TrialHistories()
  /** Per trial the smallest loss before its last patience + 1 reports. */
  #bestBefore = new Float64Array(64)
  #why = { trial: 0, resource: 0, before: 0, since: 0, waits: true, others: false }

  /** @param goal for explanations, and for the bounds of another rule */
  constructor(options: PatientOptions, goal: Goal) {
    this.#options = options
    this.#goal = goal
    this.#other = otherRuleOf(options.rule, goal)
  }

  stops(trial: TrialId, resource: number, loss: number): boolean {
    const others = this.#other?.stops(trial, resource, loss) ?? true
    const why = this.#why
    why.trial = trial
    why.resource = resource
    why.others = others
    const { losses, length } = this.#histories.append(trial, resource, loss)
    const from = length - this.#options.patience - 1
    why.waits = from < 1
    if (from < 1) return false
    if (trial >= this.#bestBefore.length) this.#bestBefore = grown(this.#bestBefore, trial + 1)
    const left = losses[from - 1]!
    const before = from === 1 ? left : Math.min(left, this.#bestBefore[trial]!)
    this.#bestBefore[trial] = before
    let since = Infinity
    for (let i = from; i < length; i++) if (losses[i]! < since) since = losses[i]!
    why.before = before
    why.since = since
    why.waits = !(before + this.#options.minDelta < since)
    return others && !why.waits
  }

  onEnd(trial: TrialId, state: EndState): void {
    this.#histories.take(trial)
    this.#other?.onEnd?.(trial, state)
  }

  explain(): string {
    const { trial, resource, before, since, waits, others } = this.#why
    const reports = this.#options.patience + 1
    const head = `level ${resource}: trial ${trial} `
    const text = waits
      ? `${head}has improved within its last ${reports} reports, or has not reported more; it goes on`
      : `${head}had ${valueText(before, this.#goal)} and in its last ${reports} reports at best ` +
        `${valueText(since, this.#goal)}; it ${others ? 'is stopped' : 'goes on as the other rule does not stop it'}`
    return this.#other === undefined ? text : `${text}\n${this.#other.explain()}`
  }
}

function otherRuleOf(spec: PatientOptions['rule'], goal: Goal): StoppingRule | undefined {
  switch (spec?.type) {
    case 'median-stopping':
      return new MedianRule(spec, goal)
    case 'percentile-stopping':
      return new PercentileRule(spec, goal)
    case 'threshold-stopping':
      return new ThresholdRule(spec, goal)
    case undefined:
      return undefined
  }
}

export const patientStopping = (registry: Registry) =>
  defineScheduler({
    summary: 'Stops a trial that stopped improving, alone or if another rule agrees; around any scheduler.',
    reference: 'Prechelt 1998, Early Stopping - But When?',
    options: patientOptions.extend({ scheduler: innerScheduler(registry) }),
    pauses: false,
    laws: {
      dominance: 'looks at one trial only',
      monotone: 'minDelta is in the unit of the metric; with 0 it holds',
      mirror: 'bounds of another rule are those of the metric as reported; without such a rule it holds',
    },
    variants: [
      { patience: 1 },
      { patience: 0, minDelta: 0.1, rule: { type: 'percentile-stopping', startupTrials: 1 } },
      { patience: 2, rule: { type: 'median-stopping' }, scheduler: { type: 'asha-promotion' } },
    ],
    create: ({ scheduler, ...options }, context) =>
      new RuleAround(
        new PatientRule(options, context.objectives[0]!.goal),
        makeInner(registry, scheduler, context),
        context,
      ),
  })
