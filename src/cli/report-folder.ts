/** Where a report may be written: nothing is written over that is not a report made here. */
import { closeSync, existsSync, openSync, readSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { invalid } from '../core/errors.js'

/** What the page says in its head of who made it, as `renderHtml` writes it. */
const MADE_HERE = '<meta name="generator" content="rungbench">'

/**
 * A report goes into the directory of its run, into a folder without one, or over one that was made here.
 *
 * @param out the folder that it is to go into
 * @param directories the runs that it is about
 * @throws BenchError where it would replace the report of another run, or files that somebody else made
 */
export function checkReportFolder(out: string, directories: readonly string[]): void {
  if (!existsSync(out)) return
  if (!statSync(out).isDirectory()) throw invalid('--out', out, 'must be a folder or not exist', 'name a folder')
  if (directories.some((directory) => realpathSync(directory) === realpathSync(out))) return
  if (existsSync(join(out, 'manifest.json')))
    throw invalid('--out', out, 'must not be the directory of another run', 'name another folder')
  if (madeHere(join(out, 'report.html'))) return
  const foreign = ['report.html', 'report.md', 'report'].find((name) => existsSync(join(out, name)))
  if (foreign !== undefined)
    throw invalid('--out', out, `holds a ${foreign} that was not made by this command`, 'name another folder')
}

function madeHere(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false
  const head = Buffer.alloc(4096)
  const file = openSync(path, 'r')
  try {
    return head.toString('utf8', 0, readSync(file, head)).includes(MADE_HERE)
  } finally {
    closeSync(file)
  }
}
