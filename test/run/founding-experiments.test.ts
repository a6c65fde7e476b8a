/** The experiments that answer the founding study's questions, from beginning to end. */
import { describe, expect, it } from 'vitest'
import { runExperiment } from '../../src/run/run-experiment.js'
import type { RunSummary } from '../../src/store/run-set.js'

const run = (name: string): ReturnType<typeof runExperiment> =>
  runExperiment(name, { seeds: 2, out: false, threads: 0 })

describe.each(['model-ranking', 'model-selection', 'instance-selection', 'budget'])('%s', (name) => {
  it('runs on the tables that ship, and every run finds something', { timeout: 300_000 }, async () => {
    const { manifest, set } = await run(name)
    expect(set.failures).toEqual([])
    expect(set.runs).toHaveLength(manifest.cells.length * 2)
    for (const { best, reason } of set.runs) {
      expect(best).toBeDefined()
      expect(reason).toBe('seconds')
    }
  })
})

it('model-ranking trains each model alone, and all for the same time', async () => {
  const { manifest, set } = await run('model-ranking')
  for (const { method, best } of set.runs) expect(best!.config['model']).toBe(method)
  for (const table of ['ngram-mrpc', 'ngram-cola', 'ngram-stsb']) {
    const seconds = manifest.cells.filter((cell) => cell.table === table).map((cell) => cell.seconds)
    expect(new Set(seconds).size).toBe(1)
  }
})

it('model-selection searches words alone, and all models, with the same budget', async () => {
  const { set } = await run('model-selection')
  const models = (runs: readonly RunSummary[]): unknown[] => runs.map(({ best }) => best!.config['model'])
  const [original, augmented] = ['original', 'augmented'].map((which) =>
    models(set.runs.filter(({ method }) => method.startsWith(which))),
  )
  expect(new Set(original)).toEqual(new Set(['words']))
  expect(augmented!.some((model) => model !== 'words')).toBe(true)
})

it('instance-selection is on a modelled table, knows what it spent, and mixes types', async () => {
  const { manifest, set } = await run('instance-selection')
  expect(manifest.tables.map(({ provenance }) => provenance)).toEqual(['modelled'])
  const types = new Set(set.runs.flatMap(({ pareto }) => pareto!.set.map(({ config }) => config['instance_type'])))
  expect(types.size).toBeGreaterThan(1)
  for (const { usd, busySeconds } of set.runs) {
    expect(usd).toBeGreaterThan((busySeconds * 0.134) / 3600)
    expect(usd).toBeLessThan((busySeconds * 0.302) / 3600)
  }
})
