/** Cases recorded from another system, where the folder that holds them is beside this repository. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** All recorded decisions; `test/fixtures/traces` has a part of them, which is always there. */
export const recordedFolder = resolve('../shared/reference/traces')

/** The cases of a file, or undefined where it is not there. */
export function recordedCases<T>(name: string): T[] | undefined {
  const path = join(recordedFolder, `${name}.jsonl.gz`)
  if (!existsSync(path)) return undefined
  return gunzipSync(readFileSync(path))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}
