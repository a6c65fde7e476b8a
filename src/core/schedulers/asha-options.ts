/** The options that the kinds of ASHA share, and the rungs that follow from them. */
import { z } from 'zod'
import type { CostRung } from '../rungs/cost-rung.js'
import { invalid } from '../errors.js'
import type { Goal } from '../objective.js'
import { PromotionRung, RUNG_RULES, Rung, passingCount, realRungLevels, rungLevels } from '../rungs/rung.js'
import { SyneTunePromotionRung, SyneTuneRung } from '../rungs/syne-tune-rung.js'

export const ashaOptions = z.strictObject({
  /** r_min: the first rung, in units of the resource. */
  gracePeriod: z.int().min(1).default(1).describe('first rung level r_min'),
  /** eta: about one of eta trials passes a rung. */
  reductionFactor: z.number().min(2).default(3).describe('eta: about one of eta trials passes a rung'),
  /** How many brackets; 1 is plain ASHA. At most one more than there are rungs. */
  brackets: z.int().min(1).default(1).describe('number of brackets; 1 is plain ASHA'),
  /** Who passes a rung; see {@link RUNG_RULES}. */
  rule: z.enum(RUNG_RULES).default('exact').describe('who passes a rung'),
  /**
   * Decides bit for bit as Syne Tune 0.13: the cut-off in floating point instead of exact integers (in mode `max` one
   * trial fewer may pass, and exact ties may lose), and its order of equal values. Only with the rule `exact`.
   */
  compat: z.enum(['syne-tune-0.13']).optional().describe('decide bit for bit as another system'),
})
export type AshaOptions = z.infer<typeof ashaOptions>

export const ashaPaper = 'Li et al. 2020, A System for Massively Parallel Hyperparameter Tuning'

/** Settings under which the laws are tested, beside the defaults. */
export const ashaVariants: z.input<typeof ashaOptions>[] = [
  { reductionFactor: 2, brackets: 3 },
  { rule: 'rank' },
  { rule: 'paper', gracePeriod: 2 },
]

/** What a rung of the stopping type can do, see {@link Rung}. */
export type AnyRung = Rung | SyneTuneRung
/** What a rung of the promotion type can do, see {@link PromotionRung}. */
export type AnyPromotionRung = PromotionRung | SyneTunePromotionRung | CostRung

/**
 * The rungs of ASHA that stops: at least one trial passes, whatever the rule.
 *
 * @param rounded whether levels are whole numbers, see {@link rungLevels}
 */
export function ashaRungs(options: AshaOptions, maxResource: number, goal: Goal, rounded = true): AnyRung[] {
  return levelsOf(options, maxResource, rounded).map(([level, next]) =>
    options.compat === undefined
      ? new Rung(level, passingCount(options.rule, level, next, options.reductionFactor, 1))
      : new SyneTuneRung(level, level / next, goal),
  )
}

/** The rungs of ASHA that promotes. */
export function ashaPromotionRungs(options: AshaOptions, maxResource: number, goal: Goal): AnyPromotionRung[] {
  return levelsOf(options, maxResource, true).map(([level, next]) =>
    options.compat === undefined
      ? new PromotionRung(level, passingCount(options.rule, level, next, options.reductionFactor, 0))
      : new SyneTunePromotionRung(level, level / next, goal),
  )
}

/** Each level below the maximum with the next one, or the maximum. */
function levelsOf(options: AshaOptions, maxResource: number, rounded: boolean): [level: number, next: number][] {
  if (options.compat !== undefined && options.rule !== 'exact')
    throw invalid('compat', options.compat, 'goes with rule "exact" only', 'leave rule or compat out')
  const levels = (rounded ? rungLevels : realRungLevels)(options.gracePeriod, options.reductionFactor, maxResource)
  return levels.map((level, j) => [level, levels[j + 1] ?? maxResource])
}
