/** Which instance types methods ended with, counted by hand. */
import { describe, expect, it } from 'vitest'
import { WIDTH } from '../../src/report/layout.js'
import { compareMachines } from '../../src/report/machines.js'
import { machinesTable } from '../../src/report/machines-table.js'
import { machinesFacts, machinesHeadline } from '../../src/report/machines-text.js'
import { renderCsv } from '../../src/report/page/csv.js'
import { renderMarkdown } from '../../src/report/page/markdown.js'
import { reportOf } from '../../src/report/sections.js'
import { renderReport } from '../../src/report/tables.js'
import type { Manifest } from '../../src/store/manifest.js'
import { CURVE_POINTS, type ParetoMember, type RunSet, type RunSummary } from '../../src/store/run-set.js'
import { makeRuns } from './runs.js'

const frame = { repeat: undefined, elapsedSeconds: undefined }
const terminal = { directory: undefined, elapsedSeconds: 1, repeat: '', colors: false }
const METHODS = ['random', 'mo-asha']

function member(row: number, error: number, latency: number, type: string, test: number | null = error): ParetoMember {
  return {
    trial: row,
    config: { instance_type: type },
    resource: 3,
    steering: [error, latency],
    reported: [test, latency],
    row,
  }
}

/** By method and seed: what was tried, and the Pareto set. No two members of a method are the same training. */
const RUNS: readonly (readonly (readonly [Record<string, number>, ParetoMember[]])[])[] = [
  [
    [{ small: 5, large: 2 }, [member(1, 0.3, 5, 'small')]],
    [{ small: 4, large: 4 }, [member(2, 0.25, 6, 'small')]],
    [{ small: 6 }, []],
  ],
  [
    [{ small: 7, large: 4, old: 9 }, [member(1, 0.3, 5, 'small', 0.31), member(3, 0.2, 9, 'large', 0.23)]],
    [{ small: 8, large: 2, old: 9 }, [member(4, 0.28, 4, 'small', 0.33), member(5, 0.4, 3, 'small', null)]],
    [{ small: 9, large: 3, old: 9 }, [member(6, 0.5, 3.5, 'small', 0.6), member(7, 0.21, 8, 'large', 0.22)]],
  ],
]

function fronts(table = 'toy', budgets: readonly number[] = [13]): { manifest: Manifest; set: RunSet } {
  const range = { ideal: 0, nadir: 1 }
  const { manifest, set } = makeRuns(
    budgets.flatMap((fullEvaluations) =>
      METHODS.map((method) => ({
        table,
        method,
        budget: { fullEvaluations },
        values: [0.5, 0.4, 0.3],
        objectives: [
          { metric: 'error', goal: 'min' as const, report: 'test_error' },
          { metric: 'latency', goal: 'min' as const, report: 'latency' },
        ],
        ranges: [0, 1].map(() => ({ steering: range, reported: range })),
      })),
    ),
    { manifest: { baseline: 'random' } },
  )
  const measured = { final: 0.5, curve: Array.from({ length: CURVE_POINTS }, () => 0.5) }
  const runs = set.runs.map((run): RunSummary => {
    const [instanceTypes, members] = RUNS[run.cell % 2]![run.seed]!
    return { ...run, instanceTypes, pareto: { reported: measured, steering: measured, set: members } }
  })
  const about = {
    description: '',
    rows: 9,
    configurations: 9,
    levels: 3,
    resource: 'epoch',
    units: {},
    prices: { small: 0.1, large: 0.4, old: null },
    provenance: { kind: 'recorded' },
  }
  return {
    manifest: { ...manifest, tables: manifest.tables.map((one) => Object.assign({ about }, one)) },
    set: { ...set, runs },
  }
}

const modelled = ({ manifest, set }: ReturnType<typeof fronts>) => ({
  manifest: { ...manifest, tables: manifest.tables.map((table) => ({ ...table, provenance: 'modelled' })) },
  set,
})

