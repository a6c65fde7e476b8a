import { ngramSpace } from '../surrogates/ngram.js'
import { defineExperiment } from '../src/core/experiment.js'

const moAsha = (priority: 'nondominated' | 'crowding' | 'linear' | 'random-weights' | 'chebyshev') =>
  ({ scheduler: { type: 'mo-asha-stopping', priority } }) as const

/**
 * Over all model families, whose error and time of a prediction trade off. The kinds of ASHA judge rungs by the same rule
 * and differ in what makes a trial better: its place among the fronts, a weighted sum, or its error alone. The baseline is
 * the plain sum, so that comparisons answer the question.
 */
export default defineExperiment({
  name: 'asha-vs-mo-asha',
  question: 'Does selecting by the whole Pareto set beat scalarisation in hypervolume over time?',
  tables: ['ngram-mrpc', 'ngram-cola', 'ngram-stsb'],
  space: ngramSpace,
  objectives: [{ metric: 'validation_error', report: 'test_error' }, { metric: 'latency_ms' }],
  methods: {
    'mo-asha': moAsha('nondominated'),
    crowding: moAsha('crowding'),
    linear: moAsha('linear'),
    'random-weights': moAsha('random-weights'),
    chebyshev: moAsha('chebyshev'),
    'asha-by-error': { scheduler: { type: 'asha-stopping', rule: 'rank' } },
    'random-search': { scheduler: { type: 'fifo' } },
  },
  baseline: 'linear',
  workers: 4,
  budget: { fullEvaluations: 6 },
})
