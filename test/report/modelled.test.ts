/** What is made from modelled tables says so in words. */
import { describe, expect, it } from 'vitest'
import { renderSvg } from '../../src/publish/pictures.js'
import { renderCsv } from '../../src/report/page/csv.js'
import { renderMarkdown } from '../../src/report/page/markdown.js'
import { reportOf } from '../../src/report/sections.js'
import { renderReport } from '../../src/report/tables.js'
import type { Manifest } from '../../src/store/manifest.js'
import { makeFronts } from './fronts.js'
import { makeRuns } from './runs.js'

const frame = { repeat: undefined, elapsedSeconds: undefined }
const METHODS = ['default', 'asha', 'random-search']

/** No name says it, so that only words can. */
function kinds(manifest: Manifest, kindOf: Readonly<Record<string, string>>): Manifest {
  return { ...manifest, tables: manifest.tables.map((table) => ({ ...table, provenance: kindOf[table.name]! })) }
}

function oneObjective(kindOf: Readonly<Record<string, string>>) {
  const budgets = [1, 2, 4]
  const cells = Object.keys(kindOf).flatMap((table) =>
    budgets.flatMap((fullEvaluations) =>
      METHODS.map((method, m) => ({
        table,
        method,
        budget: { fullEvaluations },
        seconds: 28 * fullEvaluations,
        regretScale: { optimum: 0.1, reference: 0.5 },
        values: [0.5, 0.52, 0.49].map((value) => value - 0.1 * m - 0.01 * fullEvaluations),
      })),
    ),
  )
  const { manifest, set } = makeRuns(cells)
  return { manifest: kinds(manifest, kindOf), set }
}

function twoObjectives(kindOf: Readonly<Record<string, string>>) {
  const { manifest, set } = makeFronts(
    Object.keys(kindOf).flatMap((table) =>
      METHODS.map((method, m) => ({ table, method, volumes: [0.5, 0.52, 0.49].map((value) => value + 0.1 * m) })),
    ),
  )
  return { manifest: kinds(manifest, kindOf), set }
}

describe.each([
  ['one objective', oneObjective],
  ['two objectives', twoObjectives],
])('a report on modelled tables with %s', (_name, runs) => {
  it('says so in every picture, also as a file of its own, and in every table of results, also as CSV', async () => {
    const { manifest, set } = runs({ one: 'modelled', two: 'modelled' })
    const { charts, tables } = reportOf(manifest, set, frame)
    expect(charts.length).toBeGreaterThan(5)
    for (const chart of charts) {
      expect([chart.id, chart.subtitle]).toEqual([chart.id, expect.stringMatching(/^Modelled: .*not measured\. /)])
      expect(chart.description).toMatch(/^Modelled\. /)
      // oxlint-disable-next-line no-await-in-loop -- one picture after another
      expect(await renderSvg(chart)).toMatch(/<(text|tspan)[^>]*>Modelled: /)
    }
    const results = [...tables.filter(({ id }) => id !== 'methods'), ...charts.map(({ table }) => table)]
    expect(results.length).toBeGreaterThan(8)
    for (const table of results) {
      expect(table.title).toMatch(/\(modelled\)$/)
      const [head, ...rows] = renderCsv(table).trimEnd().split('\r\n')
      expect([table.id, head]).toEqual([table.id, expect.stringMatching(/,provenance$/)])
      for (const row of rows) expect(row).toMatch(/,modelled$/)
    }
  })

  it('says so at its beginning, as a page and in a terminal', () => {
    const { manifest, set } = runs({ one: 'modelled', two: 'modelled' })
    const words = 'one and two: modelled; times and costs follow a rule, they were not measured'
    const report = reportOf(manifest, set, frame)
    expect(report.notes[0]).toBe(`${words}.`)
    expect(renderMarkdown(report).indexOf(words)).toBeGreaterThan(0)
    const terminal = renderReport(manifest, set, { directory: undefined, elapsedSeconds: 1, repeat: '', colors: false })
    expect(terminal).toContain(`Note: ${words}`)
  })

  it('tells apart what rests on measured tables alone', () => {
    const { manifest, set } = runs({ one: 'recorded', two: 'modelled' })
    const { charts, tables } = reportOf(manifest, set, frame)
    const about = (name: string) => charts.filter((chart) => chart.about === name)
    expect(about('one').length).toBeGreaterThan(1)
    for (const chart of about('one')) {
      expect(`${chart.subtitle} ${chart.description} ${chart.table.title}`).not.toMatch(/modelled/i)
      expect(renderCsv(chart.table)).not.toContain('modelled')
    }
    for (const chart of about('two')) expect(chart.subtitle).toMatch(/^Modelled: /)
    const ofAll = charts.filter((chart) => chart.about === undefined)
    expect(ofAll.length).toBeGreaterThan(0)
    for (const chart of ofAll) expect(chart.subtitle).toMatch(/^Modelled in part \(two\): /)
    const lines = renderCsv(tables[0]!).trimEnd().split('\r\n').slice(1)
    for (const line of lines) expect(line).toMatch(line.startsWith('one,') ? /,recorded$/ : /,modelled$/)
    expect(tables[0]!.title).toMatch(/\(modelled in part\)$/)
  })
})

it('nothing is said where all was measured', () => {
  const { manifest, set } = oneObjective({ one: 'recorded', two: 'recorded' })
  const report = reportOf(manifest, set, frame)
  expect(JSON.stringify(report)).not.toMatch(/modelled/i)
})
