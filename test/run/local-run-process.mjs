// Runs, or goes on with, one real run of `steady.sh` or `hasty.sh`; what `kill.test.ts` kills. argv: folder, scheduler, its options, seed,
// trials, program.
import { fileURLToPath } from 'node:url'
import {
  simulationOptions,
  schedulers,
  searchers,
  int,
  defineRecording,
  runLocally,
  writeLocalRun,
} from '../../dist/test/built.js'

const [folder, type, options, seed, trials, name] = process.argv.slice(2)
const directory = fileURLToPath(new URL('../fixtures/programs/', import.meta.url))
const space = { quality: int(0, 999) }
const defaultConfig = { quality: 500 }
const levels = 8
const recording = defineRecording({
  name: 'steady',
  program: {
    name,
    command: ['sh', `${name}.sh`],
    directory,
    files: [`${name}.sh`],
    arguments: { pause: 0.02 },
    levelsArgument: 'epochs',
  },
  resource: { name: 'epoch', levels },
  metrics: { loss: { goal: 'min' } },
  space,
  defaultConfig,
  plan: { draw: 'random', groups: [{ fixed: {}, configurations: 1 }], repetitions: 1, defaultRepetitions: 1, seed: 1 },
})
const cell = {
  index: 0,
  table: 'steady',
  method: type,
  scheduler: { type, options: schedulers[type].options.parse(JSON.parse(options)) },
  searcher: { type: 'random', options: searchers.random.options.parse({}) },
  workers: 4,
  budget: { trials: Number(trials) },
  stop: { trials: Number(trials) },
  objectives: [{ metric: 'loss', goal: 'min', report: 'loss' }],
  metrics: ['loss'],
  space,
  fixed: {},
  defaultConfig,
  fullSeconds: 1,
  maxResource: levels,
  simulation: simulationOptions(),
  diverged: 'stop',
}
const prepared = { recordings: new Map([['steady', recording]]), resources: new Map(), settings: {} }
try {
  writeLocalRun(folder, await runLocally(cell, Number(seed), prepared, folder, { dataDir: undefined }))
} catch (error) {
  console.error(error.message)
  process.exitCode = error.exitCode ?? 70
}
