/** The MiniLM recordings: one program, one search space and one default configuration for the tasks of GLUE. */
import { choice, float, int } from '../src/core/space.js'
import { packageRoot } from '../src/package.js'
import { type Recording, type RecordingMetric, defineRecording } from '../src/record/recording.js'

/** MiniLM, a pre-trained encoder, with its first 6 (all), 4, 3 or 2 layers: one family, four sizes. */
type Model = `minilm:${2 | 3 | 4 | 6}`

/**
 * The space of the founding study (Syne Tune's fine-tuning benchmark), with the model and weight decay as further
 * hyperparameters.
 */
function spaceOf<const M extends readonly [Model, ...Model[]]>(models: M) {
  return {
    model: choice(models),
    learning_rate: float(1e-6, 1e-4, { scale: 'log' }),
    batch_size: int(16, 48),
    warmup_ratio: float(0, 0.5),
    weight_decay: float(0, 0.1),
  }
}

/** The founding study's default: what Hugging Face's own script does unless it is told otherwise. */
const DEFAULT = { learning_rate: 2e-5, batch_size: 32, warmup_ratio: 0, weight_decay: 0 } as const

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

/** A task of GLUE. */
export interface GlueTask {
  readonly task: string
  readonly title: string
  readonly folder: string
  /** What serves as held-out test set. */
  readonly testFile: string
  /** The metrics beside error and loss, the main one first. */
  readonly metrics: readonly string[]
}

export const MRPC: GlueTask = {
  task: 'mrpc',
  title: 'Microsoft Research Paraphrase Corpus',
  folder: 'MRPC',
  testFile: 'test.tsv',
  metrics: ['accuracy', 'f1'],
}
export const COLA: GlueTask = {
  task: 'cola',
  title: 'Corpus of Linguistic Acceptability',
  folder: 'CoLA',
  testFile: 'dev.tsv',
  metrics: ['matthews', 'accuracy'],
}
export const STSB: GlueTask = {
  task: 'stsb',
  title: 'Semantic Textual Similarity Benchmark',
  folder: 'STS-B',
  testFile: 'dev.tsv',
  metrics: ['spearman', 'pearson'],
}

/** How much of a task is recorded. */
interface Extent {
  /** The name of the table. */
  readonly name: string
  /** The first is the default configuration's. */
  readonly models: readonly [Model, ...Model[]]
  /** Drawn configurations per model, beside the default. */
  readonly configurations: readonly number[]
  readonly epochs: number
  readonly repetitions: number
  readonly defaultRepetitions: number
  /** Of matrix products; the program's own choice where it is left out. */
  readonly precision?: 'bf16'
}

/** For a GPU: 150 configurations, 43 of them with all layers, 9 epochs, two repetitions, five of the default. */
export function minilmRecording(task: GlueTask): Recording {
  return recordingOf(task, {
    name: `minilm-${task.task}`,
    models: ['minilm:6', 'minilm:4', 'minilm:3', 'minilm:2'],
    configurations: [42, 36, 36, 35],
    epochs: 9,
    repetitions: 2,
    defaultRepetitions: 5,
  })
}

/** The two smallest models. */
const SMALL = ['minilm:3', 'minilm:2'] as const

/** The space of the small recordings. */
export const minilmSmallSpace = spaceOf(SMALL)

/** For two processor cores: 41 configurations of the two smallest models, 3 epochs, one repetition, five of the default. */
export function minilmSmallRecording(task: GlueTask): Recording {
  return recordingOf(task, {
    name: `minilm-small-${task.task}`,
    models: SMALL,
    configurations: [20, 20],
    epochs: 3,
    repetitions: 1,
    defaultRepetitions: 5,
    precision: 'bf16',
  })
}

function recordingOf(task: GlueTask, extent: Extent): Recording {
  const { name, models, configurations, epochs, precision } = extent
  return defineRecording({
    name,
    description: `${task.title}: MiniLM with ${layersText(models)} layers, fine-tuned with AdamW`,
    program: {
      name: 'trainer/glue',
      // The Python of the activated environment; record-on-gpu.sh sees to that.
      command: ['python3', 'trainer/glue/train.py'],
      directory: packageRoot,
      files: PROGRAM_FILES.map((file) => `trainer/glue/${file}`),
      arguments: { task: task.task, ...(precision && { precision }) },
      // One thread a training: several share the machine, and sums over threads would depend on how many there are.
      env: { OMP_NUM_THREADS: '1', TOKENIZERS_PARALLELISM: 'false', HF_HUB_OFFLINE: '1' },
      levelsArgument: 'epochs',
      dataArgument: 'data',
      dataName: task.title,
      dataFiles: [`${task.folder}/train.tsv`, `${task.folder}/${task.testFile}`],
    },
    resource: { name: 'epoch', levels: epochs },
    metrics: metricsOf(task),
    space: spaceOf(models),
    defaultConfig: { model: models[0], ...DEFAULT },
    plan: {
      draw: 'random',
      groups: models.map((model, i) => ({ fixed: { model }, configurations: configurations[i]! })),
      repetitions: extent.repetitions,
      defaultRepetitions: extent.defaultRepetitions,
      seed: 1,
    },
  })
}

function layersText(models: readonly Model[]): string {
  const layers = models.map((model) => model.slice('minilm:'.length)).toReversed()
  return `${layers.slice(0, -1).join(', ')} or ${layers.at(-1)}`
}

function metricsOf({ metrics: names }: GlueTask): Record<string, RecordingMetric> {
  const metrics: Record<string, RecordingMetric> = {}
  for (const split of ['validation', 'test'] as const) {
    metrics[`${split}_error`] = { goal: 'min', split, description: `1 - ${names[0]}` }
    metrics[`${split}_loss`] = { goal: 'min', split }
    for (const metric of names) metrics[`${split}_${metric}`] = { goal: 'max', split }
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
  return metrics
}
