/** What stays in memory after a set of 1,000 runs, its result dropped: nothing. Every set after the first must leave it as it was. */
import { runExperiment } from '../src/run/run-experiment.js'
import { type Suite, memoryInUse } from './figures.js'

export const keptMemory: Suite = async ({ share }) => {
  const seeds = Math.max(10, Math.round(84 * share))
  let digest = ''
  const once = async (): Promise<number> => {
    // 12 cells: 1,008 runs.
    const { set } = await runExperiment('asha-vs-default', { seeds, threads: 0, out: false })
    digest = set.digest
    return set.runs.length
  }
  // The first ones load the product and what V8 compiles.
  const runs = await once()
  for (let i = 0; i < 3; i++) await once()
  const before = await memoryInUse()
  for (let i = 0; i < 3; i++) await once()
  return [
    { name: 'memory in use', value: before, unit: 'MiB' },
    {
      name: `what three sets of ${runs.toLocaleString('en')} runs add`,
      value: (await memoryInUse()) - before,
      unit: 'MiB',
      most: 2,
      digest,
    },
  ]
}
