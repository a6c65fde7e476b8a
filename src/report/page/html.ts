/** A report as one HTML file that needs nothing but itself: no network, no eval, works from disk. Pure. */
import { type Chart } from '../charts/chart.js'
import { hasNamesBeside } from '../charts/end-labels.js'
import { withSharedLegend } from '../charts/shared-legend.js'
import { printableTexts } from '../../core/printable.js'
import { chartConfig } from '../charts/theme.js'
import { type DataTable, cellText, isNumeric, partOf } from '../data-table.js'
import { plural } from '../format.js'
import type { Fact, Report } from '../sections.js'
import { VERDICT_LEGEND } from '../verdict-table.js'
import { SafeHtml, inlineScript, markup, scriptData } from './escape.js'
import { PAGE_SCRIPT } from './page-script.js'
import { PAGE_STYLE } from './page-style.js'

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"

/** A table with more rows than this is folded up. */
const MOST_ROWS = 40

/** What the page needs from outside `src/report`. */
export interface PageParts {
  /** Scripts that define `vega`, `vegaLite` and `vegaInterpreter`, and the licences that they come under. */
  readonly libraries: readonly string[]
  /** The `script-src` source of a script: `'sha256-...'`. */
  readonly hashOf: (code: string) => string
}

export function renderHtml(report: Report, { libraries, hashOf }: PageParts): string {
  const { title, question, answer, answers, verdicts, warnings, notes, charts, tables } = report
  const scripts = charts.length === 0 ? [] : [...libraries, PAGE_SCRIPT]
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.length === 0 ? "'none'" : scripts.map(hashOf).join(' ')}`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const data = {
    themes: { light: chartConfig('light', FONT), dark: chartConfig('dark', FONT) },
    charts: printableTexts(rowsOf(charts).flatMap(drawings)),
  }
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="rungbench">
<title>${title}: ${question}</title>
<style>${new SafeHtml(PAGE_STYLE)}</style>
</head>
<body>
<main>
<header>
<p class="experiment">${title}</p>
<h1>${question}</h1>
<p class="answer">${answer}</p>
${when(answers, markup`<ul class="answers">${answers.map(([name, text]) => markup`<li><strong>${name}:</strong> ${text}</li>`)}</ul>`)}
${verdicts === undefined ? undefined : markup`<h2>${verdicts.title}</h2><p class="legend">${VERDICT_LEGEND}.</p><div class="verdicts">${tableHtml(verdicts)}</div>`}
${when(warnings, markup`<div class="warnings" role="note">${paragraphs('Warning', warnings)}</div>`)}
${when(notes, markup`<div class="notes">${paragraphs('Note', notes)}</div>`)}
</header>
${when(charts, pictures(charts))}
${verified(report)}
<h2>Tables</h2>
${tables.map(tableSection)}
<h2>How this was made</h2>
${facts(report.how)}
${report.repeat === undefined ? undefined : markup`<h3>To repeat it</h3><pre>${report.repeat}</pre>`}
<h3>What it assumes</h3>
<ul>${report.assumptions.map((text) => markup`<li>${text}</li>`)}</ul>
${report.manifest === undefined ? undefined : markup`<details class="long"><summary><h3>The manifest</h3> the whole plan as data</summary><pre>${report.manifest}</pre></details>`}
${report.provenance.map(({ table, facts: given }) => markup`<h3>Table ${table}</h3>${facts(given)}`)}
</main>
<div id="tip" role="status" hidden></div>
<script type="application/json" id="report-data">${scriptData(data)}</script>
${scripts.map(inlineScript)}
</body>
</html>
`
  return page.text
}

function verified({ verified: found }: Report): SafeHtml | undefined {
  if (found === undefined) return undefined
  const { answer, facts: given, page } = found
  return markup`<h2>Verified on real hardware</h2>
<p>${answer}</p>
<ul class="answers">${given.map(([name, text]) => markup`<li><strong>${name}:</strong> ${text}</li>`)}</ul>
${page === undefined ? undefined : markup`<p><a href="${page}">The whole verification</a></p>`}`
}

function when(list: readonly unknown[], part: SafeHtml): SafeHtml | undefined {
  return list.length === 0 ? undefined : part
}

