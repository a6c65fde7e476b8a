import { defineExperiment } from '../src/core/experiment.js'

/** What imports one task from the file of TaskSet. */
const command = (task: string, name: string): string =>
  `bench import taskset ${task}.json.gz --seconds-per-level 1 --name ${name} --out ${name}.arrow`

/**
 * Stopping on curves that others measured, on four workers. A level is an evaluation, 200 steps apart; the first is before
 * any training and says nothing, so that nothing is stopped at it. TaskSet has no times: every level takes one second.
 */
export default defineExperiment({
  name: 'taskset',
  question: 'Does stopping early find a better Adam for a recurrent text classifier in the same number of steps?',
  tables: ['taskset-lstm128', 'taskset-gru128', 'taskset-vrnn64'],
  imports: {
    'taskset-lstm128': command('FixedTextRNNClassification_imdb_patch128_LSTM128_bs64', 'taskset-lstm128'),
    'taskset-gru128': command('FixedTextRNNClassification_imdb_patch32_GRU128_bs128', 'taskset-gru128'),
    'taskset-vrnn64': command('FixedTextRNNClassification_imdb_patch32_VRNN64_tanh_avg_bs128', 'taskset-vrnn64'),
  },
  objectives: [{ metric: 'validation_loss', report: 'test_loss' }],
  methods: {
    'random-search': { scheduler: { type: 'fifo' } },
    asha: { scheduler: { type: 'asha-stopping', gracePeriod: 2 } },
    hyperband: { scheduler: { type: 'hyperband', gracePeriod: 2 } },
    'median-stopping': { scheduler: { type: 'median-stopping', graceTime: 2 } },
  },
  workers: 4,
  budget: { fullEvaluations: 20 },
})
