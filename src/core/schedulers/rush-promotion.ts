/** RUSH, promotion type: ASHA that promotes only what is no worse than the best of some first configurations. */
import { AshaPromotion, ashaPromotionOptions } from './asha-promotion.js'
import { defineScheduler, rankBased } from './definition.js'
import { RushThresholds, rushOptions, rushPaper } from './rush-thresholds.js'

export const rushPromotion = defineScheduler({
  summary: 'ASHA that promotes trials, none worse than the best of the first; for transfer from earlier tasks.',
  reference: rushPaper,
  options: ashaPromotionOptions.extend(rushOptions),
  laws: rankBased,
  variants: [
    { candidates: 3, reductionFactor: 2, brackets: 3 },
    { candidates: 2, rule: 'paper' },
  ],
  create: (options, context) =>
    new AshaPromotion(options, context, new RushThresholds(options, context.objectives[0]!.goal)),
})
