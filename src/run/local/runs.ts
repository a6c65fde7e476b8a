/** Runs a plan for real: every cell and seed in turn, its trials as processes on this machine, journalled. */
import { join } from 'node:path'
import { CheckpointBudget } from '../../backends/local/checkpoints/checkpoint-budget.js'
import { LocalBackend } from '../../backends/local/local-backend.js'
import { endFormer, runnerId } from '../../backends/local/watchdog.js'
import { SpaceSource } from '../../core/config-source.js'
import { BenchError } from '../../core/errors.js'
import { mix } from '../../core/random.js'
import type { TrialId } from '../../core/trial.js'
import { runHeader } from '../../record/run-header.js'
import { trainingProgram } from '../../record/training-program.js'
import type { LocalRun } from '../../store/local-run.js'
import type { RunSet } from '../../store/run-set.js'
import { ELAPSED_TIME } from '../../surrogates/elapsed-metric.js'
import { TableSource } from '../../surrogates/table-source.js'
import type { SurrogateTable } from '../../surrogates/table.js'
import type { Cell } from '../cell.js'
import { executeRuns } from '../execute-runs.js'
import { interruptedRun } from '../interrupted-run.js'
import { journalledRun } from '../journalled-run.js'
import type { Plan } from '../plan.js'
import type { LocalPreparation } from './prepare.js'
import { ProcessLog } from '../process-log.js'
import { recordedSeeds } from '../recorded-seeds.js'

export interface LocalOptions {
  readonly directory?: string
  readonly dataDir: string | undefined
  readonly resume?: boolean
  /**
   * Draws the configurations and training seeds that a simulation of the same seed would replay, from these tables by name.
   * Default: from the space, with training seeds of the run.
   */
  readonly drawFrom?: ReadonlyMap<string, SurrogateTable>
  readonly onProgress?: (done: number, total: number) => void
  readonly onWarning?: (text: string) => void
  readonly signal?: AbortSignal
}

/** Runs every cell of the plan for every seed, one after another, with the programs that the tables were recorded with. */
export async function executeLocally(plan: Plan, prepared: LocalPreparation, options: LocalOptions): Promise<RunSet> {
  if (options.directory === undefined)
    throw new BenchError('a local run needs a run directory: its trials and its journal lie there')
  return executeRuns(plan, options.directory, options, (cell, seed, folder) =>
    runLocally(cell, seed, prepared, folder, options),
  )
}

/**
 * Runs one cell for one seed, or goes on with a run of which the folder holds a journal but no result.
 *
 * @throws BenchError if that is the journal of another run, or of one that cannot be repeated
 */
export async function runLocally(
  cell: Cell,
  seed: number,
  { recordings, resources, settings }: LocalPreparation,
  folder: string,
  options: LocalOptions,
): Promise<LocalRun> {
  const recording = recordings.get(cell.table)!
  const { resource } = recording
  const needed = new Set([...cell.metrics, ...Object.keys(recording.metrics)])
  const values = [...new Set([...needed, ELAPSED_TIME])]
  const header = runHeader({
    recording,
    dataDir: options.dataDir,
    values,
    workers: cell.workers,
    gpus: resources.get(cell)?.gpus ?? [],
    checkpoints: cell.simulation.checkpoints,
  })
  const { table, method, pricePerHour } = cell
  const drawnFrom = options.drawFrom?.get(table)
  // The price is for those who follow the run: budgets in dollars are limits too.
  const about = {
    ...header,
    table,
    method,
    seed,
    ...(pricePerHour !== undefined && { pricePerHour }),
    ...(drawnFrom !== undefined && { drawnFrom: drawnFrom.data.checksum }),
  }
  const maxResource = resource.levels
  const source =
    drawnFrom === undefined ? new SpaceSource(cell.space) : new TableSource(drawnFrom, cell.fixed, cell.space)
  const { signal } = options
  return journalledRun(
    { cell, seed, folder, about, values, maxResource, source, runner: runnerId, signal },
    ({ writer, journal, random, configs, now }) => {
      const processes = new ProcessLog(writer, journal)
      const trials = join(folder, 'trials')
      const budget =
        settings.checkpointBudget === undefined
          ? undefined
          : new CheckpointBudget({
              bytes: settings.checkpointBudget,
              directoryOf: (trial) => join(trials, String(trial)),
              objective: cell.objectives[0]!,
              onRemoved: (trial, bytes) => writer.append({ event: 'removed', time: now(), trial, bytes }),
              onWarning: options.onWarning ?? ((text) => process.emitWarning(text)),
            })
      const seedOf =
        drawnFrom === undefined
          ? (trial: TrialId) => mix(random.key('training'), trial)
          : recordedSeeds(drawnFrom, recording, { seed, fixed: cell.fixed }, configs)
      return {
        live: (elapsed) =>
          new LocalBackend({
            elapsed,
            program: trainingProgram(recording, options.dataDir),
            workers: cell.workers,
            resources: resources.get(cell)!,
            retries: settings.retries,
            timeLimit: settings.trialTimeout ?? recording.program.timeout,
            ran: processes.ran,
            interrupted: interruptedRun(journal, maxResource),
            onProcess: (process) => processes.add(process),
            ...(options.onWarning && { onWarning: options.onWarning }),
            metrics: values,
            optional: values.filter((metric) => !needed.has(metric)),
            resource: resource.name,
            maxResource,
            directory: trials,
            checkpoints: cell.simulation.checkpoints,
            onCopied: (trial, source, level) =>
              writer.append({ event: 'copied', time: now(), trial, source, level: level ?? null }),
            seedOf,
          }),
        endFormer: async (runner) => {
          if (!(await endFormer(runner)))
            throw new BenchError(`${folder}: a program of the interrupted run cannot be ended; end it, then --resume`)
        },
        recorder: budget,
        used: () => ({ machine: processes.summary }),
        settled: async () => budget?.settled(),
      }
    },
  )
}
