/** What a run writes must not lie in the folder that is packed as its program. */
import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { BenchError } from '../../core/errors.js'

/**
 * @param source the folder of the program
 * @param path what is to be written
 * @param what it is, in words, e.g. `the run directory`
 * @throws BenchError where it lies in the source: the program would be another one for every job, and could not be gone on with
 */
export function checkOutsideSource(source: string, path: string, what: string): void {
  const below = relative(realpathSync(source), realPath(resolve(path)))
  if (below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below)) return
  throw new BenchError(
    `${what} ${path} lies in the source folder ${source}, which is packed for every training job; ` +
      'choose another --out, or give "source" a folder that holds the program alone',
  )
}

/** Without links, as far as it exists. */
function realPath(path: string): string {
  if (existsSync(path) || dirname(path) === path) return realpathSync(path)
  return join(realPath(dirname(path)), basename(path))
}
