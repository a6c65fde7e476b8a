import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { defineRecording, float, int } from 'rungbench'

/** The package, which holds the fine-tuning program. */
const root = dirname(createRequire(import.meta.url).resolve('rungbench/package.json'))

/**
 * A plan small enough for a processor: MiniLM's first 2 layers on 800 sentence pairs of STS-B, 3 epochs, 12 configurations.
 * The search space reaches higher step sizes than the founding study's, since so small a model learns nothing below them.
 */
export default defineRecording({
  name: 'fine-tuning',
  description: 'MiniLM with 2 layers on 800 examples of STS-B',
  program: {
    name: 'trainer/glue',
    command: ['python3', 'trainer/glue/train.py'],
    directory: root,
    files: ['trainer/glue'],
    arguments: { task: 'stsb', model: 'minilm:2', max_train_examples: 800, max_eval_examples: 300, latency_passes: 50 },
    // One thread a training: with another number of threads the last digits are others.
    env: { OMP_NUM_THREADS: '1', HF_HUB_OFFLINE: '1', TOKENIZERS_PARALLELISM: 'false' },
    levelsArgument: 'epochs',
    dataArgument: 'data',
    dataName: 'STS-B',
    dataFiles: ['STS-B/train.tsv', 'STS-B/dev.tsv'],
  },
  resource: { name: 'epoch', levels: 3 },
  metrics: {
    validation_error: { goal: 'min', split: 'validation', description: '1 - Spearman' },
    test_error: { goal: 'min', split: 'test', description: '1 - Spearman' },
    latency_ms: {
      goal: 'min',
      unit: 'ms',
      kind: 'static',
      description: 'median time of one prediction, text to score',
    },
    peak_memory_mib: { goal: 'min', unit: 'MiB', kind: 'static' },
  },
  space: {
    learning_rate: float(1e-5, 2e-3, { scale: 'log' }),
    batch_size: int(8, 32),
    warmup_ratio: float(0, 0.5),
  },
  defaultConfig: { learning_rate: 5e-5, batch_size: 16, warmup_ratio: 0 },
  plan: {
    draw: 'random',
    groups: [{ fixed: {}, configurations: 11 }],
    repetitions: 1,
    defaultRepetitions: 2,
    seed: 1,
  },
})
