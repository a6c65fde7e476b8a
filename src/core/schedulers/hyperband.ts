/** Hyperband, synchronous: brackets of successive halving from many short trainings to few long ones, in turn. */
import { hyperbandBrackets } from '../rungs/hyperband-brackets.js'
import { defineScheduler, rankBased } from './definition.js'
import { SynchronousHalving, synchronousOptions, synchronousVariants } from './synchronous-halving.js'

export const hyperband = defineScheduler({
  summary: 'Synchronous Hyperband: brackets that halve often, then less, each rung judged when it is full.',
  reference: 'Li et al. 2018, Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization, algorithm 1',
  options: synchronousOptions,
  laws: rankBased,
  variants: synchronousVariants,
  create: (options, context) =>
    new SynchronousHalving(
      hyperbandBrackets(options.sizes, options.gracePeriod, options.reductionFactor, context.maxResource),
      options,
      context,
    ),
})
