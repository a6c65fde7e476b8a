/** `sagemaker.json` in a run directory: what the jobs of its runs have in common. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, messageOf } from '../core/errors.js'
import { writeWhole } from './write-whole.js'

/** What a run directory says of the jobs of its runs: enough to find and stop all of them. */
export interface SageMakerRuns {
  /** Unique; a tag of every job, and part of its name. */
  readonly id: string
  /** What the names of all jobs begin with. */
  readonly prefix: string
  readonly region: string
  readonly endpoints: Readonly<Record<string, string | undefined>>
}

const FILE = 'sagemaker.json'

/** @throws BenchError if the run directory is of no SageMaker run */
export function readSageMakerRuns(directory: string): SageMakerRuns {
  try {
    return JSON.parse(readFileSync(join(directory, FILE), 'utf8')) as SageMakerRuns
  } catch (error) {
    throw new BenchError(`${directory} holds no run on SageMaker: ${messageOf(error)}`)
  }
}

export function hasSageMakerRuns(directory: string): boolean {
  return existsSync(join(directory, FILE))
}

/** @throws BenchError */
export function writeSageMakerRuns(directory: string, runs: SageMakerRuns): void {
  writeWhole(join(directory, FILE), `${JSON.stringify(runs, null, 2)}\n`, 'nothing was started')
}
