/** Resuming trusts nothing that it did not check: what is damaged on disk is run again. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { defineExperiment } from '../../src/core/experiment.js'
import { runExperiment } from '../../src/run/run-experiment.js'
import type { Manifest } from '../../src/store/manifest.js'
import { readEventDigests } from '../../src/store/read-batch.js'

const folder = mkdtempSync(join(tmpdir(), 'rungbench-'))
afterAll(() => rmSync(folder, { recursive: true }))

const experiment = defineExperiment({
  name: 'resumed',
  question: 'Is what is on disk what was run?',
  tables: ['ngram-stsb'],
  fixed: { model: 'words' },
  objectives: [{ metric: 'validation_error', report: 'test_error' }],
  methods: { random: { scheduler: { type: 'fifo' } }, asha: { scheduler: { type: 'asha-stopping' } } },
  budget: { fullEvaluations: 3 },
})

describe('resuming', () => {
  it.each([
    ['cut off', (path: string) => truncateSync(path, 1000)],
    [
      'changed in the middle',
      (path: string) => {
        const bytes = readFileSync(path)
        for (let i = 0; i < 64; i++) bytes[Math.floor(bytes.length / 2) + i]! ^= 255
        writeFileSync(path, bytes)
      },
    ],
  ])('runs a batch again whose events are %s', async (what, damage) => {
    const out = join(folder, what)
    const options = { seeds: 3, out, threads: 0 }
    const first = await runExperiment(experiment, options)
    const file = join(
      out,
      'runs',
      readdirSync(join(out, 'runs')).find((name) => name.endsWith('.events.arrow'))!,
    )
    const digests = readEventDigests(file)
    damage(file)
    expect(readEventDigests(file)).not.toEqual(digests)
    const again = await runExperiment(experiment, { ...options, resume: true })
    expect(again.set.digest).toBe(first.set.digest)
    expect(readEventDigests(file)).toEqual(digests)
  })

  it('goes on with a run whose manifest says nothing of the prices, speeds and figures of instance types', async () => {
    const out = join(folder, 'without prices')
    const options = { seeds: 2, out, threads: 0 }
    const first = await runExperiment('instance-selection', options)
    const path = join(out, 'manifest.json')
    const { versions, key, ...content } = JSON.parse(readFileSync(path, 'utf8')) as Manifest
    const tables = content.tables.map((table) => {
      const { prices, speeds, ...about } = table.about!
      const { inputs, ...provenance } = about.provenance
      expect([Object.keys(prices!).length, Object.keys(speeds!).length, typeof inputs]).toEqual([6, 6, 'object'])
      return { ...table, about: { ...about, provenance } }
    })
    // As it was made before: of everything that the manifest says.
    const before = { ...content, tables }
    const keyBefore = createHash('sha256')
      .update(JSON.stringify({ ...before, rungbench: versions.rungbench }))
      .digest('hex')
    writeFileSync(path, JSON.stringify({ ...before, versions, key: keyBefore }))
    for (const file of readdirSync(join(out, 'runs')).slice(0, 2)) rmSync(join(out, 'runs', file))
    const again = await runExperiment('instance-selection', { ...options, resume: true })
    expect(again.set.digest).toBe(first.set.digest)
    expect(key).toBe(keyBefore)
  })
})
