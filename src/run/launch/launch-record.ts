/** What a run directory says of the tuner that was launched for it: enough to find it and its results. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, messageOf } from '../../core/errors.js'
import { writeWhole } from '../../store/write-whole.js'

export interface LaunchRecord {
  /** Training jobs in which the tuner ran, the last one last. */
  readonly jobs: readonly string[]
  /** Where its run directory is kept: `s3://bucket/...`. */
  readonly results: string
  readonly region: string
  readonly endpoints: Readonly<Record<string, string | undefined>>
  /** Seconds between two looks. */
  readonly pollSeconds: number
}

const FILE = 'launch.json'

export function isLaunched(directory: string): boolean {
  return existsSync(join(directory, FILE))
}

/** @throws BenchError if nothing was launched for this directory */
export function readLaunch(directory: string): LaunchRecord {
  try {
    return JSON.parse(readFileSync(join(directory, FILE), 'utf8')) as LaunchRecord
  } catch (error) {
    throw new BenchError(`${directory} is not the directory of a launched run: ${messageOf(error)}; give that of --out`)
  }
}

export function writeLaunch(directory: string, record: LaunchRecord): void {
  writeWhole(join(directory, FILE), `${JSON.stringify(record, null, 2)}\n`, 'nothing was launched')
}
