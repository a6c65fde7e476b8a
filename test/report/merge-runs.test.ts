/** Runs of several experiments as one. */
import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../src/report/comparison.js'
import { compareHypervolumes } from '../../src/report/hypervolumes.js'
import { mergeRuns } from '../../src/report/merge-runs.js'
import { averageRanks } from '../../src/report/ranks.js'
import { reportOf } from '../../src/report/sections.js'
import { tableRanks } from '../../src/report/table-ranks.js'
import { renderReport } from '../../src/report/tables.js'
import type { StoredRunSet } from '../../src/store/read-run-set.js'
import type { RunFailure, RunSet } from '../../src/store/run-set.js'
import { makeFronts } from './fronts.js'
import { makeRuns } from './runs.js'

const frame = { repeat: undefined, elapsedSeconds: undefined }
const values = (mean: number): number[] => [mean, mean + 0.01, mean - 0.01]

/** @param methods the value of each; the first is the baseline */
function part(table: string, methods: Readonly<Record<string, number>>): StoredRunSet {
  const cells = Object.entries(methods).map(([method, value]) => ({ table, method, values: values(value) }))
  const runs = makeRuns(cells, { manifest: { baseline: Object.keys(methods)[0]! } })
  return { path: table, ...runs, notes: {} }
}

describe('runs of experiments with different baselines', () => {
  const merged = mergeRuns([part('one', { default: 0.5, asha: 0.4 }), part('two', { random: 0.5, asha: 0.4 })])

  it('are each compared with their own', () => {
    const groups = compareRuns(merged.manifest, merged.set)
    expect(groups.map(({ baseline, target }) => [baseline, target])).toEqual([
      ['default', 0.5],
      ['random', 0.5],
    ])
    expect(groups.flatMap(({ comparisons }) => comparisons.map(({ method, baseline }) => [method, baseline]))).toEqual([
      ['asha', 'default'],
      ['asha', 'random'],
    ])
  })

  it('say so in every sentence, table and picture', () => {
    const report = reportOf(merged.manifest, merged.set, frame)
    expect(report.answer.replaceAll('\u00a0', ' ')).toMatch(
      /^asha lowers test_error against default on one by 20\.0 % .* and lowers test_error against random on two by 20\.0 % /,
    )
    const ofAnswers = report.answers.map(([, text]) => /against (\w+)/.exec(text)![1])
    expect(ofAnswers).toEqual(['default', 'random'])
    const names = (id: string, column: number) =>
      report.tables.find((table) => table.id === id)!.rows.map((row) => row[column])
    expect(names('methods', 0)).toEqual(['default (baseline)', 'asha', 'random (baseline)'])
    expect(names('results', 6)).toEqual(['baseline', expect.stringContaining('+20.0'), 'baseline', expect.anything()])
    expect(report.charts.find(({ id }) => id === 'improvement')!.title).toBe('Improvement over default and random')
    const text = renderReport(merged.manifest, merged.set, {
      directory: '',
      elapsedSeconds: 1,
      repeat: '',
      colors: false,
    })
    expect(text.match(/^ +(default|random) .* baseline /gm)).toHaveLength(2)
  })

  it('have that of the first where both ran on the same table with the same workers and budget', () => {
    const { manifest, set } = mergeRuns([part('one', { default: 0.5, asha: 0.4 }), part('one', { random: 0.45 })])
    const [group, ...more] = compareRuns(manifest, set)
    expect(more).toEqual([])
    expect(group).toMatchObject({ baseline: 'default', comparisons: [{ method: 'asha' }, { method: 'random' }] })
  })

  it('and several objectives are, too', () => {
    const fronts = (table: string, baseline: string): StoredRunSet => {
      const cells = [baseline, 'mo-asha'].map((method, m) => ({ method, table, volumes: values(0.5 + 0.1 * m) }))
      const { manifest, set } = makeFronts(cells)
      return { path: table, manifest: { ...manifest, baseline }, set, notes: {} }
    }
    const { manifest, set } = mergeRuns([fronts('one', 'default'), fronts('two', 'random')])
    expect(compareHypervolumes(manifest, set).map(({ comparisons }) => comparisons[0]!.baseline)).toEqual([
      'default',
      'random',
    ])
    expect(reportOf(manifest, set, frame).answer).toMatch(
      /^mo-asha, at the end: more hypervolume than default on one .*, more hypervolume than random on two .*; over time: /,
    )
  })
})

