/** The n-gram recordings: one program, one search space and one default configuration for three tasks. */
import { choice, float, int } from '../src/core/space.js'
import { codeRoot } from '../src/package.js'
import { type Recording, type RecordingMetric, defineRecording } from '../src/record/recording.js'

/**
 * What one would search for a small embedding model trained with Adam: the learning rate over three decades, batch sizes
 * from 8 to 128, and the usual ranges of warm-up, decoupled weight decay and dropout. Chosen before any recording.
 */
export const ngramSpace = {
  model: choice(['words-narrow', 'words', 'words-wide', 'bigrams', 'chars', 'bag']),
  learning_rate: float(1e-4, 1e-1, { scale: 'log' }),
  batch_size: int(8, 128, { scale: 'log' }),
  warmup_ratio: float(0, 0.5),
  weight_decay: float(1e-6, 1e-1, { scale: 'log' }),
  dropout: float(0, 0.5),
}

/** What one would run without tuning: Adam near its customary step, a batch of 32, a little of each regulariser. */
export const ngramDefault = {
  model: 'words',
  learning_rate: 3e-3,
  batch_size: 32,
  warmup_ratio: 0.1,
  weight_decay: 0.01,
  dropout: 0.1,
} as const

/** The family of the original search space; the others make up the augmented one. */
const DEFAULT_FAMILY = 'words'

interface NgramTask {
  readonly task: 'mrpc' | 'cola' | 'stsb'
  readonly title: string
  readonly folder: string
  /** `test.tsv` or `dev.tsv`: what serves as held-out test set. */
  readonly testFile: string
  /** The metrics beside error and loss, the primary one first. */
  readonly metrics: readonly string[]
  /** Configurations in the default family, and in each other family. */
  readonly configurations: readonly [number, number]
}

/** The recording of one task: 27 epochs, two repetitions, the default configuration thirty times. */
export function ngramRecording(task: NgramTask): Recording {
  const metrics: Record<string, RecordingMetric> = {}
  for (const split of ['validation', 'test'] as const) {
    metrics[`${split}_error`] = { goal: 'min', split, description: `1 - ${task.metrics[0]}` }
    metrics[`${split}_loss`] = { goal: 'min', split }
    for (const metric of task.metrics) metrics[`${split}_${metric}`] = { goal: 'max', split }
  }
  metrics['train_loss'] = { goal: 'min', split: 'train' }
  metrics['latency_ms'] = {
    goal: 'min',
    unit: 'ms',
    kind: 'static',
    description: 'median time of one prediction, text to score',
  }
  metrics['parameters'] = { goal: 'min', kind: 'static', description: 'number of parameters' }
  return defineRecording({
    name: `ngram-${task.task}`,
    description: `${task.title}: n-gram embedding models trained with Adam`,
    program: {
      name: 'trainer/ngram',
      command: ['node', 'trainer/ngram/train.js'],
      directory: codeRoot,
      arguments: { task: task.task },
      levelsArgument: 'epochs',
      dataArgument: 'data',
      dataName: task.title,
      dataFiles: [`${task.folder}/train.tsv`, `${task.folder}/${task.testFile}`],
      gpus: 0,
    },
    resource: { name: 'epoch', levels: 27 },
    metrics,
    space: ngramSpace,
    defaultConfig: ngramDefault,
    plan: {
      draw: 'random',
      groups: ngramSpace.model.values.map((model) => ({
        fixed: { model },
        configurations: task.configurations[model === DEFAULT_FAMILY ? 0 : 1],
      })),
      repetitions: 2,
      defaultRepetitions: 30,
      seed: 1,
    },
  })
}
