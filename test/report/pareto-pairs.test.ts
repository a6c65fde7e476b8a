import { describe, expect, it } from 'vitest'
import { pairCharts } from '../../src/report/pareto-pairs.js'
import { CURVE_POINTS, type ParetoMember } from '../../src/store/run-set.js'
import { makeRuns } from './runs.js'

function member(trial: number, error: number, latency: number, machine: string): ParetoMember {
  return {
    trial,
    config: { instance_type: machine, lr: 0.1 },
    resource: 3,
    steering: [error, latency],
    reported: [error + 0.01, latency],
    row: trial,
  }
}

/** Two methods, two seeds each, with error and latency. */
function frontRuns() {
  const set = [member(1, 0.3, 5, 'small'), member(2, 0.2, 9, 'large'), member(3, 0.25, 40, 'small')]
  const measured = { final: 0.5, curve: Array.from({ length: CURVE_POINTS }, (_, k) => (k + 1) / 80) }
  const shared = {
    objectives: [
      { metric: 'error', goal: 'min' as const, report: 'test_error' },
      { metric: 'latency', goal: 'min' as const, report: 'latency' },
    ],
    ranges: [0, 1].map(() => ({ steering: { ideal: 0, nadir: 1 }, reported: { ideal: 0, nadir: 1 } })),
    runs: { pareto: { reported: measured, steering: measured, set } },
  }
  return makeRuns([
    { ...shared, method: 'default', values: [0.5, 0.4] },
    { ...shared, method: 'mo-asha', values: [0.4, 0.3] },
  ])
}

describe('pairCharts', () => {
  const labels = { groups: ['toy'], names: ['default', 'mo-asha'], titleOf: (_: string, metric: string) => metric }
  const { manifest, set } = frontRuns()

  it('are by instance type with two objectives: by method they are drawn already', () => {
    const charts = pairCharts(manifest, set, labels)
    expect(charts.map(({ id, title }) => [id, title])).toEqual([
      ['pareto-machines-1-1-2', 'Pareto set by instance type: test_error against latency on toy, all seeds'],
    ])
  })

  it('draw what was chosen by the metrics that steer, at those that are reported; each training once', () => {
    const [chart] = pairCharts(manifest, set, labels)
    expect(chart!.table.rows).toEqual([
      ['large', 9, 0.2 + 0.01],
      ['small', 5, 0.31],
    ])
  })

  it('join those of the set that no other of it beats as drawn', () => {
    const runs = set.runs.map((run) => {
      const [first, second, third] = run.pareto!.set
      // By what is reported the second is beaten by the first.
      const members = [first!, { ...second!, reported: [0.4, 9] }, third!]
      return { ...run, pareto: { ...run.pareto!, set: members } }
    })
    const [chart] = pairCharts(manifest, { ...set, runs }, labels)
    const spec = chart!.spec as { data: { values: { look: string }[] }; layer: { data?: { values: unknown } }[] }
    expect(spec.data.values.map(({ look }) => look)).toEqual([
      'not chosen',
      'chosen, but beaten here by another',
      'chosen by validation',
    ])
    expect(spec.layer[0]!.data!.values).toEqual([{ series: 'small', x: 5, y: 0.31 }])
  })

  it('are one per pair and method with three objectives', () => {
    const cells = manifest.cells.map((cell) => ({ ...cell, objectives: [...cell.objectives, cell.objectives[1]!] }))
    const runs = set.runs.map((run) => {
      const members = run.pareto!.set.map(({ trial, resource, steering, reported, row }) => ({
        trial,
        resource,
        row,
        config: { lr: 0.1 },
        steering: [steering[0]!, steering[1]!, -steering[1]!],
        reported: [reported[0]!, reported[1]!, 1],
      }))
      return { ...run, pareto: { ...run.pareto!, set: members } }
    })
    const charts = pairCharts({ ...manifest, cells }, { ...set, runs }, labels)
    expect(charts.map(({ id }) => id)).toEqual(['pareto-1-1-2', 'pareto-1-1-3', 'pareto-1-2-3'])
    // The third member is dominated by the second in the first two objectives, and is not of their front.
    expect(charts[0]!.table.rows).toEqual(
      ['default', 'mo-asha'].flatMap((method) => [
        [method, 5, 0.31],
        [method, 9, 0.2 + 0.01],
      ]),
    )
  })

  it('are none with one objective', () => {
    const runs = makeRuns([{ values: [0.1] }])
    expect(pairCharts(runs.manifest, runs.set, labels)).toEqual([])
  })
})
