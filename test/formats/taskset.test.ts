/** TaskSet: made-up entries, and where the real files are at hand every value of theirs. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { importTable } from '../../src/formats/import-table.js'
import { taskset } from '../../src/formats/taskset.js'
import { listExperiments, loadExperiment } from '../../src/run/catalogue.js'
import { runExperiment } from '../../src/run/run-experiment.js'
import { readTable } from '../../src/surrogates/read.js'
import { ENDED } from '../../src/surrogates/table-data.js'
import { SurrogateTable } from '../../src/surrogates/table.js'
import { writeTable } from '../../src/surrogates/write.js'

const folder = mkdtempSync(join(tmpdir(), 'rungbench-taskset-'))
afterAll(() => rmSync(folder, { recursive: true }))

const entry = (lr: number, losses: readonly (number | string)[]): string => {
  const split = `{"loss": [${losses.join(', ')}]}`
  return `{"hp": {"learning_rate": ${lr}, "momentum": 0.9}, "train": ${split}, "valid": ${split}, "test": ${split}}`
}

function file(text: string): string {
  writeFileSync(join(folder, 'made_up.json.gz'), gzipSync(text))
  return join(folder, 'made_up.json.gz')
}

const entries = [0.5, 1e-5, 1e-3, 1e-3].map((lr, i) => entry(lr, [3, 2 + i, i === 1 ? 'NaN' : 1]))

describe('taskset', { timeout: 120_000 }, () => {
  test('one training per entry; what is not published is inferred', async () => {
    const data = await importTable(taskset, [file(`[${entries.join(', ')}]\n`)], { secondsPerLevel: 2 })
    const { metadata } = data
    expect(metadata.name).toBe('made_up')
    expect(metadata.space).toEqual({
      learning_rate: { type: 'float', low: 1e-5, high: 0.5, scale: 'log' },
      momentum: { type: 'constant', value: 0.9 },
    })
    expect(Object.keys(metadata.metrics)).toEqual(['validation_loss', 'test_loss', 'train_loss'])
    expect([...data.repetition]).toEqual([0, 0, 0, 1])
    expect([...data.ended].map((code) => ENDED[code])).toEqual(['completed', 'diverged', 'completed', 'completed'])
    expect([...data.curves['test_loss']!]).toEqual([3, 2, 1, 3, 3, Number.NaN, 3, 4, 1, 3, 5, 1])
    expect([...data.elapsed.subarray(0, 3)]).toEqual([2, 4, 6])
    expect(metadata.columnProvenance).toEqual({
      elapsed_time: { kind: 'modelled', from: 'made_up', rule: '2 seconds per level' },
    })
    // The middle of the log scale is 2.2e-3.
    expect(metadata.defaultConfig).toEqual({ learning_rate: 1e-3, momentum: 0.9 })
    expect(metadata.provenance).toMatchObject({ kind: 'imported', licence: 'Apache-2.0' })
  })

  test('the mapping overrides what was inferred', async () => {
    const map = join(folder, 'map.json')
    const wide = { type: 'float', low: 1e-8, high: 10, scale: 'log' }
    const mapping = {
      description: 'mine',
      hyperparameters: { learning_rate: { domain: wide } },
      metrics: { train_loss: { goal: 'none' } },
      defaultConfig: { learning_rate: 0.5, momentum: 0.9 },
      elapsed: { secondsPerLevel: 1 },
    }
    writeFileSync(map, JSON.stringify(mapping))
    const { metadata } = await importTable(taskset, [file(`[${entries.join(',')}]`)], { map, name: 'other' })
    expect(metadata).toMatchObject({
      name: 'other',
      description: 'mine',
      space: { learning_rate: wide, momentum: { type: 'constant' } },
      defaultConfig: mapping.defaultConfig,
      metrics: { train_loss: { goal: 'none', split: 'train' }, test_loss: { goal: 'min' } },
    })
    writeFileSync(map, JSON.stringify({ hyperparameters: { learning_rat: { domain: wide } } }))
    await expect(importTable(taskset, [file(`[${entries[0]}]`)], { map, secondsPerLevel: 1 })).rejects.toThrow(
      /no hyperparameter "learning_rat"; did you mean "learning_rate"\?/u,
    )
  })

  test.each([
    [
      'no times and no rule',
      `[${entries[0]}]`,
      {},
      /made_up\.json\.gz: has no times; give a rule with --seconds-per-level/u,
    ],
    [
      'a curve that comes back',
      `[${entry(1, [1, 'NaN', 1])}]`,
      1,
      /entry 0, level 3: metric "validation_loss" must be NaN/u,
    ],
    [
      'other hyperparameters',
      `[${entries[0]}, ${entries[1]!.replace('momentum', 'beta')}]`,
      1,
      /entry 1.*"momentum", unlike the first/u,
    ],
    ['no curves', '[{"hp": {"a": 1}}]', 1, /entry 0\.train.*got nothing/u],
    ['not JSON inside', `[${entries[0]}, {"hp": {,}}]`, 1, /entry 1: is not JSON/u],
    ['a file that is cut off', `[${entries[0]}, {"hp"`, 1, /ends early/u],
    ['nothing', '[]', 1, /holds no trainings/u],
    [
      'a validation curve that is shorter than the others',
      `[${entry(1, [3, 2, 1])}, ${entry(2, [3, 2, 1]).replace(/"valid": .*?\}/u, '"valid": {"loss": [3, 2]}')}]`,
      1,
      /entry 1: its lists must be equally long, got valid\.loss 2, test\.loss 3, train\.loss 3 values; nothing is filled in or cut silently: mend/u,
    ],
    ['a file of another format', '{"adult": {"0": {}}}', 1, /is no TaskSet file.*object whose first key is "adult"/u],
    ['text after an entry', `[${entries[0]} garbage`, 1, /something follows a value at byte/u],
    ['text for a number', `[${entry(1, [1, '"x"'])}]`, 1, /entry 0: valid\.loss: must be a list of numbers, got "x"/u],
  ])('refused: %s', async (_name, text, options, message) => {
    const given = typeof options === 'number' ? { secondsPerLevel: options } : options
    await expect(importTable(taskset, [file(text)], given)).rejects.toThrow(message)
  })

  test('several files, a task or a rule of 0 seconds are refused', async () => {
    const path = file(`[${entries[0]}]`)
    await expect(importTable(taskset, [path, path])).rejects.toThrow(/must be one file/u)
    await expect(importTable(taskset, [path], { task: 'x' })).rejects.toThrow(/--task "x" is for formats/u)
    await expect(importTable(taskset, [path], { secondsPerLevel: 0 })).rejects.toThrow(/greater than 0, got 0/u)
  })
})

const real = '../shared/data/taskset'
const files = existsSync(real) ? readdirSync(real).filter((name) => name.endsWith('.json.gz')) : []

test('the experiment says how to make its tables where they are not there', async () => {
  expect(listExperiments().map(({ name }) => name)).toContain('taskset')
  await expect(runExperiment('taskset', { seeds: 1, out: false })).rejects.toThrow(
    /"taskset-lstm128" does not ship, and there is no taskset-lstm128\.arrow here; make it: bench import taskset \S+ --seconds-per-level 1 --name taskset-lstm128 --out taskset-lstm128\.arrow/u,
  )
})

describe.skipIf(files.length === 0)('the real files', { timeout: 300_000 }, () => {
  /** By the task's file, what the experiment calls the table. */
  const imports = new Map<string, string>()

  test('are imported as they are, value by value', async () => {
    const experiment = await loadExperiment('taskset')
    for (const command of Object.values(experiment.imports!)) {
      const [, source, name] = /taskset (\S+) --seconds-per-level 1 --name (\S+)/.exec(command)!
      imports.set(source!, name!)
    }
    expect([...imports.keys()].toSorted()).toEqual(files.toSorted())
    for (const [source, name] of imports) {
      const data = await importTable(taskset, [join(real, source)], { secondsPerLevel: 1, name })
      writeTable(join(folder, `${name}.arrow`), data)
      const table = new SurrogateTable(readTable(join(folder, `${name}.arrow`)))
      const text = gunzipSync(readFileSync(join(real, source)))
        .toString()
        .replaceAll(/\bNaN\b/g, 'null')
      const published = JSON.parse(text) as Record<string, { readonly loss: (number | null)[] }>[]
      expect([table.rows, table.configurations, table.levels]).toEqual([published.length, 1000, 51])
      let different = 0
      let diverged = 0
      for (const [row, one] of published.entries()) {
        expect(table.configuration(row)).toEqual(one['hp'])
        for (const [split, metric] of [
          ['valid', 'validation_loss'],
          ['test', 'test_loss'],
          ['train', 'train_loss'],
        ] as const) {
          const curve = table.curve(metric)
          for (const [l, value] of one[split]!.loss.entries())
            if (!Object.is(curve[row * 51 + l], value ?? Number.NaN)) different++
        }
        const nan = one['valid']!.loss.includes(null)
        if (nan) diverged++
        if (nan !== (ENDED[table.data.ended[row]!] === 'diverged')) different++
      }
      expect({ name, different }).toEqual({ name, different: 0 })
      expect(diverged).toBe({ 'taskset-lstm128': 99, 'taskset-gru128': 1, 'taskset-vrnn64': 0 }[name])
      expect(table.data.metadata.provenance).toMatchObject({
        kind: 'imported',
        sha256: { [basename(source)]: expect.any(String) },
      })
    }
  })

  test('the experiment runs on them', async () => {
    const tables = [...imports.values()].map((name) => join(folder, `${name}.arrow`))
    const { set, manifest } = await runExperiment('taskset', { seeds: 3, tables, out: false, threads: 0 })
    expect(set.failures).toEqual([])
    expect(set.runs).toHaveLength(3 * 4 * 3)
    expect(manifest.tables.map(({ name }) => name)).toEqual([...imports.values()])
    // All methods get the same seconds; those that stop try more configurations in them.
    for (const table of imports.values()) {
      const trials = (method: string): number =>
        set.runs.filter((run) => run.table === table && run.method === method).reduce((sum, run) => sum + run.trials, 0)
      for (const method of ['asha', 'hyperband', 'median-stopping'])
        expect(trials(method)).toBeGreaterThan(trials('random-search'))
    }
  })
})
