/** The MiniLM recordings: one program, one search space and one default configuration for the tasks of GLUE. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { choice, float, int } from '../src/core/space.js'
import { type Recording, type RecordingMetric, defineRecording } from '../src/record/recording.js'

/**
 * The space of the founding study (Syne Tune's fine-tuning benchmark), with weight decay as a fourth hyperparameter. Models
 * are one pre-trained encoder, MiniLM, with its first 6 (all), 4, 3 or 2 layers: one family, four sizes.
 */
export const glueMinilmSpace = {
  model: choice(['minilm:6', 'minilm:4', 'minilm:3', 'minilm:2']),
  learning_rate: float(1e-6, 1e-4, { scale: 'log' }),
  batch_size: int(16, 48),
  warmup_ratio: float(0, 0.5),
  weight_decay: float(0, 0.1),
}

/** The founding study's default: what Hugging Face's own script does unless it is told otherwise. */
export const glueMinilmDefault = {
  model: 'minilm:6',
  learning_rate: 2e-5,
  batch_size: 32,
  warmup_ratio: 0,
  weight_decay: 0,
} as const

/** What train.py consists of, below trainer/glue; its checksum is kept with the table. */
const PROGRAM_FILES = [
  'arguments.py',
  'checkpoint.py',
  'data.py',
  'device.py',
  'errors.py',
  'inputs.py',
  'latency.py',
  'metrics.py',
  'model.py',
  'report.py',
  'tasks.py',
  'train.py',
  'trainer.py',
  'requirements.txt',
  'requirements-no-deps.txt',
]

/** The folder that holds trainer/glue: Python is not compiled, so it lies in the source tree only. */
function sourceTree(): string {
  const above = fileURLToPath(new URL('..', import.meta.url))
  return existsSync(join(above, 'trainer/glue/train.py')) ? above : join(above, '..')
}

interface GlueTask {
  readonly task: string
  readonly title: string
  readonly folder: string
  /** What serves as held-out test set. */
  readonly testFile: string
  /** The metrics beside error and loss, the main one first. */
  readonly metrics: readonly string[]
  /** Configurations with all layers, and with each smaller number of layers. */
  readonly configurations: readonly [number, number]
}

/** The recording of one task: 3 epochs, two repetitions, the default configuration ten times. */
export function glueMinilmRecording(task: GlueTask): Recording {
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
  metrics['peak_memory_mib'] = {
    goal: 'min',
    unit: 'MiB',
    kind: 'static',
    description: 'most memory used: of the GPU, or resident on a CPU',
  }
  return defineRecording({
    name: `glue-minilm-${task.task}`,
    description: `${task.title}: MiniLM with 2 to 6 layers, fine-tuned with AdamW`,
    program: {
      name: 'trainer/glue',
      // The Python of the activated environment; record-on-gpu.sh sees to that.
      command: ['python3', 'trainer/glue/train.py'],
      directory: sourceTree(),
      files: PROGRAM_FILES.map((file) => `trainer/glue/${file}`),
      arguments: { task: task.task },
      // One thread a training: several share the machine, and sums over threads would depend on how many there are.
      env: { OMP_NUM_THREADS: '1', TOKENIZERS_PARALLELISM: 'false', HF_HUB_OFFLINE: '1' },
      levelsArgument: 'epochs',
      dataArgument: 'data',
      dataName: task.title,
      dataFiles: [`${task.folder}/train.tsv`, `${task.folder}/${task.testFile}`],
    },
    resource: { name: 'epoch', levels: 3 },
    metrics,
    space: glueMinilmSpace,
    defaultConfig: glueMinilmDefault,
    plan: {
      draw: 'random',
      groups: glueMinilmSpace.model.values.map((model) => ({
        fixed: { model },
        configurations: task.configurations[model === glueMinilmDefault.model ? 0 : 1],
      })),
      repetitions: 2,
      defaultRepetitions: 10,
      seed: 1,
    },
  })
}
