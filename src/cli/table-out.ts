/** `--out` of the commands that write a table. */
import { existsSync, statSync } from 'node:fs'
import { invalid } from '../core/errors.js'
import { quoted } from './arguments.js'

/** @throws BenchError before anything is read: where another ending, a folder, or without --force a file stands */
export function checkTableOut(out: string, force: boolean): void {
  if (!out.endsWith('.arrow'))
    throw invalid('--out', out, 'must end in .arrow', `write --out ${quoted(`${out}.arrow`)}`)
  if (!existsSync(out)) return
  if (statSync(out).isDirectory()) throw invalid('--out', out, 'must not be a folder', 'name a file')
  if (!force) throw invalid('--out', out, 'must not be there yet', 'name another file, or add --force to write over it')
}
