import { ngramSpace } from '../surrogates/ngram.js'
import { defineExperiment } from '../src/core/experiment.js'

/** The founding study's first question. Budgets: what 1,800 s bought there, in full trainings of the default. */
export default defineExperiment({
  name: 'asha-vs-default',
  question: 'Does ASHA find a better configuration than the default one, at the cost of a few full trainings?',
  tables: ['ngram-mrpc', 'ngram-cola', 'ngram-stsb'],
  space: ngramSpace,
  fixed: { model: 'words' },
  objectives: [{ metric: 'validation_error', report: 'test_error' }],
  methods: {
    default: { scheduler: { type: 'fifo' }, searcher: { type: 'fixed' } },
    asha: { scheduler: { type: 'asha-stopping' }, searcher: { type: 'random', initial: ['default'] } },
    'random-search': { scheduler: { type: 'fifo' }, searcher: { type: 'random', initial: ['default'] } },
    'default-repeated': { scheduler: { type: 'fifo' }, searcher: { type: 'fixed', times: 'unlimited' } },
  },
  workers: 1,
  budget: { fullEvaluations: 9 },
  budgetByTable: {
    'ngram-mrpc': { fullEvaluations: 13 },
    'ngram-cola': { fullEvaluations: 7 },
    'ngram-stsb': { fullEvaluations: 9 },
  },
})
