/** `bench import`: makes a table of learning curves that somebody else recorded. */
import { existsSync, statSync } from 'node:fs'
import type { Command } from 'commander'
import { BenchError, invalid, show } from '../../core/errors.js'
import { suggestion } from '../../core/nearest-name.js'
import type { ImportOptions, Importer } from '../../formats/importer.js'
import { plural } from '../../report/format.js'
import { parseAmount, quoted } from '../arguments.js'
import { type Session, examples } from '../session.js'
import { checkTableOut } from '../table-out.js'

interface ImportFlags extends ImportOptions {
  readonly out: string
  readonly force?: true
}

export function addImport(program: Command, session: Session): void {
  program
    .command('import')
    .description("make a table of learning curves: your own, or the community's")
    .argument(
      '<format>',
      'csv, parquet, taskset, lcbench, blackbox-repository, syne-tune-results, or a module of yours',
    )
    .argument('<file...>', 'the learning curves')
    .requiredOption('--out <table.arrow>', 'the table to write')
    .option('--map <map.json>', 'what the files do not say, or what is to be otherwise; see docs/tables.md')
    .option('--seconds-per-level <seconds>', 'a rule in place of measured times, where the files have none', (text) =>
      parseAmount('--seconds-per-level', text),
    )
    .option('--task <name>', 'which of several tasks in the files')
    .option('--name <name>', 'what the table is called')
    .option('--source <text>', 'where the numbers come from')
    .option('--licence <text>', 'under which licence they may be used')
    .option('--force', 'write over a file that is there already')
    .addHelpText(
      'after',
      examples(session, [
        ['import csv curves.csv --map map.json --out mine.arrow', 'a table of your own'],
        ['import taskset task.json.gz --seconds-per-level 1 --out task.arrow', 'one task of TaskSet'],
        ['import lcbench data_2k_lw.json --task higgs --licence ... --out higgs.arrow', 'one data set of LCBench'],
        ['import blackbox-repository fcnet --task fcnet-naval ... --out naval.arrow', "a folder of Syne Tune's"],
        ['run ./my-experiment.ts --tables ./mine.arrow', 'use it in an experiment of yours'],
      ]),
    )
    .action(async (format: string, files: readonly string[], flags: ImportFlags) => {
      const { out, force, ...options } = flags
      const importer = await findImporter(format)
      checkTableOut(out, force === true)
      const { importTable } = await import('../../formats/import-table.js')
      const { writeTable } = await import('../../surrogates/write.js')
      const table = await importTable(importer, files, options)
      writeTable(out, table)
      const { terminal } = session
      terminal.out(
        `${plural(table.rows, 'training')} imported into ${out}\nLook at it: ${terminal.command} show ${quoted(out)}\n`,
      )
    })
}

/** A format by name, or the default export of a module by path. @throws BenchError with the nearest name */
async function findImporter(format: string): Promise<Importer> {
  const { importers } = await import('../../formats/index.js')
  if (/[/\\]/.test(format)) {
    if (!existsSync(format) || !statSync(format).isFile())
      throw invalid(
        'format',
        format,
        'must be the path of a module that is there',
        `write one (docs/tables.md, "A format of your own"), or name one of ${Object.keys(importers).join(', ')}`,
      )
    const { loadImporter } = await import('../../run/catalogue.js')
    return loadImporter(format)
  }
  if (!Object.hasOwn(importers, format))
    throw new BenchError(`unknown format ${show(format)}${suggestion(format, Object.keys(importers))}`)
  return importers[format]!
}
