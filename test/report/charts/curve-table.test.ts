/** The numbers below curves over time. */
import { expect, it } from 'vitest'
import { chartsOf } from '../../../src/report/charts-of.js'
import { curveChart } from '../../../src/report/charts/curve-chart.js'
import { compareRuns } from '../../../src/report/comparison.js'
import { joinSteps } from '../../../src/store/incumbent-steps.js'
import { makeRuns } from '../runs.js'

/** Changes many times, at times that no grid has. */
function descent(phase: number): readonly (readonly [time: number, value: number])[] {
  return Array.from({ length: 300 }, (_, i) => [1.21 * i + phase, 1 / (i + 1 + phase)])
}

const stepsOf = (changes: ReturnType<typeof descent>) => ({
  offsets: Uint32Array.of(0, changes.length),
  time: Float64Array.from(changes, ([time]) => time),
  value: Float64Array.from(changes, ([, value]) => value),
})

it('hold at the times that stand beside them', () => {
  const { manifest, set } = makeRuns([{ values: [0.1, 0.2] }])
  const changes = [descent(0.3), descent(0.7)]
  const details = { incumbents: joinSteps(changes.map(stepsOf)), rowsUsed: {} }
  const charts = chartsOf(manifest, { ...set, details }, compareRuns(manifest, set))
  const { rows } = charts.find(({ id }) => id === 'incumbent-1')!.table
  expect(rows).toHaveLength(11)
  for (const [time, value] of rows as readonly (readonly [number, number])[]) {
    const at = changes.map((one) => one.findLast(([from]) => from <= time)![1])
    expect([time, value]).toEqual([time, expect.closeTo((at[0]! + at[1]!) / 2, 12)])
  }
})

it('stand at every tenth where the curves have points there', () => {
  const points = Array.from({ length: 40 }, (_, k) => ({ x: 2.5 * (k + 1), y: k }))
  const about = { id: 'a', kind: 'b', title: '', subtitle: '', description: '', xTitle: 'x', yTitle: 'y', xUnit: '' }
  const { rows } = curveChart({ ...about, series: [{ name: 'one', points }] }).table
  expect(rows).toEqual([2.5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((x) => [x, x / 2.5 - 1]))
})
