import { ngramSpace } from '../surrogates/ngram.js'
import { defineExperiment } from '../src/core/experiment.js'

const random = { type: 'random', initial: ['default'] } as const
/** The original search space: the default's model only. */
const fixed = { model: 'words' } as const

/** The founding study's third question, on MRPC with what 1,800 s bought there. All begin with the default. */
export default defineExperiment({
  name: 'model-selection',
  question: 'Does it pay to search over the model too, at the same budget?',
  tables: ['ngram-mrpc'],
  space: ngramSpace,
  objectives: [{ metric: 'validation_error', report: 'test_error' }],
  methods: {
    'original-asha': { scheduler: { type: 'asha-stopping' }, searcher: random, fixed },
    'augmented-asha': { scheduler: { type: 'asha-stopping' }, searcher: random },
    'original-random': { scheduler: { type: 'fifo' }, searcher: random, fixed },
    'augmented-random': { scheduler: { type: 'fifo' }, searcher: random },
  },
  workers: 1,
  budget: { fullEvaluations: 13 },
})