describe('runs with different objectives', () => {
  const cell = (goal: 'min' | 'max', metric: string, table = 'one') => ({
    table,
    objectives: [{ metric, goal, report: metric }],
  })
  const stored = (path: string, cells: Parameters<typeof makeRuns>[0]): StoredRunSet => ({
    path,
    ...makeRuns(cells),
    notes: {},
  })

  it('are refused on the same table with the same workers and budget', () => {
    const a = stored('a', [{ ...cell('min', 'error'), values: values(0.5) }])
    const other = (goal: 'min' | 'max', metric: string) =>
      stored('b', [{ ...cell(goal, metric), method: 'asha', values: values(0.5) }])
    expect(() => mergeRuns([a, other('min', 'latency')])).toThrow(
      'a and b have different objectives on one (13 full evaluations, 1 worker): error (min) in the first, ' +
        'latency (min) in the second; report on them apart, with one bench report each',
    )
    expect(() => mergeRuns([a, other('max', 'error')])).toThrow(
      /error \(min\) in the first, error \(max\) in the second/,
    )
    expect(() => mergeRuns([a, other('min', 'error')])).not.toThrow()
  })

  it('on different tables are each judged by their own goal', () => {
    // a has the larger value on both tables: better where large is good, worse where small is.
    const of = (goal: 'min' | 'max', metric: string, table: string): StoredRunSet =>
      stored(table, [
        { ...cell(goal, metric, table), values: values(0.5) },
        { ...cell(goal, metric, table), method: 'a', values: values(0.6) },
      ])
    const parts = [of('max', 'accuracy', 'acc'), of('min', 'error', 'err')]
    for (const [first, second] of [parts, parts.toReversed()]) {
      const { manifest, set } = mergeRuns([first!, second!])
      const { answer } = reportOf(manifest, set, frame)
      expect(answer).toMatch(/raises accuracy against default on acc by/)
      expect(answer).toMatch(/raises error against default on err by/)
      const ranks = averageRanks(manifest, set)!
      // First on one table, second on the other: 1.5 each at the end, and in the single tables 1 and 2.
      expect(ranks.methods.map((one) => one.ranks.at(-1))).toEqual([1.5, 1.5])
      const byTable = tableRanks(manifest, set, compareRuns(manifest, set))
      expect(byTable.map(({ label, method, rank }) => [label, method, rank]).toSorted()).toEqual([
        ['acc', 'a', 1],
        ['acc', 'default', 2],
        ['err', 'a', 2],
        ['err', 'default', 1],
      ])
    }
  })

  it('rank a method first on average that is better by both goals', () => {
    const of = (goal: 'min' | 'max', metric: string, table: string, better: number): StoredRunSet =>
      stored(table, [
        { ...cell(goal, metric, table), values: values(0.5) },
        { ...cell(goal, metric, table), method: 'a', values: values(better) },
      ])
    const { manifest, set } = mergeRuns([of('max', 'accuracy', 'acc', 0.6), of('min', 'error', 'err', 0.4)])
    const ranks = averageRanks(manifest, set)!
    expect(ranks).toMatchObject({ by: 'accuracy and error', shares: [0.1, 0.25, 0.5, 1] })
    expect(ranks.methods.map((one) => one.ranks.at(-1))).toEqual([2, 1])
    expect(reportOf(manifest, set, frame).answer).toMatch(
      /^a raises accuracy against default on acc by .* and lowers error against default on err by/,
    )
  })
})

/** Runs of `methods` on the table `toy` with seeds from `first` on, as of an experiment of their own. */
function seedsFrom(
  first: number,
  count: number,
  methods: readonly string[],
  change: Partial<RunSet> = {},
): StoredRunSet {
  const cells = methods.map((method) => ({ method, values: Array.from({ length: count }, (_, i) => 0.5 - 0.01 * i) }))
  const { manifest, set } = makeRuns(cells)
  const runs = set.runs.map((run) => ({ ...run, seed: first + run.seed, digest: `${run.method} ${first + run.seed}` }))
  const seeds = manifest.seeds.map((seed) => first + seed)
  return { path: `${first}`, manifest: { ...manifest, seeds }, set: { ...set, runs, ...change }, notes: {} }
}

describe('what nobody planned', () => {
  it('is neither missing nor left out', () => {
    const { manifest, set } = mergeRuns([seedsFrom(0, 10, ['default', 'random']), seedsFrom(10, 10, ['random'])])
    const [group] = compareRuns(manifest, set)
    expect(group!.methods).toMatchObject([
      { method: 'default', seeds: 10, missing: 0 },
      { method: 'random', seeds: 20, missing: 0 },
    ])
    expect(group!.comparisons).toMatchObject([{ seeds: 10, leftOut: { withoutResult: 0 } }])
    expect(reportOf(manifest, set, frame).warnings).toEqual([])
  })

  it('does not hide what somebody planned', () => {
    const first = seedsFrom(0, 10, ['default', 'random'])
    const runs = first.set.runs.filter(({ method, seed }) => method === 'random' || seed !== 3)
    const { manifest, set } = mergeRuns([{ ...first, set: { ...first.set, runs } }, seedsFrom(10, 10, ['random'])])
    const [missing, left] = reportOf(manifest, set, frame).warnings
    expect(missing).toBe('1 run of 30 is missing; the same command with --resume finishes it.')
    expect(left).toBe('toy: random is compared without 1 seed that lacks a result.')
  })
})

describe('runs that failed', () => {
  const failure = (seeds: readonly number[], cell?: number): RunFailure => ({
    ...(cell !== undefined && { cell }),
    table: 'toy',
    method: 'default',
    seeds,
    message: 'out of memory',
  })
  /** Without the runs of these seeds, which failed. */
  const failing = (...failures: readonly RunFailure[]): StoredRunSet => {
    const whole = seedsFrom(0, 3, ['default', 'random'])
    const failed = new Set(failures.flatMap(({ seeds }) => seeds))
    const runs = whole.set.runs.filter(({ method, seed }) => method === 'random' || !failed.has(seed))
    return { ...whole, set: { ...whole.set, runs, failures } }
  }

  it('count once, also as older results write them', () => {
    for (const cell of [0, undefined]) {
      const { manifest, set } = mergeRuns([
        failing(failure([1], cell)),
        failing(failure([1], cell), failure([2], cell)),
      ])
      expect(set.failures.map(({ seeds }) => seeds)).toEqual(cell === undefined ? [[1], [2]] : [[1]])
      // Seed 2 ended in the first directory; older results do not say of which run they are.
      if (cell === 0) expect(reportOf(manifest, set, frame).warnings[0]).toMatch(/^default on toy failed for seed 1/)
    }
  })

  it('are of the cell that failed, wherever it stands in the other directory', () => {
    const other = seedsFrom(0, 3, ['random'])
    const { set, manifest } = mergeRuns([other, failing(failure([1], 0))])
    expect(manifest.cells.map(({ method }) => method)).toEqual(['random', 'default'])
    expect(set.failures).toEqual([failure([1], 1)])
  })
})
