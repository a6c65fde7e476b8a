import { describe, expect, it } from 'vitest'
import { averageRanks } from '../../src/report/ranks.js'
import { joinSteps } from '../../src/store/incumbent-steps.js'
import { reportOf } from '../../src/report/sections.js'
import { renderReport } from '../../src/report/tables.js'
import { makeFronts } from './fronts.js'
import { type CellOptions, makeRuns } from './runs.js'

/** Two methods on tables; what their incumbents report at 10, 25, 50 and 100 % of the budget. */
function twoMethods(tables: number, change: Partial<CellOptions> = {}) {
  const { manifest, set } = makeRuns(
    Array.from({ length: tables }, (_, t) => `table-${t}`).flatMap((table): CellOptions[] => [
      { table, method: 'slow', values: [0.1, 0.1] },
      { table, method: 'fast', values: [0.2, 0.2], ...change },
    ]),
  )
  const steps = { slow: [Number.NaN, 0.3, 0.2, 0.1], fast: [0.4, 0.3, 0.3, 0.2] }
  const incumbents = joinSteps(
    set.runs.map(({ method }) => ({
      offsets: Uint32Array.of(0, 4),
      time: Float64Array.of(36.3, 90.75, 181.5, 363),
      value: Float64Array.from(steps[method as 'slow' | 'fast']),
    })),
  )
  return { manifest, set: { ...set, details: { incumbents, rowsUsed: {} } } }
}

describe('average ranks', () => {
  it('are averaged over seeds and tables at every share of the budget; without a result one is last', () => {
    const { manifest, set } = twoMethods(2)
    expect(averageRanks(manifest, set)).toEqual({
      by: 'test_error',
      tables: 2,
      blocks: 4,
      incomplete: 0,
      shares: [0.1, 0.25, 0.5, 1],
      methods: [
        { method: 'slow', ranks: [2, 1.5, 1, 1] },
        { method: 'fast', ranks: [1, 1.5, 2, 2] },
      ],
    })
  })

  it('are given at other shares', () => {
    const { manifest, set } = twoMethods(2)
    expect(averageRanks(manifest, set, [0.2, 0.3, 0.6, 1])).toMatchObject({
      shares: [0.2, 0.3, 0.6, 1],
      methods: [{ ranks: [2, 1.5, 1, 1] }, { ranks: [1, 1.5, 2, 2] }],
    })
  })

  it('know which values are good', () => {
    const objectives = [{ metric: 'validation_accuracy', goal: 'max' as const, report: 'test_accuracy' }]
    const cells = ['a', 'b'].flatMap((table): CellOptions[] => [
      { table, method: 'low', values: [0.1], objectives },
      { table, method: 'high', values: [0.9], objectives },
    ])
    const { manifest, set } = makeRuns(cells)
    expect(averageRanks(manifest, set)!.methods.map(({ ranks }) => ranks.at(-1))).toEqual([2, 1])
  })

  it('are at the end only where a budget does not limit seconds', () => {
    const { manifest, set } = twoMethods(2)
    const cells = manifest.cells.map(({ seconds: _seconds, ...cell }) => cell)
    const atTheEnd = { shares: [1], methods: [{ ranks: [1] }, { ranks: [2] }] }
    expect(averageRanks({ ...manifest, cells }, set)).toMatchObject(atTheEnd)
    const { details: _details, ...summaries } = set
    expect(averageRanks(manifest, summaries)).toMatchObject(atTheEnd)
  })

  it('are over the tables that are ranked, and are none where that is only one', () => {
    const cells = (table: string, values: readonly (number | undefined)[]) => [
      { table, values: [0.1, 0.1] },
      { table, method: 'asha', values },
    ]
    const ranked = [...cells('one', [0.2, 0.2]), ...cells('two', [0.2, 0.2])]
    const three = makeRuns([...ranked, ...cells('three', [undefined, undefined])])
    expect(averageRanks(three.manifest, three.set)).toMatchObject({ tables: 2, blocks: 4, incomplete: 2 })
    const two = makeRuns([...cells('one', [0.2, 0.2]), ...cells('three', [undefined, undefined])])
    expect(averageRanks(two.manifest, two.set)).toBeUndefined()
  })

  it('leave out seeds of which a method has no run', () => {
    const { manifest, set } = twoMethods(3, { values: [0.2, undefined] })
    expect(averageRanks(manifest, set)).toMatchObject({ blocks: 3, incomplete: 3 })
    expect(
      renderReport(manifest, set, { directory: undefined, elapsedSeconds: 1, repeat: '', colors: false }),
    ).toContain('Note: 3 rankings left out, as a method has no run there.')
  })

  it('are by hypervolume with several objectives', () => {
    const { manifest, set } = makeFronts(
      ['a', 'b'].flatMap((table) => [
        { table, method: 'small', volumes: [0.2] },
        { table, method: 'large', volumes: [0.3] },
      ]),
    )
    expect(averageRanks(manifest, set)).toMatchObject({
      by: 'hypervolume',
      methods: [{ ranks: [2, 2, 2, 2] }, { ranks: [1, 1, 1, 1] }],
    })
  })

  it('leave out methods whose simulation rests on what nobody measured', () => {
    const { manifest, set } = makeRuns(
      ['a', 'b'].flatMap((table): CellOptions[] => [
        { table, method: 'copies', values: [0.1], ranked: false },
        { table, method: 'slow', values: [0.3] },
        { table, method: 'fast', values: [0.2] },
      ]),
    )
    expect(averageRanks(manifest, set)!.methods.map(({ method, ranks }) => [method, ranks.at(-1)])).toEqual([
      ['slow', 2],
      ['fast', 1],
    ])
  })

  it('do not exist for one table or one method', () => {
    const one = twoMethods(1)
    expect(averageRanks(one.manifest, one.set)).toBeUndefined()
    const alone = makeRuns(['a', 'b'].map((table) => ({ table, method: 'alone', values: [0.1] })))
    expect(averageRanks(alone.manifest, alone.set)).toBeUndefined()
  })

  it('say that few tables support no critical-difference diagram', () => {
    const note = (tables: number): boolean => {
      const { manifest, set } = twoMethods(tables)
      return /no critical-difference\s+diagram/.test(
        renderReport(manifest, set, { directory: undefined, elapsedSeconds: 1, repeat: '', colors: false }),
      )
    }
    expect(note(7)).toBe(true)
    expect(note(8)).toBe(false)
  })
})

