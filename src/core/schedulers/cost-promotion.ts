/** ASHA that promotes a share of what was spent at a rung, not of its trials: cheap trials go on more often. */
import { z } from 'zod'
import { CostRung } from '../rungs/cost-rung.js'
import { invalid } from '../errors.js'
import { toLoss } from '../objective.js'
import { rungLevels } from '../rungs/rung.js'
import type { Decision, Job, Scheduler, SchedulerContext } from '../scheduler.js'
import type { EndState, TrialId } from '../trial.js'
import { AshaPromotion, ashaPromotionOptions } from './asha-promotion.js'
import { defineScheduler } from './definition.js'

const costPromotionOptions = ashaPromotionOptions.omit({ rule: true, compat: true }).extend({
  /**
   * What a trial costs up to a rung: the value of the objective with this index (1: the second), which must add up over
   * the whole training, as `elapsed_time` does; or `resource`, its level, the same for all.
   */
  cost: z
    .union([z.literal('resource'), z.int().min(1)])
    .default('resource')
    .describe('index of the objective that is the cost of a trial so far, or "resource"'),
})
export type CostPromotionOptions = z.infer<typeof costPromotionOptions>

/**
 * ASHA of the promotion type in which a waiting trial is promoted iff it and all better entries of its rung cost at most
 * the share r[j] / r[j+1] of what all entries cost (the type `cost_promotion` of Syne Tune). At equal costs that is the
 * best floor(n r[j] / r[j+1]). A negative cost counts as 0. O(log n) per report, see {@link CostRung}.
 *
 * @throws BenchError if there is no objective with the index `cost`
 */
export class CostPromotion implements Scheduler {
  readonly #inner: AshaPromotion
  readonly #costOf: (resource: number, values: Float64Array) => number
  #cost = 0

  constructor(options: CostPromotionOptions, context: SchedulerContext) {
    const { gracePeriod, reductionFactor, cost } = options
    const { objectives, maxResource } = context
    if (cost === 'resource') this.#costOf = (resource) => resource
    else {
      const objective = objectives[cost]
      if (objective === undefined)
        throw invalid(
          'cost',
          cost,
          `must be the index of one of the ${objectives.length} objectives`,
          'add one, e.g. elapsed_time',
        )
      this.#costOf = (_, values) => toLoss(values[cost]!, objective.goal)
    }
    const levels = rungLevels(gracePeriod, reductionFactor, maxResource)
    const rungs = levels.map((level, j) => new CostRung(level, levels[j + 1] ?? maxResource, () => this.#cost))
    this.#inner = new AshaPromotion({ ...options, rule: 'paper' }, context, undefined, rungs)
  }

  next(trial: TrialId): Job {
    return this.#inner.next(trial)
  }

  onReport(trial: TrialId, resource: number, values: Float64Array): Decision {
    const cost = this.#costOf(resource, values)
    // A trial without a number is never promoted, but what it cost is spent; where that is no number, nothing is known.
    this.#cost = cost < Infinity ? Math.max(0, cost) : 0
    return this.#inner.onReport(trial, resource, values)
  }

  onEnd(trial: TrialId, state: EndState): void {
    this.#inner.onEnd(trial, state)
  }

  explain(): string {
    return this.#inner.explain()
  }
}

export const costPromotion = defineScheduler({
  summary: 'ASHA that promotes by the share of what was spent: cheap trials go on more often.',
  reference: 'Salinas et al. 2022, Syne Tune: A Library for Large-Scale Hyperparameter Tuning; its type cost_promotion',
  options: costPromotionOptions,
  laws: {
    dominance: 'the best trial waits as long as it cost more than the share of its rung',
    monotone: 'holds for the objective that is ranked; costs are added up as they are',
    mirror: true,
    rescale: true,
  },
  variants: [{ reductionFactor: 2, brackets: 3 }, { gracePeriod: 2 }],
  create: (options, context) => new CostPromotion(options, context),
})
