/** A report as Markdown: what a pull request or a wiki page can hold. Pure. */
import { printable, printableLines } from '../../core/printable.js'
import { type DataTable, cellText, isNumeric, partOf } from '../data-table.js'
import type { Fact, Report } from '../sections.js'
import { VERDICT_LEGEND } from '../verdict-table.js'

/** @param pictures by id of a chart the path of its picture, where there are any */
export function renderMarkdown(report: Report, pictures: ReadonlyMap<string, string> = new Map()): string {
  const { title, question, answer, answers, verdicts, warnings, notes, charts, tables, how, provenance, assumptions } =
    report
  const blocks = [
    `# ${escapeMarkdown(question)}`,
    `**${escapeMarkdown(answer)}**`,
    list(answers.map(([name, text]) => `${escapeMarkdown(name)}: ${escapeMarkdown(text)}`)),
    ...(verdicts === undefined
      ? []
      : [`## ${escapeMarkdown(verdicts.title)}`, `${VERDICT_LEGEND}.`, markdownTable(verdicts)]),
    ...warnings.map((text) => `> Warning: ${escapeMarkdown(text)}`),
    ...notes.map((text) => `> Note: ${escapeMarkdown(text)}`),
    ...charts.flatMap((chart) => {
      const path = pictures.get(chart.id)
      if (path === undefined) return []
      return [
        `![${escapeMarkdown(chart.description)}](${path})`,
        `*${escapeMarkdown(`${chart.title}. ${chart.subtitle}`)}*`,
      ]
    }),
    ...verified(report),
    ...tables.flatMap((table) => [`## ${escapeMarkdown(table.title)}`, markdownTable(table)]),
    `## How this was made`,
    factList([['experiment', title], ...how]),
    ...(report.repeat === undefined ? [] : ['To repeat it:', codeBlock(report.repeat)]),
    list(assumptions.map(escapeMarkdown)),
    ...provenance.flatMap((one) => [`### Table ${escapeMarkdown(one.table)}`, factList(one.facts)]),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

function verified({ verified: found }: Report): string[] {
  if (found === undefined) return []
  const { answer, facts, page } = found
  const link = page === undefined ? [] : [`[The whole verification](${page.replace(/\.html$/, '.md')})`]
  return ['## Verified on real hardware', escapeMarkdown(answer), factList(facts), ...link]
}

/**
 * Shown as it is: nothing in it is markup, HTML, a formula or a link, names nobody and no issue, and it has no line breaks.
 * What GitHub makes of `@name` and `#1` it finds in the text that is shown: only a comment in between ends that.
 */
export function escapeMarkdown(text: string): string {
  return printable(text.replaceAll('\u00a0', ' ').replaceAll(/\s*\n\s*/g, ' '))
    .replaceAll(/[\\`*_[\]|~$]/g, String.raw`\$&`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/:\/\//g, ':&#47;&#47;')
    .replaceAll(/\b(www)\./gi, '$1&#46;')
    .replaceAll(/@(?=[a-z\d])/gi, '@<!-- -->')
    .replaceAll(/(?<!&)#(?=\d)/g, '#<!-- -->')
    .replace(/^(\s*\d*)([#+.)-])(?=\s|$)/, String.raw`$1\$2`)
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n')
}

function factList(facts: readonly Fact[]): string {
  return list(facts.map(([name, text]) => `${escapeMarkdown(name)}: ${escapeMarkdown(text)}`))
}

function markdownTable(whole: DataTable): string {
  const table = partOf(whole, 'page')
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    line(table.columns.map(({ name }) => escapeMarkdown(name))),
    line(table.columns.map((_, i) => (isNumeric(table, i) ? '---:' : '---'))),
    ...table.rows.map((row) => line(row.map((cell, i) => escapeMarkdown(cellText(cell, table.columns[i]!))))),
  ].join('\n')
}

/** With a fence longer than any in the text. */
function codeBlock(text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${printableLines(text)}\n${fence}`
}
