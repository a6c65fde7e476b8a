import { defineExperiment } from 'rungbench'

/** The scheduler beside this file against random search and ASHA. */
export default defineExperiment({
  name: 'own-scheduler',
  question: 'Is keeping a fixed number of trials per level as good as keeping a share of them?',
  tables: ['ngram-stsb'],
  objectives: [{ metric: 'validation_error', report: 'test_error' }],
  methods: {
    random: { scheduler: { type: 'fifo' } },
    asha: { scheduler: { type: 'asha-stopping' } },
    'keeps-best': { scheduler: { type: './keeps-best.ts', keep: [3, 10] } },
  },
  workers: 4,
  budget: { fullEvaluations: 4 },
})
