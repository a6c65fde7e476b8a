/** Trains chosen rows again, each up to its level, and keeps every one the moment it ends. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { resolveResources } from '../../backends/local/resources/resources.js'
import { type Training, trainingSeed } from '../../record/plan.js'
import type { Recording } from '../../record/recording.js'
import { runTrainings } from '../../record/run-trainings.js'
import { trainingNeeds } from '../../record/training-program.js'
import type { JournalWriter } from '../../store/journal.js'
import type { SurrogateTable } from '../../surrogates/table.js'
import type { LocalSettings } from '../local/prepare.js'
import type { Chosen } from './population.js'
import type { RealTraining } from './verify-journal.js'

export interface TrainOptions {
  readonly tables: ReadonlyMap<string, SurrogateTable>
  readonly recordings: ReadonlyMap<string, Recording>
  readonly dataDir: string | undefined
  readonly workersOf: (table: string) => number
  readonly settings: LocalSettings
  /** Where output of trainings goes that came to nothing. */
  readonly logs: string
  /** No training begins after so many seconds. */
  readonly budget: number
  readonly onTraining: () => void
  readonly onWarning: (text: string) => void
  readonly signal: AbortSignal | undefined
}

/** The training of a row: its configuration, and the seed of its repetition. */
export function trainingOf(table: SurrogateTable, recording: Recording, row: number): Training {
  const configuration = table.configurationOf[row]!
  const repetition = table.data.repetition[row]!
  const seed = trainingSeed(recording.plan.seed, repetition)
  return { index: row, configuration, repetition, seed, config: table.configuration(configuration) }
}

/** @returns what was trained now, in the order of ending */
export async function trainChosen(
  chosen: readonly Chosen[],
  options: TrainOptions,
  writer: JournalWriter,
): Promise<RealTraining[]> {
  const { tables, recordings, dataDir, logs, budget, signal, onWarning } = options
  const done: RealTraining[] = []
  const begun = performance.now()
  const names = [...new Set(chosen.map(({ table }) => table))]
  for (const [i, name] of names.entries()) {
    const [table, recording] = [tables.get(name)!, recordings.get(name)!]
    const mine = chosen.filter((one) => one.table === name)
    const untils = new Map(mine.map(({ row, until }) => [row, until]))
    // What is left of the budget is shared out by the trainings that are left.
    const left = chosen.filter((one) => names.indexOf(one.table) >= i).length
    const spent = (performance.now() - begun) / 1000
    const until = performance.now() + 1000 * (budget === Infinity ? Infinity : ((budget - spent) * mine.length) / left)
    const place = join(logs, name)
    const workers = options.workersOf(name)
    await runTrainings(
      {
        recording,
        dataDir,
        workers,
        resources: resolveResources(options.settings, trainingNeeds(recording, workers)),
        timeLimit: options.settings.trialTimeout,
        logs: place,
        onWarning,
        signal,
        untilOf: ({ index }) => untils.get(index)!,
        more: () => performance.now() < until,
      },
      mine.map(({ row }) => trainingOf(table, recording, row)),
      ({ training, result, startedAt, endedAt, directory }) => {
        const wanted = untils.get(training.index)!
        const reached = Math.min(result.reached, wanted)
        const failure = reached >= wanted ? '' : result.reason
        const entry: RealTraining = {
          event: 'training',
          table: name,
          row: training.index,
          until: wanted,
          reached,
          failure,
          startup: result.startup,
          elapsed: result.elapsed.slice(0, reached),
          curves: Object.fromEntries(
            Object.entries(result.curves).map(([metric, curve]) => [metric, curve.slice(0, reached)]),
          ),
          statics: { ...result.statics },
          seconds: (Date.parse(endedAt) - Date.parse(startedAt)) / 1000,
        }
        writer.append(entry)
        done.push(entry)
        if (failure === '') rmSync(directory, { recursive: true, force: true })
        options.onTraining()
      },
    )
    signal?.throwIfAborted()
  }
  return done
}
