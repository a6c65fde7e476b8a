import { ngramSpace } from '../surrogates/ngram.js'
import { defineExperiment } from '../src/core/experiment.js'

const searcher = { type: 'random', initial: ['default'] } as const

/** From a single full training per worker to sixteen, alone and on four workers. All begin with the default. */
export default defineExperiment({
  name: 'budget',
  question: 'Which method wins at which budget and number of workers?',
  tables: ['ngram-mrpc', 'ngram-cola', 'ngram-stsb'],
  space: ngramSpace,
  objectives: [{ metric: 'validation_error', report: 'test_error' }],
  methods: {
    'random-search': { scheduler: { type: 'fifo' }, searcher },
    'asha-stopping': { scheduler: { type: 'asha-stopping' }, searcher },
    'asha-promotion': { scheduler: { type: 'asha-promotion' }, searcher },
    hyperband: { scheduler: { type: 'hyperband' }, searcher },
    'median-stopping': { scheduler: { type: 'median-stopping' }, searcher },
  },
  workers: [1, 4],
  budget: [
    { fullEvaluations: 1 },
    { fullEvaluations: 2 },
    { fullEvaluations: 4 },
    { fullEvaluations: 8 },
    { fullEvaluations: 16 },
  ],
})
