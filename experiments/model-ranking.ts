import { ngramSpace } from '../surrogates/ngram.js'
import { defineExperiment } from '../src/core/experiment.js'

const scheduler = { type: 'fifo' } as const

/**
 * The founding study's second question. Every model gets the same time: random search over the other hyperparameters,
 * the best by validation, its test error. A fast model is therefore trained more often. Budgets are those of the first
 * question.
 */
export default defineExperiment({
  name: 'model-ranking',
  question: 'Which model is best on which data set, if each is tuned by random search within the same time?',
  tables: ['ngram-mrpc', 'ngram-cola', 'ngram-stsb'],
  space: ngramSpace,
  objectives: [{ metric: 'validation_error', report: 'test_error' }],
  methods: {
    words: { scheduler, fixed: { model: 'words' } },
    'words-narrow': { scheduler, fixed: { model: 'words-narrow' } },
    'words-wide': { scheduler, fixed: { model: 'words-wide' } },
    bigrams: { scheduler, fixed: { model: 'bigrams' } },
    chars: { scheduler, fixed: { model: 'chars' } },
    bag: { scheduler, fixed: { model: 'bag' } },
  },
  workers: 1,
  budget: { fullEvaluations: 9 },
  budgetByTable: {
    'ngram-mrpc': { fullEvaluations: 13 },
    'ngram-cola': { fullEvaluations: 7 },
    'ngram-stsb': { fullEvaluations: 9 },
  },
})
