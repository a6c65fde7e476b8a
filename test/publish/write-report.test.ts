import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashOf, libraries } from '../../src/publish/libraries.js'
import { writeFull } from '../../src/publish/write-full.js'
import { writeReport } from '../../src/publish/write-report.js'
import { MOST_PALE } from '../../src/report/charts/pareto.js'
import { renderHtml } from '../../src/report/page/html.js'
import { reportOf } from '../../src/report/sections.js'
import { CURVE_POINTS } from '../../src/store/run-set.js'
import { HOSTILE } from '../report/hostile.js'
import { makeRuns } from '../report/runs.js'
import { FRAME, exampleRuns } from './example.js'

const { manifest, set } = exampleRuns()

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rungbench-report-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** What is not the text of a script that is run. */
function withoutScripts(page: string): string {
  return page.replaceAll(/<script>[\s\S]*?<\/script>/g, '')
}

describe('report.html', () => {
  it('begins with the question and the answer, then pictures, tables, and how it was made', () => {
    const { html } = writeReport(directory, manifest, set, FRAME)
    const page = withoutScripts(readFileSync(html, 'utf8'))
    const places = [
      '<h1>Does ASHA find',
      'asha lowers test_error against default on easy by',
      'Improvement over default</strong>',
      '<h2>Tables</h2>',
      '<h2>How this was made</h2>',
      set.digest,
      'bench run example --seeds 6',
      'What it assumes',
      'Table easy',
      '25 of 200 trainings (12.5 %)',
    ].map((text) => [text, page.indexOf(text)] as const)
    expect(places.filter(([, at]) => at < 0)).toEqual([])
    expect(places.map(([, at]) => at)).toEqual(places.map(([, at]) => at).toSorted((a, b) => a - b))
  })

  it('loads nothing: no address in it but names of XML and the words of licences', () => {
    const { html } = writeReport(directory, manifest, set, FRAME)
    const page = readFileSync(html, 'utf8')
    expect(withoutScripts(page)).not.toMatch(/https?:|\ssrc=|\shref=|@import|url\(/)
    expect(page).not.toMatch(/<(link|iframe|img|object|embed)[\s>]/i)
    expect(page.length).toBeLessThan(1.5e6)
  })

  it('lets only the scripts run that it was written with, by their hashes', () => {
    const { html } = writeReport(directory, manifest, set, FRAME)
    const page = readFileSync(html, 'utf8')
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!.replaceAll('&#39;', "'")
    const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, code]) => hashOf(code!))
    expect(scripts.length).toBe(libraries().length + 1)
    expect(policy).toContain(`script-src ${scripts.join(' ')};`)
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe-eval')
  })

  it.each(HOSTILE)('shows %s as text wherever it is a name', (name) => {
    const runs = makeRuns(
      [
        { table: name, method: 'default', values: [0.5, 0.4] },
        { table: name, method: name, values: [0.4, 0.3] },
      ],
      { manifest: { experiment: name, question: name } },
    )
    const cells = runs.manifest.cells.map((cell) => ({
      ...cell,
      objectives: [{ metric: name, goal: 'min' as const, report: name }],
    }))
    const report = reportOf({ ...runs.manifest, cells }, runs.set, { ...FRAME, repeat: name })
    const page = renderHtml(report, { libraries: ['let one'], hashOf })
    // Two scripts that run, one with the data, and nothing else of what begins a tag in a name.
    expect(page.match(/<script/g)?.length).toBe(3)
    expect(page.match(/<\/script/g)?.length).toBe(3)
    expect(page).not.toMatch(/<(img|svg)|<!-- /)
    const data = JSON.parse(/id="report-data">([^<]*)</.exec(page)![1]!) as {
      charts: { spec: { description: string } }[]
    }
    expect(data.charts[0]!.spec.description).toContain(name)
  })

  it('stays below 5 MB with 1,000 seeds of many methods', () => {
    const values = Array.from({ length: 1000 }, (_, i) => 0.3 + (i % 97) / 1000)
    const many = makeRuns(
      ['a', 'b', 'c', 'd'].flatMap((table) => [1, 2, 3, 4, 5].map((n) => ({ table, method: `method ${n}`, values }))),
    )
    const page = renderHtml(reportOf(many.manifest, many.set, FRAME), { libraries: libraries(), hashOf })
    // Nearly all of it is the drawing libraries: what is drawn does not grow with the seeds.
    expect(page.length).toBeLessThan(1.5e6)
  })
})

describe('report.html of many runs with several objectives', () => {
  /** 1,000 runs of 3 objectives, each with a Pareto set of its own: nothing is shared that could shrink the page. */
  function manyFronts() {
    const range = { ideal: 0, nadir: 1 }
    const objectives = ['test_error', 'latency_ms', 'cost'].map((metric) => ({
      metric,
      goal: 'min' as const,
      report: metric,
    }))
    const { manifest, set: bare } = makeRuns(
      ['default', 'mo-asha'].map((method) => ({
        method,
        values: Array.from({ length: 500 }, (_, i) => 0.3 + (i % 97) / 1000),
        objectives,
        ranges: objectives.map(() => ({ steering: range, reported: range })),
      })),
    )
    let state = 1
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
    const runs = bare.runs.map((run, r) => {
      const members = Array.from({ length: 20 }, (_, i) => {
        const reported = [random(), random(), random()]
        const config = { learning_rate: random(), dropout: random(), instance_type: `ml.m5.${i % 6}xlarge` }
        return { trial: i, config, resource: 9, steering: reported, reported, row: 20 * r + i }
      })
      const curve = Array.from({ length: CURVE_POINTS }, random).sort()
      const volume = { final: curve.at(-1)!, curve }
      return Object.assign({}, run, { reports: 1000, pareto: { reported: volume, steering: volume, set: members } })
    })
    return { manifest, set: { ...bare, runs, reports: 1_000_000 } }
  }

  it('stays below 5 MB, and says how many marks it draws', () => {
    const { manifest: plan, set: runs } = manyFronts()
    expect(runs.runs).toHaveLength(1000)
    const report = reportOf(plan, runs, FRAME)
    const scatters = report.charts.filter(({ id }) => id.startsWith('pareto-'))
    expect(scatters).toHaveLength(6)
    for (const { spec, subtitle, table } of scatters) {
      const { values } = (spec as { data: { values: { look: string }[] } }).data
      expect(values.filter(({ look }) => look.startsWith('not '))).toHaveLength(MOST_PALE)
      expect(values.filter(({ look }) => !look.startsWith('not '))).toHaveLength(table.rows.length)
      expect(subtitle).toMatch(/; 500 of the small ones are drawn$/)
    }
    const page = renderHtml(report, { libraries: libraries(), hashOf })
    expect(Buffer.byteLength(page)).toBeLessThan(5e6)
  })
})

describe('writeFull', () => {
  it('leaves every chart as SVG, PNG and specification, and every table as CSV', async () => {
    const report = reportOf(manifest, set, FRAME)
    const pictures = await writeFull(directory, report)
    const files = readdirSync(join(directory, 'report'))
    for (const { id } of report.charts)
      expect(files).toEqual(expect.arrayContaining([`${id}.svg`, `${id}.png`, `${id}.vl.json`, `${id}.csv`]))
    for (const path of pictures.values()) expect(existsSync(join(directory, path))).toBe(true)
    const results = readFileSync(join(directory, 'report', 'results.csv'), 'utf8').split('\r\n')
    expect(results[0]).toMatch(/^table,budget,workers,method,metric,mean,standard deviation,improvement,/)
    expect(results.length).toBe(1 + 6 + 1)
  })
})
