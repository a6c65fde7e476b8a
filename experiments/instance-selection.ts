import { defineExperiment } from '../src/core/experiment.js'

/**
 * The founding study's fourth question, on modelled instance types (see docs/instances.md): what 10,800 s bought there, on
 * four workers. Cost is compared as what the whole training would cost, so that stopping early does not look cheap.
 */
export default defineExperiment({
  name: 'instance-selection',
  question: 'Which model, hyperparameters and (modelled) instance type give which error at which latency and cost?',
  tables: ['ngram-mrpc-modelled-instances'],
  objectives: [
    { metric: 'validation_error', report: 'test_error' },
    { metric: 'latency_ms' },
    { metric: 'cost', accumulates: 'projected' },
  ],
  methods: {
    'random-search': { scheduler: { type: 'fifo' } },
    'mo-asha-stopping': { scheduler: { type: 'mo-asha-stopping' } },
  },
  workers: 4,
  budget: { fullEvaluations: 78 },
})
