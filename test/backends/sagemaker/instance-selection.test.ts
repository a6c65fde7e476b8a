/** The founding study's question, from beginning to end on the emulator: real trainings, each as a job on a machine of its own. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { loadExperiment } from '../../../src/run/catalogue.js'
import { openTable } from '../../../src/run/open-table.js'
import { planExperiment } from '../../../src/run/plan.js'
import { prepareSageMaker } from '../../../src/run/sagemaker/prepare.js'
import { executeOnSageMaker, openSageMaker } from '../../../src/run/sagemaker/runs.js'
import { readJournal } from '../../../src/store/journal.js'
import { SurrogateTable } from '../../../src/surrogates/table.js'
import { REAL_DATA, noRealData, writeFixture } from '../../trainer/ngram/fixture.js'
import { type World, world } from './emulated.js'
import { decidedInCell, eventsOf, inOrder, levelsOf } from './journals.js'

/** Of each of the two methods. */
const TRIALS = 10
const TABLE = 'ngram-mrpc-modelled-instances'

let made: World | undefined
const folders: string[] = []
const folder = (): string => {
  folders.push(mkdtempSync(join(tmpdir(), 'instance-selection-')))
  return folders.at(-1)!
}
afterEach(async () => {
  await made?.close()
  for (const one of folders.splice(0)) rmSync(one, { recursive: true, force: true })
}, 60_000)

/** The source folder that a user would pack: the trainer, and what starts it with the data of its channel. */
function trainer(): string {
  const source = folder()
  cpSync(fileURLToPath(new URL('../../../dist/trainer/ngram', import.meta.url)), source, { recursive: true })
  writeFileSync(join(source, 'package.json'), '{"type": "module"}\n')
  const start = `#!/bin/sh\nexec ${process.execPath} "$(dirname "$0")/train.js" --data "$SM_CHANNEL_GLUE" "$@"\n`
  writeFileSync(join(source, 'train.sh'), start, { mode: 0o755 })
  return source
}

it('instance-selection: random search and MO-ASHA over models, hyperparameters and machines', async () => {
  const table = new SurrogateTable(openTable(TABLE))
  const types = table.data.metadata.instances!.types.map(({ name }) => name)
  made = await world({
    source: trainer(),
    entryPoint: 'train.sh',
    seedArgument: 'seed',
    hyperparameters: { task: 'mrpc', epochs: 27 },
    inputs: { glue: 's3://bucket/glue' },
    instanceTypes: types,
  })
  const { emulator, config, calls, warnings } = made
  const data = join(noRealData === undefined ? REAL_DATA : writeFixture(), 'MRPC')
  if (noRealData !== undefined) folders.push(join(data, '..'))
  for (const file of readdirSync(data))
    await emulator.store.put('bucket', `glue/MRPC/${file}`, readFileSync(join(data, file)))

  const directory = join(folder(), 'run')
  mkdirSync(directory)
  const experiment = await loadExperiment('instance-selection')
  const plan = await planExperiment(experiment, [table], [0], directory, { budget: { trials: TRIALS } })
  const prepared = await prepareSageMaker(plan, [table], config, undefined)
  const session = await openSageMaker(prepared, (text) => warnings.push(text), calls)
  const set = await executeOnSageMaker(plan, session, { directory })

  expect(set.failures).toEqual([])
  expect(set.runs.map(({ method, trials }) => [method, trials])).toEqual([
    ['random-search', TRIALS],
    ['mo-asha-stopping', TRIALS],
  ])
  for (const [i, cell] of plan.cells.entries()) {
    const journal = join(directory, 'runs', `00${i}-0`, 'journal.jsonl')
    const events = eventsOf(journal)
    const levels = levelsOf(events)
    expect(levels).toHaveLength(TRIALS)
    for (const one of levels) expect(one).toEqual(inOrder(one))
    if (cell.method === 'random-search') expect(levels.flat()).toHaveLength(TRIALS * 27)
    expect(decidedInCell(events, cell)).toMatchObject({ difference: undefined })
    const { header, entries } = readJournal(journal)
    const at = (metric: string): number => (header!['values'] as string[]).indexOf(metric)
    const price = new Map(prepared.prices.types.map(({ name, usdPerHour }) => [name, usdPerHour]))
    const machines = new Map(
      entries.flatMap(({ event, trial, instanceType }) =>
        event === 'job' ? [[trial as number, instanceType as string] as const] : [],
      ),
    )
    for (const event of events) {
      if (event.event === 'start') expect(machines.get(event.trial)).toBe(event.config['instance_type'])
      if (event.event !== 'report') continue
      const { trial, values } = event
      expect(values[at('cost')]).toBeCloseTo(
        (values[at('elapsed_time')]! * price.get(machines.get(trial)!)!) / 3600,
        12,
      )
      expect(values[at('validation_error')]).toBeGreaterThanOrEqual(0)
      expect(values[at('latency_ms')]).toBeGreaterThan(0)
    }
    const { pareto, usd } = set.runs[i]!
    expect(pareto!.set.length).toBeGreaterThan(0)
    expect(usd).toBeGreaterThan(0)
  }
  const used = new Set([...emulator.sagemaker.jobs.values()].map(({ instanceType }) => instanceType))
  expect(used.size).toBeGreaterThan(2)
  await expect.poll(() => emulator.running, { timeout: 60_000 }).toEqual([])
}, 600_000)
