/** `bench merge`: one table of recorded tables, or one journal of the journals of a recording. */
import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { Command } from 'commander'
import { BenchError, invalid } from '../../core/errors.js'
import type { Conflicts } from '../../record/merge-rows.js'
import { plural } from '../../report/format.js'
import { quoted } from '../arguments.js'
import { type Session, examples } from '../session.js'

interface MergeFlags {
  readonly out: string
  readonly name?: string
  readonly prefer?: string
  readonly renumber?: true
  readonly force?: true
}

export function addMerge(program: Command, session: Session): void {
  program
    .command('merge')
    .description('make one table of tables that were recorded in parts or on several machines')
    .argument('<tables...>', 'recorded tables: names from "bench list", or paths of .arrow files')
    .requiredOption('--out <table.arrow>', 'the table to write')
    .option('--name <name>', "the table's name (default: the parts' if they have one in common, else that of --out)")
    .option('--prefer <first>', 'where two tables disagree on a training, keep the row of the one that is named first')
    .option('--renumber', 'where two tables disagree on a training, keep both, as repetitions of their own')
    .option('--force', 'write over a file that is there already')
    .addHelpText(
      'after',
      examples(session, [
        ['merge ./monday.arrow ./tuesday.arrow --out week.arrow', 'one table of two'],
        ['merge ./a.arrow ./b.arrow --renumber --out both.arrow', 'the same configurations, trained with other seeds'],
      ]),
    )
    .action((tables: string[], flags: MergeFlags) => merge(tables, flags, session))
}

async function merge(tables: readonly string[], flags: MergeFlags, { terminal }: Session): Promise<void> {
  const { out } = flags
  if (tables.length < 2)
    throw new BenchError('merge needs two tables or more, e.g. merge a.arrow b.arrow --out c.arrow')
  if (!out.endsWith('.arrow'))
    throw invalid('--out', out, 'must end in .arrow', `write --out ${quoted(`${out}.arrow`)}`)
  const conflicts = conflictsOf(flags)
  const { openTable } = await import('../../run/open-table.js')
  const { mergeTables } = await import('../../record/merge-tables.js')
  const { writeTable } = await import('../../surrogates/write.js')
  const { findTable } = await import('../../run/catalogue.js')
  const taken = tables.find((name) => resolve(findTable(name)) === resolve(out))
  if (taken !== undefined)
    throw invalid('--out', out, 'must not be one of the tables that are merged', 'name another file')
  if (existsSync(out) && flags.force !== true)
    throw invalid('--out', out, 'must not be there yet', 'name another file, or add --force to write over it')
  const parts = tables.map((name) => ({ name, table: openTable(name) }))
  const names = new Set(parts.map(({ table }) => table.metadata.name))
  const name = flags.name ?? (names.size === 1 ? [...names][0]! : basename(out, '.arrow'))
  const { data, duplicates, warnings } = mergeTables({ parts, name, conflicts })
  for (const warning of warnings) terminal.err(`bench: warning: ${warning}\n`)
  writeTable(out, data)
  const twice = duplicates === 0 ? '' : ` (${duplicates} were in two of them)`
  terminal.out(
    `${plural(data.rows, 'training')} of ${parts.length} tables written to ${out}${twice}\n` +
      `Look at it: ${terminal.command} show ${quoted(out)}\n`,
  )
}

function conflictsOf({ prefer, renumber }: MergeFlags): Conflicts {
  if (prefer !== undefined && prefer !== 'first')
    throw invalid('--prefer', prefer, 'must be "first"', 'name the table to prefer first')
  if (prefer !== undefined && renumber === true) throw new BenchError('give --prefer first or --renumber, not both')
  return renumber === true ? 'renumber' : (prefer ?? 'refuse')
}
