/** `bench export`: writes a table in a format that other programs read. */
import type { Command } from 'commander'
import { BenchError, show } from '../../core/errors.js'
import { suggestion } from '../../core/nearest-name.js'
import { plural } from '../../report/format.js'
import { type Session, examples } from '../session.js'

interface ExportFlags {
  readonly format: string
  readonly out: string
}

export function addExport(program: Command, session: Session): void {
  program
    .command('export')
    .description('write a table for other programs')
    .argument('<table>', 'a name from "bench list tables", or a path')
    .requiredOption('--format <name>', 'csv, parquet or blackbox-repository (a folder that Syne Tune loads)')
    .requiredOption('--out <path>', 'the file or folder to write')
    .addHelpText(
      'after',
      examples(session, [
        ['export ngram-cola --format csv --out ngram-cola.csv', 'one line per configuration, repetition and level'],
        ['export ./mine.arrow --format blackbox-repository --out mine', "a folder of Syne Tune's blackbox repository"],
      ]),
    )
    .action(async (name: string, { format, out }: ExportFlags) => {
      const { exporters } = await import('../../formats/exporters.js')
      if (!Object.hasOwn(exporters, format))
        throw new BenchError(`unknown format ${show(format)}${suggestion(format, Object.keys(exporters))}`)
      const { openTable } = await import('../../run/open-table.js')
      const { files, trainings, leftOut } = await exporters[format]!.write(openTable(name), out)
      session.terminal.out(
        `${plural(trainings, 'training')} written to ${files.join(', ')}\n${leftOut.map((what) => `left out: ${what}\n`).join('')}`,
      )
    })
}
