/** What a run on real processes came to, beside its journal: `run.json` in its folder. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from './write-whole.js'
import type { IncumbentSteps } from './incumbent-steps.js'
import type { RunSummary } from './run-set.js'

/** The folder of a run below its run directory. @param cell its position in the manifest */
export function localRunFolder(cell: number, seed: number): string {
  return join('runs', `${String(cell).padStart(3, '0')}-${seed}`)
}

export interface LocalRun {
  readonly summary: RunSummary
  /** Of this run alone. */
  readonly incumbents: IncumbentSteps
}

/** JSON has no NaN: a value that is not finite is null. */
interface Document {
  readonly summary: RunSummary
  readonly incumbents: readonly (readonly [time: number, value: number | null])[]
}

/** @throws BenchError */
export function writeLocalRun(folder: string, { summary, incumbents: { time, value } }: LocalRun): void {
  const incumbents = Array.from(time, (at, i) => [at, Number.isFinite(value[i]!) ? value[i]! : null] as const)
  const document: Document = { summary, incumbents }
  writeWhole(join(folder, 'run.json'), `${JSON.stringify(document, null, 2)}\n`, 'its journal is whole')
}

/** @returns undefined where the run did not end, or the file is damaged */
export function readLocalRun(folder: string): LocalRun | undefined {
  try {
    const { summary, incumbents } = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as Document
    return {
      summary,
      incumbents: {
        offsets: Uint32Array.of(0, incumbents.length),
        time: Float64Array.from(incumbents, ([time]) => time),
        value: Float64Array.from(incumbents, ([, value]) => value ?? Number.NaN),
      },
    }
  } catch {
    return undefined
  }
}
