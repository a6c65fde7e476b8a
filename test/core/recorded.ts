/** Cases recorded from another system, where the folder that holds them is beside this repository. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

/** The cases of a file, or undefined where it is not there. */
export function recordedCases<T>(name: string): T[] | undefined {
  const path = fileURLToPath(new URL(`../../../shared/reference/traces/${name}.jsonl.gz`, import.meta.url))
  if (!existsSync(path)) return undefined
  return gunzipSync(readFileSync(path))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}
