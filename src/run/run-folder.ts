/** The run directory before anything runs: made anew, or found to be the one to go on with. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { BenchError, messageOf } from '../core/errors.js'
import { makeFolder } from '../files/make-folder.js'
import type { Manifest } from '../store/manifest.js'
import { writeWhole } from '../store/write-whole.js'

export interface DirectoryOptions {
  /** Default `results/<experiment>-<time>`. */
  readonly out?: string | false
  /** Go on with the run that is there. */
  readonly resume?: boolean
}

/** Where a run goes; or, to resume one, where it is. Makes nothing. @throws BenchError where it cannot go there, or another run is there */
export function findDirectory(manifest: Manifest, options: DirectoryOptions): string {
  if (options.resume === true) {
    const directory = resolve(typeof options.out === 'string' ? options.out : newDirectory(manifest.experiment))
    const path = join(directory, 'manifest.json')
    if (!existsSync(path))
      throw new BenchError(
        `there is no run to resume in ${directory}: it has no manifest.json; leave --resume out to begin one`,
      )
    const before = readManifest(path)
    if (before.key !== manifest.key)
      throw new BenchError(
        `the run in ${directory} is another one (${differenceOf(before, manifest)}); resume it with its own options, or give another --out`,
      )
    return directory
  }
  return freeDirectory(manifest.experiment, typeof options.out === 'string' ? options.out : undefined)
}

/** Where a new run goes. Makes nothing. @throws BenchError if there is anything */
export function freeDirectory(experiment: string, out: string | undefined): string {
  const directory = resolve(out ?? newDirectory(experiment))
  if (existsSync(directory) && readdirSync(directory).length > 0)
    throw new BenchError(`${directory} is not empty; add --resume to go on with the run in it, or give another --out`)
  return directory
}

/** Makes the directory of a new run. @throws BenchError */
export function makeDirectory(directory: string, manifest: Manifest): void {
  makeFolder(directory, 'give another --out')
  writeWhole(
    join(directory, 'manifest.json'),
    `${JSON.stringify(manifest, null, 2)}\n`,
    'nothing was run; give another --out',
  )
}

function readManifest(path: string): Manifest {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Manifest
  } catch (error) {
    throw new BenchError(`${path} is damaged: ${messageOf(error)}; begin the run anew in another --out`)
  }
}

/** The first part in which two manifests differ, in words. */
function differenceOf(before: Manifest, now: Manifest): string {
  for (const part of ['experiment', 'backend', 'seeds', 'tables', 'simulation', 'cells'] as const)
    if (JSON.stringify(before[part]) !== JSON.stringify(now[part]))
      return `its ${part} ${part.endsWith('s') ? 'differ' : 'differs'}`
  return 'it was made by another version'
}

/** `results/<experiment>-<time>`, with a number where that is taken. */
function newDirectory(experiment: string): string {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')
  const name = join('results', `${experiment}-${stamp}`)
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? name : `${name}-${i}`
    if (!existsSync(candidate)) return candidate
  }
}
