/** Verifies a simulated run: trains some of what it replayed, or runs the experiment for real, and keeps what came out. */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { invalid } from '../../core/errors.js'
import { recordingHeader } from '../../record/recording-header.js'
import { VERIFY_FOLDER, type Verification, readVerification, writeVerification } from '../../store/verification.js'
import type { SurrogateTable } from '../../surrogates/table.js'
import type { LocalSettings } from '../local/prepare.js'
import { type Chosen, chooseTrainings, populations } from './population.js'
import { compareSample } from './sample.js'
import { type SimulatedRunOptions, openSimulatedRun } from './simulated-run.js'
import { tableFacts, usualWorkers } from './table-facts.js'
import { trainChosen } from './train-chosen.js'
import { type RealTraining, type VerifyHeader, openVerifyJournal } from './verify-journal.js'

export interface VerifyOptions extends SimulatedRunOptions {
  /** What trainings get of this machine. */
  readonly local?: LocalSettings
  /** How many of the simulation's trainings to make again. */
  readonly trials: number
  /** Also those that runs ended with. Default false. */
  readonly incumbents?: boolean
  /** What the sample is drawn from. Default 0. */
  readonly seed?: number
  /** No training begins after so many seconds. Default: no limit. */
  readonly budget?: number
  /** Trainings at a time. Default: as many as when the table was recorded, as far as there are processors. */
  readonly workers?: number
  readonly onPlan?: (plan: { readonly trainings: number; readonly seconds: number; readonly kept: number }) => void
  readonly onProgress?: (done: number, total: number) => void
  readonly onWarning?: (text: string) => void
  /** Ends what runs; everything trained is kept. */
  readonly signal?: AbortSignal
}

/**
 * Trains a sample of what the simulation replayed, and compares. What an earlier call trained is not trained again.
 *
 * @throws BenchError for bad input
 */
export async function verifyRun(path: string, options: VerifyOptions): Promise<Verification> {
  if (!Number.isInteger(options.trials) || options.trials < 1)
    throw invalid('trials', options.trials, 'must be a whole number from 1 on')
  const run = await openSimulatedRun(path, options)
  const dataDir = options.dataDir === undefined ? undefined : resolve(options.dataDir)
  const { manifest } = run.directory
  const all = populations(run.directory)
  const { strata, chosen } = chooseTrainings(all, {
    trials: options.trials,
    incumbents: options.incumbents ?? false,
    seed: options.seed ?? 0,
  })
  const headers = new Map(Array.from(run.recordings, ([name, one]) => [name, recordingHeader(one, dataDir)]))
  const folder = join(path, VERIFY_FOLDER)
  mkdirSync(folder, { recursive: true })
  const header: VerifyHeader = {
    journal: 'rungbench-verify',
    version: 1,
    key: manifest.key,
    tables: Object.fromEntries(Array.from(headers, ([name, { program, data }]) => [name, { program, data }])),
  }
  const { writer, trainings } = openVerifyJournal(join(folder, 'trainings.jsonl'), header)
  const workersOf = (table: string): number => options.workers ?? usualWorkers(run.tables.get(table)!)
  const made = new Map<string, RealTraining>()
  const keep = (one: RealTraining): void => void made.set(keyOf(one), one)
  const enough = (one: Chosen): boolean => (made.get(keyOf(one))?.reached ?? 0) >= one.until
  trainings.forEach(keep)
  const open = chosen.filter((one) => !enough(one))
  options.onPlan?.({
    trainings: open.length,
    seconds: open.reduce((sum, one) => sum + expectedSeconds(run.tables.get(one.table)!, one), 0),
    kept: chosen.length - open.length,
  })
  let done = chosen.length - open.length
  try {
    const now = await trainChosen(
      open,
      {
        tables: run.tables,
        recordings: run.recordings,
        dataDir,
        workersOf,
        settings: options.local ?? {},
        logs: join(folder, 'logs'),
        budget: options.budget ?? Infinity,
        onTraining: () => options.onProgress?.(++done, chosen.length),
        onWarning: options.onWarning ?? (() => {}),
        signal: options.signal,
      },
      writer,
    )
    now.forEach(keep)
  } finally {
    writer.close()
  }
  const sample = await compareSample(run, { strata, chosen, made, keyOf })
  const verification: Verification = {
    ...readVerification(path, manifest.key),
    formatVersion: 1,
    key: manifest.key,
    at: new Date().toISOString(),
    realSeconds: Array.from(made.values()).reduce((sum, { seconds }) => sum + seconds, 0),
    tables: tableFacts(run, all, headers, workersOf),
    sample,
  }
  writeVerification(path, verification)
  return verification
}

function keyOf({ table, row }: { readonly table: string; readonly row: number }): string {
  return `${table} ${row}`
}

/** What the table says that a training takes. */
function expectedSeconds({ data, levels }: SurrogateTable, { row, until }: Chosen): number {
  return data.startup[row]! + data.elapsed[row * levels + until - 1]!
}
