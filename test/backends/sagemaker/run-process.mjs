// Runs, or goes on with, an experiment on an emulator; what kill.test.ts kills. argv: directory, sagemaker.json, scheduler, its options, trials.
import {
  Calls,
  RATES,
  connect,
  readSageMakerConfig,
  choice,
  float,
  planExperiment,
  prepareSageMaker,
  executeOnSageMaker,
  openSageMaker,
  tableOf,
} from '../../../dist/test/built.js'

const [directory, file, type, options, trials] = process.argv.slice(2)
const table = tableOf({
  levels: 4,
  space: { size: float(1, 2), instance_type: choice(['ml.m5.large', 'ml.c5.xlarge']) },
  configurations: [
    { size: 1, instance_type: 'ml.m5.large' },
    { size: 2, instance_type: 'ml.c5.xlarge' },
  ],
  metrics: { loss: 'min' },
  value: ({ level, config }) => config.size / level,
})
const experiment = {
  name: 'killed',
  question: 'Does it go on?',
  tables: ['in-memory'],
  objectives: [{ metric: 'loss' }],
  methods: { asha: { scheduler: { type, ...JSON.parse(options) } } },
  workers: 4,
  budget: { trials: Number(trials) },
  seeds: 1,
}
try {
  const config = readSageMakerConfig(file)
  const plan = await planExperiment(experiment, [table], [0], directory)
  const prepared = await prepareSageMaker(plan, [table], config, undefined)
  const rates = Object.fromEntries(Object.keys(RATES).map((name) => [name, 1000]))
  const calls = new Calls(await connect(config.region, config.endpoints), { rates, firstRest: 0.01 })
  const session = await openSageMaker(prepared, () => {}, calls)
  const set = await executeOnSageMaker(plan, session, { directory, resume: true })
  for (const { message } of set.failures) throw new Error(message)
} catch (error) {
  console.error(error.message)
  process.exitCode = error.exitCode ?? 70
}
