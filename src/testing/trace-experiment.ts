/** `traceExperiment`: the trace of one method of an experiment, as `bench run` would run it. */
import { dirname } from 'node:path'
import { BenchError, show } from '../core/errors.js'
import { suggestion } from '../core/nearest-name.js'
import { findExperiment, loadExperiment } from '../run/catalogue.js'
import { findScheduler, findSearcher } from '../run/components.js'
import { checkExperiment, planExperiment } from '../run/plan.js'
import { readTables } from '../run/plan-run.js'
import { Trace } from './trace.js'

export interface TraceExperimentOptions {
  readonly method: string
  readonly seed: number
  /** Name or path; default the first of the experiment. */
  readonly table?: string
  /** Default: the first that the experiment gives. */
  readonly workers?: number
  /** Ends the trace after so many seconds. */
  readonly until?: number
  /** Puts the scheduler's explanation below each decision. */
  readonly explain?: boolean
}

/**
 * Traces one method of an experiment on one table. Where the experiment lists several budgets the first counts.
 *
 * @param experiment a name or path
 * @throws BenchError if there is no such method or table
 */
export async function traceExperiment(experiment: string, options: TraceExperimentOptions): Promise<Trace> {
  const { method, seed, until, workers } = options
  const given = await loadExperiment(experiment)
  const {
    tables: [tableName],
    imports,
  } = checkExperiment(given)
  const folder = dirname(findExperiment(experiment))
  const [table] =
    options.table === undefined ? readTables([tableName!], folder, imports) : readTables([options.table], process.cwd())
  // The methods of a crossed list are called `asha[reductionFactor=2]`.
  const [base] = method.split('[')
  const names = Object.keys(given.methods)
  if (!names.includes(base!))
    throw new BenchError(`--method: ${given.name} has no method ${show(method)}${suggestion(method, names)}`)
  const overrides = { methods: [base!], ...(workers !== undefined && { workers: [workers] }) }
  const { cells } = await planExperiment(given, [table!], [seed], folder, overrides)
  const planned = [...new Set(cells.map((cell) => cell.method))]
  const cell = cells.find((one) => one.method === (planned.length === 1 ? planned[0] : method))
  if (cell === undefined)
    throw new BenchError(
      `--method ${show(method)} is one of several, write one of them: ${planned.map((name) => show(name)).join(', ')}`,
    )
  const scheduler = await findScheduler(cell.scheduler.type)
  const searcher = await findSearcher(cell.searcher.type)
  return new Trace(
    { cell, table: table!, seed, scheduler, searcher, ...(until !== undefined && { until }) },
    options.explain,
  )
}
