/** `bench import`: makes a table of learning curves that somebody else recorded. */
import type { Command } from 'commander'
import { BenchError, invalid, show } from '../../core/errors.js'
import { suggestion } from '../../core/nearest-name.js'
import { plural } from '../../report/format.js'
import { quoted } from '../arguments.js'
import { type Session, examples } from '../session.js'

const FORMATS = ['csv']

interface ImportFlags {
  readonly map: string
  readonly out: string
}

export function addImport(program: Command, session: Session): void {
  program
    .command('import')
    .description('make a table of your own learning curves')
    .argument('<format>', 'csv: one row per configuration, repetition and level')
    .argument('<file>', 'the learning curves')
    .requiredOption('--map <map.json>', 'what the columns are; see docs/tables.md')
    .requiredOption('--out <table.arrow>', 'the table to write')
    .addHelpText(
      'after',
      examples(session, [
        ['import csv curves.csv --map map.json --out mine.arrow', 'make a table'],
        ['show ./mine.arrow', 'look at it'],
        ['run ./my-experiment.ts --tables ./mine.arrow', 'use it in an experiment of yours'],
      ]),
    )
    .action(async (format: string, file: string, { map, out }: ImportFlags) => {
      if (!FORMATS.includes(format))
        throw new BenchError(`unknown format ${show(format)}${suggestion(format, FORMATS)}`)
      if (!out.endsWith('.arrow'))
        throw invalid('--out', out, 'must end in .arrow', `write --out ${quoted(`${out}.arrow`)}`)
      await importCsv(file, map, out, session)
    })
}

async function importCsv(file: string, map: string, out: string, { terminal }: Session): Promise<void> {
  const { importCsv: importTable } = await import('../../surrogates/import-csv.js')
  const { writeTable } = await import('../../surrogates/write.js')
  const table = importTable(file, map)
  writeTable(out, table)
  terminal.out(
    `${plural(table.rows, 'training')} imported into ${out}\nLook at it: ${terminal.command} show ${quoted(out)}\n`,
  )
}