describe('ranks over eight tables', () => {
  /** Three methods; `first` is always best, and the two others take turns. */
  function threeMethods(tables: number, more: Partial<CellOptions> = {}) {
    return makeRuns(
      Array.from({ length: tables }, (_, t): CellOptions[] => {
        const table = `table-${t}`
        const [second, third] = t % 2 === 0 ? [0.2, 0.3] : [0.3, 0.2]
        return [
          { table, method: 'first', values: [0.1, 0.1], ...more },
          { table, method: 'second', values: [second, second], ...more },
          { table, method: 'third', values: [third, third], ...more },
        ]
      }).flat(),
    )
  }

  it('are tested, one block per table', () => {
    const { manifest, set } = threeMethods(8)
    const { test } = averageRanks(manifest, set)!
    expect(test).toMatchObject({ tables: 8, ranks: [1, 2.5, 2.5] })
    // Rank sums 8, 20, 20: chi-square 12, F = 7 * 12 / (16 - 12) = 21, and P(F(2, 14) > 21) = (1 + 2 * 21 / 14)^-7.
    expect(test!.p).toBeCloseTo(4 ** -7, 12)
    // Demšar (2006), table 5: q = 2.343 for three methods.
    expect(test!.criticalDifference).toBeCloseTo(2.343 * Math.sqrt(12 / 48), 3)
  })

  it('count a table once, however many budgets and workers there are', () => {
    const { manifest, set } = threeMethods(8)
    const cells = manifest.cells.flatMap((cell) => [cell, { ...cell, workers: 4 }])
    const runs = set.runs.flatMap((run) => [
      { ...run, cell: 2 * run.cell },
      { ...run, cell: 2 * run.cell + 1, workers: 4 },
    ])
    const { details: _details, ...summaries } = set
    const twice = averageRanks({ ...manifest, cells }, { ...summaries, runs })!
    expect(twice).toMatchObject({ blocks: 32, test: averageRanks(manifest, set)!.test! })
  })

  it('are not tested on seven, nor where a method lacks runs on one of eight', () => {
    const seven = threeMethods(7)
    expect(averageRanks(seven.manifest, seven.set)!.test).toBeUndefined()
    const { manifest, set } = threeMethods(8)
    const runs = set.runs.filter(({ cell }) => cell !== 0)
    const { details: _details, ...summaries } = set
    expect(averageRanks(manifest, { ...summaries, runs })!.test).toBeUndefined()
  })

  it('have a diagram, and a note that says which methods differ from the best', () => {
    const { manifest, set } = threeMethods(8)
    const { charts, notes } = reportOf(manifest, set, { repeat: undefined, elapsedSeconds: undefined })
    const chart = charts.find(({ id }) => id === 'critical-difference')!
    expect(chart.subtitle).toContain('p < 0.001')
    expect(chart.table.rows).toEqual([
      ['first', 1],
      ['second', 2.5],
      ['third', 2.5],
    ])
    expect(chart.description).toContain('first 1.00; second 2.50; third 2.50')
    expect(chart.spec).toMatchObject({
      data: {
        values: [{ method: 'first', rank: 1, low: expect.closeTo(0.414, 3), high: expect.closeTo(1.586, 3) }, {}, {}],
      },
    })
    expect(notes.join(' ')).toMatch(/first \(1\.00\) ranks before second \(2\.50\) and third \(2\.50\)/)
  })

  it('claim nothing where the test does not reject', () => {
    const { manifest, set } = makeRuns(
      Array.from({ length: 8 }, (_, t) => `table-${t}`).flatMap((table, t): CellOptions[] => [
        { table, method: 'a', values: [t % 2] },
        { table, method: 'b', values: [(t + 1) % 2] },
      ]),
    )
    const { charts, notes } = reportOf(manifest, set, { repeat: undefined, elapsedSeconds: undefined })
    expect(notes.join(' ')).toContain('p = 1; a smaller average rank is no claim')
    expect(charts.find(({ id }) => id === 'critical-difference')!.subtitle).toContain('no two methods are told apart')
  })
})
