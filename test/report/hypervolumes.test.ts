import { describe, expect, it } from 'vitest'
import { compareHypervolumes } from '../../src/report/hypervolumes.js'
import { renderMarkdown } from '../../src/report/page/markdown.js'
import { reportOf } from '../../src/report/sections.js'
import { resultDocument } from '../../src/report/result-document.js'
import { type ReportFrame, renderReport } from '../../src/report/tables.js'
import { WIDTH } from '../../src/report/layout.js'
import { quartiles } from '../../src/report/statistics/quantiles.js'
import { summarise } from '../../src/report/statistics/student.js'
import { CURVE_POINTS } from '../../src/store/run-set.js'
import { makeFronts } from './fronts.js'
import { makeRuns } from './runs.js'

const frame: ReportFrame = { directory: undefined, elapsedSeconds: 1, repeat: 'bench run x', colors: false }
const base = [0.5, 0.52, 0.48, 0.51, 0.49]
const wobble = [0.004, -0.003, 0.002, -0.004, 0.001]
const more = (by: number): number[] => base.map((volume, i) => volume + by + wobble[i]!)

describe('hypervolumes', () => {
  it('are summed up per method and compared with the baseline by seed', () => {
    const { manifest, set } = makeFronts([
      { method: 'default', volumes: base },
      { method: 'better', volumes: [...more(0.1).slice(0, 4), undefined] },
    ])
    const [group] = compareHypervolumes(manifest, set)
    const [first, second] = group!.methods
    expect(first).toMatchObject({ method: 'default', seeds: 5, missing: 0, distinctSets: 5, setSize: 1, trials: 41 })
    expect(second).toMatchObject({ method: 'better', seeds: 4, missing: 1 })
    expect(first!.hypervolume).toEqual(summarise(base))
    expect(first!.steeringHypervolume!.mean).toBeCloseTo(0.51, 12)
    // The area below a straight line from 0, measured at the right ends of its steps.
    expect(first!.overTime!.mean).toBeCloseTo((0.5 * (CURVE_POINTS + 1)) / (2 * CURVE_POINTS), 12)
    expect(first!.curve!.at(-1)).toBeCloseTo(0.5, 12)
    const [comparison] = group!.comparisons
    expect(comparison).toMatchObject({ method: 'better', baseline: 'default', seeds: 4, distinctSets: 4 })
    const expected = summarise(
      more(0.1)
        .slice(0, 4)
        .map((volume, i) => volume - base[i]!),
    )!
    expect(comparison!.difference).toMatchObject({ mean: expected.mean, std: expected.std, ci95: expected.ci95 })
    expect(comparison!.overTimeDifference.mean).toBeCloseTo(
      (expected.mean * (CURVE_POINTS + 1)) / (2 * CURVE_POINTS),
      12,
    )
  })

  it('have resampled intervals and tests corrected over methods, at the end and over time', () => {
    const seeds = Array.from({ length: 8 }, (_, i) => 0.4 + 0.01 * i)
    const by = (gain: number) => seeds.map((volume, i) => volume + gain * (1 + 0.1 * i))
    const { manifest, set } = makeFronts([
      { method: 'default', volumes: seeds },
      { method: 'better', volumes: by(0.1) },
      { method: 'either', volumes: seeds.map((volume, i) => volume + (i % 2 === 0 ? 0.1 : -0.1)) },
    ])
    const [group] = compareHypervolumes(manifest, set)
    expect(group!.methods[0]!.quartiles).toEqual(quartiles(seeds))
    const [better, either] = group!.comparisons
    for (const found of [better!.difference, better!.overTimeDifference]) {
      expect(found.superiority).toBe(1)
      // All eight of one sign: 2 / 2 ** 8, and twice that as the smaller of two.
      expect(found.signedRank).toEqual({ p: 2 / 256, holm: 4 / 256, direction: 1 })
      expect(found.pairsToTest).toBe(7)
      const [low, high] = found.bootstrap95!
      expect(low).toBeLessThan(found.mean!)
      expect(high).toBeGreaterThan(found.mean!)
      expect(low).toBeGreaterThan(0)
    }
    expect(either!.difference.superiority).toBe(0.5)
    expect(either!.difference.signedRank!.holm).toBeGreaterThan(0.5)
    // They stand in a table of their own, and the report says that they agree with the intervals.
    const report = reportOf(manifest, set, { repeat: undefined, elapsedSeconds: undefined })
    const table = report.tables.find(({ id }) => id === 'hypervolume-statistics')!
    expect(table.rows).toHaveLength(6)
    for (const row of table.rows) expect(row).toHaveLength(table.columns.length)
    expect(renderMarkdown(report)).toMatch(
      /\| toy \| better \| at the end \| .* \| \+0\.\d+ to \+0\.\d+ \| 1\.00 \| 0\.0078 \(0\.016\) \|/,
    )
    expect(renderReport(manifest, set, frame).replaceAll(/\n +/g, ' ')).toMatch(
      /Signed-rank tests \(Wilcoxon\).*6 of 6 agree/,
    )
  })

  it('say where a test disagrees with the interval behind a claim', () => {
    // With one small loss the test of seven gains cannot reject for two methods; Student's interval does.
    const gains = [0.1, 0.11, 0.12, 0.1, 0.11, 0.12, -0.0005]
    const volumes = gains.map((_, i) => 0.3 + 0.01 * i)
    const better = volumes.map((volume, i) => volume + gains[i]!)
    const { manifest, set } = makeFronts([
      { method: 'default', volumes },
      { method: 'better', volumes: better, rows: [1, 1, 1, 2, 2, 2, 2] },
      { method: 'second', volumes: better },
    ])
    const report = reportOf(manifest, set, { repeat: undefined, elapsedSeconds: undefined })
    const doubts = ', on only 2 distinct Pareto sets, not confirmed: signed-rank p = 0.063'
    expect(report.answer.replaceAll('\u00a0', ' ')).toContain(
      `more hypervolume than default on toy (+0.094, +0.055 to +0.134${doubts}); over time: `,
    )
    const [, claims] = report.answers[0]!
    expect(claims.replaceAll('\u00a0', ' ')).toBe(
      `more hypervolume than default: better by 0.094 (+0.055 to +0.134${doubts}) and second by 0.094 ` +
        '(+0.055 to +0.134, not confirmed: signed-rank p = 0.063).',
    )
  })

  it('have no interval where all pairs are the same two Pareto sets, nor for one pair', () => {
    const same = makeFronts([
      { method: 'default', volumes: [0.5, 0.5], rows: [1, 1] },
      { method: 'other', volumes: [0.6, 0.6], rows: [2, 2] },
    ])
    expect(compareHypervolumes(same.manifest, same.set)[0]!.comparisons[0]).toMatchObject({
      distinctSets: 1,
      difference: { ci95: null },
    })
    const one = makeFronts([
      { method: 'default', volumes: [0.5] },
      { method: 'other', volumes: [0.6] },
    ])
    expect(compareHypervolumes(one.manifest, one.set)[0]!.comparisons[0]!.difference).toMatchObject({
      std: null,
      ci95: null,
    })
  })

  it('give the Pareto set over all seeds: each training once, none that another dominates', () => {
    const { manifest, set } = makeFronts([{ method: 'default', volumes: [0.5, 0.6, 0.6, 0.4], rows: [1, 2, 2, 4] }])
    expect(compareHypervolumes(manifest, set)[0]!.methods[0]!.paretoSet).toEqual([
      { seed: 1, config: { lr: 2 }, resource: 9, steering: [0.4, 0.5], reported: [0.4, 0.5] },
    ])
  })

  it('do not exist for one objective', () => {
    const { manifest, set } = makeRuns([{ method: 'default', values: [0.5] }])
    expect(compareHypervolumes(manifest, set)).toEqual([])
    expect(resultDocument(manifest, set, { directory: undefined, elapsedSeconds: 1 })).not.toHaveProperty(
      'hypervolumes',
    )
  })

  it('do not exist for five objectives, and the report says so', () => {
    const objectives = Array.from({ length: 5 }, (_, j) => ({ metric: `m${j}`, goal: 'min' as const, report: `m${j}` }))
    const { manifest, set } = makeRuns([{ method: 'default', values: [0.5], objectives }])
    expect(renderReport(manifest, set, frame)).toContain('Note: of 5 objectives only the first is reported on')
    const four = makeRuns([{ method: 'default', values: [0.5], objectives: objectives.slice(1) }])
    expect(renderReport(four.manifest, four.set, frame)).not.toContain('objectives only the first')
  })

  it('have no curve where the budget does not limit seconds', () => {
    const { manifest, set } = makeFronts([
      { method: 'default', volumes: base, counted: true },
      { method: 'better', volumes: more(0.1), counted: true },
    ])
    const [group] = compareHypervolumes(manifest, set)
    expect(group!.methods[0]).toMatchObject({ overTime: null, curve: null })
    expect(group!.methods[0]!.overTimeQuartiles).toBeNull()
    expect(group!.comparisons[0]!.overTimeDifference).toMatchObject({
      mean: null,
      std: null,
      ci95: null,
      bootstrap95: null,
    })
    const text = renderReport(manifest, set, frame)
    expect(text).not.toMatch(/over time: (more|no)|% of the budget/)
    expect(text).toMatch(/at the end: more hypervolume than default/)
  })
})

