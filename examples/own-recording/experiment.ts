import { defineExperiment } from 'rungbench'

/** ASHA on the table that `recording.ts` makes. */
export default defineExperiment({
  name: 'own-recording',
  question: 'Does ASHA find a better classifier than random search in the same time?',
  tables: ['./crescents.arrow'],
  objectives: [{ metric: 'validation_error', report: 'test_error' }],
  methods: {
    random: { scheduler: { type: 'fifo' } },
    asha: { scheduler: { type: 'asha-stopping' } },
  },
  budget: { fullEvaluations: 5 },
})
