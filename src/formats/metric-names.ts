/** What the name of a metric says about it, where a format says nothing else. */
import type { FoundMetric } from './importer.js'

const MAXIMISED =
  /(^|[_-])(acc|accuracy|auc|auroc|f1|r2|precision|recall|bleu|matthews|mcc|pearson|spearman|score|reward)([_-]|$)/iu
const MINIMISED =
  /(^|[_-])(err|error|loss|entropy|nll|mse|rmse|mae|mape|perplexity|regret|latency|runtime|time|params|parameters|flops|cost|energy|crps)([_-]|$)/iu
const SPLITS = [
  ['validation', /^(val|valid|validation)([_-]|$)|([_-])(val|valid|validation)$/iu],
  ['test', /^test([_-]|$)|[_-]test$/iu],
  ['train', /^(train|training)([_-]|$)|[_-](train|training)$/iu],
] as const

/** What a table says whose goals {@link metricByName} found. */
export const NAME_RULE = 'whether metrics are to be small or large was read off their names'

/**
 * The goal and split that a name says, e.g. `val_accuracy`: max, validation. The goal is left out where the name has no word
 * that stands for one (accuracy, error, loss, ...), or words for both.
 */
export function metricByName(name: string): FoundMetric {
  const split = SPLITS.find(([, pattern]) => pattern.test(name))?.[0]
  const [up, down] = [MAXIMISED.test(name), MINIMISED.test(name)]
  return { ...(up !== down && { goal: up ? 'max' : 'min' }), ...(split !== undefined && { split }) }
}
