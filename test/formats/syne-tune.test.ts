/**
 * Syne Tune itself: it loads and simulates what we export, and we import what it writes. Runs where RUNGBENCH_SYNE_TUNE
 * names a Python that has it; test/formats/python/test.sh makes one.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { blackboxRepository } from '../../src/formats/blackbox-repository.js'
import { exporters } from '../../src/formats/exporters.js'
import { importTable } from '../../src/formats/import-table.js'
import { syneTuneResults } from '../../src/formats/syne-tune-results.js'
import type { Config } from '../../src/core/space.js'
import { openTable } from '../../src/run/open-table.js'
import { ENDED, type TableData } from '../../src/surrogates/table-data.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { checkTable } from '../../src/surrogates/validate.js'
import { variedTable } from './varied-table.js'

const python = process.env['RUNGBENCH_SYNE_TUNE']
if (python === undefined) console.log('Syne Tune is not asked: RUNGBENCH_SYNE_TUNE names no Python that has it')

/** What syne_tune_folder.py leaves. */
interface Document {
  readonly task: string
  readonly configurations: readonly Config[]
  readonly objectives: readonly string[]
  readonly resource: string
  readonly levels: readonly number[]
  /** (configurations, seeds, levels, objectives); NaN is null */
  readonly values: readonly (readonly (readonly (readonly (number | null)[])[])[])[]
  readonly trials: number
  readonly results: string
}

/** A table that ships and is small, and one with everything that a format may lose. */
const TABLES: Readonly<Record<string, () => TableData>> = {
  varied: () => variedTable(true),
  'ngram-cola': () => openTable('ngram-cola'),
}

describe.skipIf(python === undefined).each(Object.keys(TABLES))('%s', { timeout: 600_000 }, (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'rungbench-syne-tune-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const out = join(folder, 'out')
  const data = TABLES[name]!()
  const table = new SurrogateTable(data)
  let document: Document

  beforeAll(async () => {
    await exporters['blackbox-repository']!.write(data, join(folder, name))
    mkdirSync(out)
    const script = 'test/formats/python/syne_tune_folder.py'
    execFileSync(python!, [script, join(folder, name), out], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    const text = readFileSync(join(out, 'document.json'), 'utf8')
    document = JSON.parse(text.replaceAll(/\bNaN\b/g, 'null')) as Document
  }, 600_000)

  test('Syne Tune reads every value', () => {
    expect(document).toMatchObject({ task: name, resource: data.metadata.resource.name })
    expect(document.levels).toEqual(Array.from({ length: data.levels }, (_, l) => l + 1))
    let different = 0
    for (const [c, configuration] of document.configurations.entries()) {
      const at = table.indexOf(configuration)
      expect(at).toBeGreaterThanOrEqual(0)
      for (const [seed, levels] of document.values[c]!.entries()) {
        const row = table.rowOrder[table.rowStart[at]! + seed]!
        for (const [l, values] of levels.entries())
          for (const [o, objective] of document.objectives.entries()) {
            const recorded =
              objective === 'elapsed_time'
                ? data.elapsed[row * data.levels + l]!
                : (data.curves[objective]?.[row * data.levels + l] ?? data.statics[objective]![row]!)
            if (!Object.is(recorded, values[o] ?? Number.NaN)) different++
          }
      }
    }
    expect(different).toBe(0)
    expect(document.configurations.length).toBeGreaterThan(8)
  })

  test('Syne Tune simulates on it, and what it leaves is imported', async () => {
    const map = join(folder, 'map.json')
    const mapping = { resource: { column: document.resource }, elapsed: { column: 'elapsed_time' } }
    writeFileSync(map, JSON.stringify(mapping))
    const given = { map, name: 'results', source: 'a test', licence: 'CC0-1.0' }
    const results = await importTable(syneTuneResults, [document.results], given)
    checkTable(results, 'results')
    const again = new SurrogateTable(results)
    expect(again.rows).toBeGreaterThan(3)
    expect(again.rows).toBeLessThanOrEqual(document.trials)
    const [metric] = Object.keys(results.curves)
    // What a trial reported is what the table holds of its configuration; it is rounded where the table was single.
    for (let row = 0; row < again.rows; row++) {
      const config = again.configuration(again.configurationOf[row]!)
      const at = table.indexOf({ ...table.defaultConfig, ...config })
      const recorded = table.rowOrder[table.rowStart[at]!]!
      for (let l = 0; l < results.reached[row]!; l++)
        expect(results.curves[metric!]![row * again.levels + l]).toEqual(
          data.curves[metric!]![recorded * data.levels + l],
        )
    }
  })

  test('what Syne Tune writes is imported, in its single precision', async () => {
    // Syne Tune's files say nothing of goals.
    const goals = Object.entries(data.metadata.metrics).map(([metric, { goal }]) => [metric, { goal }] as const)
    const map = join(folder, 'goals.json')
    writeFileSync(map, JSON.stringify({ metrics: Object.fromEntries(goals) }))
    const given = { map, name: 'again', source: 'a test', licence: 'CC0-1.0' }
    const imported = await importTable(blackboxRepository, [join(out, 'again')], given)
    checkTable(imported, 'again')
    const again = new SurrogateTable(imported)
    expect([again.configurations, again.levels]).toEqual([document.configurations.length, data.levels])
    let different = 0
    for (let row = 0; row < again.rows; row++) {
      const at = table.indexOf(again.configuration(again.configurationOf[row]!))
      const recorded = table.rowOrder[table.rowStart[at]! + imported.repetition[row]!]!
      if (ENDED[imported.ended[row]!] !== ENDED[data.ended[recorded]!]) different++
      for (const [metric, values] of Object.entries(data.curves))
        for (let l = 0; l < data.levels; l++)
          if (
            !Object.is(
              imported.curves[metric]![row * data.levels + l],
              Math.fround(values[recorded * data.levels + l]!),
            )
          )
            different++
    }
    expect(different).toBe(0)
  })
})
