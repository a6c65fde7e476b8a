/** The files that a module consists of: itself and what it imports by relative paths. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

const IMPORTS = /(?:\bfrom\s*|\bimport\s*\(?\s*)(['"])(\.[^'"]+)\1/g
/** As TypeScript has it, an import may name what a file is compiled to. */
const ENDINGS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\.js$/, ['.js', '.ts']],
  [/\.mjs$/, ['.mjs', '.mts']],
  [/\.cjs$/, ['.cjs', '.cts']],
  [/$/, ['', '.ts', '.js', '.mts', '.mjs', '/index.ts', '/index.js']],
]

/** Absolute paths, the given ones first. Imports that lead nowhere are left to whoever loads the module. */
export function moduleFiles(entries: readonly string[]): string[] {
  const files = new Set(entries.map((path) => resolve(path)))
  // A set is walked on into what is added meanwhile.
  for (const file of files) {
    if (!/\.[cm]?[jt]s$/.test(file)) continue
    for (const [, , name] of readFileSync(file, 'utf8').matchAll(IMPORTS)) {
      const found = importedFile(resolve(dirname(file), name!))
      if (found !== undefined) files.add(found)
    }
  }
  return [...files]
}

function importedFile(path: string): string | undefined {
  for (const [ending, candidates] of ENDINGS)
    if (ending.test(path))
      for (const candidate of candidates) {
        const file = path.replace(ending, candidate)
        if (existsSync(file) && statSync(file).isFile()) return file
      }
  return undefined
}
