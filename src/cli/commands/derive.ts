/** `bench derive`: a table with modelled instance types. */
import { existsSync, realpathSync } from 'node:fs'
import type { Command } from 'commander'
import { BenchError, invalid } from '../../core/errors.js'
import { plural } from '../../report/format.js'
import { parseList, quoted } from '../arguments.js'
import { type Session, examples } from '../session.js'
import { checkTableOut } from '../table-out.js'
import { readPrices } from './instances.js'

interface DeriveFlags {
  readonly out: string
  readonly instances?: string
  readonly families?: string
  readonly prices?: string
  readonly name?: string
  readonly recordedAs?: string
  readonly parallelFraction?: string
  readonly force?: true
}

export function addDerive(program: Command, session: Session): void {
  program
    .command('derive')
    .description('make a table with modelled instance types: time, latency and cost by a rule; see docs/instances.md')
    .argument('<table>', 'a recorded table: a name from "bench list", or the path of an .arrow file')
    .requiredOption('--out <table.arrow>', 'the table to write')
    .option('--instances <a,b>', 'instance types; the first is the default')
    .option('--families <a,b>', 'all types of the price list in these families')
    .option('--prices <file.csv>', 'prices of your own; see docs/instances.md')
    .option('--name <name>', 'name of the table; must contain "modelled", as pictures are labelled with it')
    .option('--recorded-as <family>', 'CPU family that a core of the recorded machine equals, default m5; or its GPU')
    .option('--parallel-fraction <f>', 'share of the time that further cores divide among themselves; default 0')
    .option('--force', 'write over a file that is there already')
    .addHelpText(
      'after',
      examples(session, [
        ['derive ngram-cola --instances ml.m5.large,ml.c5.xlarge --out two-types.arrow', 'two types'],
        ['derive ngram-cola --families m5,c5 --out families.arrow', 'every type of two families'],
      ]),
    )
    .action((table: string, flags: DeriveFlags) => derive(table, flags, session))
}

async function derive(table: string, flags: DeriveFlags, { terminal }: Session): Promise<void> {
  const { out, instances, families, prices, name, recordedAs } = flags
  checkTableOut(out, flags.force === true)
  if (instances === undefined && families === undefined)
    throw new BenchError('name instance types: --instances ml.m5.large,ml.c5.xlarge or --families m5,c5')
  const parallelFraction = flags.parallelFraction === undefined ? undefined : fraction(flags.parallelFraction)
  const { openTable } = await import('../../run/open-table.js')
  const { deriveInstances } = await import('../../instances/derive.js')
  const { writeTable } = await import('../../surrogates/write.js')
  const { findTable } = await import('../../run/catalogue.js')
  if (sameFile(findTable(table), out))
    throw invalid('--out', out, 'must not be the table that it is derived from', 'name another file')
  const { data, warnings } = deriveInstances(openTable(table), await readPrices(prices), {
    ...(instances !== undefined && { instances: parseList('--instances', instances) }),
    ...(families !== undefined && { families: parseList('--families', families) }),
    ...(name !== undefined && { name }),
    ...(recordedAs !== undefined && { recordedAs }),
    ...(parallelFraction !== undefined && { parallelFraction }),
  })
  for (const warning of warnings) terminal.err(`bench: warning: ${warning}\n`)
  writeTable(out, data)
  const types = plural(data.metadata.instances!.types.length, 'modelled instance type')
  terminal.out(
    `${plural(data.rows, 'recorded training')} with ${types} written to ${out}\n` +
      `Look at it: ${terminal.command} show ${quoted(out)}\n`,
  )
}

/** Also by a link. */
function sameFile(there: string, out: string): boolean {
  return existsSync(out) && realpathSync(there) === realpathSync(out)
}

function fraction(text: string): number {
  const value = /^(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= 0 && value <= 1)) throw invalid('--parallel-fraction', text, 'must be a number from 0 to 1')
  return value
}
