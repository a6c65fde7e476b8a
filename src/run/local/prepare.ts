/** What a plan needs to be run for real, looked up and checked before anything is started or written. */
import { type ResourceOptions, type Resources, resolveResources } from '../../backends/local/resources/resources.js'
import { BenchError, show } from '../../core/errors.js'
import type { Recording } from '../../record/recording.js'
import { trainingNeeds } from '../../record/training-program.js'
import { COST } from '../../surrogates/instance-factor.js'
import type { SurrogateTable } from '../../surrogates/table.js'
import { listRecordings, loadRecording } from '../catalogue.js'
import type { Cell } from '../cell.js'
import type { Plan } from '../plan.js'

/** What trials get of this machine, and what becomes of those that fail. */
export interface LocalSettings extends ResourceOptions {
  /** How often the program of a trial that crashes is started again before the trial counts as failed. Default 0. */
  readonly retries?: number
  /** Seconds that a trial may run, all its attempts together; then it fails. Default: what its recording says, if anything. */
  readonly trialTimeout?: number
  /** Bytes that the checkpoints of a run may take; see `CheckpointBudget`. Default: any number. */
  readonly checkpointBudget?: number
}

/** What a plan is run with. */
export interface LocalPreparation {
  /** What each table was recorded with, by name of the table. */
  readonly recordings: ReadonlyMap<string, Recording>
  readonly resources: ReadonlyMap<Cell, Resources>
  readonly settings: LocalSettings
}

/**
 * @param given paths or names of recordings; those of tables that ship are found without
 * @throws BenchError for what cannot be run for real, or not with what this machine has
 */
export async function prepareLocal(
  plan: Plan,
  tables: readonly SurrogateTable[],
  settings: LocalSettings = {},
  given: readonly string[] = [],
): Promise<LocalPreparation> {
  const recordings = await recordingsOf(tables, given)
  for (const { metrics, table } of plan.cells)
    if (metrics.includes(COST) && !(COST in recordings.get(table)!.metrics))
      throw new BenchError(
        `the metric "${COST}" follows from a table's times, and programs do not report it; run it simulated`,
      )
  const resources = new Map<Cell, Resources>()
  for (const cell of plan.cells)
    resources.set(cell, resolveResources(settings, trainingNeeds(recordings.get(cell.table)!, cell.workers)))
  return { recordings, resources, settings }
}

/** What each table was recorded with, by name of the table: one of the given recordings, else the one that ships. */
export async function recordingsOf(
  tables: readonly SurrogateTable[],
  given: readonly string[],
): Promise<Map<string, Recording>> {
  const recordings = new Map<string, Recording>()
  for (const path of given) {
    const recording = await loadRecording(path)
    if (!tables.some(({ name }) => name === recording.name))
      throw new BenchError(
        `the recording ${show(recording.name)} belongs to none of the tables ` +
          `(${tables.map(({ name }) => name).join(', ')}); it must have the name of its table`,
      )
    recordings.set(recording.name, recording)
  }
  const shipped = listRecordings()
  for (const { name } of tables) {
    if (recordings.has(name)) continue
    if (!shipped.some((one) => one.name === name))
      throw new BenchError(
        `no recording of the table ${show(name)} ships, so the program to train with is not known; ` +
          'give --recording, the module of the recording it was made with, or run it simulated',
      )
    recordings.set(name, await loadRecording(name))
  }
  return recordings
}