describe('the report of several objectives', () => {
  const study = makeFronts(
    ['ngram-mrpc', 'ngram-cola'].flatMap((table, t) => [
      { method: 'default', table, volumes: base },
      { method: 'better', table, volumes: more(0.1) },
      { method: 'worse', table, volumes: more(-0.1) },
      { method: 'like-the-default', table, volumes: more(t === 0 ? 0 : 0.0001) },
    ]),
  )

  it('shows hypervolumes, what they support, and charts', () => {
    const text = renderReport(study.manifest, study.set, frame)
    expect(text).toMatchSnapshot()
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(WIDTH)
  })

  it('claims nothing that an interval does not support', () => {
    const text = renderReport(study.manifest, study.set, frame).replaceAll(/\n +/g, ' ')
    for (const when of ['at the end', 'over time']) {
      expect(text).toMatch(new RegExp(`ngram-mrpc, ${when}: more hypervolume than default: better by 0\\.\\d+ `))
      expect(text).toMatch(new RegExp(`ngram-mrpc, ${when}: [^.]+[^\\n]*less hypervolume than default: worse by `))
      expect(text).toMatch(
        new RegExp(`ngram-mrpc, ${when}: [^\\n]*no difference from default is shown for like-the-default`),
      )
    }
  })

  it('is in the document as well', () => {
    const document = resultDocument(study.manifest, study.set, { directory: undefined, elapsedSeconds: 1 })
    expect(JSON.parse(JSON.stringify(document))).toEqual(document)
    expect(document.hypervolumes).toEqual(compareHypervolumes(study.manifest, study.set))
    expect(document.results[0]!.hypervolume).toEqual({
      reported: 0.5,
      steering: 0.51,
      overTime: expect.closeTo(0.25625, 12) as number,
      setSize: 1,
    })
    expect(document.averageRanks!.by).toBe('hypervolume')
  })
})
