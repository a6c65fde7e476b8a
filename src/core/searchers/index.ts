/** The searchers by name. To add one: a file beside this one that exports its definition, and a line here. */
import { fixed } from './fixed.js'
import { grid } from './grid.js'
import { halton } from './halton.js'
import { moRegularizedEvolution } from './mo-regularized-evolution.js'
import { nsga2 } from './nsga2.js'
import { random } from './random.js'
import { regularizedEvolution } from './regularized-evolution.js'
import { sobol } from './sobol.js'

export { type SearcherDefinition, defineSearcher } from './definition.js'

export const searchers = {
  random,
  fixed,
  grid,
  sobol,
  halton,
  'regularized-evolution': regularizedEvolution,
  'mo-regularized-evolution': moRegularizedEvolution,
  nsga2,
}
