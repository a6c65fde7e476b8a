import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../src/report/comparison.js'
import { targetTable } from '../../src/report/statistics-tables.js'
import { joinSteps } from '../../src/store/incumbent-steps.js'
import { type CellOptions, makeRuns } from './runs.js'

/** Runs whose incumbents change at these times to these values; the last is what they end with. */
function runsOf(
  methods: Readonly<Record<string, readonly (readonly (readonly [time: number, value: number])[])[]>>,
  change: Partial<CellOptions> = {},
) {
  const common = { seconds: 100, fullSeconds: 20, ...change }
  const cells = Object.entries(methods).map(([method, runs]): CellOptions =>
    Object.assign({ method, values: runs.map((steps) => steps.at(-1)?.[1] ?? null) }, common),
  )
  const { manifest, set } = makeRuns(cells)
  const incumbents = joinSteps(
    Object.values(methods)
      .flat()
      .map((steps) => ({
        offsets: Uint32Array.of(0, steps.length),
        time: Float64Array.from(steps, ([time]) => time),
        value: Float64Array.from(steps, ([, value]) => value),
      })),
  )
  return { manifest, set: { ...set, details: { incumbents, rowsUsed: {} } } }
}

describe('time to target', () => {
  it('is the time until the incumbent is as good as what the baseline ends with', () => {
    const { manifest, set } = runsOf({
      // Ends with 0.4 on average.
      default: [[[20, 0.3]], [[20, 0.5]]],
      asha: [
        [
          [10, 0.6],
          [30, 0.4],
          [50, 0.45],
        ],
        [[40, 0.2]],
        // Never gets there; reports nothing; gets there last.
        [[10, 0.41]],
        [],
        [[90, 0.1]],
      ],
    })
    const [group] = compareRuns(manifest, set)
    expect(group!.target).toBeCloseTo(0.4, 12)
    const [base, asha] = group!.methods.map(({ timeToTarget }) => timeToTarget!)
    expect(base).toMatchObject({ runs: 2, reached: 1, median: { seconds: 20, fullEvaluations: 1 } })
    // 30, 40, 90, and two that were watched for the whole 100 s.
    expect(asha).toEqual({
      runs: 5,
      reached: 3,
      median: { seconds: 90, fullEvaluations: 4.5 },
      restrictedMean: { seconds: expect.closeTo(72, 10) as number, fullEvaluations: expect.closeTo(3.6, 10) as number },
      horizon: { seconds: 100, fullEvaluations: 5 },
    })
    const table = targetTable([group!])
    expect(
      table.rows[1]!.filter((cell) => typeof cell === 'string').map((cell) => cell.replaceAll('\u00a0', ' ')),
    ).toEqual(
      expect.arrayContaining(['3 of 5', '1 min 30 s (4.5 full evaluations)', '1 min 12 s (3.6 full evaluations)']),
    )
  })

  it('has no median where most runs never reach it', () => {
    const { manifest, set } = runsOf({ default: [[[20, 0.3]]], asha: [[[10, 0.4]], [[10, 0.5]], [[10, 0.3]]] })
    const [group] = compareRuns(manifest, set)
    expect(group!.methods[1]!.timeToTarget).toMatchObject({ reached: 1, median: null })
    expect(JSON.stringify(targetTable([group!]).rows[1])).toContain('not by')
  })

  it('knows that large values can be good', () => {
    const objectives = [{ metric: 'validation_accuracy', goal: 'max' as const, report: 'accuracy' }]
    const { manifest, set } = runsOf(
      {
        default: [[[20, 0.7]]],
        asha: [
          [
            [10, 0.6],
            [30, 0.8],
          ],
        ],
      },
      { objectives },
    )
    expect(compareRuns(manifest, set)[0]!.methods[1]!.timeToTarget!.median!.seconds).toBe(30)
  })

  it('watches runs to their own end where a budget does not limit seconds', () => {
    const { manifest, set } = runsOf({ default: [[[20, 0.3]]], asha: [[[10, 0.4]]] })
    const cells = manifest.cells.map(({ seconds: _seconds, ...cell }) => cell)
    const [group] = compareRuns({ ...manifest, cells }, set)
    expect(group!.methods[1]!.timeToTarget).toMatchObject({ reached: 0, horizon: { seconds: 363 } })
  })

  it('does not exist without a result of the baseline, or without incumbents over time', () => {
    const without = makeRuns([
      { method: 'default', values: [null] },
      { method: 'asha', values: [0.3] },
    ])
    expect(compareRuns(without.manifest, without.set)[0]).toMatchObject({
      target: null,
      methods: [{ quartiles: null, timeToTarget: null }, { timeToTarget: null }],
    })
    const { manifest, set } = runsOf({ default: [[[20, 0.3]]] })
    const { details: _details, ...summaries } = set
    expect(compareRuns(manifest, summaries)[0]!.methods[0]!.timeToTarget).toBeNull()
  })
})
