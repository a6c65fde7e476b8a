/** A recorded table may have columns that were not recorded: reports say so. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { reportOf } from '../../src/report/sections.js'
import { runExperiment } from '../../src/run/run-experiment.js'
import { writeTable } from '../../src/surrogates/write.js'
import { makeTable } from '../surrogates/make-table.js'

const folder = mkdtempSync(join(tmpdir(), 'rungbench-columns-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('the provenance names the columns whose numbers follow a rule', async () => {
  const data = makeTable({ name: 'toy' })
  const columnProvenance = {
    elapsed_time: { kind: 'modelled', from: 'recording toy', rule: 'past epoch 1 at its pace' },
  } as const
  const path = join(folder, 'toy.arrow')
  writeTable(path, { ...data, metadata: { ...data.metadata, columnProvenance } })
  const { manifest, set } = await runExperiment(
    {
      name: 'rule',
      question: 'Does it say so?',
      tables: [path],
      objectives: [{ metric: 'error', report: 'test_error' }],
      methods: { random: { scheduler: { type: 'fifo' } } },
      budget: { fullEvaluations: 2 },
    },
    { seeds: 2, threads: 0, out: false },
  )
  const { provenance } = reportOf(manifest, set, { repeat: 'bench run', elapsedSeconds: undefined })
  expect(provenance[0]!.facts).toContainEqual(['elapsed_time', 'modelled: past epoch 1 at its pace'])
})
