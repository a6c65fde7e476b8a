import { defineExperiment } from '../src/core/experiment.js'
import { minilmSmallSpace } from '../surrogates/minilm.js'
import study from './model-ranking.js'

const scheduler = { type: 'fifo' } as const

/** The founding study's second question on fine-tuned transformers: one encoder with three of its layers, and with two. */
export default defineExperiment({
  name: 'minilm-model-ranking',
  question: study.question,
  tables: ['minilm-small-mrpc', 'minilm-small-cola', 'minilm-small-stsb'],
  space: minilmSmallSpace,
  objectives: study.objectives,
  methods: {
    'minilm-3': { scheduler, fixed: { model: 'minilm:3' } },
    'minilm-2': { scheduler, fixed: { model: 'minilm:2' } },
  },
  workers: 1,
  budget: { fullEvaluations: 13 },
  budgetByTable: { 'minilm-small-cola': { fullEvaluations: 7 }, 'minilm-small-stsb': { fullEvaluations: 9 } },
})
