/** A run directory as it was left by `bench run`: its manifest, its runs, and the events of each when asked for. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, messageOf } from '../core/errors.js'
import type { Manifest } from './manifest.js'
import { type BatchConfigs, type BatchEvents, readConfigs, readEvents, readSummaries } from './read-batch.js'
import { digestOf } from './run-log.js'
import type { RunSet, RunSummary } from './run-set.js'

/** The events of one run: those of position `run` among the batch's. */
export interface StoredRun {
  readonly run: number
  readonly batch: BatchEvents
  readonly configs: BatchConfigs
}

/** Where a run stands. */
interface Place {
  readonly summary: RunSummary
  /** The path of its batch's files without their endings. */
  readonly batch: string
  readonly run: number
}

export class RunDirectory {
  readonly path: string
  readonly manifest: Manifest
  /** In plan order; runs that failed or were not finished are missing. */
  readonly set: RunSet
  readonly #places: ReadonlyMap<string, Place>
  /** The batch that was read last: runs are mostly asked for one after another. */
  #last: { readonly batch: string; readonly stored: Omit<StoredRun, 'run'> } | undefined

  /** @throws BenchError if the folder holds no simulated run, or a file of it is damaged */
  constructor(path: string) {
    this.path = path
    this.manifest = readManifest(path)
    if (this.manifest.backend !== 'simulated')
      throw new BenchError(`${path} holds real trainings, whose times never repeat; only simulated runs are compared`)
    this.#places = findRuns(path)
    const { cells, seeds } = this.manifest
    const runs = cells.flatMap((_, cell) => seeds.flatMap((seed) => this.#places.get(keyOf(cell, seed))?.summary ?? []))
    if (runs.length === 0) throw new BenchError(`${path} holds no finished run; finish it with bench run --resume`)
    this.set = {
      runs,
      failures: [],
      digest: digestOf(runs.map(({ digest }) => digest)),
      simulatedSeconds: runs.reduce((sum, { simulatedSeconds }) => sum + simulatedSeconds, 0),
      reports: runs.reduce((sum, { reports }) => sum + reports, 0),
    }
  }

  /** The events of a run of {@link set}. @throws BenchError if its files are damaged */
  events({ cell, seed }: Pick<RunSummary, 'cell' | 'seed'>): StoredRun {
    const { batch, run } = this.#places.get(keyOf(cell, seed))!
    if (this.#last?.batch !== batch) {
      try {
        const stored = { batch: readEvents(`${batch}.events.arrow`), configs: readConfigs(`${batch}.trials.arrow`) }
        this.#last = { batch, stored }
      } catch (error) {
        throw new BenchError(`${batch}.events.arrow cannot be read: ${messageOf(error)}; run it again with --resume`, {
          cause: error,
        })
      }
    }
    return { run, ...this.#last!.stored }
  }
}

function keyOf(cell: number, seed: number): string {
  return `${cell} ${seed}`
}

/** @throws BenchError if there is none, it is damaged, or of another version */
export function readManifest(path: string): Manifest {
  if (path === '')
    throw new BenchError('the run directory is "", no path; give the folder that bench run shows as its result')
  const file = join(path, 'manifest.json')
  if (!existsSync(file))
    throw new BenchError(
      `${path} is no run directory: it has no manifest.json; give the folder that bench run shows as its result`,
    )
  let manifest: Partial<Manifest>
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8')) as Partial<Manifest>
  } catch (error) {
    throw new BenchError(`${file} is damaged: ${messageOf(error)}; run the experiment again`, { cause: error })
  }
  if (manifest?.formatVersion !== 1 || !Array.isArray(manifest.cells) || !Array.isArray(manifest.seeds))
    throw new BenchError(`${file} is not the manifest of a run that this version can read; run the experiment again`)
  return manifest as Manifest
}

/** All finished runs by cell and seed. */
function findRuns(path: string): Map<string, Place> {
  const folder = join(path, 'runs')
  const places = new Map<string, Place>()
  const ending = '.trials.arrow'
  for (const file of existsSync(folder) ? readdirSync(folder).sort() : []) {
    if (!file.endsWith(ending)) continue
    const batch = join(folder, file.slice(0, -ending.length))
    const summaries = readSummaries(join(folder, file)) as RunSummary[] | undefined
    if (summaries === undefined)
      throw new BenchError(`${join(folder, file)} is damaged; run the experiment again with --resume`)
    for (const [run, summary] of summaries.entries())
      places.set(keyOf(summary.cell, summary.seed), { summary, batch, run })
  }
  return places
}
