/** `bench record --from-run`: a table of what local runs trained. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, invalid } from '../../core/errors.js'
import { type LeftOut, tableFromRun } from '../../record/from-run.js'
import { plural } from '../../report/format.js'
import { writeTable } from '../../surrogates/write.js'
import { quoted } from '../arguments.js'
import type { Terminal } from '../terminal.js'

export function tableOfRun(path: string, out: string, terminal: Terminal): number {
  const journals = journalsOf(path)
  const { table, leftOut } = tableFromRun({ journals })
  writeTable(out, table)
  terminal.out(
    `${out} holds ${plural(table.rows, 'trial')} of ${plural(journals.length, 'run')}\n` +
      reasons(leftOut)
        .map((reason) => `Left out: ${reason}\n`)
        .join('') +
      `Look at it: ${terminal.command} show ${quoted(out)}\n`,
  )
  return 0
}

function reasons({ withoutReport, copied, again }: LeftOut): string[] {
  return [
    ...(withoutReport === 0 ? [] : [`${plural(withoutReport, 'trial')} without a report`]),
    ...(copied === 0 ? [] : [`${plural(copied, 'trial')} that began from a checkpoint of another`]),
    ...(again === 0
      ? []
      : [`${plural(again, 'trial')} that another run with the same seed trained alike, as far or farther`]),
  ]
}

/** A journal, or all of a run directory: `runs/<cell>-<seed>/journal.jsonl`. @throws BenchError if there is none */
function journalsOf(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isFile() === true) return [path]
  if (found === undefined) throw invalid('--from-run', path, 'must be a run directory that exists')
  const runs = join(path, 'runs')
  const folders = existsSync(runs)
    ? readdirSync(runs)
        .sort()
        .map((name) => join(runs, name))
    : []
  const journals = [path, ...folders].map((folder) => join(folder, 'journal.jsonl')).filter((name) => existsSync(name))
  if (journals.length === 0)
    throw new BenchError(
      `${path} holds no journal of a real run; tables are made of runs with --backend local or sagemaker`,
    )
  return journals
}
