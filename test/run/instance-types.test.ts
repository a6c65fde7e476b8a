/** What reports say about instance types, counted again from the files of the runs. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, expect, it } from 'vitest'
import { partOf } from '../../src/report/data-table.js'
import { mergeRuns } from '../../src/report/merge-runs.js'
import { reportOf } from '../../src/report/sections.js'
import { runExperiment } from '../../src/run/run-experiment.js'
import { readRunSet } from '../../src/store/read-run-set.js'
import type { RunSummary } from '../../src/store/run-set.js'

const folder = mkdtempSync(join(tmpdir(), 'instance-types-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const PRICES: Readonly<Record<string, number>> = {
  'ml.m5.large': 0.134,
  'ml.m5.xlarge': 0.269,
  'ml.c5.xlarge': 0.238,
  'ml.c5n.xlarge': 0.302,
  'ml.c4.xlarge': 0.279,
  'ml.m4.xlarge': 0.28,
}

/** By method and type: trials of all runs, members of all sets, sets with one, and the least of what they reported. */
function countAgain(directories: readonly string[]) {
  const found = new Map<string, { trials: number; members: number; seeds: number; best: number[] }>()
  const at = (method: string, type: string) => {
    const key = `${method} ${type}`
    if (!found.has(key)) found.set(key, { trials: 0, members: 0, seeds: 0, best: [Infinity, Infinity, Infinity] })
    return found.get(key)!
  }
  for (const directory of directories)
    for (const file of readdirSync(join(directory, 'runs')).filter((name) => name.endsWith('.trials.arrow'))) {
      const trials = tableFromIPC(readFileSync(join(directory, 'runs', file)))
      const runs = JSON.parse(trials.schema.metadata.get('rungbench:runs')!) as RunSummary[]
      for (const row of trials.toArray() as { run: number; config_instance_type: string }[])
        at(runs[row.run]!.method, row.config_instance_type).trials++
      for (const { method, pareto } of runs)
        for (const type of Object.keys(PRICES)) {
          const members = pareto!.set.filter(({ config }) => config['instance_type'] === type)
          const one = at(method, type)
          one.members += members.length
          if (members.length > 0) one.seeds++
          for (const { reported } of members) one.best = one.best.map((least, j) => Math.min(least, reported[j]!))
        }
    }
  return found
}

it(
  'instance-selection says which types are in how many Pareto sets, also put together',
  { timeout: 120_000 },
  async () => {
    const directories = ['a', 'b'].map((name) => join(folder, name))
    const run = (seeds: readonly number[], out: string) =>
      runExperiment('instance-selection', { seeds, out, threads: 0 })
    const { manifest, set } = await run([0, 1, 2], directories[0]!)
    await run([3, 4], directories[1]!)
    const merged = mergeRuns(directories.map(readRunSet))
    const frame = { repeat: undefined, elapsedSeconds: undefined }
    const again = readRunSet(directories[0]!)
    const tableOf = (one: Pick<typeof merged, 'manifest' | 'set'>) =>
      partOf(
        reportOf(one.manifest, one.set, frame).tables.find(({ id }) => id === 'instance-types')!,
        'export',
      )
    expect(tableOf(again)).toEqual(tableOf({ manifest, set }))

    for (const [table, of, seeds] of [
      [tableOf(again), directories.slice(0, 1), 3],
      [tableOf(merged), directories, 5],
    ] as const) {
      const expected = countAgain(of)
      const column = (name: string) => table.columns.findIndex((one) => one.name === name)
      expect(table.rows).toHaveLength(2 * Object.keys(PRICES).length)
      for (const row of table.rows) {
        const type = String(row[column('instance type')])
        const counted = expected.get(`${row[column('method')]} ${type}`)!
        expect(row[column('US dollars per hour')]).toBe(PRICES[type])
        expect(row[column('trials')]).toBeCloseTo(counted.trials / seeds, 9)
        expect(row[column('in the set')]).toBeCloseTo(counted.members / seeds, 9)
        expect(row[column('seeds with it')]).toBe(counted.seeds)
        expect(row[column('seeds')]).toBe(seeds)
        expect(row.slice(column('lowest test_error'), column('lowest test_error') + 3)).toEqual(
          counted.seeds === 0 ? [null, null, null] : counted.best,
        )
        expect(row.at(-1)).toBe('modelled')
      }
    }
    const { answer, charts } = reportOf(merged.manifest, merged.set, frame)
    expect(answer).toContain('Instance types (modelled) in the Pareto sets of mo-asha-stopping over 5 seeds: ')
    for (const { id, title } of charts.filter((chart) => chart.id.startsWith('pareto-machines-')))
      expect([id, title]).toEqual([id, expect.stringMatching(/^Pareto set by instance type: /)])
  },
)
