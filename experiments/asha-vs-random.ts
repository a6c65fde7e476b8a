import { ngramSpace } from '../surrogates/ngram.js'
import { defineExperiment } from '../src/core/experiment.js'

/** Both kinds of ASHA and one with brackets, on four workers. */
export default defineExperiment({
  name: 'asha-vs-random',
  question: 'Does stopping bad trainings early beat random search that trains every configuration to the end?',
  tables: ['ngram-mrpc', 'ngram-cola', 'ngram-stsb'],
  space: ngramSpace,
  fixed: { model: 'words' },
  objectives: [{ metric: 'validation_error', report: 'test_error' }],
  methods: {
    'random-search': { scheduler: { type: 'fifo' } },
    'asha-stopping': { scheduler: { type: 'asha-stopping', brackets: [1, 3] } },
    'asha-promotion': { scheduler: { type: 'asha-promotion' } },
  },
  workers: 4,
  budget: { fullEvaluations: 4 },
})
