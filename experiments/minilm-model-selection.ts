import { defineExperiment } from '../src/core/experiment.js'
import { minilmSmallSpace } from '../surrogates/minilm.js'
import study from './model-selection.js'

const random = { type: 'random', initial: ['default'] } as const
/** The original search space: the default's model only. */
const fixed = { model: 'minilm:3' } as const

/** The founding study's third question on fine-tuned transformers: the number of layers as a hyperparameter. */
export default defineExperiment({
  name: 'minilm-model-selection',
  question: study.question,
  tables: ['minilm-small-mrpc'],
  space: minilmSmallSpace,
  objectives: study.objectives,
  methods: {
    'original-asha': { scheduler: { type: 'asha-stopping' }, searcher: random, fixed },
    'augmented-asha': { scheduler: { type: 'asha-stopping' }, searcher: random },
    'original-random': { scheduler: { type: 'fifo' }, searcher: random, fixed },
    'augmented-random': { scheduler: { type: 'fifo' }, searcher: random },
  },
  workers: 1,
  budget: { fullEvaluations: 13 },
})
