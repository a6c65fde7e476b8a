/** The options that the two kinds of MO-ASHA share, and the rungs that follow from them. */
import { z } from 'zod'
import { invalid } from '../errors.js'
import { FrontRanking } from '../ranking/front-ranking.js'
import { RandomWeightRanking } from '../ranking/random-weight-ranking.js'
import type { PromotionRanking } from '../ranking/ranking.js'
import { ScalarRanking } from '../ranking/scalar-ranking.js'
import { scalar } from '../ranking/scalarisation.js'
import { type PassingCount, RUNG_RULES, passingCount, realRungLevels, rungLevels } from '../rungs/rung.js'
import type { SchedulerContext } from '../scheduler.js'
import type { SchedulerLaws } from './definition.js'

export const moAshaOptions = z.strictObject({
  /** r_min: the first rung, in units of the resource. */
  gracePeriod: z.int().min(1).default(1).describe('first rung level r_min'),
  /** eta: about one of eta trials passes a rung. */
  reductionFactor: z.number().min(2).default(3).describe('eta: about one of eta trials passes a rung'),
  /** How many brackets; 1 is plain ASHA. At most one more than there are rungs. */
  brackets: z.int().min(1).default(1).describe('number of brackets; 1 is plain ASHA'),
  /** Who passes a rung, given how many entries are better; see {@link RUNG_RULES}. */
  rule: z.enum(RUNG_RULES).default('rank').describe('who passes a rung'),
  /**
   * What makes an entry of a rung better than another.
   *
   * - `nondominated`: front by front, inside a front in epsilon-net order (farthest-point traversal from the smallest
   *   first objective), ties as they came
   * - `crowding`: front by front, inside a front by NSGA-II's crowding distance, largest first, ties as they came
   * - `linear`: the mean of weight x loss
   * - `random-weights`: as `linear`, each trial judged under random weights of its own, uniform on the simplex
   * - `chebyshev`: ParEGO's augmented Chebyshev function, under `weights` or under random ones as above
   * - `fixed`: one objective, `objective`
   */
  priority: z
    .enum(['nondominated', 'crowding', 'linear', 'random-weights', 'chebyshev', 'fixed'])
    .default('nondominated')
    .describe('what makes one entry better than another'),
  /** Per objective a weight of at least 0, for `linear` (default 1 each) and `chebyshev` (default random). */
  weights: z.array(z.number().min(0)).optional().describe('a weight for each objective (linear, chebyshev)'),
  /** The index of the objective that counts, for `fixed`. Default 0. */
  objective: z.int().min(0).optional().describe('index of the objective that counts (fixed)'),
  /**
   * Whether objectives are scaled to the range of the finite vectors seen in the rung before distances or sums are taken
   * (an objective that does not vary adds nothing), or taken as they are, so that milliseconds or seconds decide.
   */
  scale: z.enum(['range', 'none']).default('range').describe('scale objectives to the range seen in the rung'),
})
export type MoAshaOptions = z.infer<typeof moAshaOptions>

export const moAshaPaper =
  'Schmucker et al. 2021, Multi-objective Asynchronous Successive Halving; Salinas et al. 2021, A Multi-objective ' +
  'Perspective on Jointly Tuning Hardware and Hyperparameters'

/** Laws with `scale: 'range'`, with the reason where one does not hold; `rescale` holds to the last bit for powers of two. */
export const moAshaLaws: SchedulerLaws = {
  dominance: true,
  monotone: 'inside a front the order depends on distances, not on the order of values alone',
  mirror: true,
  rescale: true,
}

/** Settings under which the laws are tested, beside the defaults. */
export const moAshaVariants: z.input<typeof moAshaOptions>[] = [
  { reductionFactor: 2, brackets: 3 },
  { rule: 'exact', priority: 'crowding' },
  { rule: 'paper', priority: 'random-weights', gracePeriod: 2 },
  { priority: 'linear' },
  { priority: 'chebyshev' },
  { priority: 'fixed' },
]

/** The levels of the rungs, and how many entries of each pass; `least` and `rounded` as for ASHA. */
export function moAshaLevels(
  options: MoAshaOptions,
  maxResource: number,
  least: 0 | 1,
  rounded = true,
): { level: number; passing: PassingCount }[] {
  const { rule, gracePeriod, reductionFactor } = options
  const levels = (rounded ? rungLevels : realRungLevels)(gracePeriod, reductionFactor, maxResource)
  return levels.map((level, j) => ({
    level,
    passing: passingCount(rule, level, levels[j + 1] ?? maxResource, reductionFactor, least),
  }))
}

/** Makes the rankings of a setting, one for each rung. */
export function moAshaRanking(options: MoAshaOptions, context: SchedulerContext): () => PromotionRanking {
  const { priority, weights, objective, scale } = options
  const count = context.objectives.length
  if (weights !== undefined && priority !== 'linear' && priority !== 'chebyshev')
    throw invalid('weights', weights, `have no meaning with priority "${priority}"`, 'use linear or chebyshev')
  if (weights !== undefined && weights.length !== count)
    throw invalid('weights', weights, `must be one number for each of the ${count} objectives`)
  if (weights !== undefined && !weights.some((weight) => weight > 0))
    throw invalid('weights', weights, 'must have one that is greater than 0')
  if (objective !== undefined && priority !== 'fixed')
    throw invalid('objective', objective, `has no meaning with priority "${priority}"`, 'use fixed')
  if (objective !== undefined && objective >= count)
    throw invalid('objective', objective, `must be the index of one of the ${count} objectives, from 0`)
  const key = context.random.key('mo-asha-weights')
  switch (priority) {
    case 'nondominated':
      return () => new FrontRanking(count, 'epsilon-net', scale)
    case 'crowding':
      return () => new FrontRanking(count, 'crowding', scale)
    case 'random-weights':
      return () => new RandomWeightRanking(count, 'linear', key, scale)
    case 'linear': {
      const given = Float64Array.from(weights ?? context.objectives.map(() => 1))
      return () => new ScalarRanking(count, (vectors, entry) => scalar('linear', given, vectors, entry), scale)
    }
    case 'chebyshev': {
      if (weights === undefined) return () => new RandomWeightRanking(count, 'chebyshev', key, scale)
      const given = Float64Array.from(weights)
      return () => new ScalarRanking(count, (vectors, entry) => scalar('chebyshev', given, vectors, entry), scale)
    }
    case 'fixed': {
      const j = objective ?? 0
      return () => new ScalarRanking(count, ({ values }, entry) => values[entry * count + j]!, 'none')
    }
  }
}
