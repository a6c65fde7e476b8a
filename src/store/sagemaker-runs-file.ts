/** `sagemaker.json` in a run directory: what the jobs of its runs have in common. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { BenchError, messageOf } from '../core/errors.js'
import { parseOr } from '../core/zod-error.js'
import { writeWhole } from './write-whole.js'

/** What a run directory says of the jobs of its runs: enough to find and stop all of them. */
export interface SageMakerRuns {
  /** Unique; a tag of every job, and part of its name. */
  readonly id: string
  /** What the names of all jobs begin with. */
  readonly prefix: string
  readonly region: string
  readonly endpoints: Readonly<Record<string, string | undefined>>
  /** US dollars that the runs may cost together, as whoever began them last said; for those who follow them. */
  readonly maxCost?: number | undefined
}

const FILE = 'sagemaker.json'

/** Every job of the account whose name has the prefix can be stopped by this file: it is believed only if it is ours. */
const schema = z
  .looseObject({
    id: z.string().regex(/^[a-z0-9]+$/, 'must be small letters and digits'),
    prefix: z.string(),
    region: z.string().regex(/^[a-z0-9-]+$/, 'must be a region such as eu-central-1'),
    endpoints: z.record(z.string(), z.string().optional()),
    maxCost: z.number().positive().optional(),
  })
  .refine(({ id, prefix }) => /^[a-zA-Z0-9][a-zA-Z0-9-]*-$/.test(prefix) && prefix.endsWith(`-${id}-`), {
    path: ['prefix'],
    error: 'must be a name of letters, digits and dashes that ends with the id',
  })

/** @throws BenchError if the run directory is of no SageMaker run, or the file is damaged or another one of that name */
export function readSageMakerRuns(directory: string): SageMakerRuns {
  const path = join(directory, FILE)
  try {
    return parseOr(schema, JSON.parse(readFileSync(path, 'utf8')), path)
  } catch (error) {
    throw new BenchError(
      `${directory} holds no run on SageMaker: ${messageOf(error)}; give the run directory, that of --out, or the table of a recording`,
      { cause: error },
    )
  }
}

/** The limit on what the runs may cost, where there is one and it can be read. */
export function maxCostOf(directory: string): number | undefined {
  try {
    return hasSageMakerRuns(directory) ? readSageMakerRuns(directory).maxCost : undefined
  } catch {
    return undefined
  }
}

export function hasSageMakerRuns(directory: string): boolean {
  return existsSync(join(directory, FILE))
}

/** @throws BenchError */
export function writeSageMakerRuns(directory: string, runs: SageMakerRuns): void {
  writeWhole(join(directory, FILE), `${JSON.stringify(runs, null, 2)}\n`, 'nothing was started')
}
