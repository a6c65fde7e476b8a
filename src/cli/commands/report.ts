/** `bench report`: makes the reports of runs again. */
import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { BenchError, invalid } from '../../core/errors.js'
import { makeFolder } from '../../files/make-folder.js'
import { quoted } from '../arguments.js'
import { checkReportFolder } from '../report-folder.js'
import { type Session, examples } from '../session.js'

interface ReportFlags {
  readonly out?: string
  readonly full?: true
  readonly open?: true
}

export function addReport(program: Command, session: Session): void {
  program
    .command('report')
    .description('make the report of a run again, or one of several runs put together')
    .argument('<dir...>', 'run directories, as bench run shows them')
    .option('--out <dir>', 'where report.html and report.md go (default: the run directory, if there is one)')
    .option('--full', 'also every chart as SVG, PNG and Vega-Lite specification, and every table as CSV')
    .option('--open', 'open the report in a browser')
    .addHelpText(
      'after',
      examples(session, [
        ['report results/asha-vs-default-20261123-100000 --open', 'made again and opened'],
        ['report results/a results/b --out results/both', 'one report of two runs'],
        ['report results/a --full', 'pictures for slides, tables for a spreadsheet'],
      ]),
    )
    .action(async (directories: readonly string[], flags: ReportFlags) => {
      const out = flags.out ?? (directories.length === 1 ? directories[0]! : undefined)
      if (out === undefined) throw new BenchError('a report of several runs needs a folder of its own; add --out DIR')
      for (const directory of directories)
        if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true)
          throw invalid('the run directory', directory, 'must be a folder that exists')
      checkReportFolder(out, directories)
      const { readRunSet } = await import('../../store/read-run-set.js')
      const { mergeRuns } = await import('../../report/merge-runs.js')
      const { reportOf } = await import('../../report/sections.js')
      const { writePages } = await import('../../publish/write-report.js')
      const { verifiedSection } = await import('../../publish/write-verification.js')
      const parts = directories.map((directory) => readRunSet(directory))
      const { manifest, set } = mergeRuns(parts)
      makeFolder(out, 'give another --out')
      const [{ notes }] = parts as [(typeof parts)[number]]
      const again = [session.terminal.command, 'report', ...directories.map((directory) => quoted(directory))].join(' ')
      const commands = parts.flatMap((part) => part.notes.repeat ?? [])
      const report = reportOf(manifest, set, {
        repeat: parts.length === 1 ? notes.repeat : [...commands, `${again} --out ${quoted(out)}`].join('\n'),
        elapsedSeconds: parts.length === 1 ? notes.elapsedSeconds : undefined,
        verified:
          parts.length === 1 ? verifiedSection(parts[0]!, resolve(out) === resolve(directories[0]!)) : undefined,
      })
      const pictures =
        flags.full === true ? await (await import('../../publish/write-full.js')).writeFull(out, report) : undefined
      const { html, markdown } = writePages(out, report, pictures)
      const { terminal } = session
      terminal.out(`Report: ${html}\nMarkdown: ${markdown}\n`)
      if (pictures !== undefined) terminal.out(`Pictures and tables: ${join(out, 'report')}\n`)
      if (flags.open === true) await (await import('../open.js')).openFile(html)
    })
}
