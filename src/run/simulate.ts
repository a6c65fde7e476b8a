/** Simulates the runs of one cell, one seed after another, on the calling thread. Pure: same arguments, same result. */
import { SimulatedBackend } from '../backends/simulated/simulated-backend.js'
import { type ConfigSource, SpaceSource } from '../core/config-source.js'
import { driveVirtual } from '../core/drive.js'
import { limitTrials } from '../core/limited-searcher.js'
import { RandomStreams } from '../core/random.js'
import type { SchedulerDefinition } from '../core/schedulers/definition.js'
import type { SearcherDefinition } from '../core/searchers/definition.js'
import type { Config } from '../core/space.js'
import { Tuner } from '../core/tuner.js'
import { type IncumbentSteps, incumbentSteps } from '../store/incumbent-steps.js'
import { type EventColumns, RunLog, runDigest } from '../store/run-log.js'
import type { RunSummary } from '../store/run-set.js'
import { tableSource } from '../surrogates/table-source.js'
import type { SurrogateTable } from '../surrogates/table.js'
import { type Cell, expectedReports } from './cell.js'
import { findScheduler, findSearcher } from './components.js'
import { countsOf, findingsOf, inFlightAt } from './summary.js'

/** The trials of a batch; run i holds trials offsets[i] .. offsets[i+1]-1. */
export interface TrialColumns {
  readonly offsets: readonly number[]
  /** Per trial the row of the table that answers for it; with `nearest` the nearest one. */
  readonly row: Int32Array
  /** Configurations by trial where they are not the row's; undefined with the lookup `exact`,
   * unless the table has instance types, which no row holds. */
  readonly configs: readonly Config[] | undefined
}

/** The runs of one cell for some seeds. */
export interface Batch {
  readonly events: EventColumns
  readonly trials: TrialColumns
  readonly summaries: readonly RunSummary[]
  readonly incumbents: IncumbentSteps
}

/** Runs a cell for each of the seeds. */
export async function simulate(cell: Cell, table: SurrogateTable, seeds: readonly number[]): Promise<Batch> {
  const [scheduler, searcher] = await Promise.all([
    findScheduler(cell.scheduler.type),
    findSearcher(cell.searcher.type),
  ])
  return simulateWith(cell, table, seeds, scheduler, searcher)
}

/** {@link simulate} with the scheduler and searcher already at hand; synchronous. */
export function simulateWith(
  cell: Cell,
  table: SurrogateTable,
  seeds: readonly number[],
  scheduler: SchedulerDefinition,
  searcher: SearcherDefinition,
): Batch {
  const exact = cell.simulation.lookup === 'exact'
  const source: ConfigSource = exact ? tableSource(table, cell.fixed, cell.space) : new SpaceSource(cell.space)
  // The same object for the same row, so that looking it up again costs nothing.
  const defaultIndex = exact ? table.indexOf(cell.defaultConfig) : -1
  const defaultConfig = defaultIndex >= 0 ? table.configuration(defaultIndex) : cell.defaultConfig
  const log = new RunLog(cell.metrics.length, expectedReports(cell, table.configurations, table.levels) * seeds.length)
  const runs = seeds.map((seed) => simulateRun(cell, table, seed, { scheduler, searcher, source, defaultConfig, log }))

  const events = log.columns
  const offsets = [0]
  for (const { rows } of runs) offsets.push(offsets.at(-1)! + rows.length)
  const row = new Int32Array(offsets.at(-1)!)
  for (const [i, { rows }] of runs.entries()) row.set(rows, offsets[i]!)
  const summaries = runs.map(({ summary, configs, rows, end }, run) => ({
    ...summary,
    inFlight: inFlightAt(events, run, end),
    digest: runDigest(events, run),
    ...findingsOf(events, run, cell, configs, exact ? rows : undefined),
  }))
  return {
    events,
    trials: {
      offsets,
      row,
      configs: exact && table.instances === undefined ? undefined : runs.flatMap(({ configs }) => configs),
    },
    summaries,
    incumbents: incumbentSteps(events, cell.objectives[0]!, cell.metrics),
  }
}

interface Parts {
  readonly scheduler: SchedulerDefinition
  readonly searcher: SearcherDefinition
  readonly source: ConfigSource
  readonly defaultConfig: Config
  readonly log: RunLog
}

function simulateRun(cell: Cell, table: SurrogateTable, seed: number, parts: Parts) {
  const random = new RandomStreams(seed)
  const { objectives } = cell
  const maxResource = table.levels
  const { source, defaultConfig } = parts
  let searcher = parts.searcher.create(cell.searcher.options, {
    source,
    defaultConfig,
    objectives,
    maxResource,
    random,
  })
  if (cell.stop.trials !== undefined) searcher = limitTrials(searcher, cell.stop.trials)
  const scheduler = parts.scheduler.create(cell.scheduler.options, {
    searcher,
    source,
    ...(cell.stop.trials !== undefined && { maxTrials: cell.stop.trials }),
    objectives,
    maxResource,
    random,
  })
  const backend = new SimulatedBackend({
    table,
    workers: cell.workers,
    metrics: cell.metrics,
    seed,
    random,
    options: cell.simulation,
    fixed: cell.fixed,
    ...(cell.pricePerHour !== undefined && { pricePerHour: cell.pricePerHour }),
    wallClock: () => performance.now() / 1000,
  })
  parts.log.beginRun()
  const tuner = new Tuner({
    scheduler,
    searcher,
    backend,
    recorder: parts.log,
    objectives,
    maxResource,
    stop: cell.stop,
    diverged: cell.diverged,
    ...(cell.pricePerHour !== undefined && { pricePerHour: cell.pricePerHour }),
    ...(cell.maxFailures !== undefined && { maxFailures: cell.maxFailures }),
  })
  driveVirtual(tuner, backend)

  const rows = new Int32Array(tuner.trials)
  for (let trial = 0; trial < rows.length; trial++) rows[trial] = backend.trials.rows[trial * backend.trials.width]!
  return { summary: countsOf(cell, seed, tuner), rows, configs: parts.log.configs, end: tuner.time }
}
