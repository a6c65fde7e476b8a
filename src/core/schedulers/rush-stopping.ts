/** RUSH, stopping type: ASHA that also stops what is worse than the best of some first configurations. */
import { AshaStopping, ashaStoppingOptions } from './asha-stopping.js'
import { defineScheduler, rankBased } from './definition.js'
import { RushThresholds, rushOptions, rushPaper } from './rush-thresholds.js'

export const rushStopping = defineScheduler({
  summary: 'ASHA that stops trials, also those worse than the best of the first; for transfer from earlier tasks.',
  reference: rushPaper,
  options: ashaStoppingOptions.extend(rushOptions),
  pauses: false,
  laws: rankBased,
  variants: [
    { candidates: 3, reductionFactor: 2, brackets: 3 },
    { candidates: 2, skipped: 'late', rule: 'rank', refileLast: true },
  ],
  create: (options, context) =>
    new AshaStopping(options, context, new RushThresholds(options, context.objectives[0]!.goal)),
})
