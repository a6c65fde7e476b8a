/** Times of trainings that shared their device are replayed as they are; reports say so. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Experiment } from '../../src/core/experiment.js'
import { reportOf } from '../../src/report/sections.js'
import { runExperiment } from '../../src/run/run-experiment.js'
import { sharedInt32 } from '../../src/surrogates/shared.js'
import { writeTable } from '../../src/surrogates/write.js'
import { makeTable } from '../surrogates/make-table.js'

const folder = mkdtempSync(join(tmpdir(), 'rungbench-shared-'))
afterAll(() => rmSync(folder, { recursive: true }))

const experiment = (table: string): Experiment => ({
  name: 'busy',
  question: 'Does it say so?',
  tables: [table],
  objectives: [{ metric: 'error', report: 'test_error' }],
  methods: { random: { scheduler: { type: 'fifo' } }, asha: { scheduler: { type: 'asha-stopping' } } },
  budget: { fullEvaluations: 2 },
})

/** Of a run on a table whose rows 0, 1 and 2 ran beside so many others: what the report says of it, and the digest. */
async function reported(beside: readonly number[]): Promise<{ warning: string | undefined; digest: string }> {
  const data = makeTable({ name: 'toy' })
  const shared = sharedInt32(data.rows)
  shared.set(beside)
  const path = join(folder, `toy-${beside.join('-')}.arrow`)
  writeTable(path, { ...data, shared })
  const { manifest, set } = await runExperiment(experiment(path), { seeds: 2, threads: 0, out: false })
  const { provenance } = reportOf(manifest, set, { repeat: 'bench run', elapsedSeconds: undefined })
  const warning = provenance[0]!.facts.find(([name]) => name === 'warning: times')?.[1]
  return { warning, digest: set.digest }
}

test('the provenance warns of times from a shared device; nothing else changes', async () => {
  const [alone, busy] = [await reported([0, 0, 0]), await reported([1, 0, 4])]
  expect(alone.warning).toBeUndefined()
  expect(busy.warning).toBe(
    '2 of 12 trainings shared the device with up to 4 others while it was recorded; replayed times are those of a shared device',
  )
  expect(busy.digest).toBe(alone.digest)
})
