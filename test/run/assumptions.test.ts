/** What a method assumes stands in the manifest and in every report; what cannot be run is refused before anything runs. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Experiment } from '../../src/core/experiment.js'
import { renderReport } from '../../src/report/tables.js'
import { resultDocument } from '../../src/report/result-document.js'
import { planExperiment } from '../../src/run/plan.js'
import { runExperiment } from '../../src/run/run-experiment.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { writeTable } from '../../src/surrogates/write.js'
import { makeTable } from '../surrogates/make-table.js'

const data = makeTable({ name: 'toy', levels: 9, configurations: 40 })
const methods: Experiment['methods'] = {
  random: { scheduler: { type: 'fifo' } },
  pbt: { scheduler: { type: 'population-based-training', populationSize: 4 } },
  'pbt-median': { scheduler: { type: 'median-stopping', scheduler: { type: 'population-based-training' } } },
}
const experiment = (tables: readonly string[], change: Partial<Experiment> = {}): Experiment => ({
  name: 'toy-experiment',
  question: 'Which?',
  tables,
  objectives: [{ metric: 'error' }],
  methods,
  budget: { fullEvaluations: 6 },
  ...change,
})

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rungbench-assumptions-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

it('population based training says that path independence is assumed, also inside another scheduler', async () => {
  const path = join(directory, 'toy.arrow')
  writeTable(path, data)
  const { manifest, set } = await runExperiment(experiment([path]), { seeds: 2, threads: 0, out: false })
  expect(manifest.cells.map(({ ranked }) => ranked)).toEqual([undefined, false, false])
  expect(manifest.cells[0]).not.toHaveProperty('assumptions')
  expect(manifest.cells[1]!.assumptions).toMatch(/^path independence assumed: /)
  const frame = { directory: undefined, elapsedSeconds: 1, repeat: 'bench run', colors: false }
  const report = renderReport(manifest, set, frame).replaceAll(/\s+/g, ' ')
  expect(report).toContain(
    'Note: pbt and pbt-median: path independence assumed: a copy goes on along the recorded curve',
  )
  const document = resultDocument(manifest, set, { directory: undefined, elapsedSeconds: 1 })
  expect(document.assumptions).toEqual([expect.stringContaining('path independence assumed')])
})

it('copies of checkpoints are refused where there are none', async () => {
  const table = new SurrogateTable(data)
  const given = experiment(['toy'], { methods: { pbt: methods['pbt']! } })
  const refused = planExperiment({ ...given, simulation: { checkpoints: false } }, [table], [0], directory)
  await expect(refused).rejects.toThrow(/^pbt: .*simulation.checkpoints is false; make it true$/)
})