function paragraphs(what: string, texts: readonly string[]): SafeHtml[] {
  return texts.map((text) => markup`<p><strong>${what}:</strong> ${text}</p>`)
}

function pictures(charts: readonly Chart[]): SafeHtml {
  return markup`<h2>Pictures</h2>
<noscript><p>The pictures are drawn by a script, which is switched off; the numbers stand below each.</p></noscript>
${rowsOf(charts).map(rowHtml)}`
}

function rowHtml(row: readonly Chart[]): SafeHtml {
  const said = saidOnce(row)
  return markup`<div class="${row.some(({ spec }) => hasNamesBeside(spec)) ? 'charts wide' : 'charts'}">
${when(legendOf(row), markup`<div class="legend" id="legend-${row[0]!.kind}" aria-hidden="true"></div>`)}
${when(said, markup`<p class="reading">${sentence(said)}</p>`)}
${row.map((chart) =>
  figure(
    chart,
    partsOf(chart)
      .filter((part) => !said.includes(part))
      .join('; '),
  ),
)}
</div>`
}

/** Charts of one kind stand side by side. */
function rowsOf(charts: readonly Chart[]): Chart[][] {
  const kinds = [...new Set(charts.map(({ kind }) => kind))]
  return kinds.map((kind) => charts.filter((chart) => chart.kind === kind))
}

/** The specifications of a row, each with the element that it is drawn into. */
function drawings(row: readonly Chart[]) {
  const { specs } = withSharedLegend(row)
  const legends = legendOf(row).map((spec) => ({ into: `legend-${row[0]!.kind}`, spec }))
  return [
    ...legends,
    ...row.map(({ id, description }, i) => ({ into: `chart-${id}`, spec: { ...specs[i]!, description } })),
  ]
}

/** The legend that the charts of a row share, if they do. */
function legendOf(row: readonly Chart[]) {
  const { legend } = withSharedLegend(row)
  return legend === undefined ? [] : [legend]
}

/** What has to be known to read each chart of a row, which is said once for all of them. */
function saidOnce([first, ...others]: readonly Chart[]): string[] {
  if (first === undefined || others.length === 0) return []
  return partsOf(first).filter((part) => others.every((chart) => partsOf(chart).includes(part)))
}

function sentence(parts: readonly string[]): string {
  const text = parts.join('; ')
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

function partsOf({ subtitle }: Chart): string[] {
  return subtitle.split('; ')
}

/** @param reading what has to be known to read it, but for what stands above its row */
function figure({ id, title, description, table }: Chart, reading: string): SafeHtml {
  return markup`<figure>
<figcaption><strong>${title}</strong>${reading === '' ? undefined : markup`<span>${reading}</span>`}</figcaption>
<div class="chart" id="chart-${id}" role="img" aria-label="${description}"></div>
<details><summary>The numbers</summary>${tableHtml(table)}</details>
</figure>`
}

/** A long table is folded up, so that what comes after it is found. */
function tableSection(table: DataTable): SafeHtml {
  if (table.rows.length <= MOST_ROWS) return markup`<h3>${table.title}</h3>${tableHtml(table)}`
  return markup`<details class="long"><summary><h3>${table.title}</h3> ${plural(table.rows.length, 'row')}</summary>${tableHtml(table)}</details>`
}

function tableHtml(whole: DataTable): SafeHtml {
  const table = partOf(whole, 'page')
  const kinds = table.columns.map((_, i) => (isNumeric(table, i) ? 'number' : 'text'))
  const head = table.columns.map(({ name }, i) => markup`<th scope="col" class="${kinds[i]}">${name}</th>`)
  const rows = table.rows.map((row) => {
    const cells = row.map((cell, i) => markup`<td class="${kinds[i]}">${cellText(cell, table.columns[i]!)}</td>`)
    return markup`<tr>${cells}</tr>`
  })
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${table.title}"><table>
<thead><tr>${head}</tr></thead>
<tbody>${rows}</tbody>
</table></div>`
}

function facts(entries: readonly Fact[]): SafeHtml {
  return markup`<dl>${entries.map(([name, text]) => markup`<dt>${name}</dt><dd>${text}</dd>`)}</dl>`
}
