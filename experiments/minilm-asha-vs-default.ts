import { defineExperiment } from '../src/core/experiment.js'
import { minilmSmallSpace } from '../surrogates/minilm.js'
import study from './asha-vs-default.js'

/** The founding study's first question on fine-tuned transformers: MiniLM's first layers, recorded on a processor. */
export default defineExperiment({
  name: 'minilm-asha-vs-default',
  question: study.question,
  tables: ['minilm-small-mrpc', 'minilm-small-cola', 'minilm-small-stsb'],
  space: minilmSmallSpace,
  fixed: { model: 'minilm:3' },
  objectives: study.objectives,
  methods: {
    default: { scheduler: { type: 'fifo' }, searcher: { type: 'fixed' } },
    asha: { scheduler: { type: 'asha-stopping' }, searcher: { type: 'random', initial: ['default'] } },
    'random-search': { scheduler: { type: 'fifo' }, searcher: { type: 'random', initial: ['default'] } },
    'default-repeated': { scheduler: { type: 'fifo' }, searcher: { type: 'fixed', times: 'unlimited' } },
  },
  workers: 1,
  budget: { fullEvaluations: 13 },
  budgetByTable: { 'minilm-small-cola': { fullEvaluations: 7 }, 'minilm-small-stsb': { fullEvaluations: 9 } },
})
