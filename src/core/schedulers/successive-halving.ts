/** Successive halving, synchronous: many trials start, one of eta goes on at every rung, each judged when it is full. */
import { z } from 'zod'
import { type RungSize, hyperbandBrackets } from '../rungs/hyperband-brackets.js'
import { defineScheduler, rankBased } from './definition.js'
import { SynchronousHalving, synchronousOptions, synchronousVariants } from './synchronous-halving.js'

const successiveHalvingOptions = synchronousOptions.extend({
  /**
   * n: how many trials begin each bracket; at least one gets to the top. Default: as in the first bracket of Hyperband,
   * eta^s_max where the maximum resource is a power of eta.
   */
  trials: z.int().min(1).optional().describe('how many trials begin each bracket; default as Hyperband'),
})

/** The first bracket of Hyperband, with n trials where that is given: then max(1, floor(n / eta^i)) in rung i. */
function bracketOf(options: z.infer<typeof successiveHalvingOptions>, maxResource: number): RungSize[] {
  const { sizes, gracePeriod, reductionFactor, trials } = options
  let power = 1
  return hyperbandBrackets(sizes, gracePeriod, reductionFactor, maxResource)[0]!.map((rung, i) => {
    if (trials === undefined) return rung
    if (i > 0) power *= reductionFactor
    return { level: rung.level, trials: Math.max(1, Math.floor(trials / power)) }
  })
}

export const successiveHalving = defineScheduler({
  summary: 'Synchronous successive halving: one kind of bracket again and again, each rung judged when it is full.',
  reference: 'Jamieson and Talwalkar 2016, Non-stochastic Best Arm Identification and Hyperparameter Optimization',
  options: successiveHalvingOptions,
  laws: rankBased,
  variants: [...synchronousVariants, { trials: 4, reductionFactor: 2 }],
  create: (options, context) => new SynchronousHalving([bracketOf(options, context.maxResource)], options, context),
})
