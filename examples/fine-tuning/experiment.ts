import { defineExperiment } from 'rungbench'

/** ASHA, random search and the default configuration on the table that `recording.ts` makes. */
export default defineExperiment({
  name: 'fine-tuning',
  question: 'Which method finds the best fine-tuned model in the time of four trainings?',
  tables: ['./fine-tuning.arrow'],
  objectives: [{ metric: 'validation_error', report: 'test_error' }],
  methods: {
    default: { scheduler: { type: 'fifo' }, searcher: { type: 'fixed' } },
    random: { scheduler: { type: 'fifo' } },
    asha: { scheduler: { type: 'asha-stopping' } },
  },
  budget: { fullEvaluations: 4 },
})
