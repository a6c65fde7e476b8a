/** Regularised evolution for several objectives. */
import { defineSearcher } from './definition.js'
import { RegularizedEvolution, evolutionOptions } from './regularized-evolution.js'

export const moRegularizedEvolution = defineSearcher({
  summary: 'Aging evolution on all objectives: parents by Pareto dominance, then crowding distance.',
  reference: 'Real et al. 2019, Regularized Evolution for Image Classifier Architecture Search; Deb et al. 2002',
  options: evolutionOptions,
  variants: [{ populationSize: 4, sampleSize: 3, draws: 'with-replacement' }],
  create: (options, context) => new RegularizedEvolution(options, context, context.objectives),
})
