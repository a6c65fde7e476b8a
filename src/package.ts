/** This package: where it lies, and its version. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))

/** The folder of its package.json: the tables, the trainers in Python and the fonts lie below it. */
export const packageRoot = rootAbove(here)

/** The folder of its code: `dist`, or {@link packageRoot} where the source runs as it is (vitest, tsx). */
export const codeRoot = relative(packageRoot, here).split(sep)[0] === 'dist' ? join(packageRoot, 'dist') : packageRoot

export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version
}

function rootAbove(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder
  if (dirname(folder) === folder) throw new Error(`no package.json lies above ${here}`)
  return rootAbove(dirname(folder))
}
