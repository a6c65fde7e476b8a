import { fileURLToPath } from 'node:url'
import { choice, defineRecording, float } from 'rungbench'

/** Which trainings of the program beside this file make the table, and what is kept of them. */
export default defineRecording({
  name: 'crescents',
  description: 'Logistic regression on two crescents',
  program: {
    name: 'own-recording/train.mjs',
    command: ['node', 'train.mjs'],
    directory: fileURLToPath(new URL('.', import.meta.url)),
    // Their checksum is that of the program: the table is of this version and no other.
    files: ['train.mjs'],
    levelsArgument: 'epochs',
    // It trains on the processor, also where there are GPUs.
    gpus: 0,
  },
  resource: { name: 'epoch', levels: 9 },
  metrics: {
    validation_error: { goal: 'min', split: 'validation' },
    test_error: { goal: 'min', split: 'test' },
    parameters: { goal: 'min', kind: 'static' },
  },
  space: {
    features: choice(['plain', 'cubic']),
    learning_rate: float(1e-4, 1, { scale: 'log' }),
    momentum: float(0, 0.95),
  },
  defaultConfig: { features: 'plain', learning_rate: 0.01, momentum: 0 },
  plan: {
    draw: 'random',
    groups: [
      { fixed: { features: 'plain' }, configurations: 10 },
      { fixed: { features: 'cubic' }, configurations: 10 },
    ],
    repetitions: 2,
    defaultRepetitions: 3,
    seed: 1,
  },
})
