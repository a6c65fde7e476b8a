import { ngramSpace } from '../surrogates/ngram.js'
import { defineExperiment } from '../src/core/experiment.js'

/** All begin with the default configuration, which is also RUSH's candidate from earlier tasks. */
const searcher = { type: 'random', initial: ['default'] } as const

/**
 * Every scheduler for one objective with its defaults, on four workers. Left out: threshold stopping, which needs bounds
 * for one metric, cost promotion, which needs a second objective, and population based training, whose copies of
 * checkpoints no table can replay.
 */
export default defineExperiment({
  name: 'schedulers',
  question: 'Which scheduler finds the best configuration within a few full trainings, and which is best early on?',
  tables: ['ngram-mrpc', 'ngram-cola', 'ngram-stsb'],
  space: ngramSpace,
  fixed: { model: 'words' },
  objectives: [{ metric: 'validation_error', report: 'test_error' }],
  methods: {
    'random-search': { scheduler: { type: 'fifo' }, searcher },
    'asha-stopping': { scheduler: { type: 'asha-stopping' }, searcher },
    'asha-promotion': { scheduler: { type: 'asha-promotion' }, searcher },
    'rush-stopping': { scheduler: { type: 'rush-stopping' }, searcher },
    'rush-promotion': { scheduler: { type: 'rush-promotion' }, searcher },
    pasha: { scheduler: { type: 'pasha' }, searcher },
    'successive-halving': { scheduler: { type: 'successive-halving' }, searcher },
    hyperband: { scheduler: { type: 'hyperband' }, searcher },
    dehb: { scheduler: { type: 'dehb' }, searcher },
    'median-stopping': { scheduler: { type: 'median-stopping' }, searcher },
    'percentile-stopping': { scheduler: { type: 'percentile-stopping' }, searcher },
    'patient-stopping': { scheduler: { type: 'patient-stopping' }, searcher },
  },
  workers: 4,
  budget: { fullEvaluations: 6 },
})