describe('instance types', () => {
  it('are counted over the Pareto sets of seeds, beside what was tried', () => {
    const { manifest, set } = fronts()
    const [group, ...more] = compareMachines(manifest, set)
    expect(more).toEqual([])
    const [random, asha] = group!.methods
    expect(random).toMatchObject({ method: 'random', seeds: 3 })
    expect(random!.types).toEqual([
      // (5 + 4 + 6) / 3 trials; two members in three sets, of which neither beats the other.
      { type: 'small', usdPerHour: 0.1, trials: 5, members: 2 / 3, seeds: 2, overall: 2, best: [0.25, 5] },
      { type: 'large', usdPerHour: 0.4, trials: 2, members: 0, seeds: 0, overall: 0, best: [null, null] },
    ])
    expect(asha!.types).toEqual([
      // Of all seeds together 0.28 at 4 beats 0.3 at 5, and 0.4 at 3 beats 0.5 at 3.5; 0.2 at 9 and 0.21 at 8 stay both.
      { type: 'small', usdPerHour: 0.1, trials: 8, members: 4 / 3, seeds: 3, overall: 2, best: [0.31, 3] },
      { type: 'large', usdPerHour: 0.4, trials: 3, members: 2 / 3, seeds: 2, overall: 2, best: [0.22, 8] },
      { type: 'old', usdPerHour: null, trials: 9, members: 0, seeds: 0, overall: 0, best: [null, null] },
    ])
  })

  it('stand in the answer, with those that were tried in vain', () => {
    const { manifest, set } = fronts()
    const sentence =
      'Instance types in the Pareto sets of mo-asha over 3 seeds: small in all 3, large in 2; tried, but in none: old.'
    const report = reportOf(manifest, set, frame)
    expect(report.answer.endsWith(` ${sentence}`)).toBe(true)
    const text = renderReport(manifest, set, terminal)
    expect(text.replaceAll(/\n */g, ' ')).toContain(sentence)
    expect(text).toMatch(/\n {2}large +0\.4 +3 +2 of 3 +0\.7 +2 +0\.22 +8\n {2}old +- +9 +0 of 3 +0 +0 +- +-\n/)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(WIDTH)
    expect(text).not.toContain('modelled')
  })

  it('are said to be modelled', () => {
    const { manifest, set } = modelled(fronts())
    expect(reportOf(manifest, set, frame).answer).toContain('Instance types (modelled) in the Pareto sets of mo-asha')
    expect(renderReport(manifest, set, terminal)).toMatch(/\n\(modelled\) +hour +with it/)
    expect(renderMarkdown(reportOf(manifest, set, frame))).toContain('## Instance types in the Pareto sets (modelled)')
  })

  it('are exported with all digits', () => {
    const { manifest, set } = modelled(fronts())
    const table = reportOf(manifest, set, frame).tables.find(({ id }) => id === 'instance-types')!
    expect(renderCsv(table).split('\r\n').slice(0, 2)).toEqual([
      'table,budget,workers,method,instance type,US dollars per hour,trials,seeds with it,seeds,in the set,' +
        'in the set over all seeds,lowest test_error,lowest latency,provenance',
      'toy,13 full evaluations,1,random,small,0.1,5,2,3,0.6666666666666666,2,0.25,5,modelled',
    ])
  })

  it('leave out how often they were tried where runs do not say', () => {
    const { manifest, set } = fronts()
    const runs = set.runs.map(({ instanceTypes: _types, ...run }) => run)
    const groups = compareMachines(manifest, { ...set, runs })
    expect(groups[0]!.methods[1]!.types.map(({ type, trials }) => [type, trials])).toEqual([
      ['small', null],
      ['large', null],
    ])
    expect(machinesTable(groups)!.columns.map(({ name }) => name)).not.toContain('trials')
    expect(machinesHeadline(groups)).not.toContain('tried')
  })

  it('have a sentence per setting where there are several', () => {
    const { manifest, set } = fronts('toy', [1, 2])
    const groups = compareMachines(manifest, set)
    expect(machinesHeadline(groups)).toBe('')
    expect(machinesFacts(groups).map(([label]) => label)).toEqual([
      'toy, 1 full evaluation, instance types',
      'toy, 2 full evaluations, instance types',
    ])
    expect(machinesTable(groups)!.rows).toHaveLength(2 * 5)
  })

  it('are named up to six, and the rest counted', () => {
    const types = Array.from({ length: 9 }, (_, i) => `m${i}`)
    const { manifest, set } = fronts()
    const runs = set.runs.map((run) => ({
      ...run,
      instanceTypes: Object.fromEntries([...types, 'x'].map((type) => [type, 1])),
      pareto: { ...run.pareto!, set: types.map((type, i) => member(i, i, 9 - i, type)) },
    }))
    expect(machinesHeadline(compareMachines(manifest, { ...set, runs }))).toBe(
      'Instance types in the Pareto sets of mo-asha over 3 seeds: m0, m1, m2, m3, m4 and m5 in all 3, and 3 more types; ' +
        'tried, but in none: x.',
    )
  })

  it('are those of the incumbents where there is one objective', () => {
    const { manifest, set } = makeRuns([
      { method: 'default', values: [0.5, 0.5, 0.5] },
      { method: 'asha', values: [0.4, 0.3, null] },
    ])
    const types = ['small', 'large', 'small']
    const runs = set.runs.map((run) => ({
      ...run,
      instanceTypes: { small: 2, large: 1, old: 1 },
      ...(run.best && { best: { ...run.best, config: { instance_type: types[run.seed]! } } }),
    }))
    const [group] = compareMachines(manifest, { ...set, runs })
    expect(group!.methods[1]).toEqual({
      method: 'asha',
      seeds: 3,
      types: [
        { type: 'small', usdPerHour: null, trials: 2, members: 1 / 3, seeds: 1, overall: null, best: [0.4] },
        { type: 'large', usdPerHour: null, trials: 1, members: 1 / 3, seeds: 1, overall: null, best: [0.3] },
        { type: 'old', usdPerHour: null, trials: 1, members: 0, seeds: 0, overall: null, best: [null] },
      ],
    })
    expect(reportOf(manifest, { ...set, runs }, frame).answer).toMatch(
      / Instance types of the best configurations of asha over 3 seeds: small and large in 1 each; tried, but never best: old\.$/,
    )
  })

  it('cost what their jobs were billed for on SageMaker', () => {
    const { manifest, set } = fronts()
    const job = { trial: 0, instanceCount: 2, jobs: 1, startUp: 60 }
    const trials = [
      // 2 x 1800 s on two machines are one hour.
      { ...job, instanceType: 'small', billable: 1800, usd: 0.15 },
      { ...job, instanceType: 'large', billable: 3600, usd: null },
    ]
    const jobs = {
      region: 'eu-west-1',
      prices: { source: 's', date: null },
      jobs: 2,
      open: 0,
      billable: 9,
      usd: null,
      trials,
    }
    const runs = set.runs.map((run) => ({ ...run, jobs }))
    const [group] = compareMachines({ ...manifest, backend: 'sagemaker' }, { ...set, runs })
    const [small, large] = group!.methods[0]!.types
    expect(small!.usdPerHour).toBeCloseTo(0.15, 12)
    expect(large!.usdPerHour).toBeNull()
    expect(group!.modelled).toBe(false)
  })

  it('are none where all trials ran on one, or none is known', () => {
    const { manifest, set } = fronts()
    const small = RUNS[0]![0]![1]
    const runs = set.runs.map((run) => ({
      ...run,
      instanceTypes: { small: 3 },
      pareto: { ...run.pareto!, set: small },
    }))
    expect(compareMachines(manifest, { ...set, runs })).toEqual([])
    const plain = makeRuns([{ values: [0.1] }])
    expect(compareMachines(plain.manifest, plain.set)).toEqual([])
    expect(machinesTable([])).toBeUndefined()
  })
})
