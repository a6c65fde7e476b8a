/** Every chart of a report as SVG, PNG and specification, and every table as CSV. */
import { join } from 'node:path'
import { makeFolder } from '../files/make-folder.js'
import { standalone } from '../report/charts/standalone.js'
import { renderCsv } from '../report/page/csv.js'
import type { Report } from '../report/sections.js'
import { writeWhole } from '../store/write-whole.js'
import { renderPng, renderSvg } from './pictures.js'

/** The folder beside the report that they go into. */
const FOLDER = 'report'

/**
 * @returns by id of a chart the path of its SVG, relative to the report
 * @throws BenchError (exit 1) where something cannot be written
 */
export async function writeFull(directory: string, { charts, tables }: Report): Promise<Map<string, string>> {
  makeFolder(join(directory, FOLDER), 'give another --out, or leave --full out')
  const write = (name: string, bytes: string | Uint8Array): void =>
    writeWhole(join(directory, FOLDER, name), bytes, 'make room, or leave --full out')
  const pictures = new Map<string, string>()
  for (const chart of charts) {
    const svg = await renderSvg(chart)
    write(`${chart.id}.svg`, svg)
    write(`${chart.id}.png`, renderPng(svg))
    write(`${chart.id}.vl.json`, `${JSON.stringify(standalone(chart), null, 2)}\n`)
    pictures.set(chart.id, `${FOLDER}/${chart.id}.svg`)
  }
  for (const table of [...tables, ...charts.map((chart) => chart.table)]) write(`${table.id}.csv`, renderCsv(table))
  return pictures
}
