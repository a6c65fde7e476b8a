/** Charts of regret against the budget. */
import { compile } from 'vega-lite'
import { describe, expect, it } from 'vitest'
import { reportOf } from '../../../src/report/sections.js'
import { makeRuns } from '../runs.js'

const frame = { repeat: undefined, elapsedSeconds: undefined }
const values = (base: number): number[] => [base, base + 0.02, base - 0.02]
const budgets = (sizes: readonly number[], goal: 'min' | 'max' = 'min') =>
  sizes.flatMap((fullEvaluations) =>
    ['default', 'better'].map((method, i) => ({
      method,
      budget: { fullEvaluations },
      seconds: 28 * fullEvaluations,
      objectives: [{ metric: 'validation', goal, report: 'test' }],
      values: values(0.5 - 0.1 * i - 0.01 * fullEvaluations),
    })),
  )

function charts(sizes: readonly number[], optimum: number | undefined, goal: 'min' | 'max' = 'min') {
  const { manifest, set } = makeRuns(budgets(sizes, goal))
  const regretScale = optimum === undefined ? undefined : { optimum, reference: 0.5 }
  const cells = manifest.cells.map((cell) => Object.assign(cell, regretScale && { regretScale }))
  return reportOf({ ...manifest, cells }, set, frame).charts.filter(({ kind }) => kind === 'regret')
}

describe('regret against the budget', () => {
  it('is the distance of the mean from the best of the table, by rising budget', () => {
    const [chart, ...more] = charts([4, 1, 8], 0.2)
    expect(more).toEqual([])
    expect(chart!.title).toBe('Regret against budget on toy')
    const rows = chart!.table.rows.map(([method, budget, regret]) => [method, budget, Number(regret).toFixed(4)])
    expect(rows).toEqual([
      ['default', 1, '0.2900'],
      ['default', 4, '0.2600'],
      ['default', 8, '0.2200'],
      ['better', 1, '0.1900'],
      ['better', 4, '0.1600'],
      ['better', 8, '0.1200'],
    ])
    for (const [, , regret, low, high] of chart!.table.rows) {
      expect(Number(low)).toBeLessThan(Number(regret))
      expect(Number(high)).toBeGreaterThan(Number(regret))
    }
    expect(() => compile(chart!.spec)).not.toThrow()
  })

  it('turns round where large is good', () => {
    const [chart] = charts([1, 2, 4], 0.9, 'max')
    expect(Number(chart!.table.rows[0]![2])).toBeCloseTo(0.9 - 0.49)
  })

  it('needs three budgets, and to know the optimum', () => {
    expect(charts([1, 2], 0.2)).toEqual([])
    expect(charts([1, 2, 4], undefined)).toEqual([])
  })
})
