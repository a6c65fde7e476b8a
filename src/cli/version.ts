/** The version of this package, from its package.json. */
import { existsSync, readFileSync } from 'node:fs'

export function packageVersion(): string {
  // Sources lie two folders below package.json, compiled files three.
  const file = ['../../package.json', '../../../package.json']
    .map((path) => new URL(path, import.meta.url))
    .find((url) => existsSync(url))
  return file === undefined ? 'unknown' : (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
