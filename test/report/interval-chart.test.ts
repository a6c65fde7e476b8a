/** The compact chart of improvements. */
import pc from 'picocolors'
import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../src/report/comparison.js'
import { intervalChart } from '../../src/report/interval-chart.js'
import { WIDTH } from '../../src/report/layout.js'
import { makeRuns } from './runs.js'

const plain = pc.createColors(false)
const values = (mean: number): number[] => [mean, mean + 0.01, mean - 0.01]

function chart(methods: Readonly<Record<string, number>>, tables: readonly string[], colors = plain): string {
  const cells = tables.flatMap((table) =>
    Object.entries(methods).map(([method, value]) => ({ table, method, values: values(value) })),
  )
  const { manifest, set } = makeRuns(cells, { manifest: { baseline: Object.keys(methods)[0]! } })
  return intervalChart(compareRuns(manifest, set), colors)
}

describe('the chart of improvements in a terminal', () => {
  it('has a line per method: its interval with the mean in it, beside zero', () => {
    const [title, better, worse, axis] = chart({ default: 0.5, better: 0.4, worse: 0.6 }, ['toy']).split('\n')
    expect(title).toBe('improvement of test_error over default: mean and 95 % interval')
    expect(better).toMatch(/^toy {2}better {2} +│ +├─*●─*┤$/)
    expect(worse).toMatch(/^ {5}worse {3}├─*●─*┤ +│$/)
    // Zero is in the same column everywhere.
    expect(axis!.indexOf(' 0 ') + 1).toBe(better!.indexOf('│'))
    expect(worse!.indexOf('│')).toBe(better!.indexOf('│'))
    expect(axis).toMatch(/^ +-\d+\.\d % +0 +\+\d+\.\d %$/)
  })

  it('marks zero within an interval, and fits whatever the names', () => {
    const text = chart(
      { [`default ${'and more '.repeat(9)}`]: 0.5, ['a-very-long-name-of-a-method-'.repeat(3)]: 0.5001 },
      ['t'.repeat(80)],
    )
    expect(text).toMatch(/├─*●?─*┼─*●?─*┤|├─*●─*┤/)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(WIDTH)
  })

  it('has colours where they are wanted', () => {
    const text = chart({ default: 0.5, better: 0.4, worse: 0.6 }, ['toy'], pc.createColors(true))
    expect(text).toContain('\u001B[32m')
    expect(text).toContain('\u001B[31m')
    expect(chart({ default: 0.5, better: 0.4 }, ['toy'])).not.toContain('\u001B')
  })

  it('is left out with one seed, and where it would be longer than a screen', () => {
    const { manifest, set } = makeRuns([
      { method: 'default', values: [0.5] },
      { method: 'better', values: [0.4] },
    ])
    expect(intervalChart(compareRuns(manifest, set), plain)).toBe('')
    const tables = Array.from({ length: 25 }, (_, i) => `t${i}`)
    expect(chart({ default: 0.5, better: 0.4 }, tables)).toBe('')
    expect(chart({ default: 0.5, better: 0.4 }, tables.slice(1)).split('\n')).toHaveLength(26)
  })
})
