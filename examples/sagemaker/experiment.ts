import { defineExperiment } from 'rungbench'

/** Error against money: on the table that `recording.ts` makes, and for real. */
export default defineExperiment({
  name: 'error-and-cost',
  question: 'Which network on which machine gives which error at which cost?',
  tables: ['./crescents-sagemaker.arrow'],
  objectives: [
    { metric: 'validation_error', report: 'test_error' },
    { metric: 'cost', accumulates: 'projected' },
  ],
  methods: {
    'random-search': { scheduler: { type: 'fifo' } },
    'mo-asha': { scheduler: { type: 'mo-asha-stopping' } },
  },
  workers: 2,
  budget: { trials: 12 },
  seeds: 1,
})
