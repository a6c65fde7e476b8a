import { fileURLToPath } from 'node:url'
import { choice, defineRecording, float, int } from 'rungbench'

/** Which trainings make the table, and what is kept of them; where they run stands in sagemaker.json. */
export default defineRecording({
  name: 'crescents-sagemaker',
  description: 'A small network on two crescents, as training jobs of SageMaker',
  program: {
    name: 'sagemaker/train.py',
    command: ['python3', 'program/train.py'],
    directory: fileURLToPath(new URL('.', import.meta.url)),
    files: ['program'],
    levelsArgument: 'epochs',
    gpus: 0,
  },
  resource: { name: 'epoch', levels: 9 },
  metrics: {
    validation_error: { goal: 'min', split: 'validation' },
    test_error: { goal: 'min', split: 'test' },
  },
  space: {
    hidden: int(1, 16, { scale: 'log' }),
    learning_rate: float(1e-3, 1, { scale: 'log' }),
    instance_type: choice(['ml.m5.large', 'ml.c5.xlarge']),
  },
  defaultConfig: { hidden: 4, learning_rate: 0.01, instance_type: 'ml.m5.large' },
  plan: { draw: 'random', groups: [{ fixed: {}, configurations: 10 }], repetitions: 1, defaultRepetitions: 2, seed: 1 },
})
