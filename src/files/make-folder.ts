/** Makes folders, also where a file system behaves oddly. */
import { mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { BenchError, messageOf } from '../core/errors.js'

/**
 * Makes a folder and those above it that are missing, level by level: below `/proc` the recursive `mkdirSync` of Node never
 * ends, as the parent is there and yet takes no folder.
 *
 * @param cure what to tell the user where it fails
 * @throws BenchError that names the folder, the level that could not be made, and the cure
 */
export function makeFolder(path: string, cure: string): void {
  const missing: string[] = []
  try {
    for (let at = resolve(path); !isFolder(at); at = dirname(at)) missing.unshift(at)
    for (const folder of missing) make(folder)
  } catch (error) {
    throw new BenchError(`cannot make the folder ${path}: ${messageOf(error)}; ${cure}`, { cause: error })
  }
}

/** @throws Error if something else is there */
function isFolder(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory() === false) throw new Error(`${path} is no folder`)
  // The root has nothing above it to look at.
  return found !== undefined || dirname(path) === path
}

function make(folder: string): void {
  try {
    mkdirSync(folder)
  } catch (error) {
    // Another program may have made it in between.
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw error
  }
}
