import { describe, expect, it } from 'vitest'
import { renderPng, renderSvg } from '../../src/publish/pictures.js'
import { criticalDifferenceChart } from '../../src/report/charts/critical-difference.js'
import { hypervolumeChart } from '../../src/report/charts/hypervolume.js'
import { paretoChart } from '../../src/report/charts/pareto.js'
import { regretChart } from '../../src/report/charts/regret.js'
import { standalone } from '../../src/report/charts/standalone.js'
import { renderMarkdown } from '../../src/report/page/markdown.js'
import { reportOf } from '../../src/report/sections.js'
import { compile } from 'vega-lite'
import { FRAME, exampleRuns } from './example.js'
import { HOSTILE } from '../report/hostile.js'

const { manifest, set } = exampleRuns()
const report = reportOf(manifest, set, FRAME)

const line = (name: string, values: readonly number[]) => ({
  name,
  points: values.map((y, i) => ({ x: i * 10, y, low: y - 0.02, high: y + 0.02 })),
})
const charts = [
  ...report.charts,
  hypervolumeChart({
    id: 'hypervolume-1',
    label: 'easy',
    timeUnit: 's',
    simulated: true,
    reading: 'mean over 5 seeds',
    series: [line('random-search', [0.2, 0.4, 0.5]), line('mo-asha', [0.3, 0.5, 0.6])],
  }),
  criticalDifferenceChart({
    id: 'critical-difference',
    by: 'test_error',
    tables: 9,
    p: 'p = 0.0021',
    differ: true,
    criticalDifference: 1.56,
    methods: [
      { method: 'default', rank: 3.6 },
      { method: 'asha', rank: 1.3 },
      { method: 'random-search', rank: 2.1 },
      { method: 'hyperband', rank: 3 },
    ],
    names: ['default', 'random-search', 'asha', 'hyperband'],
  }),
  regretChart({
    id: 'regret-1',
    label: 'easy',
    metric: 'test_error',
    unit: 'full evaluations',
    optimum: 0.2,
    points: ['default', 'asha'].flatMap((method, m) =>
      [1, 2, 4, 8].map((budget, i) => ({
        method,
        budget,
        regret: 0.2 - 0.02 * i - 0.03 * m * i,
        ci95: [0.19 - 0.02 * i - 0.03 * m * i, 0.21 - 0.02 * i - 0.03 * m * i] as const,
        seeds: 6,
      })),
    ),
    names: ['default', 'random-search', 'asha'],
  }),
  paretoChart({
    id: 'pareto-1',
    label: 'easy',
    x: { title: 'latency (ms)', goal: 'min', scale: 'log' },
    y: { title: 'test_error', goal: 'min' },
    series: [
      {
        name: 'cheap',
        points: [
          { x: 10, y: 0.5, front: true },
          { x: 20, y: 0.3, front: true, detail: 'learning_rate 0.01' },
          { x: 40, y: 0.4, front: false },
        ],
      },
      {
        name: 'fast',
        points: [
          { x: 5, y: 0.6, front: true },
          { x: 30, y: 0.2, front: true },
        ],
      },
    ],
  }),
]

/** Positions to a tenth of a pixel: floating point differs in its last digits between machines. */
function stable(svg: string): string {
  return svg.replaceAll(/-?\d+\.\d+/g, (number) => String(Number(Number(number).toFixed(1)))).replaceAll('><', '>\n<')
}

describe('charts', () => {
  it('have names of their own that can name files', () => {
    const ids = charts.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[a-z0-9-]+$/)
  })

  it.each(charts)(
    '$id compiles without a warning, says in words what it shows, and has its numbers as a table',
    (chart) => {
      const warnings: unknown[] = []
      const logger = {
        level: () => logger,
        error: (...said: unknown[]) => (warnings.push(said), logger),
        warn: (...said: unknown[]) => (warnings.push(said), logger),
        info: () => logger,
        debug: () => logger,
      }
      compile(standalone(chart), { logger: logger as never })
      expect(warnings).toEqual([])
      expect(chart.description.length).toBeGreaterThan(40)
      expect(chart.table.rows.length).toBeGreaterThan(0)
      for (const row of chart.table.rows) expect(row.length).toBe(chart.table.columns.length)
    },
  )

  it.each(charts)('$id is drawn as it was, twice the same', async (chart) => {
    const svg = await renderSvg(chart)
    expect(await renderSvg(chart)).toBe(svg)
    await expect(stable(svg)).toMatchFileSnapshot(`golden/${chart.id}.svg`)
    await expect(`${JSON.stringify(standalone(chart), null, 1)}\n`).toMatchFileSnapshot(`golden/${chart.id}.vl.json`)
  })

  it('become PNGs with text from the font that ships', async () => {
    const svg = await renderSvg(report.charts[0]!)
    const png = renderPng(svg)
    expect([...png.subarray(1, 4)]).toEqual([...Buffer.from('PNG')])
    // Without the letters there are far fewer bytes.
    const mute = renderPng(svg.replaceAll(/<text[\s\S]*?<\/text>/g, ''))
    expect(png.length).toBeGreaterThan(1.5 * mute.length)
  })

  it.each(HOSTILE)('show the name %s as text', async (name) => {
    const cells = manifest.cells.map((cell) => ({ ...cell, method: cell.method === 'asha' ? name : cell.method }))
    const [first] = reportOf({ ...manifest, cells }, set, FRAME).charts
    const svg = await renderSvg(first!)
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) =>
      text!.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
    )
    expect(texts.some((text) => text === name || (text.endsWith('…') && name.startsWith(text.slice(0, -1))))).toBe(true)
    expect(svg).not.toMatch(/<(script|img|image|a|foreignObject)[\s>]/i)
  })
})

describe('the Markdown of a report', () => {
  it('is as it was', async () => {
    await expect(renderMarkdown(report)).toMatchFileSnapshot('golden/report.md')
  })
})
